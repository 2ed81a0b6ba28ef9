"""A spec as one side: its facts, and what only specs state."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from shapespec.backends.json_schema import document
from shapespec.cel import read, shapes_asked
from shapespec.contract import naming, schema as ir
from shapespec.contract.constraints import KEYWORDS, limits
from shapespec.contract.facts import KINDS, Fact, Value
from shapespec.contract.formats import Format
from shapespec.contract.places import REQUEST, Place, Tree, repeated, walk
from shapespec.drafts.digests import digest_of
from shapespec.evidence.spec_facts import place_facts, spec_facts
from shapespec.ground.source import Span
from shapespec.tools.diff.model import Side, Stated, StatedContract, StatedPlace

OPERATION = "(operation)"
"""The path of an operation as a whole."""

ABOUT = "(spec)"
"""The path of a spec as a whole, and the name of the contract that holds it."""


def kind_of(word: str) -> str:
    """What facts about a keyword are called; what only specs state, by its key."""
    about = KEYWORDS[word]
    by_key = not about.documented and about.side is None
    return about.trait if by_key else about.fact or word


SPEC_KINDS = (
    "open",
    "closed",
    *dict.fromkeys(
        kind_of(word) for word, one in KEYWORDS.items() if not one.documented
    ),
    "nullable",
    "sparse",
    "relaxed",
    "rules",
    "read",
    "write",
    "extra_members",
    "spelling",
    "names",
    "outputs",
    "http",
    "bound",
    "status",
    "apiVersion",
    "paginated",
    "pagination",
    "table",
    "title",
    "doc",
    "deprecated",
    "unit",
    "sensitive",
    "examples",
    "discriminator",
    "tags",
    "values",
    "under",
    "notes",
    "derived",
    "not_carried",
)
"""What only specs state, by the keys of the language; `values` are their `doc`."""

_OF_MEMBERS = frozenset(
    (
        "type",
        "required",
        "nullable",
        "default",
        "doc",
        "deprecated",
        "unit",
        "names",
        "sensitive",
        "examples",
    )
)
"""What is stated where the member is, or may be; the rest stands with the shape."""

_STATED = frozenset((*KINDS, *SPEC_KINDS)) - {"rule", "presence", "seen"}


def spec_side(schema: ir.Schema, name: str) -> Side:
    """A spec as a side.

    Args:
        schema: The spec, compiled.
        name: What the user called it.
    """
    contracts = (*_contracts(schema), _about(schema))
    return Side(name=name, contracts=contracts, whole=True, means=_means)


def _means(word: str) -> frozenset[str]:
    return frozenset({word})


def _contracts(schema: ir.Schema) -> Iterator[StatedContract]:
    """Every operation, then every root that is no part of one."""
    used: set[str | None] = set()
    for operation in schema.operations:
        used |= {operation.input, operation.output}
        alone = replace(operation, errors=())  # which have no places of their own here
        part = replace(schema, operations=(alone,))
        roots = {"": operation.output, REQUEST: operation.input}
        nodes = _nodes(part, roots)
        nodes[OPERATION] = _operation(schema, operation)
        yield _contract(operation.name, roots, nodes, operation=True)
    for root in schema.roots:
        if root not in used:
            part = replace(schema, operations=(), roots=(root,))
            yield _contract(root, {"": root}, _nodes(part, {"": root}))


def _contract(
    name: str,
    roots: Mapping[str, str | None],
    nodes: Mapping[str, StatedPlace],
    *,
    operation: bool = False,
) -> StatedContract:
    return StatedContract(
        name=name,
        operation=operation,
        roots=tuple(path for path, shape in roots.items() if shape is not None),
        nodes=nodes,
        kinds={True: _STATED, False: _STATED},
        closed=True,
    )


# --- places -----------------------------------------------------------------------


def _nodes(
    schema: ir.Schema, roots: Mapping[str, str | None]
) -> dict[str, StatedPlace]:
    named = [form for form in schema.forms if form.keys == "named"]
    builder = _Builder(named, _Asked(schema))
    for path, shape in roots.items():
        for place in walk(schema, shape, path) if shape is not None else ():
            builder.add(place)
    for fact in spec_facts(Tree(schema)):
        builder.state(fact)
    return dict(builder.nodes())


class _Builder:
    """Collects the places of one tree, each behind the one around it."""

    def __init__(self, named: Collection[ir.Form], asked: _Asked) -> None:
        self.named = named
        self.asked = asked
        self.places: dict[str, Place] = {}
        self.written: dict[str, str] = {}
        self.steps: dict[str, dict[str, str]] = {}
        self.facts: dict[str, dict[str, Stated]] = {}

    def add(self, place: Place) -> None:
        path, shape, around = place.path, place.shape, place.around
        span = place.member.span if place.member is not None else shape.span
        self.places[path] = place
        self.steps[path] = {}
        self.facts[path] = {}
        self.written[path] = str(span)
        if around is None:
            self._state(path, dict(place_facts(place)))  # a tree has no root
        else:
            self.steps[around.path][place.way[-1]] = path
            if span is None:
                self.written[path] = self.written[around.path]
        self._state(path, _only_in_specs(shape, place.member, self.asked))
        if place.member is not None and self.named:
            names = {one.name: naming.spelt(place.member, one) for one in self.named}
            self._state(path, {"names": dict(names)})

    def _state(self, path: str, stated: Mapping[str, Value]) -> None:
        declared = self.places[path].shape.span
        for kind, value in stated.items():
            own = declared is None or kind in _OF_MEMBERS
            place = self.written[path] if own else str(declared)
            self.facts[path][kind] = Stated(value, place)

    def state(self, fact: Fact) -> None:
        # What is said of operations and forms has nodes of its own.
        if fact.path in self.places:
            self._state(fact.path, {fact.kind: fact.value})

    def nodes(self) -> Iterator[tuple[str, StatedPlace]]:
        for path, place in self.places.items():
            above = repeated(place)
            node = StatedPlace(
                path=path,
                place=self.written[path],
                facts=self.facts[path],
                steps=self.steps[path],
                repeats=None if above is None else above.path,
            )
            yield path, node


# --- what only specs state ----------------------------------------------------------


def _only_in_specs(
    shape: ir.Shape, member: ir.Member | None, asked: _Asked
) -> dict[str, Value]:
    """What a spec says of a place beside its facts, by kind."""
    stated = dict(_common(shape, member))
    for word, limit in limits(shape):
        if not KEYWORDS[word].documented:
            name = limit.name if isinstance(limit, Format) else limit
            stated[kind_of(word)] = name
    match shape:
        case ir.Enum(values=values):
            stated["open"] = shape.open
            stated["values"] = {one.value: one.doc for one in values if one.doc}
            stated["under"] = {one.value: one.under for one in values if one.under}
        case ir.OneOf():
            tags = {tag: one.target for one in shape.options for tag in one.tags}
            for one in shape.options:
                if one.untagged:
                    tags[""] = one.target
            stated["discriminator"] = shape.discriminator
            stated["tags"] = dict(tags)
            if shape.discriminator is not None:
                stated["open"] = shape.open
                stated["enum"] = [tag for tag in tags if tag]
        case ir.List() | ir.Tuple() | ir.Map():
            stated["sparse"] = shape.sparse
        case ir.Union():
            stated["closed"] = shape.closed
        case ir.Structure():
            stated["closed"] = shape.closed
            stated["rules"] = {one.id: _rule(one, asked) for one in shape.rules}
            stated["notes"] = {one.id: [one.doc, one.at] for one in shape.notes}
            stated["derived"] = {one.name: _derived(one) for one in shape.derived}
        case _:
            pass
    if member is not None:
        stated["nullable"] = member.null
    relaxed: tuple[ir.Relaxation, ...] = getattr(shape, "relaxed", ())
    claimed = ["required"] if member is not None and member.claimed else []
    stated["relaxed"] = [*(one.keyword for one in relaxed), *claimed]
    return stated


def _common(shape: ir.Shape, member: ir.Member | None) -> Iterator[tuple[str, Value]]:
    """What a member or its shape says; which of the two says it makes no difference."""
    owners = [one for one in (member, shape) if one is not None]
    yield from _said("doc", [one.doc for one in owners])
    for one in owners:
        if one.deprecated is not None:
            yield "deprecated", list(one.deprecated)
            break
    units = [getattr(one, "unit", None) for one in owners]
    yield from _said("unit", [unit for unit in units if unit][:1])
    if any(one.sensitive for one in owners):
        yield "sensitive", True
    examples: list[Value] = [value for one in owners for value in one.examples]
    if examples:
        yield "examples", examples


def _said(kind: str, texts: Iterable[str | None]) -> Iterator[tuple[str, Value]]:
    found = "\n\n".join(text for text in texts if text)
    if found:
        yield kind, found


class _Asked:
    """What the shapes say that rules ask for, in digits."""

    def __init__(self, schema: ir.Schema) -> None:
        self.schema = schema
        self.known: dict[str, str] = {}

    def of(self, rule: ir.Rule) -> list[str]:
        """The digits of what a rule asks for."""
        found: list[str] = []
        for name in shapes_asked(read(rule.cel)):
            if name not in self.known:
                said = document(self.schema, name)
                self.known[name] = digest_of(_without_words(said))
            found.append(self.known[name])
        return found


def _without_words(said: Any) -> Any:
    """A JSON Schema without what is there for readers alone."""
    if isinstance(said, list):
        return [_without_words(one) for one in said]
    if not isinstance(said, dict):
        return said
    return {
        word: _without_words(one)
        for word, one in said.items()
        if word not in _WORDS or not isinstance(one, str)
    }


_WORDS = ("$comment", "$id", "description")


def _rule(rule: ir.Rule, asked: _Asked) -> Value:
    holds: list[Value] = [rule.cel, rule.at, rule.each, *asked.of(rule)]
    return {"holds": holds, "severity": rule.severity, "message": rule.message}


def _derived(derived: ir.Derived) -> Value:
    return [derived.cel, derived.type, derived.unit, derived.doc]


def _operation(schema: ir.Schema, operation: ir.Operation) -> StatedPlace:
    """What is said of an operation as a whole."""
    facts: dict[str, Value] = {"errors": list(operation.errors)}
    usual = operation.output  # which is compared as the response
    facts["outputs"] = {
        status: "" if shape == usual else shape for status, shape in operation.outputs
    }
    facts |= _said("doc", [operation.doc])
    if operation.deprecated is not None:
        facts["deprecated"] = list(operation.deprecated)
    if operation.http is not None:
        facts["http"] = f"{operation.http.method} {operation.http.path}"
        taken = schema.shapes[operation.input] if operation.input else None
        members = taken.members if isinstance(taken, ir.Structure) else ()
        names = [member.name for member in members]
        facts["bound"] = dict(operation.http.places(names))
        facts["status"] = operation.http.status
    if operation.api_version is not None:
        facts["apiVersion"] = operation.api_version
    facts["paginated"] = operation.pagination is not None
    if operation.pagination is not None:
        facts["pagination"] = {**operation.pagination.stated()}
    return _node(OPERATION, operation.span, facts)


def _about(schema: ir.Schema) -> StatedContract:
    """What a spec says of itself: its title, and the forms that responses come in."""
    facts: dict[str, Value] = {"title": schema.title}
    facts |= _said("doc", [schema.doc])
    steps = {form.name: f"(form {form.name})" for form in schema.forms}
    facts["not_carried"] = _not_carried(schema)
    nodes = {ABOUT: replace(_node(ABOUT, schema.span, facts), steps=steps)}
    for form in schema.forms:
        path = steps[form.name]
        nodes[path] = _node(path, schema.span, _form(form))
    return _contract(ABOUT, {ABOUT: ABOUT}, nodes)


def _not_carried(schema: ir.Schema) -> dict[str, Value]:
    """What sources say that the spec does not, by limitation, place and keyword.

    What is said there is told by its digest; where that is missing, by the words.
    """
    says: dict[str, list[str]] = {}
    effects: dict[str, str] = {}
    for one in schema.not_carried:
        key = _key(schema, one)
        effects[key] = one.effect
        says.setdefault(key, []).append(one.digest or one.source)
    return {
        key: {"effect": effects[key], "says": [*sorted(several)]}
        for key, several in says.items()
    }


def _key(schema: ir.Schema, one: ir.LeftOut) -> str:
    """Which thing it is, on both sides: by its place in the source, if that is known.

    Else by that in the spec, without the name of an only root, which is that of a file.
    """
    if "#" in one.source:
        return f"{one.rule} {one.source}"
    at = one.at
    if len(schema.roots) == 1 and _SHAPE.match(at):
        named = _SHAPE.sub("", at)
        at = (named or "(root)") if at.removesuffix(named) in schema.roots else at
    return " ".join(filter(None, (one.rule, at or one.source, one.keyword)))


_SHAPE = re.compile(r"^\w+")


def _form(form: ir.Form) -> dict[str, Value]:
    return {
        "type": "form",
        "read": list(form.read),
        "write": form.write,
        "extra_members": [
            f"{name}: {form.extra_types[name]}" if name in form.extra_types else name
            for name in form.extra_members
        ],
        **({} if form.table is None else {"table": form.table}),
        "spelling": _spelling(form),
        **dict(_said("doc", [form.doc])),
    }


def _spelling(form: ir.Form) -> Value:
    """All that a form changes but how moments are written."""
    envelope = form.envelope
    return {
        "keys": form.keys,
        "columns": list(form.columns),
        "vectors": form.vectors,
        "absent": list(form.absent),
        "envelope": envelope and {envelope.member: dict(envelope.marks)},
    }


def _node(path: str, span: Span, facts: Mapping[str, Value]) -> StatedPlace:
    place = str(span)
    stated = {kind: Stated(value, place) for kind, value in facts.items()}
    return StatedPlace(path=path, place=place, facts=stated, steps={})
