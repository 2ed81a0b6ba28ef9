"""What all generated dataclasses have in common."""
# pyright: basic

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ._record import Record

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any, Self

    from ._report import Finding, Strict


def _as(own: type[Any], found: Any) -> Any:
    """The same, of a user's own class; an option of a union stays itself."""
    if not issubclass(own, type(found)):
        return found
    made = object.__new__(own)
    for name in found.__dataclass_fields__:
        object.__setattr__(made, name, getattr(found, name))
    return made


class Structure(Record):
    """A structure of the contract: made from a response, and made into one again."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and _equal(self, other)

    def __hash__(self) -> int:
        # Of what has no parts: equal structures have that in common, however deep they
        # are, and it is there at once.
        scalars = [value for value in _values(self) if isinstance(value, _SCALARS)]
        return hash((type(self).__name__, *scalars))

    def __repr__(self) -> str:
        return _shown(self)

    @classmethod
    def from_response(
        cls, response: object, *, form: str | None = None, strict: Strict = False
    ) -> Self:
        """Check a response and read it.

        Members and values that the contract does not know are kept, and come back
        from `to_response`.

        Args:
            response: What was received: the value that JSON or a client makes of it.
            form: The system that wrote it; any spelling is right where it is left out.
            strict: Whether warnings count as errors; with "all", notes do, too.

        Raises:
            InvalidResponse: The response has errors; it holds every finding.
            ValueError: The form is unknown.
        """
        found: Self = _conversions().read(cls, response, form, strict=strict)
        return found if cls is type(found) else _as(cls, found)

    def to_response(self, *, form: str | None = None) -> dict[str, Any]:
        """The response again, as a form writes it.

        Args:
            form: The system to write it for; without one, timestamps are datetimes.

        Raises:
            ValueError: The form is unknown, or a few values that share each other
                stand for millions.
        """
        found: dict[str, Any] = _conversions().write(self, form)
        return found

    def validate(self, *, strict: Strict = False) -> list[Finding]:
        """Everything there is to say about the response that this stands for.

        After `dataclasses.replace`, a structure may hold what no response may: a value
        of another type, too.

        Args:
            strict: Whether warnings count as errors; with "all", notes do, too.
        """
        found: list[Finding] = _conversions().judge(self, _held(self), strict)
        return found


_SCALARS = (str, int, float, bytes, datetime)
_LONGEST = 100_000
"""How many characters `repr` writes before it leaves the rest out."""


def _values(structure: Any) -> Iterator[Any]:
    return (getattr(structure, name) for name in structure.__dataclass_fields__)


_MOST_COPIES = 1_000_000


def unfolds(root: Any) -> bool:
    """Whether a few values share each other so that they stand for millions.

    Each level of a shape that contains itself can double them; written out, or read one
    by one, they would fill the memory.
    """
    sizes: dict[int, int] = {}
    pending = [root]
    while pending:
        value = pending[-1]
        key = id(value)
        if sizes.get(key, 0):
            pending.pop()
            continue
        parts = [*_parts(value)]
        if key not in sizes:
            sizes[key] = 0  # it is open: what is in it may hold it again
            pending += (part for part in parts if id(part) not in sizes)
            continue
        pending.pop()
        sizes[key] = 1 + sum(sizes[id(part)] for part in parts)
    return sizes[id(root)] > max(_MOST_COPIES, 100 * len(sizes))


def _parts(value: Any) -> Iterator[Any]:
    """The values in a value that have parts of their own."""
    if isinstance(value, dict):
        inner: Iterable[Any] = value.values()
    elif isinstance(value, (list, tuple)):
        inner = value
    else:
        inner = _values(value)
    return (one for one in inner if isinstance(one, (dict, list, tuple, Structure)))


def _held(root: Structure) -> Any:
    """What a structure holds, as a response without form has it, without recursion.

    Unlike what `to_response` writes, it is there whatever stands in a member. Parts
    that are shared stay shared.
    """
    made: dict[int, Any] = {}
    pending: list[Any] = []

    def shell(value: Any) -> Any:
        if not isinstance(value, (Structure, Mapping, list, tuple)):
            return value
        if id(value) not in made:
            made[id(value)] = [] if isinstance(value, (list, tuple)) else {}
            pending.append(value)
        return made[id(value)]

    found = shell(root)
    while pending:
        value = pending.pop()
        into = made[id(value)]
        if isinstance(into, list):
            into.extend(map(shell, value))
        else:
            items = _members(value) if isinstance(value, Structure) else value.items()
            into.update((name, shell(item)) for name, item in items)
    return found


def _members(structure: Any) -> Iterator[tuple[str, Any]]:
    """What is set of a structure, under the names that responses have."""
    for name, one in structure.__dataclass_fields__.items():
        held = getattr(structure, name)
        if name == _EXTRA:
            if isinstance(held, Mapping):
                yield from held.items()
        elif held is not None or one.default is not None:
            yield one.metadata["wire"], held


_EXTRA = "extra_members"


def _equal(left: Any, right: Any) -> bool:
    """Whether two values are equal, without recursion.

    What is met again, where a few objects share each other, is not compared again.
    """
    pending = [(left, right)]
    seen: set[tuple[int, int]] = set()
    while pending:
        one, other = pending.pop()
        kind = type(one)
        if one is other or kind is not type(other) or kind in _LEAVES:
            if one is not other and one != other:
                return False
            continue
        if (id(one), id(other)) in seen:
            continue
        seen.add((id(one), id(other)))
        if issubclass(kind, Structure):
            pending.extend(zip(_values(one), _values(other), strict=True))
        elif issubclass(kind, (tuple, list)):
            if len(one) != len(other):
                return False
            pending.extend(zip(one, other, strict=True))
        elif issubclass(kind, dict):
            if one.keys() != other.keys():
                return False
            pending.extend((value, other[key]) for key, value in one.items())
        elif one != other:
            return False
    return True


_LEAVES = (str, int, float, bool, type(None))


class _Text(str):
    """A piece of the text that `repr` makes, and not a value that is a text."""

    __slots__ = ()


def _shown(structure: Structure) -> str:
    """What `repr` gives: what is set, without recursion, and at most so long."""
    written: list[str] = []
    size = 0
    around: set[int] = set()
    pending: list[Any] = [structure]
    while pending and size <= _LONGEST:
        value = pending.pop()
        if isinstance(value, _Left):
            around.discard(value.left)
            continue
        if isinstance(value, _Text):
            piece = str(value)
        elif not isinstance(value, (Structure, tuple, list, dict)):
            piece = _scalar(value)
        elif id(value) in around:
            piece = "..."
        else:
            around.add(id(value))
            pending.append(_Left(id(value)))
            pending += reversed([*_pieces(value)])
            continue
        written.append(piece)
        size += len(piece)
    return "".join([*written, "..." if pending else ""])


class _Left:
    """That what has parts has been written."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left


def _pieces(value: Any) -> Iterator[Any]:
    """What a value with parts is written as: texts, and values between them."""
    if issubclass(type(value), Structure):
        fields = value.__dataclass_fields__.items()
        # What is absent is not shown.
        parts = [
            (f"{name}=", held)
            for name, one in fields
            if one.repr
            for held in (getattr(value, name),)
            if held is not None or one.default is not None
        ]
        opening, closing = f"{type(value).__qualname__}(", ")"
    elif isinstance(value, dict):
        parts = [(f"{_scalar(key)}: ", item) for key, item in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [("", item) for item in value]
        single = ",)" if len(value) == 1 else ")"
        opening, closing = ("(", single) if isinstance(value, tuple) else ("[", "]")
    yield _Text(opening)
    for index, (name, item) in enumerate(parts):
        yield _Text(f", {name}" if index else name)
        yield item
    yield _Text(closing)


def _scalar(value: Any) -> str:
    try:
        return repr(value)
    except ValueError:  # more digits than Python writes
        return f"<an integer of {value.bit_length()} bits>"


def _conversions() -> Any:
    """The module that reads and writes; loaded when first needed."""
    from importlib import import_module

    return import_module(f"{__package__}._convert")
