# The run time of packages that shapespec generates, copied.
"""The rows of the table of a contract: what is to be known of each shape.

`_contract` holds the table of a package. Findings, spelling and conversion read it.
"""
# pyright: basic

from __future__ import annotations

from functools import cached_property

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import Any, TypeAlias

    from ._form import Form

    Bounds: TypeAlias = "tuple[int | float | None, int | float | None]"
    """The least and the greatest size or number; none for no bound."""

BUILT_IN = frozenset(
    (
        "string",
        "integer",
        "long",
        "float",
        "double",
        "boolean",
        "timestamp",
        "blob",
        "document",
    )
)
"""Shapes that nobody asks for by name."""

SCALARS = frozenset(("string", "enum", "integer", "number", "boolean", "blob"))
"""Kinds of shapes whose values have no parts, and that no form spells otherwise."""

_TYPES = (
    (dict, "object"),
    (list, "array"),
    (bool, "boolean"),
    ((int, float), "number"),
)


class Member:
    """A member of a structure or a union.

    Attributes:
        shape: The shape of its value.
        required: Whether it is always there.
        claimed: Whether a document says so, and no response confirms it.
        null: What null is there: as good as `absent`, a `value`, or `invalid`.
        sensitive: Whether nothing of its value is to be shown.
        names: Its names in forms that have names of their own, by form.
        default: What the service takes where it is absent, in a tuple of one.
    """

    __slots__ = (
        "claimed",
        "default",
        "names",
        "null",
        "required",
        "sensitive",
        "shape",
    )

    def __init__(
        self,
        shape: str,
        *,
        required: bool = False,
        claimed: bool = False,
        null: str = "absent",
        sensitive: bool = False,
        names: Mapping[str, str] | None = None,
        default: tuple[Any, ...] = (),
    ) -> None:
        self.default = default
        self.names = names or {}
        self.shape = shape
        self.required = required
        self.claimed = claimed
        self.null = null
        self.sensitive = sensitive


def required(shape: str) -> Member:
    """A member that is always there."""
    return Member(shape, required=True)


def words(text: str) -> tuple[str, ...]:
    """The values of an enum that has many, none of which has a space."""
    return tuple(text.split())


class Rule:
    """What spans several members, and what a finding says where it is broken.

    Attributes:
        function: Gives true, false or none, of a structure and, with `each`, an item.
        id: The rule of the finding.
        message: What is wrong.
        reads: The members of the structure that it reads.
        each: The way to the items that it is asked about; none for the structure.
        of_item: The members of an item that it reads.
        at: The way to what the finding points at.
        severity: How much the finding weighs.
        knows: Of which members without a name it says what they are: of all, or of
            those whose names it finds.
        whole: Whether it looks at the structure itself, and not at its members alone.
    """

    __slots__ = (
        "at",
        "each",
        "function",
        "id",
        "knows",
        "message",
        "of_item",
        "reads",
        "severity",
        "whole",
    )

    def __init__(
        self,
        function: Callable[..., bool | None],
        name: str,
        message: str,
        *,
        reads: tuple[str, ...] = (),
        each: tuple[str, ...] | None = None,
        of_item: tuple[str, ...] = (),
        at: tuple[str, ...] = (),
        severity: str = "error",
        knows: Callable[[str], Any] | None = None,
        whole: bool = False,
    ) -> None:
        self.function = function
        self.knows = knows
        self.id = name
        self.message = message
        self.reads = reads
        self.each = each
        self.of_item = of_item
        self.at = at
        self.severity = severity
        self.whole = whole


