"""From the history of a contract to the table that dates responses by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from shapespec.backends.environment import literal
from shapespec.backends.sensitive import below_sensitive
from shapespec.contract import schema as ir
from shapespec.contract.constraints import DOCUMENTED
from shapespec.contract.facts import OBSERVED, Value
from shapespec.contract.places import Place, Tree
from shapespec.evidence.history.past import StatedSince, past_of
from shapespec.evidence.provenance import YEAR, is_member, provenance_of
from shapespec.patterns import PatternRefused, same_pattern, translate
from shapespec.records import dataclass

Row = TypeVar("Row")

_WIDTH = 74
"""How long a line with values is at most, without its margin."""
_BOUNDS = DOCUMENTED - {"enum"}


_Batch: TypeAlias = "tuple[str, tuple[str, ...]]"
"""Two days, and lines with the values that came and went on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a generated package knows of its past; every text is a literal.

    Attributes:
        first: The day of the first release.
        born: Whether the operation came with it; else it may be older.
        last: That of the newest release that was read.
        editions: Documents by id, each with its year.
        places: Each path, with the day it came, and the shape of its values.
        hidden: Paths of maps whose keys are not named, since they are sensitive.
        gone: Paths that are stated no more, with the day they went.
        together: Values that came together at several places: the shape of these, the
            day, and lines with the values.
        values: By path, values of enums that came after their place or went: the two
            days, and lines with the values or the one that says where they are.
        bounds: By path, bounds that changed: their kind, and what held from each day
            on; of a pattern, the expression for Python.
        required: By path of a structure, members that were or are not always
            required: what held from each day on, and how much it weighs.
    """

    first: str
    born: str
    last: str
    editions: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str, str], ...]
    hidden: tuple[str, ...]
    gone: tuple[tuple[str, str], ...]
    together: tuple[tuple[str, tuple[str, ...]], ...]
    values: tuple[tuple[str, tuple[_Batch, ...]], ...]
    bounds: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    required: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


def lower(schema: ir.Schema, root: str) -> View | None:
    """The table of a schema with a history; none for one without.

    Args:
        schema: The schema.
        root: The shape of what the operation gives back.
    """
    if not schema.ledger.histories:
        return None
    return _Lowering(schema, root).view()


class _Lowering:
    def __init__(self, schema: ir.Schema, root: str) -> None:
        self.root = root
        self.schema = schema
        self.tree = Tree(schema)
        self._sensitive = below_sensitive(schema)
        self.past = past_of(schema.ledger.histories[0])
        self.paths = sorted(
            path for path in self.past.places if not path.startswith("(")
        )

    def view(self) -> View:
        history = self.past.history
        lives = self.past.places
        values = {
            path: (self._shape(path), tuple(_by_days(several)))
            for path, several in _by_path(self._values())
        }
        together = _together(values.values())
        return View(
            first=literal(history.steps[0].release.date),
            born=f"{history.from_birth}",
            last=literal(history.last.date),
            editions=tuple(
                (literal(source.id), literal(source.edition[:4]))
                for source in provenance_of(self.schema).by_edition
                if source.id != OBSERVED and YEAR.match(source.edition)
            ),
            places=(
                (
                    literal(""),
                    literal(history.steps[0].release.date),
                    literal(self.root),
                ),
                *self._places(),
            ),
            hidden=tuple(literal(path) for path in self.paths if self._is_hidden(path)),
            gone=tuple(
                (literal(path), literal(until.date))
                for path in self.paths
                if (until := lives[path].until) is not None
            ),
            together=tuple(
                (f"({shape}, {days})", lines)
                for (shape, days), lines in together.items()
            ),
            values=tuple(
                (literal(path), tuple(_told(shape, batches, together)))
                for path, (shape, batches) in values.items()
            ),
            bounds=_written(_by_path(self._bounds())),
            required=_written(_by_path(self._required())),
        )

    def _places(self) -> Iterator[tuple[str, str, str]]:
        for path in self.paths:
            since = self.past.places[path].since.date
            yield literal(path), literal(since), self._shape(path)

    def _shape(self, path: str) -> str:
        place = self.tree.find(path)
        return literal(place.shape.id if place else "")

    def _is_hidden(self, path: str) -> bool:
        """Whether the keys of a map are sensitive, or it is below what is."""
        place = self.tree.find(path)
        if place is None or not isinstance(place.shape, ir.Map):
            return False
        return not self._sensitive.isdisjoint((place.shape.id, place.shape.key))

    def _values(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Values that were not always there, by path."""
        for (path, value), life in self.past.values.items():
            born = self.past.places.get(path)
            if born is None or path.startswith("("):
                continue
            if life.since != born.since or life.until is not None:
                until = life.until.date if life.until else None
                days = f"({literal(life.since.date)}, {_constant(until)})"
                yield path, (days, literal(value))

    def _bounds(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Bounds that were not always the same, by path."""
        for (path, kind), stated in self.past.facts.items():
            if kind not in _BOUNDS or path.startswith("("):
                continue
            log = self._log(path, stated)
            if kind == "pattern":
                log = list(_for_python(log))
            if len(log) > 1:
                yield path, (literal(kind), _constant(tuple(log)))

    def _required(self) -> Iterator[tuple[str, tuple[str, str, str]]]:
        """Members whose requirement changed, by the path of what has them."""
        for (path, kind), stated in self.past.facts.items():
            if kind != "required" or path.startswith("(") or not is_member(path):
                continue
            place = self.tree.find(path)
            log = self._log(path, stated)
            if len(log) < 2 or place is None or self._is_bent(place):
                continue
            facts = tuple((day, value is True) for day, value in log)
            name = literal(path.rpartition(".")[2])
            where = path.rpartition(".")[0]
            yield where, (name, _constant(facts), literal(self._weight(place)))

    def _log(self, path: str, stated: list[StatedSince]) -> list[tuple[str, Value]]:
        """What held from each day on, from the day the place came."""
        born = self.past.places[path].since.date if path in self.past.places else ""
        log: list[tuple[str, Value]] = [(one.since.date, one.value) for one in stated]
        if log and log[0][0] > born:
            log.insert(0, (born, None))
        return log

    def _presence(self, place: Place) -> tuple[int, int] | None:
        """In how many responses a member is, of how many."""
        for evidence in self.schema.ledger.evidence:
            for fact in evidence.facts:
                if fact.kind != "presence" or fact.path != place.path:
                    continue
                total = fact.value.get("total") if isinstance(fact.value, dict) else 0
                if isinstance(total, dict):
                    return _whole(total.get("present")), _whole(total.get("of"))
        return None

    def _is_bent(self, place: Place) -> bool:
        """Whether responses lack a member that was required when they were sent."""
        seen = self._presence(place)
        return seen is not None and seen[0] < seen[1]

    def _weight(self, place: Place) -> str:
        """What a missing member weighs: nothing but a response confirms a claim."""
        return "error" if self._presence(place) is not None else "warning"


def _constant(value: Value | tuple[tuple[str, Value], ...]) -> str:
    """What was stated, as Python has it."""
    match value:
        case str():
            return literal(value)
        case tuple():
            items = (f"({literal(day)}, {_constant(one)})," for day, one in value)
            return f"({' '.join(items)})"
        case _:
            return repr(value)


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _for_python(
    log: list[tuple[str, Value]],
) -> Iterator[tuple[str, str | None]]:
    """Patterns as Python has them, where they change what they allow.

    One that cannot be carried over exactly is passed over, as if it were not stated.
    """
    before: Value = None
    for number, (day, pattern) in enumerate(log):
        if number and (pattern == before or same_pattern(pattern, before)):
            continue
        before = pattern
        if not isinstance(pattern, str):
            yield day, None
            continue
        try:
            yield day, translate(pattern).python
        except PatternRefused:
            yield day, None


def _by_path(
    found: Iterable[tuple[str, Row]],
) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Rows that are about the same path, together, by path."""
    rows: dict[str, list[Row]] = {}
    for path, row in found:
        rows.setdefault(path, []).append(row)
    for path in sorted(rows):
        yield path, tuple(rows[path])


def _written(
    found: Iterable[tuple[str, Row]],
) -> tuple[tuple[str, Row], ...]:
    """The same, with each path as a literal."""
    return tuple((literal(path), row) for path, row in found)


def _by_days(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Values of the same two days, together, on lines that are not too long."""
    values: dict[str, list[str]] = {}
    for days, value in found:
        values.setdefault(days, []).append(value)
    for days, several in values.items():
        lines = [""]
        for value in several:
            if lines[-1] and len(lines[-1]) + len(value) > _WIDTH:
                lines.append("")
            lines[-1] += f" {value}," if lines[-1] else f"{value},"
        yield days, tuple(lines)


def _together(
    found: Iterable[tuple[str, tuple[_Batch, ...]]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Values on several lines that came together at places of the same shape.

    Args:
        found: Of each place, its shape and what came to it.

    Returns:
        The lines, by the shape and the two days.
    """
    counted = Counter((shape, batch) for shape, several in found for batch in several)
    made: dict[tuple[str, str], tuple[str, ...]] = {}
    for (shape, (days, lines)), count in counted.items():
        if count > 1 and len(lines) > 1:
            made.setdefault((shape, days), lines)
    return made


def _told(
    shape: str,
    batches: Iterable[_Batch],
    together: Mapping[tuple[str, str], tuple[str, ...]],
) -> Iterator[_Batch]:
    """What came to a place of a shape, or where that is written."""
    for days, lines in batches:
        same = together.get((shape, days)) == lines
        yield days, (f"TOGETHER[{shape}, {days}]",) if same else lines
