"""Counts what a response holds, in one walk over it.

A structure is counted by its layout, that is by the names of its members as they came:
one look-up and one addition for all of them. What a layout means for each member is
worked out when the counts are asked for. Layouts, like everything else that is kept,
are limited in number, so that memory does not depend on the number of responses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import repeat
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeAlias

from shapespec.contract import schema as ir
from shapespec.contract.choices import pick
from shapespec.contract.places import join
from shapespec.tools.observe.keywords import breaks_relaxed
from shapespec.tools.observe.model import Count, NewMember, Presence, Values
from shapespec.tools.observe.sites import ObservedPlace, walk
from shapespec.tools.observe.words import (
    LIMIT,
    MORE,
    OTHER,
    UNNAMED,
    WordCounts,
    is_word,
    member_word,
    value_word,
)

MOST_COUNTS = 1000
"""How many counts of layouts, by status, are kept before they are added up."""

Pending: TypeAlias = "list[tuple[Watch, object]]"
Look: TypeAlias = "Callable[[Any, str], None]"
"""Counts a value of which there is nothing to say, in a response of some status."""


class Watch(Protocol):
    """Looks at the values of a place."""

    def look(self, value: object, status: str, pending: Pending) -> None:
        """Count a value; what is to be looked at within it goes to `pending`."""
        ...


class Notes:
    """What was noticed about the response at hand.

    Attributes:
        relaxed: Whether it breaks a relaxed keyword, which no verdict shows.
        unknown: Its structures that have unknown members, with their names.
    """

    __slots__ = ("relaxed", "unknown")

    def __init__(self) -> None:
        """Nothing yet."""
        self.relaxed = False
        self.unknown: list[tuple[dict[str, object], tuple[tuple[str, str], ...]]] = []

    def clear(self) -> None:
        """Begin another response."""
        self.relaxed = False
        self.unknown.clear()


class _Layout:
    """The names of a structure's members, and how often they came so, by status.

    Attributes:
        known: Those that the spec has.
        unknown: Those that it lacks, each with the word that stands for it.
        steps: Those to look into.
        looks: The same, with what counts them where there is nothing to say.
        enums: Those with a value of an enum, the values that need no look, and who
            looks at others.
        passing: Whether it is not to be kept: names without number make layouts
            without number.
    """

    __slots__ = ("counts", "enums", "known", "looks", "passing", "steps", "unknown")

    def __init__(
        self,
        known: tuple[str, ...],
        unknown: tuple[tuple[str, str], ...],
        steps: tuple[tuple[str, Watch], ...],
        enums: tuple[tuple[str, frozenset[str], Watch], ...],
    ) -> None:
        self.enums = enums
        self.known = known
        self.unknown = unknown
        self.steps = steps
        self.passing = not all(is_word(word) for _, word in unknown)
        self.counts: dict[str, int] = {}
        self.looks: tuple[tuple[str, Look], ...] | None = None


class StructureCounts(NamedTuple):
    """What a structure's watch has counted.

    Attributes:
        of: How many values there were, by status.
        present: How often each known member was there, by status.
        unknown: How often unknown members were there, in the order they came.
        types: What they held.
    """

    of: dict[str, int]
    present: dict[str, dict[str, int]]
    unknown: dict[str, int]
    types: dict[str, dict[str, int]]


EnumCounts: TypeAlias = "tuple[dict[str, int], dict[str, int], dict[str, int]]"
"""What an enum's watch has counted: new values, known ones, old ones."""


