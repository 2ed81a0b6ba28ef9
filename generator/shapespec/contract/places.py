"""Places: every part of a contract, with one spelling shared by all who speak of it.

    InputDataConfig[].ChannelName     a member of the items of a list
    Environment{}                     the values of a map
    Environment{key}                  its keys
    Samples[][0]                      the first item, where it has a shape of its own
    Pets[]<Cat>.Lives                 a member of an option of `one_of`
    (request).TrainingJobName         a member of what is sent
    (operation)                       the operation itself
    (errors).ResourceNotFound         what it can fail with

A path begins at the response of the operation, or with `(request)` at the request, or
with `(errors)` and a name at an error.
Where a structure contains itself, its path is not followed a second time.

Shapes that are used again and again make more places than any memory holds: forty
structures with two members each of the next one have a million million. So `walk`
refuses too many, and generated code has no part for each place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Self, TypeAlias

from shapespec.contract import naming, schema as ir
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults
from shapespec.records import dataclass

REQUEST = "(request)"
OPERATION = "(operation)"
ERRORS = "(errors)"
TABLE = "(table)"
ITEMS = "[]"
VALUES = "{}"
KEYS = "{key}"

Way: TypeAlias = tuple[str, ...]
"""Steps from the response: a member's name, `[]`, `[0]`, `{}`, `{key}`, `<Option>`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a contract.

    Attributes:
        path: How facts spell it; empty for the response itself.
        way: The same, step by step.
        shape: The shape of its values.
        member: The member that it is; none for items, keys and values.
        around: The place that it is a part of; none for what it all begins with.
    """

    path: str
    way: Way
    shape: ir.Shape
    member: ir.Member | None = None
    around: Place | None = None

    @property
    def parent(self) -> ir.Structure | ir.Union | None:
        """The structure or union that has the member."""
        owner = None if self.around is None else self.around.shape
        return owner if isinstance(owner, ir.Structure | ir.Union) else None

    @property
    def is_key(self) -> bool:
        """Whether it is where the keys of a map stand."""
        return self.member is None and self.way[-1:] == (KEYS,)


class PartOfShape(NamedTuple):
    """What a shape is made of: a step, a shape's id, and the member if it is one."""

    step: str
    target: str
    member: ir.Member | None = None


def parts(shape: ir.Shape) -> Iterator[PartOfShape]:
    """What a shape is made of, in the order of the spec."""
    match shape:
        case ir.Structure(members=members) | ir.Union(members=members):
            for member in members:
                yield PartOfShape(member.name, member.target, member)
        case ir.List(member=target):
            yield PartOfShape(ITEMS, target)
        case ir.Tuple(prefix=prefix, rest=rest):
            for index, target in enumerate(prefix):
                yield PartOfShape(PrefixStep(f"[{index}]"), target)
            if rest is not None:
                yield PartOfShape(RestStep(len(prefix)), rest)
        case ir.Map(key=key, value=value):
            yield PartOfShape(KEYS, key)
            yield PartOfShape(VALUES, value)
        case ir.OneOf(options=options):
            for number, option in enumerate(options, 1):
                yield PartOfShape(option_step(option, number), option.target)
        case _:
            return


class PrefixStep(str):
    """A step to one of the first items of a list: `[0]`."""

    __slots__ = ()

    @property
    def at(self) -> int:
        """Which item it is."""
        return int(self[1:-1])


class RestStep(str):
    """The step `[]` to the items behind those that have shapes of their own."""

    __slots__ = ("start",)

    start: int

    def __new__(cls, start: int) -> Self:
        """The step to the items from an index on."""
        made = super().__new__(cls, ITEMS)
        made.start = start
        return made


class OptionStep(str):
    """A step to an option of a choice, which is no step in a response."""

    __slots__ = ()


def option_step(option: ir.Option, number: int) -> OptionStep:
    """The step to an option: its name; of one in place, its number."""
    name = str(number) if "$" in option.target else option.target
    return OptionStep(f"<{name}>")


def in_response(way: Way) -> Way:
    """The steps of a way that are steps in a response."""
    return tuple(step for step in way if not isinstance(step, OptionStep))


def is_inside(step: str) -> bool:
    """Whether a step stands right behind what it leads into, as no name does."""
    kinds = OptionStep | PrefixStep | RestStep
    return step in (ITEMS, VALUES, KEYS) or isinstance(step, kinds)


def below(path: str, part: PartOfShape) -> str:
    """The path of a part of what stands at a path."""
    return path + part.step if part.member is None else join(path, part.step)


def join(path: str, name: str) -> str:
    """The path of a member of what stands at a path."""
    return f"{path}.{name}" if path else name


