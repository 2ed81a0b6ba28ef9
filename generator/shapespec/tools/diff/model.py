"""Two sides in one vocabulary, and the changes between them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import NamedTuple

from shapespec.contract.facts import Value
from shapespec.contract.places import REQUEST
from shapespec.records import dataclass


class Class(StrEnum):
    """What a change means for those whom it concerns, the gravest first."""

    BREAKING = "breaking"
    WIDENING = "widening"
    NARROWING = "narrowing"
    DOCUMENTATION = "documentation"


class Stated(NamedTuple):
    """A value, and where it is stated: `file:line:column`, or who states it."""

    value: Value
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPlace:
    """One place of a contract, as one side states it.

    Attributes:
        path: How facts spell it.
        place: Where the side states it.
        facts: What is stated about it, by kind.
        steps: The paths of what lies inside, by the last step of each: a member's
            name, `[]`, `{}`, `{key}`.
        repeats: The path of the node around it that it is another of, where a
            structure contains itself.
    """

    path: str
    place: str
    facts: Mapping[str, Stated]
    steps: Mapping[str, str]
    repeats: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedContract:
    """What one side states about one operation, or about one root.

    Attributes:
        name: The operation or the root; empty where the side has no name for it.
        operation: Whether the name is that of an operation, which requests carry.
        roots: The paths that it begins at: `""`, `(request)`.
        nodes: Every place by path.
        kinds: The kinds of facts that the side states at all: in responses, in
            requests. Of another kind its silence says nothing.
        closed: Whether it states all that there is, as specs and service models do
            and pages do not: a structure without members is one that has none.
    """

    name: str
    operation: bool
    roots: tuple[str, ...]
    nodes: Mapping[str, StatedPlace]
    kinds: Mapping[bool, frozenset[str]]
    closed: bool

    def inside(self, node: StatedPlace) -> Mapping[str, str]:
        """The paths of what lies inside a node, by step."""
        return (
            self.nodes[node.repeats].steps if node.repeats is not None else node.steps
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared.

    Attributes:
        name: What the user called it.
        contracts: The main operation or root first.
        whole: Whether these are all contracts that there are; what is not among them
            does not exist.
        means: The types, in Smithy's words, that a type in the side's words may be.
    """

    name: str
    contracts: tuple[StatedContract, ...]
    whole: bool
    means: Callable[[str], frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The same place on both sides.

    Attributes:
        path: The place, as changes call it.
        nodes: What the old and the new side state of it.
        contracts: Where they do.
        variants: On which of the sides it is a variant of a union.
        renamed: Options of a choice that have another name on the new side: the new
            one, and the old one.
    """

    path: str
    nodes: tuple[StatedPlace, StatedPlace]
    contracts: tuple[StatedContract, StatedContract]
    variants: tuple[bool, bool] = (False, False)
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])

    def values(self, kind: str) -> tuple[Value, Value]:
        """What both sides state; none for nothing."""
        old, new = (
            node.facts[kind].value if kind in node.facts else None
            for node in self.nodes
        )
        return old, new

    def states(self, side: int, kind: str) -> bool:
        """Whether a side states facts of a kind, here or elsewhere."""
        stated = self.contracts[side].kinds[is_request(self.path)]
        return kind in self.nodes[side].facts or kind in stated

    def comparable(self, kind: str) -> bool:
        """Whether a kind is stated here, and silence would be a statement too."""
        stated = any(kind in node.facts for node in self.nodes)
        return stated and self.states(0, kind) and self.states(1, kind)


class Unclassified(NamedTuple):
    """A difference, not yet classified.

    Attributes:
        what: What happened; a row of the table in `rules.py`.
        path: Where in the contract.
        kind: The kind of fact that differs; `member` for a member as a whole.
        old: What the old side states, and where; no value for nothing.
        new: The same of the new side.
        key: Which of several things of the kind differs: the id of a rule, a value.
    """

    what: str
    path: str
    kind: str
    old: Stated
    new: Stated
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference, and what it means.

    Attributes:
        fingerprint: Twelve hexadecimal digits, the same wherever and in whatever order
            the same change is stated.
        contract: The operation or root that it is in.
        readers: What it means for those who read responses.
        writers: What it means for those who write requests or mocks.
        message: One sentence.
        accepted: Whether it has been accepted by its fingerprint.
    """

    fingerprint: str
    contract: str
    finding: Unclassified
    readers: Class
    writers: Class
    message: str
    accepted: bool = False

    @property
    def weight(self) -> tuple[Class, ...]:
        """What it means for whom it hits hardest, then for the other."""
        order = [*Class]
        return tuple(sorted((self.readers, self.writers), key=order.index))


class Silence(NamedTuple):
    """What one side states and the other is silent about; so it was not compared.

    Attributes:
        name: The side that is silent.
        kinds: Kinds of facts that it states nowhere.
        places: Places whose members it does not name.
    """

    name: str
    kinds: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sides, the changes from the one to the other, and what was not compared."""

    old: Side
    new: Side
    changes: tuple[Change, ...]
    silences: tuple[Silence, ...]

    def pending(self) -> tuple[Change, ...]:
        """The changes that have not been accepted."""
        return tuple(change for change in self.changes if not change.accepted)


def is_request(path: str) -> bool:
    """Whether a place is in what is sent."""
    return path == REQUEST or path.startswith(f"{REQUEST}.")


def canonical(value: Value) -> str:
    """A value as text, the same for equal values: `1.0` is `1`, `true` is not."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)


def _plain(value: Value) -> Value:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case _:
            return value


def fingerprint(contract: str, finding: Unclassified) -> str:
    """The fingerprint of a change: of what it is, not of where or how it is written."""
    what = (finding.path, finding.kind, finding.key, finding.what)
    values = (_unordered(finding.kind, one.value) for one in (finding.old, finding.new))
    text = json.dumps([contract, *what, *map(canonical, values)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _unordered(kind: str, value: Value) -> Value:
    """A value without what is no part of the contract: the order of an enum."""
    if kind == "enum" and isinstance(value, list):
        return sorted(value, key=canonical)
    return value
