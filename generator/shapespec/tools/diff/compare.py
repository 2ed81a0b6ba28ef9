"""Two sides in one vocabulary: what differs, place by place.

Of a kind of fact that a side does not state anywhere, its silence says nothing: a page
without patterns has not lost the patterns of another. Nor has a page that names a
structure without its members lost the members.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from shapespec.contract.facts import KINDS
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
        change = self.type_change(pair)
        if change is not None:
            yield change
            if change.what == "type-changed" or "document" in self.words(pair):
                return
        yield from differences(pair)
        old, new = pair.nodes
        again = old.repeats is not None or new.repeats is not None
        same = (_origin(old), _origin(new))
        if not (again and same in self.seen):
            self.seen.add(same)
            yield from self.members(pair)

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


# --- types --------------------------------------------------------------------------

_TYPE_CHANGES = ("type-widened", "type-narrowed", "type-generalised", "type-changed")
"""From the mildest to the gravest: the latter is meant where a word is ambiguous."""

_UNION = frozenset(("union",))
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
