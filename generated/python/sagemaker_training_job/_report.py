# The run time of packages that shapespec generates, copied.
"""What a validator says: findings, and the report that collects them."""
# pyright: basic

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from datetime import datetime
from math import isfinite

from ._form import Form
from ._found import Findings, as_table
from ._steps import MOST_STEPS, STEPS, TooManySteps

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

At: TypeAlias = "tuple[At, str | int] | None"
"""The way to a value: the way to what holds it, and its key or index there."""

Far: TypeAlias = "dict[int, tuple[At, bool, frozenset[str]]]"
"""Ways by identity, with what they say of all that is further down; see `_masking`."""

Strict: TypeAlias = 'bool | Literal["all"]'
"""Whether warnings are errors; with "all", notes too."""

Check: TypeAlias = "Callable[[Any, At, Report], None]"

_SDK_UNKNOWN = "SDK_UNKNOWN_MEMBER"
"""Where AWS SDKs put the name of a variant that they do not know."""

_MISTYPED = ("type", "timestamp")
"""Rules of findings about values that have the wrong type."""
_SHORTEST_CUT = 60
_MOST_LISTED = 5
_MOST_HINTS = 100
"""For how many findings of a response a like name or value is searched for."""
_MILLISECONDS = (10**12, 253 * 10**12)


class Hidden(str):
    """A name in a way: what stands there, and all below, is not to be shown."""

    __slots__ = ()


class HiddenIndex(int):
    """An index in a way: what stands there, and all below, is not to be shown."""

    __slots__ = ()


class Unnamed(str):
    """A key in a way that is not to be shown: a pointer stops above it."""

    __slots__ = ()


class HiddenKey(Hidden, Unnamed):
    """A key in a way, where neither it nor what stands there is to be shown."""

    __slots__ = ()


class Finding:
    """One thing that is wrong, or worth knowing, about a response.

    Attributes:
        rule: What kind of thing, as a stable id: `required`, `pattern`, `enum`, …
        severity: `error`, `warning` or `note`.
        pointer: Where, as a JSON Pointer (RFC 6901) into the response.
        message: What was expected and what was there.
        shape: The shape whose constraint it is.
        got: What was there, as the message shows it, if it shows that at all.
    """

    __slots__ = ("_at", "got", "message", "rule", "severity", "shape")

    def __init__(
        self,
        rule: str,
        severity: str,
        at: At | str,
        message: str,
        shape: str,
        got: str = "",
    ) -> None:
        self.rule = rule
        self.severity = severity
        self._at = at
        self.message = message
        self.shape = shape
        self.got = got

    @property
    def pointer(self) -> str:
        # Spelt when asked for: pointers to every level of a deep response are long.
        if not isinstance(self._at, str):
            self._at = pointer(self._at)
        return self._at

    def member_of(self, at: At) -> Any:
        """The member that it is in, of the structure at a place; none if not below."""
        way: Any = self._at
        while type(way) is tuple and way[0] is not at:
            way = way[0]
        return way[1] if type(way) is tuple else None

    @property
    def where(self) -> str:
        """The place, for people."""
        return self.pointer or "(the whole response)"

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        at = self.pointer or "/"
        return visible(f"{self.severity}[{self.rule}] at {at}: {self.message}")

    def _repr_html_(self) -> str:
        return as_table([self])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash(tuple(self.as_dict().values()))

    def __reduce__(self) -> tuple[Any, ...]:
        # The pointer, since the way to a deep value is itself too deep to be pickled.
        made = (self.rule, self.severity, self.pointer, self.message, self.shape)
        return Finding, (*made, self.got)

    def as_dict(self) -> dict[str, str]:
        """The finding as JSON has it."""
        names = ("message", "pointer", "rule", "severity", "shape")
        return {name: getattr(self, name) for name in names}


_MOST_NOTES = 101