class StructureWatch:
    """Counts the members of a structure or a union, known and unknown."""

    def __init__(self, site: ObservedPlace, notes: Notes, limit: int) -> None:
        """Watch a place, and note what is unknown there, so many names of it."""
        self._limit = limit
        self._site = site
        self._notes = notes
        self._layouts: dict[tuple[str, ...], _Layout] = {}
        self._kept = 0
        self._of: Counter[str] = Counter()
        self._present: dict[str, Counter[str]] = {
            name: Counter() for name in site.members
        }
        self._unknown: dict[str, int] = {}
        self._types: dict[str, Counter[str]] = {}
        self.watches: dict[str, Watch] = {}
        self.looks: dict[str, Look] = {}

    def count(self, value: dict[str, Any], status: str) -> None:
        """Count a structure of which there is nothing to say, and that has no null."""
        names = tuple(value)
        layout = self._layouts.get(names) or self._layout(names)
        try:
            layout.counts[status] += 1
        except KeyError:
            layout.counts[status] = 1
            self._kept += 1
        looks = layout.looks
        if looks is None:
            own = self.looks
            looks = tuple((name, own[name]) for name in names if name in own)
            layout.looks = looks
        for name, look in looks:
            look(value[name], status)
        if self._kept >= MOST_COUNTS:
            self._settle()

    def look(self, value: object, status: str, pending: Pending) -> None:
        if type(value) is not dict:
            return
        names = tuple(value)
        if None in value.values():
            names = self._without_nulls(value)
        layout = self._layouts.get(names)
        if layout is None:
            layout = self._layout(names)
        try:
            layout.counts[status] += 1
        except KeyError:
            layout.counts[status] = 1
            self._kept += 1
        for name, current, watch in layout.enums:
            item = value[name]
            if type(item) is not str or item not in current:
                watch.look(item, status, pending)
        for name, watch in layout.steps:
            pending.append((watch, value[name]))
        if layout.unknown:
            if isinstance(self._site.shape, ir.Structure):  # a union may need them
                self._notes.unknown.append((value, layout.unknown))
            for name, word in layout.unknown:
                self._types[word][_json_type(value[name])] += 1
            if layout.passing:
                self._add_up(layout)
        if self._kept >= MOST_COUNTS:
            self._settle()

    def _without_nulls(self, value: dict[str, object]) -> tuple[str, ...]:
        """The names of the members, without known ones that are null, hence absent."""
        members = self._site.members
        return tuple(
            name
            for name, item in value.items()
            if item is not None or name not in members
        )

    def _layout(self, names: tuple[str, ...]) -> _Layout:
        members = self._site.members
        known = tuple(name for name in names if name in members)
        layout = _Layout(
            known=known,
            unknown=tuple(
                (name, self._word(name, alone=not known))
                for name in names
                if name not in members
            ),
            steps=tuple(
                (name, watch)
                for name in known
                if (watch := self.watches.get(name)) is not None
                and not isinstance(watch, EnumWatch)
            ),
            enums=tuple(
                (name, watch.current, watch)
                for name in known
                if isinstance(watch := self.watches.get(name), EnumWatch)
            ),
        )
        if not layout.passing:
            self._layouts[names] = layout
        return layout

    def _word(self, name: str, *, alone: bool) -> str:
        """What stands for an unknown member.

        Where no known member is beside it, the object is no such structure at all, and
        what look like names may be anything. Below something sensitive, a name is, too.
        """
        discreet = alone or self._site.sensitive
        word = UNNAMED if discreet else member_word(name)
        if word not in self._unknown:
            if len(self._unknown) >= self._limit and word != UNNAMED:
                word = MORE
            self._unknown.setdefault(word, 0)
            self._types.setdefault(word, Counter())
        return word

    def taken(self) -> StructureCounts | None:
        """What was counted, which begins anew; none where it is nothing."""
        self._settle()
        if not self._of and not self._unknown:
            return None
        present = {name: dict(one) for name, one in self._present.items() if one}
        types = {word: dict(one) for word, one in self._types.items()}
        found = StructureCounts(dict(self._of), present, self._unknown, types)
        self._of.clear()
        for one in self._present.values():
            one.clear()
        self._unknown, self._types = {}, {}
        return found

    def fits(self, counts: StructureCounts) -> bool:
        """Whether there is room for all names of unknown members."""
        words = self._unknown.keys() | counts.unknown
        return len(words - {UNNAMED}) < self._limit

    def fold(self, counts: StructureCounts) -> None:
        """Add counts that fit."""
        self._of.update(counts.of)
        for name, one in counts.present.items():
            self._present[name].update(one)
        for word, count in counts.unknown.items():
            self._unknown[word] = self._unknown.get(word, 0) + count
            self._types.setdefault(word, Counter()).update(counts.types[word])

    def _settle(self) -> None:
        """Add up all layouts, and forget them."""
        for layout in self._layouts.values():
            self._add_up(layout)
        self._layouts.clear()
        self._kept = 0

    def _add_up(self, layout: _Layout) -> None:
        for status, count in layout.counts.items():
            self._of[status] += count
            for name in layout.known:
                self._present[name][status] += count
            for word in {word for _, word in layout.unknown}:
                self._unknown[word] += count

    def presence(self, statuses: Iterable[str]) -> Iterator[Presence]:
        """How often each member was there."""
        self._settle()
        shape = self._site.shape
        if not isinstance(shape, ir.Structure | ir.Union):
            return
        met = [status for status in statuses if self._of[status]]
        for member in shape.members:
            present = self._present[member.name]
            yield Presence(
                path=join(self._site.path, member.name),
                owner=shape.id,
                member=member,
                total=Count(present.total(), self._of.total()),
                by={one: Count(present[one], self._of[one]) for one in met},
            )

    def new_members(self) -> Iterator[NewMember]:
        """The members that the spec lacks, by name, stand-ins last."""
        self._settle()
        for word in sorted(self._unknown, key=lambda one: (not is_word(one), one)):
            yield NewMember(
                path=join(self._site.path, word),
                total=Count(self._unknown[word], self._of.total()),
                types=dict(sorted(self._types[word].items())),
            )


