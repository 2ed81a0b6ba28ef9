"""Two sides in one vocabulary: what differs, place by place.

Of a kind of fact that a side does not state anywhere, its silence says nothing: a page
without patterns has not lost the patterns of another. Nor has a page that names a
structure without its members lost the members.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from shapespec.contract.facts import KINDS, Value
from shapespec.contract.places import (
    ITEMS,
    KEYS,
    REQUEST,
    VALUES,
    OptionStep,
    is_inside,
)
from shapespec.tools.diff.facts import KIND_ORDER, differences
from shapespec.tools.diff.model import (
    Change,
    Class,
    Comparison,
    Pair,
    Side,
    Silence,
    Stated,
    StatedContract,
    StatedPlace,
    Unclassified,
    canonical,
    is_request,
)
from shapespec.tools.diff.pairs import pairs, place, unpaired
from shapespec.tools.diff.rules import at, classified
from shapespec.tools.diff.spec_side import ABOUT, OPERATION

_INSIDE = (ITEMS, KEYS, VALUES)
"""Steps that are no names: what they lead to is there wherever its list or map is."""


def compare(old: Side, new: Side) -> Comparison:
    """Every change from one side to the other, classified; the gravest first.

    Raises:
        Unusable: The two are not about the same operation.
    """
    walks = [_Walk(old, new, *pair) for pair in pairs(old, new)]
    found = [
        classified(walk.name, finding) for walk in walks for finding in walk.findings()
    ]
    found += [classified(finding.path, finding) for finding in unpaired(old, new)]
    distinct = {change.fingerprint: change for change in reversed(found)}
    return Comparison(
        old=old,
        new=new,
        changes=tuple(sorted(distinct.values(), key=_sort_key)),
        silences=tuple(_silences(walks)),
    )


def _sort_key(change: Change) -> tuple[object, ...]:
    finding = change.finding
    order = [*Class]
    return (
        [order.index(one) for one in change.weight],
        order.index(change.readers),
        change.contract == ABOUT,
        change.contract,
        finding.path,
        KIND_ORDER.index(finding.kind) if finding.kind in KIND_ORDER else -1,
        finding.key,
        finding.what,
        canonical(finding.old.value),
        canonical(finding.new.value),
    )


def _silences(walks: Sequence[_Walk]) -> Iterator[Silence]:
    """What each side is silent about, in all contracts together."""
    for side in (0, 1):
        kinds = {kind for walk in walks for kind in walk.unstated(side)}
        places = {place for walk in walks for place in walk.unnamed[side]}
        if kinds or places:
            known = tuple(kind for kind in KINDS if kind in kinds - {"type"})
            name = walks[0].sides[side].name
            yield Silence(name, known, tuple(sorted(places)))


# --- places -------------------------------------------------------------------------


class _Walk:
    """Goes through one contract on both sides at once."""

    def __init__(
        self, old: Side, new: Side, first: StatedContract, second: StatedContract
    ) -> None:
        self.sides = (old, new)
        self.contracts = (first, second)
        self.name = first.name or second.name
        self.seen: set[tuple[str, str]] = set()
        self.unnamed: tuple[set[str], set[str]] = (set(), set())

    def unstated(self, side: int) -> Iterator[str]:
        """Kinds of facts that the other side states and this one nowhere."""
        mine, other = self.contracts[side], self.contracts[1 - side]
        for path, node in other.nodes.items():
            root = REQUEST if is_request(path) else ""
            if root in mine.roots:
                stated = mine.kinds[is_request(path)]
                yield from (kind for kind in node.facts if kind not in stated)

    def findings(self) -> Iterator[Unclassified]:
        old, new = self.contracts
        if old.operation and new.operation and old.name != new.name:
            names = (Stated(old.name, place(old)), Stated(new.name, place(new)))
            yield Unclassified("operation-renamed", OPERATION, "operation", *names)
        if OPERATION in old.nodes and OPERATION in new.nodes:
            yield from differences(self.pair(OPERATION, OPERATION, OPERATION))
        for root in ("", REQUEST, ABOUT):
            if root in old.roots and root in new.roots:
                yield from self.walk(self.pair(root, root, root))
            elif root in old.roots or root in new.roots:
                yield from self.described(root)

    def described(self, root: str) -> Iterator[Unclassified]:
        """A request or a response that only one side describes."""
        old, new = self.contracts
        if not all(side.whole for side in self.sides):
            self.unnamed[root in old.roots].add(at(root))
        elif root in old.roots:
            stated = Stated("members", old.nodes[root].place)
            nothing = Stated(None, place(new))
            yield Unclassified("description-removed", root, "member", stated, nothing)
        else:
            stated = Stated("members", new.nodes[root].place)
            nothing = Stated(None, place(old))
            yield Unclassified("description-added", root, "member", nothing, stated)

    def pair(
        self,
        path: str,
        old: str,
        new: str,
        variants: tuple[bool, bool] = (False, False),
    ) -> Pair:
        first, second = self.contracts
        return Pair(
            path=path,
            nodes=(first.nodes[old], second.nodes[new]),
            contracts=self.contracts,
            variants=variants,
        )

    def walk(self, pair: Pair) -> Iterator[Unclassified]:
        """What differs at a place and inside it."""
        option = self.only_option(pair)
        if option is not None:
            side, at_option = option
            old, new = pair.nodes
            what = ("options-removed", "options-added")[side]
            stated = (old.facts["type"], new.facts["type"])
            yield Unclassified(what, pair.path, "type", *stated)
            ends = (old.path, at_option) if side else (at_option, new.path)
            yield from self.walk(self.pair(pair.path, *ends))
            return
        change = self.type_change(pair)
        if change is not None:
            yield change
            if change.what == "type-changed" or "document" in self.words(pair):
                return
        pair = replace(pair, renamed=self.renamed(pair))
        yield from differences(pair)
        old, new = pair.nodes
        again = old.repeats is not None or new.repeats is not None
        same = (_origin(old), _origin(new))
        if not (again and same in self.seen):
            self.seen.add(same)
            yield from self.members(pair)

    def only_option(self, pair: Pair) -> tuple[int, str] | None:
        """The side that has a choice, and the one option of the other side's type."""
        choices = [self.means(side, pair.nodes[side]) == _CHOICE for side in (0, 1)]
        if choices[0] == choices[1]:
            return None
        side = choices.index(True)
        other = self.means(1 - side, pair.nodes[1 - side])
        contract = self.contracts[side]
        fits = [
            path
            for path in contract.inside(pair.nodes[side]).values()
            if self.means(side, contract.nodes[path]) & other
        ]
        return (side, fits[0]) if len(fits) == 1 else None

    def renamed(self, pair: Pair) -> Mapping[str, str]:
        """The options of the new side that are others of the old by name alone.

        They share a tag; or there is no other option of their JSON type.
        """
        old, new = (
            {str(step)[1:-1]: path for step, path in contract.inside(node).items()}
            if self.means(side, node) == _CHOICE
            else {}
            for side, (contract, node) in enumerate(
                zip(self.contracts, pair.nodes, strict=True)
            )
        )
        gone = {name: path for name, path in old.items() if name not in new}
        come = {name: path for name, path in new.items() if name not in old}
        if not gone or not come:
            return {}
        tags = [node.facts["tags"].value for node in pair.nodes]
        shared = _renamed_by_tag(gone, come, *tags)
        if any(tags):
            return shared
        kinds = [
            [self.kind(side, path) for path in paths.values()]
            for side, paths in ((0, gone), (1, come))
        ]
        return {
            name: [*gone][kinds[0].index(kind)]
            for name, kind in zip(come, kinds[1], strict=True)
            if kinds[0].count(kind) == 1 == kinds[1].count(kind)
        }

    def kind(self, side: int, path: str) -> str:
        """The JSON type of a place, or its own where it has none."""
        (word,) = self.means(side, self.contracts[side].nodes[path])
        return _JSON_TYPES.get(word, word)

    def means(self, side: int, node: StatedPlace) -> frozenset[str]:
        """The types, in Smithy's words, that a place may have on a side."""
        stated = node.facts.get("type")
        if stated is None:
            return frozenset()
        return self.sides[side].means(str(stated.value))

    def words(self, pair: Pair) -> frozenset[str]:
        """The types that a place may have on either side."""
        old, new = pair.nodes
        return self.means(0, old) | self.means(1, new)

    def unions(self, pair: Pair) -> tuple[bool, bool]:
        """Which of the two sides has a union at a place, beyond doubt."""
        old, new = pair.nodes
        return self.means(0, old) == _UNION, self.means(1, new) == _UNION

    def type_change(self, pair: Pair) -> Unclassified | None:
        old, new = pair.nodes
        before, after = self.means(0, old), self.means(1, new)
        if not before or not after or before & after:
            return None
        every = (_type_change(one, other) for one, other in product(before, after))
        what = max(every, key=_TYPE_CHANGES.index)
        return Unclassified(
            what, pair.path, "type", old.facts["type"], new.facts["type"]
        )

    def members(self, pair: Pair) -> Iterator[Unclassified]:
        """What differs inside a place."""
        old, new = pair.nodes
        inside = [
            contract.inside(node)
            for contract, node in zip(self.contracts, pair.nodes, strict=True)
        ]
        first, second = _aligned(*inside), _aligned(*reversed(inside))
        second = _as_before(second, pair.renamed)
        for side, (node, other) in enumerate(((old, new), (new, old))):
            if self.silent(side, node, other):
                if inside[1 - side] and other.repeats is None:
                    self.unnamed[side].add(pair.path)
                return
        unions = self.unions(pair)
        inner = _thing(pair, unions)
        for step in dict.fromkeys((*first, *second)):
            thing = "option" if isinstance(step, OptionStep) else inner
            path = _join(pair.path, step)
            if step in first and step in second:
                yield from self.walk(
                    self.pair(path, first[step], second[step], variants=unions)
                )
            elif step in _INSIDE or self.partial(1 if step in first else 0, path):
                continue
            elif step in first:
                gone = _stated(self.contracts[0].nodes[first[step]])
                nothing = Stated(None, new.place)
                yield Unclassified(f"{thing}-removed", path, "member", gone, nothing)
            else:
                node = self.contracts[1].nodes[second[step]]
                come, nothing = _stated(node), Stated(None, old.place)
                what = f"{_required(node) if thing == 'member' else ''}{thing}-added"
                yield Unclassified(what, path, "member", nothing, come)

    def partial(self, side: int, path: str) -> bool:
        """Whether a side speaks of some members only: it states no types at all."""
        return "type" not in self.contracts[side].kinds[is_request(path)]

    def silent(self, side: int, node: StatedPlace, other: StatedPlace) -> bool:
        """Whether a side does not say what is inside a place.

        So is a page that names none of its members; and a service model's facts where
        a structure contains itself: they do not tell that from an empty structure.
        """
        contract = self.contracts[side]
        if contract.inside(node):
            return False
        cut = other.repeats is not None and not self.sides[side].whole
        return cut or not contract.closed


