"""All that is known of one member, for people and for programs.

A member is named by its path, `InputDataConfig[].ChannelName`, by a JSON Pointer into a
response, `/InputDataConfig/0/ChannelName`, by the attribute in Python,
`input_data_config[].channel_name`, or by the structure that has it,
`Channel.ChannelName`.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from shapespec.backends.reference import rich, view
from shapespec.backends.reference.contract import ContractDescriber
from shapespec.contract import naming, schema as ir
from shapespec.contract.facts import Value
from shapespec.contract.places import ERRORS, ITEMS, REQUEST, VALUES, Place, Tree
from shapespec.evidence.history.past import Lifetime
from shapespec.evidence.provenance import MemberRecord
from shapespec.ground.pointer import unescaped
from shapespec.ground.tables import aligned

_INSIDE = re.compile(r"(?:\[\[[^\]]*\]\]|\[[^\]]*\]|\{[^}]*\})+\Z")
_MANY = 24
"""As many values of an enum are listed."""

_SEEDS = 40
"""As many responses are made up in search of an example."""


class Known(NamedTuple):
    """A member, where it stands, and what is on record about it."""

    path: str
    shape: ir.Structure | ir.Union
    member: ir.Member
    described: view.Member
    record: MemberRecord


class KnownValue(NamedTuple):
    """A value of an enum, and since when it is one."""

    value: ir.EnumValue
    life: Lifetime | None


class Members:
    """The members of a contract, by whatever name they are asked for."""

    def __init__(self, schema: ir.Schema) -> None:
        """Look them up in `schema`."""
        self.schema = schema

    @cached_property
    def _tree(self) -> Tree:
        return Tree(self.schema)

    @cached_property
    def _contract(self) -> ContractDescriber:
        return ContractDescriber(self.schema)

    def paths(self) -> list[str]:
        """The paths of all members."""
        return [one.path for one in self._tree.places.values() if one.member]

    def find(self, name: str) -> Known | None:
        """The member of a name; none where there is no such one."""
        place = self._place(name)
        if place is None or place.member is None:
            return None
        shape = place.parent
        assert isinstance(shape, ir.Structure | ir.Union)  # noqa: S101 - has a member
        key = shape.id, place.member.name
        record = self._contract.record.provenance.members.get(key, MemberRecord())
        described = self._contract.member(shape, place.member)
        return Known(place.path, shape, place.member, described, record)

    def values(self, known: Known) -> list[KnownValue]:
        """The values of an enum that the member is or holds, with their dates."""
        target = known.member.target
        provenance = self._contract.record.provenance
        for _ in range(4):
            shape = self.schema.shapes[target]
            if isinstance(shape, ir.Enum):
                return [
                    KnownValue(one, provenance.value_since(shape.id, one.value))
                    for one in shape.values
                ]
            if not isinstance(shape, ir.List | ir.Map):
                break
            target = shape.member if isinstance(shape, ir.List) else shape.value
        return []

    def example(self, known: Known) -> Value:
        """A value of the member: one that the spec gives, or one made up."""
        if known.member.examples:
            return known.member.examples[0]
        return self._made_up(known.path)

    def _made_up(self, path: str) -> Value:
        from shapespec.tools.samples import NoSample, Sampler

        if path.startswith((REQUEST, ERRORS)):
            return None
        try:
            sampler = Sampler(self.schema)
            root = sampler.root(None)
            for response in sampler.valid(root, seed=0, size="full", count=_SEEDS):
                found = _at(response, path)
                if found is not None:
                    made: Value = json.loads(json.dumps(found, default=_shown))
                    return made
        except NoSample:
            pass
        return None

    def _place(self, name: str) -> Place | None:
        steps = _steps(name)
        if not steps:
            return None
        shape = self.schema.shapes.get(steps[0])
        if len(steps) == 2 and isinstance(shape, ir.Structure | ir.Union):
            for place in self._tree.places.values():
                if place.parent is shape and _is_called(place, steps[1]):
                    return place
        path = ""
        if steps[0] == REQUEST:
            path, steps = REQUEST, steps[1:]
        elif steps[0] == ERRORS:
            path, steps = ".".join(steps[:2]), steps[2:]
        found = None
        for step in steps:
            found = self._below(path, step)
            if found is None:
                return None
            path = self._inside(found.path)
        return found

    def _below(self, path: str, step: str) -> Place | None:
        for place in self._tree.members(path).values():
            if _is_called(place, step):
                return place
        return None

    def _inside(self, path: str) -> str:
        """The path of what a list or a map holds, however deep."""
        while True:
            for mark in (ITEMS, VALUES):
                if path + mark in self._tree:
                    path += mark
                    break
            else:
                return path


def _shown(value: object) -> str:
    """A timestamp or bytes as text, as the AWS CLI writes them."""
    if isinstance(value, datetime):
        return value.isoformat()
    assert isinstance(value, bytes)  # noqa: S101 - samples hold nothing else
    return b64encode(value).decode("ascii")


_ROOT = re.compile(r"(?:response|detail)(?=[.$\[])|^\$")
_QUOTED = re.compile(r"""\[(["'])([^"']*)\1\]""")


def _steps(name: str) -> list[str]:
    """The names of members on the way, without what tells items from values."""
    if name.startswith("/"):
        parts = [unescaped(part) for part in name.split("/")]
        return [part for part in parts if part and not part.isdigit()]
    # As R, Python and Ruby write it: response$Tags[[1]], response["Tags"][0].
    name = _QUOTED.sub(r".\2", _ROOT.sub("", name, count=1)).replace("$", ".")
    return [_INSIDE.sub("", part) for part in name.split(".") if part]


def _is_called(place: Place, name: str) -> bool:
    member = place.member
    return member is not None and name in (
        member.name,
        member.python,
        naming.snake_case(member.name),
        *dict(member.names).values(),
    )


def _at(response: Any, path: str) -> Any:
    """The first value at a path of a response."""
    found: list[Any] = [response]
    for name, inside in re.findall(r"([^.\[\]{}]+)((?:\[\]|\{\})*)", path):
        found = [one[name] for one in found if isinstance(one, dict) and name in one]
        for _ in range(len(inside) // 2):
            found = [item for one in found for item in _items(one)]
    return found[0] if found else None


def _items(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)


# --- for programs ---------------------------------------------------------------------


def as_data(members: Members, known: Known) -> dict[str, Any]:
    """What is known of a member, as JSON has it; what is not known is left out."""
    described, record = known.described, known.record
    found: dict[str, Any] = {
        "path": known.path,
        "shape": known.shape.id,
        "doc": "\n\n".join(map(rich.plain, described.doc)),
        "type": rich.plain(described.type),
        "required": known.member.required,
        "constraints": {
            fact.label.lower(): rich.plain(fact.text) for fact in described.demands
        },
        "values": [_value_data(one) for one in members.values(known)],
        "deprecated": rich.plain(described.deprecated),
        "sensitive": described.sensitive,
        "names": [
            {"system": one.system, "name": one.text, "type": one.type}
            for one in described.spellings
        ],
        "rules": [
            {"id": one.id, "severity": one.severity, "message": rich.plain(one.text)}
            for one in described.rules
        ],
        "notes": [
            {"id": one.id, "text": rich.plain(one.text)} for one in described.notes
        ],
        "sources": [
            {
                "id": one.source.of,
                "title": one.title,
                "edition": one.edition,
                "where": one.where,
                "says": list(one.says),
            }
            for one in described.statements
        ],
        "since": _since(record.lifetime),
        "history": {
            kind: [{"since": one.since.date, "value": one.value} for one in stated]
            for kind, stated in record.past.items()
        },
        "observed": {
            one.label or "total": {"present": one.present, "of": one.of}
            for one in described.presence
        },
        "decisions": [
            {
                "id": one.id,
                "reason": " ".join(map(rich.plain, one.reason)),
                "stands": rich.plain(one.stands),
            }
            for one in described.decisions
        ],
        "example": members.example(known),
    }
    return {
        name: value
        for name, value in found.items()
        if value not in (None, "", [], {}) or name == "required"
    }


def _value_data(one: KnownValue) -> dict[str, Any]:
    value = one.value
    found = {
        "value": value.value,
        "doc": value.doc,
        "under": value.under,
        "retired": value.retired or None,
        "since": one.life.since.date if one.life else None,
    }
    return {name: item for name, item in found.items() if item is not None}


def _since(life: Lifetime | None) -> dict[str, Any] | None:
    if life is None:
        return None
    found: dict[str, Any] = {"date": life.since.date, "release": life.since.version}
    if life.after is None:
        found["or_before"] = True  # it is the oldest release that was read
    return found if life.until is None else {**found, "until": life.until.date}


# --- for people -----------------------------------------------------------------------


def as_text(members: Members, known: Known) -> Iterator[str]:
    """The page of a member, as lines of text."""
    described, record = known.described, known.record
    yield known.path
    yield from (f"    {rich.plain(paragraph)}" for paragraph in described.doc)
    yield ""
    yield from aligned(_definition(members, known))
    yield from _chapter("Values", list(_values(members.values(known))))
    yield from _chapter("In every system's words", _names(described.spellings))
    yield from _chapter(
        "Rules",
        [
            (one.id, one.severity or "note", rich.plain(one.text))
            for one in (*described.rules, *described.notes)
        ],
    )
    yield from _chapter(
        "Who says so",
        [
            (one.source.of, one.edition, one.where, ", ".join(one.says))
            for one in described.statements
        ],
    )
    yield from _chapter("History", list(_changes(record)))
    yield from _chapter(
        "Observed",
        [
            (one.label or "in all", f"{one.present} of {one.of}")
            for one in described.presence
        ],
    )
    yield from _chapter(
        "Decisions",
        [
            (one.id, " ".join(map(rich.plain, one.reason)))
            for one in described.decisions
        ],
    )


def _definition(members: Members, known: Known) -> Iterator[tuple[str, str]]:
    described, record = known.described, known.record
    yield "Type", rich.plain(described.type)
    yield "Required", "yes" if known.member.required else "no"
    yield "Member of", known.shape.id
    for fact in described.demands:
        yield fact.label, rich.plain(fact.text)
    if described.deprecated:
        yield "Deprecated", rich.plain(described.deprecated)
    if described.sensitive:
        yield "Sensitive", "yes; its value is never shown"
    if record.lifetime is not None:
        since = record.lifetime.since
        older = " or before" if record.lifetime.after is None else ""
        yield "Since", f"{since.date}{older} ({since.version})"
        if record.lifetime.until is not None:
            yield "Until", record.lifetime.until.date
    example = members.example(known)
    if example is not None:
        yield "Example", json.dumps(example, ensure_ascii=False)


def _values(values: list[KnownValue]) -> Iterator[tuple[str, ...]]:
    """Values in a table; of many that nothing is said of, those that came last."""
    told = [one for one in values if one.value.doc or one.value.under]
    if len(values) > _MANY and not told:
        values = sorted(values, key=lambda one: one.life.since.date if one.life else "")
        yield f"{len(values) - _MANY} more", "", "", ""
        values = values[-_MANY:]
    for one in values:
        name = rich.name(one.value.value)
        since = one.life.since.date if one.life else ""
        state = "retired" if one.value.retired else one.value.under or ""
        yield name, since, state, " ".join((one.value.doc or "").split())


def _names(spellings: Iterable[view.Spelling]) -> list[tuple[str, ...]]:
    return [(one.system, one.text, one.type) for one in spellings]


def _changes(record: MemberRecord) -> Iterator[tuple[str, ...]]:
    for kind, stated in record.past.items():
        for one in stated:
            said = "nothing" if one.value is None else json.dumps(one.value)
            yield one.since.date, kind, said


def _chapter(title: str, rows: list[tuple[str, ...]]) -> Iterator[str]:
    if rows:
        yield ""
        yield title
        yield from (f"    {line}" for line in aligned(rows))