class EnumWatch:
    """Counts values that an enum lacks, and those that are retired or only seen."""

    def __init__(
        self,
        site: ObservedPlace,
        shape: ir.Enum,
        seen: frozenset[str] = frozenset(),
        *,
        discreet: bool = False,
        limit: int = LIMIT,
    ) -> None:
        """Watch a place; where `discreet`, no unknown value is written down.

        Of what is `current` nothing is counted. `seen` are the values that the spec
        has, and that no source but responses has.
        """
        self._site = site
        self._shape = shape
        self._discreet = discreet or site.sensitive
        self._retired = {one.value for one in shape.values if one.retired}
        self._seen = seen - self._retired
        values = frozenset(one.value for one in shape.values)
        self.current = values - self._retired - seen
        self._words = self._new, self._known, self._old = (
            WordCounts(limit),
            WordCounts(limit),
            WordCounts(limit),
        )

    @property
    def is_seen(self) -> bool:
        """Whether it counts values of which nothing is said, as only they were seen."""
        return bool(self._seen)

    def taken(self) -> EnumCounts | None:
        """What was counted, which begins anew; none where it is nothing."""
        new, known, old = (words.taken() for words in self._words)
        return (new, known, old) if new or known or old else None

    def fits(self, counts: EnumCounts) -> bool:
        """Whether there is room for all values."""
        pairs = zip(self._words, counts, strict=True)
        return all(words.fits(one) for words, one in pairs)

    def fold(self, counts: EnumCounts) -> None:
        """Add counts that fit."""
        for words, one in zip(self._words, counts, strict=True):
            words.fold(one)

    def look(self, value: object, status: str, pending: Pending) -> None:
        del status, pending
        if type(value) is not str or value in self.current:
            return
        if value in self._retired:
            self._old.add(value)
        elif value in self._seen:
            self._known.add(value)
        else:
            self._new.add(OTHER if self._discreet else value_word(value))

    def values(self) -> Iterator[Values]:
        """What was counted."""
        known = [one.value for one in self._shape.values]
        for words in (self._new, self._old, self._known):
            counts: Mapping[str, int] = words.counts(known)
            if counts:
                yield Values(
                    path=self._site.path,
                    shape=self._shape.id,
                    retired=words is self._old,
                    counts=counts,
                    known=words is self._known,
                )


