"""What a form is, and how the moments and bytes of a response are read and written."""
# pyright: basic

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = -62_135_596_800
"""The first second of the year 1, in epoch seconds."""
END = 253_402_300_800
"""The first second past the year 9999, in epoch seconds."""
_EDGES = ("0001", "9999")
_DIGITS = re.compile(r"-?[0-9]{1,17}")


class _Moment(datetime):
    """A moment that was read from the spelling of a form, and is right."""


class Form:
    """How one system writes a response.

    Attributes:
        name: What `form=` calls it; empty for what is meant where no form is named.
        moments: The timestamps it may hold, in words.
        milliseconds: Whether numbers are milliseconds since 1970.
        extra_members: Members it has beside those of the response.
        snake_case: Whether members are spelt in snake case.
        named: Whether members have names of their own in it.
        extra_types: What of these a value is, where the spec says: `string`, `hstore`.
        columns: What the root's members may be as text: `json`, `hstore`, and `text`
            for numbers and booleans.
        vectors: Whether a value may stand in a list of its own.
        absent: What else stands for an absent member: `empty-list`,
            `empty-structure`.
        envelope: The member that holds the response.
        marks: What else an envelope holds, by which it is known.
        respells: Whether members or values are not as the service has them.
    """

    __slots__ = (
        "_datetime",
        "_number",
        "_spelling",
        "_text",
        "_written",
        "absent",
        "columns",
        "envelope",
        "extra_members",
        "extra_types",
        "marks",
        "milliseconds",
        "moments",
        "name",
        "named",
        "respells",
        "snake_case",
        "vectors",
    )

    def __init__(
        self,
        *,
        name: str,
        moments: str,
        datetimes: bool,
        numbers: bool,
        milliseconds: bool,
        text: str | None,
        written: str,
        extra_members: Iterable[str] = (),
        extra_types: Mapping[str, str] | None = None,
        snake_case: bool = False,
        named: bool = False,
        columns: Iterable[str] = (),
        vectors: bool = False,
        absent: Iterable[str] = (),
        envelope: str | None = None,
        marks: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.moments = moments
        self.milliseconds = milliseconds
        self.extra_members = frozenset(extra_members)
        self.extra_types = dict(extra_types or {})
        self.snake_case = snake_case
        self.named = named
        self.columns = frozenset(columns)
        self.vectors = vectors
        self.absent = frozenset(absent)
        self.envelope = envelope
        self.marks = dict(marks or {})
        self.respells = (
            snake_case
            or named
            or vectors
            or milliseconds
            or envelope is not None
            or bool(self.columns or self.absent)
        )
        self._datetime = datetimes
        self._number = numbers
        self._spelling = text
        self._text: Callable[[str], object] | None = None
        self._written = written

    def is_moment(self, value: Any) -> bool:
        """Whether a value is a timestamp in one of the spellings of this form."""
        # The type itself is asked: a mock object says that it is of any class.
        kind = type(value)
        if issubclass(kind, str):
            if (
                self._spelling is None
                or (self._text or self._compiled())(value) is None
            ):
                return False
            return value[:4] not in _EDGES or is_in_range(_from_text(value))
        if issubclass(kind, datetime):
            if not (self._datetime or kind is _Moment) or value != value:  # noqa: PLR0124 - NaT
                return False
            return 1 < value.year < 9999 or is_in_range(value)
        if issubclass(kind, (int, float)) and kind is not bool:
            return self._number and FIRST <= value < END
        return False

    def _compiled(self) -> Callable[[str], object]:
        """The pattern of timestamps as text; compiled when first needed."""
        self._text = re.compile(self._spelling or "").fullmatch
        return self._text

    def misfit(self, name: str, value: Any) -> tuple[str, str] | None:
        """The rule that a member which the form adds breaks, and what was expected.

        None where the value is right, or nothing is said of it.
        """
        kind = self.extra_types.get(name)
        if kind is None or value is None:
            return None
        if kind == "timestamp":
            return None if self.is_moment(value) else ("timestamp", self.moments)
        expected, fits = _EXTRA_TYPES[kind]
        return None if fits(value) else ("type", expected)

    def write(self, moment: datetime) -> Any:
        """A moment as this form writes it."""
        if self._written == "datetime":
            return moment
        if self._written == "iso-8601":
            return _aware(moment).isoformat()
        since = _aware(moment) - _EPOCH
        if self._written == "epoch-milliseconds":
            return round(since / timedelta(milliseconds=1))
        return since / timedelta(seconds=1)

    def write_bytes(self, value: bytes) -> Any:
        """Bytes as this form writes them."""
        if self._written == "datetime":
            return value
        from base64 import b64encode

        return b64encode(value).decode("ascii")

    def carried(self, value: Any) -> Any:
        """What the contract says nothing about, without what the form cannot hold.

        Where the form has no datetimes and no bytes of its own, those in the value are
        written as the form writes them. The value itself is not changed.
        """
        if self._written == "datetime":
            return value
        made: dict[int, Any] = {}
        pending: list[Any] = []

        def written(item: Any) -> Any:
            if isinstance(item, (dict, list, tuple)):
                if id(item) not in made:
                    made[id(item)] = {} if isinstance(item, dict) else []
                    pending.append(item)
                return made[id(item)]
            if isinstance(item, datetime):
                return self.write(item) if item == item else None  # noqa: PLR0124 - NaT
            if isinstance(item, (bytes, bytearray)):
                return self.write_bytes(bytes(item))
            return item

        found = written(value)
        while pending:
            item = pending.pop()
            if isinstance(item, dict):
                made[id(item)].update((key, written(one)) for key, one in item.items())
            else:
                made[id(item)].extend(map(written, item))
        return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    return _is_number(value) and value % 1 == 0


def _is_pairs(value: Any) -> bool:
    return isinstance(value, dict) and all(
        item is None or isinstance(item, str) for item in value.values()
    )


_EXTRA_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "string": ("a string", _is_text),
    "integer": ("an integer", _is_integer),
    "number": ("a number", _is_number),
    "boolean": ("a boolean", lambda value: isinstance(value, bool)),
    "json": (
        "an object, a list or JSON text",
        lambda value: isinstance(value, (dict, list)),
    ),
    "hstore": ("an object of strings or hstore text", _is_pairs),
    "hstore_csv": (
        "text, a list of strings or an object of strings",
        lambda value: (
            isinstance(value, str)
            or (isinstance(value, list) and all(map(_is_text, value)))
            or _is_pairs(value)
        ),
    ),
}
"""What the types of members that a form adds take; texts have been read before."""