class InvalidResponse(ValueError):
    """A response has errors; `findings` holds all that was found.

    A traceback shows the first error, and the others as notes, a hundred at most.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: list[Finding] = Findings(findings)
        errors = [one for one in self.findings if one.severity == "error"]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{errors[0]}{more}" if errors else "no errors")
        for one in errors[1:_MOST_NOTES]:
            self.add_note(str(one))

    def __reduce__(self) -> tuple[Any, ...]:
        return InvalidResponse, (self.findings,), self.__dict__


class _Enough(Exception):
    """There is an error, and that is all that was asked."""


class Report:
    """Collects findings in the order of the response's own structure.

    Shapes that contain themselves are not checked by recursion: they wait in a list,
    so that no depth of nesting can exhaust the stack, and keep their place in the
    order of the findings.
    """

    __slots__ = (
        "_active",
        "_ends",
        "_far",
        "_hidden",
        "_hints",
        "_mistyped",
        "_numbers",
        "_place",
        "_seen",
        "_steps",
        "_waiting",
        "_ways",
        "form",
        "found",
        "known",
        "note",
        "unjudged",
        "warning",
    )

    def __init__(
        self,
        form: Form,
        *,
        strict: Strict,
        place: Callable[[At], At] | None = None,
        known: int = 0,
        ends: bool = False,
    ) -> None:
        if strict not in (True, False, "all"):
            raise ValueError(f'strict: expected True, False or "all", got {strict!r}')
        self.form = form
        self._place = place
        self.warning = "error" if strict else "warning"
        self.note = "error" if strict == "all" else "note"
        self.known = known
        self._ends = ends
        self.found: list[Any] = []
        self.unjudged: Exception | None = None
        self._steps = _MOST_RULES * MOST_STEPS
        self._hidden = False
        self._hints = _MOST_HINTS
        self._mistyped: set[int | None] = set()
        self._ways: dict[tuple[int, Any], int] = {}
        self._numbers: dict[int, tuple[At, int]] = {}
        self._waiting: list[tuple[Check | None, Any, At, list[Any]]] = []
        self._active: set[int] = set()
        self._far: Far = {}
        self._seen: set[tuple[int, Check]] = set()

    def run(self, check: Check, value: Any) -> list[Finding]:
        """Every finding about a value, or those up to the first error."""
        root: list[Any] = []
        self._waiting.append((check, value, None, root))
        try:
            self._work_off()
        except _Enough:
            self._waiting.clear()
        return Findings(_flattened(root))

    def _work_off(self) -> None:
        while self._waiting:
            following, value, at, self.found = self._waiting.pop()
            key = id(value)
            if following is None:
                self._active.discard(key)
            elif not issubclass(type(value), (dict, list)):
                following(value, at, self)
            elif key in self._active:
                self.add("type", at, "expected a tree; this value contains itself", "")
            elif (key, following) not in self._seen:
                # One object in several places is looked at once, or a few objects
                # that share each other could stand for more places than there is time.
                self._seen.add((key, following))
                self._active.add(key)
                self._waiting.append((None, value, at, self.found))
                following(value, at, self)

    def later(self, check: Check, value: Any, at: At) -> None:
        """Check a value of a shape that may contain itself, without recursion."""
        place: list[Any] = []
        self.found.append(place)
        self._waiting.append((check, value, at, place))

    def add(
        self,
        rule: str,
        at: At,
        message: str,
        shape: str,
        severity: str = "error",
        got: str = "",
    ) -> None:
        """Add a finding; `got` is what was there, as the message shows it."""
        if rule in _MISTYPED:
            self._note_mistyped(at)
        place = at if self._place is None else self._place(at)
        self.found.append(Finding(rule, severity, place, message, shape, got))
        if self._ends and severity == "error":
            raise _Enough

    def placed(self, at: At) -> At:
        """The way to a value in the response as it was given."""
        return at if self._place is None else self._place(at)

    def spelt(self, at: At, name: Any) -> Any:
        """A member's name as the form spells it."""
        if self._place is None:
            return name
        place = self._place((at, name))
        while place is not None and not isinstance(place[1], str):
            place = place[0]
        return name if place is None else place[1]

    def hide(self, at: At) -> At:
        """The same way; but nothing that stands there or below is shown."""
        if at is None:
            self._hidden = True
            return None
        step = at[1]
        if isinstance(step, str):
            kind = HiddenKey if isinstance(step, Unnamed) else Hidden
            return at[0], kind(step)
        return at[0], HiddenIndex(step) if is_integer(step) else Hidden(_text(step))

    def hides(self, at: At) -> bool:
        """Whether nothing that stands there is to be shown."""
        from ._masking import hides

        return self._hidden or hides(at, self._far)

    def entry(self, at: At, key: Any) -> At:
        """The way to an entry of a map; below what is hidden, its key is not named."""
        return self.unnamed(at, key) if self.hides(at) else (at, key)

    def unnamed(self, at: At, key: Any) -> At:
        """The way to an entry whose key is not named."""
        return at, Unnamed(_text(key))

    def shown(self, value: Any, at: At) -> str:
        """A value in a few words, as far as it may be shown."""
        if value is None or issubclass(type(value), (dict, list)):
            return describe(value)
        return (_shown or _masking())(value, at, hidden=self._hidden, far=self._far)

    def _expected(
        self, rule: str, at: At, expected: str, got: str, shape: str, severity: str
    ) -> None:
        """Add a finding that says what was expected and what was there."""
        self.add(rule, at, f"expected {expected}, got {got}", shape, severity, got)

    def wrong_type(self, value: Any, at: At, expected: str, shape: str) -> None:
        """A value is not of the type that it has to be."""
        self._expected("type", at, expected, self.shown(value, at), shape, "error")

    def missing(self, at: At, name: str, shape: str) -> None:
        """A required member is absent."""
        message = f"the required member {quote(self.spelt(at, name))} is missing"
        self.add("required", (at, name), message, shape)

    def unconfirmed(self, at: At, name: str, shape: str) -> None:
        """A member is absent that a document calls required, and no response does."""
        message = (
            f"the member {quote(self.spelt(at, name))} is missing "
            "(documented as required; not confirmed by responses)"
        )
        self.add("required", (at, name), message, shape, self.warning)

    def length(
        self, value: Any, at: At, expected: str, shape: str, severity: str = "error"
    ) -> None:
        """A text, a list or an object is too short or too long."""
        got = str(len(value)) if value else "none"
        if value and isinstance(value, str):
            shown = self.shown(value, at)
            got += f": {shown}" if shown.startswith('"') else f", {shown}"
        self._expected("length", at, expected, got, shape, severity)

    def unlisted(
        self, value: Any, at: At, expected: str, shape: str, severity: str = "error"
    ) -> None:
        """A value is none of the few that there are."""
        self._expected("enum", at, expected, self.shown(value, at), shape, severity)

    def range(
        self, value: Any, at: At, expected: str, shape: str, severity: str = "error"
    ) -> None:
        """A number is too small or too large."""
        self._expected("range", at, expected, self.shown(value, at), shape, severity)

    def multiple(
        self, value: Any, at: At, expected: str, shape: str, severity: str = "error"
    ) -> None:
        """A number is not a multiple of another."""
        got = self.shown(value, at)
        self._expected("multiple-of", at, expected, got, shape, severity)

    def pattern(
        self, value: Any, at: At, expected: str, shape: str, severity: str = "error"
    ) -> None:
        """A text does not match its pattern."""
        expected = f"text matching {expected}"
        self._expected("pattern", at, expected, self.shown(value, at), shape, severity)

    def format(
        self, value: Any, at: At, expected: str, shape: str, severity: str = "error"
    ) -> None:
        """A text does not have its format."""
        self._expected("format", at, expected, self.shown(value, at), shape, severity)

    def unknown_members(
        self,
        value: dict[Any, Any],
        at: At,
        known: frozenset[str],
        shape: str,
        severity: str = "",
    ) -> None:
        """Members that the shape does not have, each a finding; a warning if open."""
        hidden = self.hides(at)
        severity = severity or self.warning
        for name, item in value.items():
            if name in known:
                continue
            if at is None and name in self.form.extra_members:
                misfit = self.form.misfit(name, item)
                if misfit is not None:
                    rule, expected = misfit
                    got = self.shown(item, (at, name))
                    self._expected(rule, (at, name), expected, got, shape, "error")
                continue
            if hidden:
                message = f"{shape} has no such member; its name is sensitive"
                place = self.unnamed(at, name)
                self.add("unknown-member", place, message, shape, severity)
                continue
            called = name
            if name == _SDK_UNKNOWN and isinstance(item, dict):
                called = item.get("name", name)
            hint = ""
            if self._hints > 0:
                self._hints -= 1
                near = nearest(called, [self.spelt(at, one) for one in known])
                hint = f"; did you mean {quote(near)}?" if near else ""
            message = f"{shape} has no member {self.shown(called, None)}{hint}"
            self.add("unknown-member", (at, name), message, shape, severity)

    def unknown_value(
        self, value: str, at: At, known: Iterable[str], shape: str, *, closed: bool
    ) -> None:
        """A text is none of an enum's values."""
        got = self.shown(value, at)
        hint = ""
        if self._hints > 0 and got.startswith('"'):
            self._hints -= 1
            hint = _instead(value, known)
        message = f"{got} is not a known value of {shape}{hint}"
        if closed:
            self.add("enum", at, message, shape, "error", got)
        else:
            self.add("unknown-value", at, message, shape, self.warning, got)

    def retired_value(self, value: str, at: At, shape: str) -> None:
        """A text is a value that is no longer sent."""
        got = self.shown(value, at)
        message = f"{got} is a retired value of {shape}"
        self.add("retired-value", at, message, shape, self.warning, got)

    def repeated(
        self, value: Any, at: At, expected: str, shape: str, severity: str = "error"
    ) -> None:
        """A list whose items must differ has one twice."""
        first, second = _twins(value)
        message = f"expected {expected}, but items {first} and {second} are equal"
        self.add("unique-items", at, message, shape, severity)

    def variants(
        self, value: dict[Any, Any], at: At, known: frozenset[str], shape: str
    ) -> None:
        """A union has exactly one member; members that are not known may be beside."""
        given = [name for name, item in value.items() if item is not None]
        ours = [name for name in given if name in known]
        if len(ours) > 1 or not given:
            found = ", ".join(map(quote, ours)) or "none"
            message = f"expected exactly one member of {shape}, got {found}"
            self.add("union", at, message, shape)

    def judge(
        self,
        rule: Callable[..., bool | None],
        value: dict[Any, Any],
        at: At,
        each: tuple[str, ...] | None,
        way: tuple[str, ...],
        name: str,
        message: str,
        shape: str,
        severity: str,
        reads: tuple[str, ...],
        of_item: tuple[str, ...] = (),
    ) -> None:
        """Ask a rule about a structure, or about each item that it is asked about.

        It is not broken where a member that it reads, of the structure or of the item,
        has the wrong type, or may have been left out: there is no answer. Where it
        would look at too many items, there is a finding that says so.
        """
        if severity == "note":
            severity = self.note
        given = STEPS.left if STEPS.asked else MOST_STEPS
        STEPS.left = most = min(self._steps, given)
        STEPS.asked += 1
        left = 0
        try:
            for place in self._broken(rule, value, at, each, reads, of_item):
                self.add(name, _further(place, way), message, shape, severity)
            left = STEPS.left
        except TooManySteps as error:
            self.unjudged = error
            unsure = self.warning if severity == "error" else severity
            self.add(name, at, f"not judged: {error}", shape, unsure)
        finally:
            STEPS.asked -= 1
            STEPS.left = given - (most - left)
            self._steps -= most - left

    def _broken(
        self,
        rule: Callable[..., bool | None],
        value: dict[Any, Any],
        at: At,
        each: tuple[str, ...] | None,
        reads: tuple[str, ...],
        of_item: tuple[str, ...],
    ) -> Iterator[At]:
        """Where a rule is broken: in a structure, or in items of it."""
        if each is None:
            if _is_broken(rule, value) and not (
                self._is_mistyped(at, reads) or _is_left_out(value, reads)
            ):
                yield at
            return
        items: Any = value
        for step in each:
            items = items.get(step) if isinstance(items, dict) else None
        if not isinstance(items, list):
            return
        for index, item in enumerate(items):
            place = (_further(at, each), index)
            if (
                _is_broken(rule, value, item)
                and not self._is_mistyped(at, reads)
                and not self._is_mistyped(place, of_item)
                and not _is_left_out(value, reads)
                and not _is_left_out(item, of_item)
            ):
                yield place

    def _is_mistyped(self, at: At, names: tuple[str, ...]) -> bool:
        """Whether a member, or something in it, was found to be of the wrong type."""
        if not self._mistyped:
            return False
        way = self._way(at)
        return any(self._ways.get((way, name)) in self._mistyped for name in names)

    def _note_mistyped(self, at: At) -> None:
        """Remember that something of the wrong type is there, and in all around it."""
        while at is not None:
            way = self._way(at)
            if way in self._mistyped:
                return
            self._mistyped.add(way)
            at = at[0]

    def mistyped_members(self, at: At, before: int) -> set[str] | None:
        """The members of a structure in which something was found to be mistyped.

        None where something that has to be there is missing or null, and where what is
        further down waits for its turn.

        Args:
            at: Where the structure is.
            before: After so many findings its members were looked at.
        """
        names: set[str] = set()
        for one in self.found[before:]:
            if type(one) is not Finding or one.rule == "required" or one.got == "null":
                return None
            if one.rule in _MISTYPED:
                name = one.member_of(at)
                if name is None:
                    return None
                names.add(name)
        return names

    def _way(self, at: At) -> int:
        """A number that equal ways share; each step of a way is looked up once."""
        new = []
        while at is not None and id(at) not in self._numbers:
            new.append(at)
            at = at[0]
        number = 0 if at is None else self._numbers[id(at)][1]
        for one in reversed(new):
            number = self._ways.setdefault((number, one[1]), len(self._ways) + 1)
            self._numbers[id(one)] = (one, number)
        return number

    def byte_length(
        self, size: int, at: At, expected: str, shape: str, severity: str = "error"
    ) -> None:
        """A blob has too few or too many bytes."""
        self.add("length", at, f"expected {expected}, got {size}", shape, severity)

    def moment(self, value: Any, at: At, shape: str) -> None:
        """Check a timestamp, as the form writes it."""
        if not self.form.is_moment(value):
            got = self.shown(value, at)
            least, most = _MILLISECONDS
            if is_number(value) and least <= value <= most:
                got += ", which may be milliseconds"
            self._expected("timestamp", at, self.form.moments, got, shape, "error")


