"""What the templates of the validators receive: finished strings, nothing to decide."""

from __future__ import annotations

from typing import TypeAlias

from shapespec.backends.validators.rules import Rule
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A name that validators are asked for, as a literal, and its function."""

    key: str
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternConstant:
    """A method of a compiled pattern: its name, the literal, which method."""

    name: str
    literal: str
    method: str = "fullmatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A constant that is a set of texts, as literals."""

    name: str
    texts: tuple[str, ...]


# --- the full validator ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A condition under which a value breaks a constraint, and how that is said.

    Attributes:
        rule: The method of the report that says it.
        fails: An expression over `value`, true where the constraint is broken.
        expected: A literal saying what was expected.
    """

    rule: str
    fails: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How one check hands a part of its value to another.

    Attributes:
        function: The other check.
        recursive: Whether it has to wait for its turn.
        unsure: What makes a call worth its time, as an expression; empty if nothing
            short of the call can tell.
        clean: A literal with the name of the silent check, if it is a structure's.
    """

    function: str
    recursive: bool
    unsure: str
    clean: str = ""

    def call(self, value: str, at: str) -> str:
        """The statement that checks `value`, which stands at `at`."""
        if self.recursive:
            return f"report.later({self.function}, {value}, {at})"
        call = f"{self.function}({value}, {at}, report)"
        unsure = self.unsure
        if self.clean:
            unsure = f"not report.is_clean({self.clean}, {value})"
        return f"if {unsure}: {call}" if unsure else call


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One function of the full validator.

    Attributes:
        template: The template that writes it, one for each kind of shape.
        function: Its name.
        title: A literal with the shape's name, for findings.
        doc: What it checks, in a sentence.
        tests: Constraints whose violation is an error.
        relaxed: Constraints whose violation is a warning.
        helpers: What the function needs from the package's `_report` module.
        choosing: What it needs from the module `_choice`.
        hides: A line that hides the value in messages, if it is sensitive.
    """

    template: str
    function: str
    title: str
    doc: str
    tests: tuple[Test, ...] = ()
    relaxed: tuple[Test, ...] = ()
    helpers: tuple[str, ...] = ()
    choosing: tuple[str, ...] = ()
    hides: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumCheck(Check):
    """A check for one of several texts."""

    known: str
    values: tuple[str, ...]
    retired: tuple[str, ...]
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCheck(Check):
    """A check for a number: the function that knows one, and what it expects."""

    predicate: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobCheck(Check):
    """A check of bytes, which may come as a stream."""

    streaming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCheck(Check):
    """A check of a list, item by item; a stream of items is not read."""

    item: Use
    sparse: bool
    streaming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TupleCheck(Check):
    """A check of a list whose first items each have a shape of their own."""

    prefix: tuple[Use, ...]
    rest: Use | None
    sparse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCheck(Check):
    """A check of a map, entry by entry.

    Attributes:
        entry: The way to an entry.
    """

    entry: str
    key: Use
    item: Use
    sparse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCheck:
    """A member's name as a literal and as a step of a way, and its value's check.

    Attributes:
        claimed: Whether a document says that it is always there, and no response does.
        null: What null is in its place; see `contract.schema.Null`.
        any: Whether its check takes null, although it is not right there.
    """

    key: str
    step: str
    required: bool
    claimed: bool
    null: str
    any: bool
    check: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRun:
    """Rules in a row that are asked of the same values: see `Rule.each`."""

    each: tuple[str, ...] | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureCheck(Check):
    """A check of a structure or a union, member by member."""

    known: str
    closed: bool
    members: tuple[MemberCheck, ...]
    runs: tuple[RuleRun, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionCheck:
    """An option, an expression that is true where it is meant, and its check."""

    test: str
    check: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceCheck(Check):
    """A check of a value of one of several shapes.

    Attributes:
        expected: A literal with the types that a value may have, in words.
        options: Those that the type of the value tells.
        objects: Those that members tell.
        discriminator: A literal with the member that has the tag; none without one.
        tags: All tags, as literals.
        closed: Whether there are no other tags.
        needs: What each of the objects needs, where there is no tag, as literals.
        names: What each of the objects is called, as literals.
    """

    expected: str
    options: tuple[OptionCheck, ...]
    objects: tuple[OptionCheck, ...]
    discriminator: str | None
    tags: tuple[str, ...]
    closed: bool
    needs: tuple[str, ...]
    names: tuple[str, ...]


# --- the fast path --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How timestamps are judged: their kinds, bounds and pattern, as literals."""

    numbers: bool
    datetimes: bool
    iso: bool
    usual: str
    text: str | None
    first: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """`fails` is an expression; where it is true, the value is not surely right."""

    fails: str
    kind: str = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Optional:
    """A member of which, if it is there, one expression has to be false.

    Attributes:
        absent: What it is where it is not there.
    """

    key: str
    fails: str
    absent: str = "None"
    kind: str = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """A member that, if it is there, has to pass several steps.

    Attributes:
        absent: What it is where it is not there.
    """

    key: str
    steps: tuple[Step, ...]
    absent: str = "None"
    kind: str = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A member that has to be there and to pass its steps."""

    key: str
    steps: tuple[Step, ...]
    kind: str = "needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value that, if it is not null, has to pass its steps."""

    item: str
    steps: tuple[Step, ...]
    kind: str = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """A loop: every item has to pass the steps."""

    item: str
    iterable: str
    steps: tuple[Step, ...]
    kind: str = "each"


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """An item of a list that has to pass its steps, if the list is that long."""

    item: str
    items: str
    index: int
    surely: bool
    steps: tuple[Step, ...]
    kind: str = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Texts seen as one; where that is not surely right, the steps decide."""

    iterable: str
    fails: str
    steps: tuple[Step, ...]
    kind: str = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Every item on the way from the structure has to pass some expressions."""

    items: str
    fails: tuple[str, ...]
    kind: str = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Let:
    """A variable that steps after it read."""

    name: str
    value: str
    kind: str = "let"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Steps under a condition."""

    test: str
    steps: tuple[Step, ...]
    kind: str = "when"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The value is not clean, if what is asked is so; if not, a loop may end here."""

    ask: str
    ends: bool
    kind: str = "broken"


Step: TypeAlias = (
    "Item | First | Refuse | Optional | Present | Needed | Given | Each | Joined"
    " | Let | When | Broken"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptFunction:
    """One function of the fast path.

    Attributes:
        plain: Whether the steps are about the value itself, and not its members.
        counted: Whether its shape contains itself, so that calls are counted: a few
            objects that share each other may stand for more places than there is time.
    """

    function: str
    title: str
    fails: str
    counted: bool
    steps: tuple[Step, ...]
    choice: Choice | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a value has to pass where an expression is true."""

    test: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How a value of one of several shapes is judged.

    Attributes:
        cases: Those that the type of the value tells.
        objects: Those that members tell.
        discriminator: A literal with the member that has the tag; none without one.
        needs: What is true where the members that an object needs are all there.
        others: What is true where a tag that is not known is right.
    """

    cases: tuple[Case, ...]
    objects: tuple[Case, ...]
    discriminator: str | None
    needs: tuple[str, ...]
    others: str
