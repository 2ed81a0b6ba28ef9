"""What there is to say about a contract: finished words, nothing to decide.

Whoever writes a reference loops over these and escapes; see `rich.py` for the texts.
"""

from __future__ import annotations

from shapespec.backends.reference.rich import Rich, Target
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a definition, and what is listed under it."""

    label: str
    text: Rich
    items: tuple[Rich, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value of an enum.

    Attributes:
        value: As it is on the wire.
        under: The value of another enum that it belongs to.
        since: The day of the first release that states it, if that is known.
    """

    value: str
    target: Target
    doc: Rich
    under: Rich
    retired: bool
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How one system spells a member.

    Attributes:
        system: What the system is called.
        text: The way to the member there, as its users write it.
        type: What the system calls its type, if a source says so.
    """

    system: str
    text: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """That a source states a member, and where.

    Attributes:
        where: The document and the line, if it has lines.
        says: What it states beside the type: `required`, bounds, values.
    """

    source: Target
    title: str
    edition: str
    where: str
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some responses have a member; `of` none where none was seen."""

    label: str
    present: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule, as the shape has it that it belongs to.

    Attributes:
        points: Where a finding points, and what is looked at one by one.
        reads: The members that the expression reads.
    """

    target: Target
    id: str
    severity: str
    message: tuple[Rich, ...]
    cel: str
    points: tuple[Fact, ...]
    reads: tuple[Target, ...]
    sources: tuple[Rich, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A value computed from the members."""

    target: Target
    name: str
    doc: tuple[Rich, ...]
    cel: str
    facts: tuple[Fact, ...]
    sources: tuple[Rich, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Facts about the members that cannot be checked in a response."""

    target: Target
    id: str
    doc: Rich
    place: Rich
    about: Target | None
    sources: tuple[Rich, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How a disagreement was settled."""

    target: Target
    id: str
    reason: tuple[Rich, ...]
    about: Rich
    says: tuple[tuple[Rich, Rich], ...]
    stands: Rich


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A rule or a note that is about a member."""

    target: Target
    id: str
    severity: str
    text: Rich


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """All that there is to say about a member.

    Attributes:
        type: Lists and maps spelt out, with links.
        brief: The first sentence about it.
        kind: A word for its type, for those who only glance.
        required: Whether every response has it; none where it is one of a choice.
        claimed: Whether only documents say so.
        demands: Constraints, unit, default, relaxations.
        values: Values of its enum, where they are few enough to be shown here.
        open: Whether those may grow.
        grows: The same as a sentence.
        since: When it was first stated: a day, or an edition.
        released: In which release that was, and until when, if a history knows.
        born: The day of that release.
        gone: The day of the first release that lacks it again.
        past: What was stated of it before, where that changed.
        at: The ways to it from the responses and requests.
    """

    target: Target
    name: str
    brief: Rich
    doc: tuple[Rich, ...]
    type: Rich
    kind: str
    required: bool | None
    claimed: bool
    deprecated: Rich
    sensitive: bool
    demands: tuple[Fact, ...]
    values: tuple[Value, ...]
    open: bool
    grows: str
    examples: tuple[Rich, ...]
    spellings: tuple[Spelling, ...]
    rules: tuple[Mention, ...]
    notes: tuple[Mention, ...]
    presence: tuple[Share, ...]
    required_by: tuple[Rich, ...]
    statements: tuple[Statement, ...]
    since: str
    released: str
    born: str
    gone: str
    past: tuple[Rich, ...]
    decisions: tuple[Decision, ...]
    at: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What uses a shape: its members, or a role in an operation."""

    by: Rich
    members: tuple[Rich, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A structure, a union, an enum, a choice of several shapes, or another root.

    Attributes:
        kind: `structure`, `union`, `enum`, `one of several`, `list` and so on.
        type: Of a list, a map or a single value: that, spelt out.
        demands: Constraints of one of these, and of what it consists of.
        options: Of a choice: what it chooses from, and by what.
        grows: Of an enum: whether its values may grow, in words; of a choice, too.
        closed: Of a structure or a union: that there are no other members, in words.
    """

    target: Target
    id: str
    kind: str
    doc: tuple[Rich, ...]
    deprecated: Rich
    sensitive: bool
    examples: tuple[Rich, ...]
    type: Rich = ()
    demands: tuple[Fact, ...] = ()
    members: tuple[Member, ...] = ()
    values: tuple[Value, ...] = ()
    options: tuple[Rich, ...] = ()
    grows: str = ""
    closed: str = ""
    rules: tuple[Rule, ...] = ()
    derived: tuple[Derived, ...] = ()
    notes: tuple[Note, ...] = ()
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A call: the shapes sent and received, those of its errors, and more facts."""

    target: Target
    name: str
    doc: tuple[Rich, ...]
    deprecated: Rich
    input: str | None
    output: str | None
    sent: Rich
    returned: Rich
    errors: tuple[tuple[Rich, Rich], ...]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one system writes a response; with an example, if there is one."""

    target: Target
    name: str
    doc: Rich
    facts: tuple[Fact, ...]
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who states facts."""

    target: Target
    id: str
    title: str
    edition: str
    document: str
    facts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one document or model added, changed and retired."""

    title: str
    source: Target
    added: tuple[Rich, ...]
    changed: tuple[Rich, ...]
    retired: tuple[Rich, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A release that states something otherwise than the one before it."""

    date: str
    version: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """What the releases of a service model changed, oldest first."""

    id: str
    title: str
    said: Rich
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A member in the tree of a response, and what is below it.

    Attributes:
        again: Whether what is below it is shown elsewhere, since it contains itself.
    """

    target: Target
    name: str
    kind: str
    required: bool
    old: bool
    below: tuple[Branch, ...]
    again: bool = False