_shown: Callable[..., str] | None = None


def _masking() -> Callable[..., str]:
    """What shows values without secrets; loaded when first needed."""
    global _shown  # an import on each call takes its time
    from ._masking import shown

    _shown = shown
    return shown


def _instead(written: str, known: Iterable[str]) -> str:
    """What could have been meant: the nearest of the values, or the first of them."""
    near = nearest(written, known)
    if near:
        return f"; did you mean {quote(near)}?"
    first, *others = (quote(value) for value in sorted(known))
    listed = ", ".join([first, *others[: _MOST_LISTED - 1]])
    more = len(others) + 1 - _MOST_LISTED
    return f"; known: {listed}{f' and {more} more' if more > 0 else ''}"


def _twins(items: list[Any]) -> tuple[int, int]:
    """The first two items that are equal as JSON values."""
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        first = seen.setdefault(canonical(item), index)
        if first != index:
            return first, index
    return 0, 0


_MOST_RULES = 5
"""For so many rules of a response there may be as many steps as for one at most."""

_NOT_ASKED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a rule fails with where it cannot be asked about a value."""


def suspects(
    value: Any,
    each: tuple[str, ...] | None,
    rules: Sequence[Callable[..., bool | None]],
) -> Iterable[int]:
    """Which of some rules, by their index, may be broken: sure of all others."""
    try:
        if each is None:
            return [at for at, rule in enumerate(rules) if rule(value) is False]
        items: Any = value
        for step in each:
            items = items.get(step)
            if items is None:
                return ()
        found: set[int] = set()
        for item in items:
            for at, rule in enumerate(rules):
                if rule(value, item) is False:
                    found.add(at)
        return sorted(found)
    except _NOT_ASKED:
        return range(len(rules))


PARTIAL = ContextVar("partial", default=False)
"""Whether a response may leave out what it does not need, as a mock does."""


def _is_left_out(value: Any, names: tuple[str, ...]) -> bool:
    """Whether a member is not there that a whole response might have."""
    if not names or not PARTIAL.get() or not isinstance(value, dict):
        return False
    return any(value.get(name) is None for name in names)


def _is_broken(rule: Callable[..., bool | None], *values: Any) -> bool:
    """Whether a rule is broken; what it cannot be asked about does not break it.

    Raises:
        TooManySteps: There is no time to ask it.
    """
    try:
        return rule(*values) is False
    except TooManySteps:
        raise
    except _NOT_ASKED:
        return False


def _further(at: At, way: tuple[str, ...]) -> At:
    for step in way:
        at = (at, step)
    return at


def _flattened(root: list[Any]) -> Iterable[Finding]:
    pending: list[Any] = [iter(root)]
    while pending:
        for item in pending[-1]:
            if isinstance(item, list):
                pending.append(iter(item))
                break
            yield item
        else:
            pending.pop()


def pointer(at: At) -> str:
    """A way as a JSON Pointer."""
    steps: list[str] = []
    while at is not None:
        at, step = at
        if isinstance(step, Unnamed):
            steps.clear()
        else:
            steps.append(_text(step).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{step}" for step in reversed(steps))


def _text(step: Any) -> str:
    return step if isinstance(step, str) else describe(step)


def quote(text: str) -> str:
    """Text in double quotes, shortened, without anything a terminal would obey."""
    shown = visible(text[:_SHORTEST_CUT])
    return f'"{shown}{"…" if len(text) > _SHORTEST_CUT else ""}"'


_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    "\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07"
    "\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f"
)
"""Characters that Python calls printable, though they show nothing."""


def visible(text: str) -> str:
    """The text, with an escape in place of each character that does not show."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(char if _shows(char) else f"\\u{ord(char):04x}" for char in text)