class ItemsWatch:
    """Looks at each item of a list."""

    def __init__(self) -> None:
        """An item is looked at by what `watch` is set to."""
        self.watch: Watch | None = None

    def look(self, value: object, status: str, pending: Pending) -> None:
        if self.watch is not None and type(value) is list:
            pending.extend(zip(repeat(self.watch), value, strict=False))


class PrefixWatch:
    """Looks at each item of a list whose first items have shapes of their own."""

    def __init__(self) -> None:
        """The items are looked at by `watches` in turn, the others by `watch`."""
        self.watches: list[Watch | None] = []
        self.watch: Watch | None = None

    def look(self, value: object, status: str, pending: Pending) -> None:
        if type(value) is list:
            others = repeat(self.watch, max(0, len(value) - len(self.watches)))
            watches = [*self.watches, *others]
            for watch, item in zip(watches, value, strict=False):
                if watch is not None:
                    pending.append((watch, item))


class EntriesWatch:
    """Looks at each key and each value of a map."""

    def __init__(self) -> None:
        """They are looked at by what `key` and `watch` are set to."""
        self.key: Watch | None = None
        self.watch: Watch | None = None

    def look(self, value: object, status: str, pending: Pending) -> None:
        if type(value) is not dict:
            return
        if self.key is not None:
            pending.extend(zip(repeat(self.key), value, strict=False))
        if self.watch is not None:
            pending.extend(zip(repeat(self.watch), value.values(), strict=False))


class ChoiceWatch:
    """Looks at a value as the option that it is."""

    def __init__(self, schema: ir.Schema, shape: ir.OneOf) -> None:
        """A value is looked at by one of `watches`, by the shapes of the options."""
        self._schema = schema
        self._shape = shape
        self.watches: dict[str, Watch] = {}

    def look(self, value: object, status: str, pending: Pending) -> None:
        option = pick(self._schema, self._shape, value)
        if option is not None and option.target in self.watches:
            pending.append((self.watches[option.target], value))


class RelaxedWatch:
    """Notices where a relaxed keyword is broken."""

    def __init__(self, shape: ir.Shape, notes: Notes, watch: Watch | None) -> None:
        """Look with `watch`, too."""
        self._shape = shape
        self._notes = notes
        self.watch = watch

    def look(self, value: object, status: str, pending: Pending) -> None:
        if not self._notes.relaxed and breaks_relaxed(self._shape, value):
            self._notes.relaxed = True
        if self.watch is not None:
            self.watch.look(value, status, pending)