def _origin(node: StatedPlace) -> str:
    """The path of a place, or of the one that it is another of."""
    return node.path if node.repeats is None else node.repeats


def _join(path: str, step: str) -> str:
    if path == ABOUT:
        return f"(form {step})"
    return f"{path}{step}" if is_inside(step) or not path else f"{path}.{step}"


def _stated(node: StatedPlace) -> Stated:
    """The type of a member that only one side has."""
    found = node.facts.get("type")
    return Stated("untyped" if found is None else found.value, node.place)


def _thing(pair: Pair, unions: tuple[bool, bool]) -> str:
    """What lies inside a place, by name."""
    if pair.path == ABOUT:
        return "form"
    return "variant" if any(unions) else "member"


def _required(node: StatedPlace) -> str:
    required = node.facts.get("required")
    return "required-" if required is not None and required.value is True else ""


def _aligned(steps: Mapping[str, str], other: Mapping[str, str]) -> Mapping[str, str]:
    """The steps with `{}` for `[]` where the other side knows that it is a map."""
    if ITEMS in steps and VALUES in other:
        return {VALUES if step == ITEMS else step: at for step, at in steps.items()}
    return steps


def _as_before(steps: Mapping[str, str], renamed: Mapping[str, str]) -> dict[str, str]:
    """The steps with the names that options had before."""
    return {
        OptionStep(f"<{renamed[step[1:-1]]}>")
        if isinstance(step, OptionStep) and step[1:-1] in renamed
        else step: path
        for step, path in steps.items()
    }