def _shows(char: str) -> bool:
    if char in _UNSEEN or "\U000e0100" <= char <= "\U000e01ef":
        return False
    return char.isprintable()


def describe(value: Any) -> str:
    """A value in a few words; containers by their size only."""
    kind = type(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if issubclass(kind, str):
        return quote(value)
    if issubclass(kind, int):
        if abs(value) < 10**40:
            return int.__repr__(value)
        return f"an integer of {value.bit_length()} bits"
    if issubclass(kind, float):
        return float.__repr__(value)
    if issubclass(kind, dict):
        return _counted(len(value), "an object", "member")
    if issubclass(kind, list):
        return _counted(len(value), "a list", "item")
    return f"a value of type {quote(kind.__name__)[1:-1]}"


def _counted(count: int, what: str, part: str) -> str:
    return f"{what} of {count} {part}{'' if count == 1 else 's'}"


def nearest(written: Any, known: Iterable[str]) -> str | None:
    """The known text most like the one written, or none where nothing is near."""
    from difflib import get_close_matches

    if not isinstance(written, str) or len(written) > 200:
        return None
    by_fold = {text.casefold(): text for text in sorted(known, reverse=True)}
    matches = get_close_matches(written.casefold(), by_fold, n=1, cutoff=0.7)
    return by_fold[matches[0]] if matches else None


def is_integer(value: Any) -> bool:
    """Whether a value is a whole number, as JSON Schema has it: 1e3 is, true is not.

    The type itself is asked, since a mock object says that it is of any class.
    """
    kind = type(value)
    if issubclass(kind, float):
        return float.is_integer(value)
    return issubclass(kind, int) and kind is not bool


def is_number(value: Any) -> bool:
    """Whether a value is a number that JSON can write: finite, and no boolean."""
    kind = type(value)
    if issubclass(kind, float):
        return isfinite(value)
    return issubclass(kind, int) and kind is not bool


def is_multiple(value: Any, of: float) -> bool:
    """Whether a number is a multiple of another: of 0.1, 0.3 is, as JSON has it."""
    if isinstance(value, int) and isinstance(of, int):
        return value % of == 0
    from fractions import Fraction

    # As its digits say it, not as the double next to them.
    whole = Fraction(float.__repr__(value) if isinstance(value, float) else int(value))
    return whole % Fraction(repr(of)) == 0


def byte_count(value: Any) -> int | None:
    """How many bytes a blob has, as bytes or as base64 text; none if it is neither."""
    kind = type(value)
    if issubclass(kind, (bytes, bytearray)):
        return len(value)
    if not issubclass(kind, str) or not value.isascii():
        return None
    from base64 import b64decode

    try:
        return len(b64decode(value, validate=True))
    except ValueError:
        return None


def is_stream(value: Any) -> bool:
    """Whether a value is an object that bytes or items are read from."""
    kind = type(value)
    if kind in (dict, list, tuple, str, bytes, bytearray):
        return False
    return any(hasattr(kind, name) for name in ("read", "__iter__", "__aiter__"))


def all_differ(items: list[Any]) -> bool:
    """Whether no two items are equal as JSON values: 1 is 1.0, but not true."""
    return len({canonical(item) for item in items}) == len(items)


_LARGEST_COMPARED = 1_000_000


def canonical(value: Any) -> str:
    """A text that equal JSON values share, and no others; made without recursion.

    A value that contains itself, or that has more parts than anyone can mean, is equal
    to nothing but itself.
    """
    parts: list[str] = []
    pending: list[Any] = [value]
    open_ones: set[int] = set()
    while pending:
        item = pending.pop()
        if len(parts) > _LARGEST_COMPARED or id(item) in open_ones:
            return f"{id(value)}"
        kind = type(item)
        if kind is _Closed:
            parts.append(item.text)
            open_ones.discard(item.closes)
        elif issubclass(kind, dict):
            parts.append("{")
            open_ones.add(id(item))
            pending.append(_Closed("}", id(item)))
            for name in sorted(item, key=_scalar, reverse=True):
                pending.append(item[name])
                pending.append(_Closed(f"{_scalar(name)}:"))
        elif issubclass(kind, list):
            parts.append("[")
            open_ones.add(id(item))
            pending.append(_Closed("]", id(item)))
            pending.extend(reversed(item))
        else:
            parts.append(f"{_scalar(item)},")
    return "".join(parts)


def _scalar(value: Any) -> str:
    """A text that equal values without parts share; no other value has it."""
    kind = type(value)
    if issubclass(kind, str):
        return str.__repr__(value)
    if value is None or kind is bool:
        return f"{value}"
    if issubclass(kind, float):
        if not float.is_integer(value):
            return float.__repr__(value)
        return int.__format__(int(value), "x")
    if issubclass(kind, int):
        return int.__format__(value, "x")
    if issubclass(kind, (bytes, datetime)):
        return repr(value)
    return f"<{id(value)}>"


class _Closed:
    __slots__ = ("closes", "text")

    def __init__(self, text: str, closes: int = 0) -> None:
        self.text = text
        self.closes = closes
