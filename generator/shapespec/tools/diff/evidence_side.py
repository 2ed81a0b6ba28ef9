"""A source's facts as one side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from shapespec.contract.facts import Evidence, Fact, Source, Value
from shapespec.contract.places import ERRORS, OPERATION, REQUEST, TABLE
from shapespec.ground.errors import Unusable
from shapespec.importers import KINDS, find
from shapespec.tools.diff.model import (
    Side,
    Stated,
    StatedContract,
    StatedPlace,
    is_request,
)

BOUNDS = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minimum", "maximum"),
)
"""Kinds of facts that are stated in pairs: who states one could state the other."""

MODELS = {
    "botocore": frozenset(
        (
            "type",
            "required",
            "pattern",
            "enum",
            "errors",
            *(kind for pair in BOUNDS for kind in pair),
        )
    )
}
"""Importers of service models, which state all there is, and the kinds they know."""

NEVER = frozenset(("rule", "presence", "seen"))
"""Kinds that say nothing that could change: references to the spec, counts."""

_INNER = re.compile(r"(?<=.)(?:\.|(?=\[\]|\{\}|\{key\}))")
"""Where a path may be cut to get the path of what is around it."""


def evidence_side(evidence: Evidence, name: str, operation: str = "") -> Side:
    """The facts of a source as a side.

    Args:
        evidence: The source and its facts.
        name: What the user called it.
        operation: The operation that it is about, where that is known.

    Raises:
        Unusable: It was made by an importer that there is not, or its facts are none
            that could change.
    """
    source = evidence.source
    facts = [fact for fact in evidence.facts if fact.kind not in NEVER]
    if not facts and source.kind not in MODELS:
        kinds = ", ".join(sorted({fact.kind for fact in evidence.facts})) or "nothing"
        raise Unusable(f"{name} states {kinds}, which cannot be compared")
    contract = _contract(source, facts, operation)
    return Side(
        name=name, contracts=(contract,), whole=False, means=_means(source.kind, name)
    )


def _means(kind: str, name: str) -> Callable[[str], frozenset[str]]:
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise Unusable(f"{name}: there is no importer {kind!r}; there are: {known}")
    return find(kind).means


def _contract(source: Source, facts: list[Fact], operation: str) -> StatedContract:
    model = source.kind in MODELS
    apart = [fact for fact in facts if fact.path.startswith(ERRORS)]
    about = [fact for fact in facts if fact.path in (OPERATION, TABLE)]
    nodes = dict(_nodes(source, [one for one in facts if one not in apart + about]))
    if about or model:
        nodes[OPERATION] = _operation(source, about)
    roots = [root for root in ("", REQUEST) if model or nodes[root].steps]
    return StatedContract(
        name=operation,
        operation=bool(operation),
        roots=tuple(roots),
        nodes=nodes,
        kinds={one: _kinds(source, facts, request=one) for one in (False, True)},
        closed=model,
    )


def _operation(source: Source, facts: list[Fact]) -> StatedPlace:
    """What is said of the operation as a whole; places of errors are not compared."""
    stated: dict[str, Stated] = {}
    for fact in facts:
        _state(stated, fact, _place(source, fact))
    if source.kind in MODELS:
        place = f"{source.title}, {source.edition}"
        stated.setdefault("errors", Stated([], place))
    return StatedPlace(path=OPERATION, place=source.document, facts=stated, steps={})


def _kinds(source: Source, facts: list[Fact], *, request: bool) -> frozenset[str]:
    """The kinds that a source states at all, in responses or in requests."""
    stated = {fact.kind for fact in facts if is_request(fact.path) == request}
    for pair in BOUNDS:
        if stated.intersection(pair):
            stated.update(pair)
    return frozenset(stated) | MODELS.get(source.kind, frozenset())


def _nodes(source: Source, facts: Iterable[Fact]) -> Iterator[tuple[str, StatedPlace]]:
    steps: dict[str, dict[str, str]] = {"": {}, REQUEST: {}}
    stated: dict[str, dict[str, Stated]] = {"": {}, REQUEST: {}}
    for fact in facts:
        for around, path in _ways(fact.path):
            steps.setdefault(path, {})
            stated.setdefault(path, {})
            if around is not None:
                step = path.removeprefix(around).removeprefix(".")
                steps[around].setdefault(step, path)
        _state(stated[fact.path], fact, _place(source, fact))
    for path, inner in steps.items():
        places = [one.place for one in stated[path].values()]
        place = places[0] if places else source.document
        yield path, StatedPlace(path=path, place=place, facts=stated[path], steps=inner)


def _ways(path: str) -> Iterator[tuple[str | None, str]]:
    """Every place on the way to a path, with the one around it."""
    root = REQUEST if is_request(path) else ""
    cuts = [path[: match.start()] for match in _INNER.finditer(path)]
    around: str | None = None
    for one in (root, *(cut for cut in cuts if cut != root), path):
        if one != around:
            yield around, one
        around = one


def _state(stated: dict[str, Stated], fact: Fact, place: str) -> None:
    """Add a fact: lists stated in parts are one, of other facts the first counts."""
    before = stated.get(fact.kind)
    if before is None:
        stated[fact.kind] = Stated(fact.value, place)
    elif isinstance(before.value, list) and isinstance(fact.value, list):
        both: list[Value] = [*before.value]
        both += [value for value in fact.value if value not in both]
        stated[fact.kind] = before._replace(value=both)


def _place(source: Source, fact: Fact) -> str:
    """Where the document states a fact; a model has a name and no lines."""
    if source.kind in MODELS:
        return f"{source.title}, {source.edition}"
    return source.document if fact.line is None else f"{source.document}:{fact.line}"