class Option:
    """One of the shapes that a value may have.

    Attributes:
        shape: The shape.
        types: The types of its values, as JSON calls them; also `bytes` and `moment`.
        tags: The values of the choice's tag that mean it; none for that of an object
            that has no tag.
        needs: The members that mean it where there is no tag.
        names: What forms call these members, by member and form.
    """

    __slots__ = ("names", "needs", "shape", "tags", "types")

    def __init__(
        self,
        shape: str,
        types: tuple[str, ...],
        *,
        tags: tuple[str | None, ...] = (),
        needs: tuple[str, ...] = (),
        names: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.names = names or {}
        self.shape = shape
        self.types = types
        self.tags = tags
        self.needs = needs


class Part:
    """What is to be known of a shape.

    Attributes:
        kind: `string`, `enum`, `integer`, `number`, `boolean`, `blob`, `timestamp`,
            `document`, `list`, `tuple`, `map`, `structure` (unions too) or `one_of`.
        python: The name of its class, where that is not the shape's.
        members: The members of a structure by name.
        is_union: Whether it has exactly one of them.
        closed: Whether there are no other members, values or tags.
        rules: What a structure's members have to be together.
        target: The shape of a list's items or a map's values; empty for none.
        key: The shape of a map's keys.
        prefix: The shapes of the first items of a list, one by one.
        options: The shapes that a value may have, where it may have several.
        tag: The member that says which of them it is.
        bounds: Those of a size, or of a number.
        above: What a number is greater than.
        below: What a number is less than.
        step: What a number is a multiple of.
        unique: Whether no item is there twice.
        sparse: Whether an item or a value may be null.
        streaming: Whether an object may stand there that bytes or items are read from.
        pattern: The pattern of a text as the contract has it.
        regex: The same for Python; a match is one of the whole text.
        formatted: The format of a text in words, and as a pattern for Python.
        const: The only value, in a tuple of one.
        values: All values.
        retired: Values that are no longer sent.
        relaxed: Keywords that are warnings where they are broken.
        claimed: Those of them that a document states, and no response confirms.
        sensitive: Whether nothing of a value is to be shown.
        hidden: Whether a map may be found below something sensitive.
        recursive: Whether it may contain itself.
        hollow: Whether it may do so with no structure in between.
    """

    def __init__(
        self,
        kind: str,
        *,
        python: str = "",
        members: Mapping[str, Member | str] | None = None,
        is_union: bool = False,
        closed: bool = False,
        rules: tuple[Rule, ...] = (),
        target: str = "",
        key: str = "",
        prefix: Sequence[str] = (),
        options: tuple[Option, ...] = (),
        tag: str = "",
        bounds: Bounds = (None, None),
        above: float | None = None,
        below: float | None = None,
        step: float | None = None,
        unique: bool = False,
        sparse: bool = False,
        streaming: bool = False,
        pattern: str | None = None,
        regex: str = "",
        formatted: tuple[str, str] | None = None,
        const: tuple[Any, ...] = (),
        values: Collection[Any] = (),
        retired: Collection[str] = (),
        relaxed: Iterable[str] = (),
        claimed: Iterable[str] = (),
        sensitive: bool = False,
        hidden: bool = False,
        recursive: bool = False,
        hollow: bool = False,
    ) -> None:
        self.kind = kind
        self.python = python
        self.members: dict[str, Member] = {}
        for name, one in (members or {}).items():
            self.members[name] = Member(one) if isinstance(one, str) else one
        self.is_union = is_union
        self.closed = closed
        self.rules = rules
        self.target = target
        self.key = key
        self.prefix = prefix
        self.options = options
        self.tag = tag
        self.bounds = bounds
        self.above = above
        self.below = below
        self.step = step
        self.unique = unique
        self.sparse = sparse
        self.streaming = streaming
        self.pattern = pattern
        self.regex = regex
        self.formatted = formatted
        self.const = const
        self.values = values
        self.retired = retired
        self.claimed = frozenset(claimed)
        self.relaxed = self.claimed.union(relaxed)
        self.sensitive = sensitive
        self.hidden = hidden
        self.recursive = recursive
        self.hollow = hollow
        self._spelt: dict[str, dict[str, str]] = {}
        self._by_spelling: dict[str, dict[str, str]] = {}

    @cached_property
    def snakes(self) -> dict[str, str]:
        """Each member in snake case."""
        from ._names import snake_case

        return {name: snake_case(name) for name in self.members}

    @cached_property
    def by_snake(self) -> dict[str, str]:
        """The member that each name in snake case stands for."""
        return {snake: name for name, snake in self.snakes.items()}

    def spelt(self, form: Form) -> dict[str, str]:
        """Each member as a form spells it; empty where the service's names are it."""
        if form.snake_case:
            return self.snakes
        if not form.named:
            return {}
        if form.name not in self._spelt:
            self._spelt[form.name] = {
                name: one.names.get(form.name, name)
                for name, one in self.members.items()
            }
        return self._spelt[form.name]

    def by_spelling(self, form: Form) -> dict[str, str]:
        """The member that each name of a form stands for; empty as `spelt` is."""
        if form.snake_case:
            return self.by_snake
        if form.name not in self._by_spelling:
            spelt = self.spelt(form).items()
            self._by_spelling[form.name] = {there: name for name, there in spelt}
        return self._by_spelling[form.name]

    @cached_property
    def nulls(self) -> frozenset[str]:
        """Required members in whose place null is right."""
        return frozenset(
            name
            for name, one in self.members.items()
            if one.required and one.null == "value"
        )

    @cached_property
    def bare(self) -> Part | None:
        """What can be respelt of an object of which it is not clear what it is.

        These are the members that tell the objects of a choice apart; none without.
        """
        members = {
            name: Member("", names=one.names.get(name))
            for one in reversed(self.options)
            for name in (*one.needs, *([self.tag] if self.tag else []))
        }
        return Part("structure", members=members) if members else None

    def inside(self, key: Any) -> str:
        """The shape of an item of a list, or of the value of an entry."""
        at = key if self.prefix else 0
        return self.prefix[at] if at < len(self.prefix) else self.target

    def takes_text(self) -> bool:
        """Whether a choice has an option that is a string."""
        return any("string" in one.types for one in self.options)

    def meant(self, value: Any, form: Form | None = None) -> str:
        """The option of a choice that a value is meant to be; empty if unclear.

        Its members are spelt as in a form, or in any way if none is given.
        """
        kinds = (name for kind, name in _TYPES if issubclass(type(value), kind))
        found = next(kinds, "string")
        fits = [
            one.shape
            for one in self.options
            if found in one.types
            and (
                not one.tags
                or any(
                    value.get(name) in one.tags for name in _names(one, self.tag, form)
                )
            )
            and all(
                any(value.get(spelt) is not None for spelt in _names(one, name, form))
                for name in one.needs
            )
        ]
        return fits[0] if len(fits) == 1 and value is not None else ""


def _names(option: Option, member: str, form: Form | None) -> tuple[str, ...]:
    """What a member that tells an option may be called."""
    from ._names import snake_case

    others = option.names.get(member, {})
    if form is not None and form.named:
        return (others.get(form.name, member),)
    more = others.values() if form is None else ()
    return (member, snake_case(member), *more)


def known(shapes: Mapping[str, Part]) -> Mapping[str, frozenset[str]]:
    """By shape, the members of a structure and the values of an enum that are known.

    Not among the values are those that are no longer sent.
    """
    if isinstance(shapes, dict):
        return {name: _known(part) for name, part in shapes.items()}
    return _Known(shapes)


def _known(part: Part) -> frozenset[str]:
    values = part.values if part.kind == "enum" else ()
    return frozenset(part.members or values).difference(part.retired)


class _Known(dict[str, "frozenset[str]"]):
    """The same of a table whose rows are loaded when they are needed."""

    def __init__(self, shapes: Mapping[str, Part]) -> None:
        super().__init__()
        self._shapes = shapes

    def __missing__(self, shape: str) -> frozenset[str]:
        self[shape] = found = _known(self._shapes[shape])
        return found


def parts_of(
    shape: str, part: Part, kept: Mapping[str, Callable[..., Any]]
) -> list[tuple[list[str], Callable[..., object]]]:
    """The members of a large structure in parts, each with what asks if it is clean.

    Args:
        shape: The name of the structure.
        part: What it is made of.
        kept: What asks: the name of the structure and of the first member lead to it.
    """
    found: list[tuple[list[str], Callable[..., object]]] = []
    for name in part.members:
        asks = kept.get(f"{shape}.{name}")
        if asks is not None:
            found.append(([], asks))
        elif not found:
            break
        found[-1][0].append(name)
    return found


def stages(
    shape: str,
    shapes: Mapping[str, Part],
    checks: Mapping[str, Callable[..., object]],
    kept: Mapping[str, Callable[..., Any]],
) -> list[Callable[..., object]]:
    """What has to say yes, one after the other, where there is nothing to say."""
    if not is_named(shape):
        return [_never]
    part = shapes.get(shape)
    found = [] if part is None else [asks for _, asks in parts_of(shape, part, kept)]
    if found and shape in kept:
        doubts = kept[shape]
        found.append(lambda value, known: not doubts(value, known))
    return found or [checks.get(shape, _never)]


def _never(value: Any, known: Any) -> bool:
    del value, known
    return False


def is_named(shape: str) -> bool:
    """Whether a shape can be asked for by name."""
    return "$" not in shape and shape not in BUILT_IN


def with_parts(found: Part | None) -> Part | None:
    """The same; none where it is of a kind that has no parts."""
    return None if found is None or found.kind in SCALARS else found