def walk(schema: ir.Schema, root: str, prefix: str = "") -> Iterator[Place]:
    """Every place of a root, itself first, each behind the one around it.

    Raises:
        Faults: They are too many, or nested too deeply.
    """
    require_places(schema, root)
    pending = [Place(prefix, (), schema.shapes[root])]
    while pending:
        place = pending.pop()
        yield place
        if repeated(place) is None:
            inner = [_inside(schema, place, part) for part in parts(place.shape)]
            pending.extend(reversed(inner))


def _inside(schema: ir.Schema, place: Place, part: PartOfShape) -> Place:
    return Place(
        path=below(place.path, part),
        way=(*place.way, part.step),
        shape=schema.shapes[part.target],
        member=part.member,
        around=place,
    )


def repeated(place: Place) -> Place | None:
    """The nearest place around this one that has the same shape."""
    above = place.around
    while above is not None and above.shape.id != place.shape.id:
        above = above.around
    return above


class Tree:
    """Every place of a contract by path, in the order of the spec."""

    def __init__(self, schema: ir.Schema) -> None:
        """The places of the request and the response of the main operation.

        Raises:
            Faults: They are too many.
        """
        self.schema = schema
        self.places: dict[str, Place] = {}
        for prefix, root in _roots(schema):
            for place in walk(schema, root, prefix):
                if place.around is not None:
                    self.places[place.path] = place

    def __contains__(self, path: object) -> bool:
        return path in self.places

    def get(self, path: str) -> Place | None:
        """The place of a path."""
        return self.places.get(path)

    def find(self, path: str) -> Place | None:
        """The place of a path in which `[]` may also stand for the values of a map."""
        if path in self.places or ITEMS not in path:
            return self.places.get(path)
        found = ""
        for part in path.split(ITEMS)[:-1]:
            found += part
            found += ITEMS if found + ITEMS in self.places else VALUES
        return self.places.get(found + path.rsplit(ITEMS, 1)[1])

    def members(self, path: str) -> dict[str, Place]:
        """The members at a path by name; `""` is the response itself."""
        prefix = f"{path}." if path else ""
        return {
            place.member.name: place
            for place in self.places.values()
            if place.member is not None and place.path == prefix + place.member.name
        }

    def spelt(self, path: str, name: str) -> str | None:
        """The wire name of a member that another system spells in snake case."""
        for member in self.members(path):
            if naming.snake_case(member) == name:
                return member
        return None


def _roots(schema: ir.Schema) -> Iterator[tuple[str, str]]:
    if not schema.operations:
        yield "", schema.roots[0]
        return
    operation = schema.operations[0]
    if operation.output is not None:
        yield "", operation.output
    if operation.input is not None:
        yield REQUEST, operation.input
    for name in operation.errors:
        yield f"{ERRORS}.{name}", name


# --- how many they are ------------------------------------------------------------

MOST_PLACES = 200_000
"""Well above the largest response of AWS; `make sweep` prints how many that has."""

DEEPEST = 100
"""Well above the deepest response of AWS, which `make sweep` prints, too."""


class Extent(NamedTuple):
    """How much there is of a root.

    Attributes:
        places: The places of it; itself is one.
        depth: How many shapes that have parts are within each other.
    """

    places: int
    depth: int


def extent(schema: ir.Schema, root: str) -> Extent:
    """How much there is of a root, counted no further than to the first limit."""
    places, depth = 0, 0
    above: set[str] = set()
    known: dict[str, list[str]] = {}
    pending = [(root, False)]
    while pending and places <= MOST_PLACES and depth <= DEEPEST:
        target, is_left = pending.pop()
        if is_left:
            above.remove(target)
            continue
        places += 1
        inner = known.get(target)
        if inner is None:
            inner = [name for _, name in ir.targets(schema.shapes[target])]
            known[target] = inner
        if inner and target not in above:
            above.add(target)
            depth = max(depth, len(above))
            pending.append((target, True))
            pending.extend((name, False) for name in inner)
    return Extent(places, depth)


def require_places(schema: ir.Schema, root: str) -> None:
    """Refuse a root whose places are too many to list, or nested too deeply.

    Raises:
        Faults: It has too many.
    """
    places, depth = extent(schema, root)
    at = schema.shapes[root].span or schema.span
    if depth > DEEPEST:
        reason = f"nests shapes over {DEEPEST} deep"
        raise Faults([catalogue.too_many_places(root, at, reason)])
    if places > MOST_PLACES:
        reason = f"has over {MOST_PLACES:,} places"
        raise Faults([catalogue.too_many_places(root, at, reason)])