class Watches:
    """What watches each place of a contract."""

    def __init__(
        self,
        schema: ir.Schema,
        root: ObservedPlace,
        seen: Mapping[str, frozenset[str]] = MappingProxyType({}),
        limit: int = LIMIT,
    ) -> None:
        """Watch a place of a schema and all below it.

        `seen` are the values, by enum, that no source but responses has.
        """
        self._schema = schema
        self._seen = seen
        self._limit = limit
        self.notes = Notes()
        self.structures: list[StructureWatch] = []
        self.enums: list[EnumWatch] = []
        self._made: dict[int, Watch] = {}
        inner: list[tuple[ObservedPlace, Watch]] = []
        for site in walk(root):
            watch = self._make(site)
            if watch is not None:
                inner.append((site, watch))
            if getattr(site.shape, "relaxed", ()):
                watch = RelaxedWatch(site.shape, self.notes, watch)
            if watch is not None:
                self._made[id(site)] = watch
        for site, watch in inner:
            self._link(site, watch)
        self._root = self._made[id(root)]

    def _make(self, site: ObservedPlace) -> Watch | None:
        match site.shape:
            case ir.Structure() | ir.Union():
                structure = StructureWatch(site, self.notes, self._limit)
                self.structures.append(structure)
                return structure
            case ir.Enum() as shape:
                seen = self._seen.get(shape.id, frozenset())
                enum = EnumWatch(
                    site, shape, seen, discreet=site.is_key, limit=self._limit
                )
                self.enums.append(enum)
                return enum
            case ir.OneOf() as shape if any(map(_is_watched, site.options.values())):
                return ChoiceWatch(self._schema, shape)
            case ir.Tuple() if any(map(_is_watched, (*site.prefix, site.within))):
                return PrefixWatch()
            case ir.List() if _is_watched(site.within):
                return ItemsWatch()
            case ir.Map() if _is_watched(site.within) or _is_watched(site.key):
                return EntriesWatch()
            case _:
                return None

    def _link(self, site: ObservedPlace, watch: Watch) -> None:
        match watch:
            case StructureWatch():
                for name, member in site.members.items():
                    if (below := self._made.get(id(member))) is not None:
                        watch.watches[name] = below
            case ItemsWatch():
                watch.watch = self._made.get(id(site.within))
            case PrefixWatch():
                watch.watches = [self._made.get(id(one)) for one in site.prefix]
                watch.watch = self._made.get(id(site.within))
            case ChoiceWatch():
                for target, option in site.options.items():
                    if (below := self._made.get(id(option))) is not None:
                        watch.watches[target] = below
            case EntriesWatch():
                watch.key = self._made.get(id(site.key))
                watch.watch = self._made.get(id(site.within))
            case _:
                pass

    @cached_property
    def count(self) -> Look | None:
        """What counts a response of which there is nothing to say; none with nothing.

        It is in JSON, has no null, and is counted as `look` would count it. None also
        where a shape contains itself, which takes recursion too deep.
        """
        if self._schema.recursive:
            return None
        return _Counting(self).look_of(self._root)

    def look(self, response: object, status: str) -> None:
        """Count all that a response holds; without recursion, however deep it is."""
        self.notes.clear()
        look_with(self._root, response, status)


class _Counting:
    """Makes of watches what counts values of which there is nothing to say."""

    def __init__(self, watches: Watches) -> None:
        self._watches = watches
        self._made: dict[int, Look | None] = {}

    def look_of(self, watch: Watch | None) -> Look | None:
        """What counts as a watch does; none where there is nothing to count."""
        key = id(watch)
        if key not in self._made:
            self._made[key] = self._make(watch)
        return self._made[key]

    def _make(self, watch: Watch | None) -> Look | None:
        match watch:
            case None:
                return None
            case StructureWatch():
                found = {name: self.look_of(one) for name, one in watch.watches.items()}
                watch.looks = {name: look for name, look in found.items() if look}
                return watch.count
            case EnumWatch():
                # What is new or retired would be said.
                return self._by(watch) if watch.is_seen else None
            case ItemsWatch():
                look = self.look_of(watch.watch)
                return None if look is None else _each(look)
            case RelaxedWatch():
                return self.look_of(watch.watch)
            case _:
                return self._by(watch)

    def _by(self, watch: Watch) -> Look:
        """A look with the watch itself, and at all within."""
        return lambda value, status: look_with(watch, value, status)


def _each(look: Look) -> Look:
    def count(value: Any, status: str) -> None:
        for item in value:
            if item is not None:
                look(item, status)

    return count


def look_with(watch: Watch, value: object, status: str) -> None:
    """Look at a value, and at all within it; without recursion."""
    pending: Pending = [(watch, value)]
    while pending:
        watch, value = pending.pop()
        watch.look(value, status, pending)


def _is_watched(site: ObservedPlace | None) -> bool:
    """Whether there is anything to be seen at a place; text and numbers are not."""
    match site.shape if site is not None else None:
        case None:
            return False
        case ir.Structure() | ir.Union() | ir.Enum() | ir.List() | ir.Map():
            return True
        case ir.OneOf() | ir.Tuple():
            return True
        case shape:
            return bool(getattr(shape, "relaxed", ()))


def _json_type(value: object) -> str:
    """JSON Schema's word for the type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case _:
            return "other"