def _renamed_by_tag(
    gone: Mapping[str, str], come: Mapping[str, str], old: Value, new: Value
) -> dict[str, str]:
    """The options that have come and one that has gone with which they share a tag."""
    found: dict[str, str] = {}
    before = old if isinstance(old, dict) else {}
    for tag, name in (new if isinstance(new, dict) else {}).items():
        was = before.get(tag)
        if name in come and was in gone and was not in found.values():
            found.setdefault(str(name), str(was))
    return found


# --- types --------------------------------------------------------------------------

_TYPE_CHANGES = ("type-widened", "type-narrowed", "type-generalised", "type-changed")
"""From the mildest to the gravest: the latter is meant where a word is ambiguous."""

_UNION = frozenset(("union",))
_CHOICE = frozenset(("one_of",))
_JSON_TYPES = {
    **dict.fromkeys(("integer", "long", "float", "double"), "number"),
    **dict.fromkeys(("list", "tuple"), "array"),
    **dict.fromkeys(("structure", "union", "map"), "object"),
}
_WHOLE = frozenset(("integer", "long"))
_BROKEN = frozenset(("float", "double"))


def _type_change(old: str, new: str) -> str:
    """What it is when one type takes the place of another."""
    match old, new:
        case ("integer", "long") | ("float", "double"):
            return "type-widened"
        case ("long", "integer") | ("double", "float"):
            return "type-narrowed"
        case (_, "document") | ("union", "structure"):
            return "type-generalised"
        case ("document", _) | ("structure", "union"):
            return "type-narrowed"
        case _ if old in _WHOLE and new in _BROKEN:
            return "type-generalised"
        case _ if old in _BROKEN and new in _WHOLE:
            return "type-narrowed"
        case _:
            return "type-changed"