def is_in_range(moment: datetime) -> bool:
    """Whether a moment is in the years 1 to 9999 of UTC: no other can be written."""
    offset = moment.utcoffset()
    try:
        return offset is None or moment.replace(tzinfo=None) - offset is not None
    except OverflowError:
        return False


def read_milliseconds(value: Any) -> Any:
    """A number or a text of milliseconds since 1970 as a moment; else the value."""
    number = value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return value
    if not 1000 * FIRST <= number < 1000 * END:
        return value
    since = timedelta(milliseconds=number)
    return _Moment(1970, 1, 1, tzinfo=UTC) + since


def read_moment(value: Any) -> datetime:
    """A timestamp that has been found right, in any spelling, as an aware datetime."""
    if isinstance(value, (int, float)):
        return _EPOCH + timedelta(seconds=value)
    if isinstance(value, _Moment):
        return datetime.combine(value.date(), value.timetz())
    return _aware(value if isinstance(value, datetime) else _from_text(value))


def read_bytes(value: Any) -> bytes:
    """Bytes that have been found right, given as such or as base64 text."""
    if isinstance(value, str):
        from base64 import b64decode

        return b64decode(value)
    return bytes(value)


def _aware(moment: datetime) -> datetime:
    """A moment with its offset; UTC where none is given."""
    # A `tzinfo` may know no offset, and then the moment is naive as well.
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)


def _from_text(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _from_odd_text(text)


def _from_odd_text(text: str) -> datetime:
    """A time that is right, in a spelling that Python does not know."""
    if "," in text:  # as HTTP writes it: Sun, 29 Nov 2026 06:50:17 GMT
        _, day, name, year, clock, _ = text.split()
        month = "JanFebMarAprMayJunJulAugSepOctNovDec".index(name) // 3 + 1
        text = f"{year}-{month:02}-{day}T{clock}Z"
    text = text.upper().replace(" UTC", "Z").replace("UTC", "Z")
    text = text.replace(" +", "+").replace(" -", "-")
    whole, dot, rest = text.partition(".")
    if dot:
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = f"{whole}.{rest[:digits][:6]:0<6}{rest[digits:]}"
    return datetime.fromisoformat(text)
