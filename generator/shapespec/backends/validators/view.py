"""What the templates of the validators receive: finished strings, nothing to decide."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCheck:
    """A name that validators are asked for, also as a literal, and its function."""

    shape: str
    key: str
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternConstant:
    """A method of a compiled pattern: its name, the literal, which method."""

    name: str
    literal: str
    method: str = "fullmatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSet:
    """A constant that is a set of texts, as literals."""

    name: str
    texts: tuple[str, ...]


class PartOfTable(NamedTuple):
    """A constant that is a set, the row that says what is in it, and where there."""

    name: str
    row: str
    column: str


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
    """`fails` is an expression; where it is true, the value is not surely right.

    Attributes:
        rule: The rule that may be broken then, where that is to be told.
    """

    fails: str
    rule: str = ""
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
class Unless:
    """Steps that are taken if a condition is so for no item."""

    item: str
    iterable: str
    test: str
    steps: tuple[Step, ...]
    kind: str = "unless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The value is not clean, if what is asked is so; if not, a loop may end here."""

    ask: str
    ends: bool
    rule: str = ""
    kind: str = "broken"


Step: TypeAlias = (
    "Item | First | Refuse | Optional | Present | Needed | Given | Each | Joined"
    " | Let | When | Unless | Broken"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptFunction:
    """One function of the fast path.

    Attributes:
        shape: The id of the shape that it is about.
        uses: The names that it needs of its module.
        plain: Whether the steps are about the value itself, and not its members.
        counted: Whether its shape contains itself, so that calls are counted: a few
            objects that share each other may stand for more places than there is time.
        reads: Whether the steps read members.
        begins: The member that it begins with where it is about some of them.
    """

    function: str
    shape: str
    title: str
    fails: str
    counted: bool
    steps: tuple[Step, ...]
    uses: frozenset[str]
    choice: ChoiceSteps | None = None
    plain: bool = False
    reads: bool = True
    begins: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceCase:
    """What a value has to pass where an expression is true."""

    test: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceSteps:
    """How a value of one of several shapes is judged.

    Attributes:
        cases: Those that the type of the value tells.
        objects: Those that members tell.
        discriminator: A literal with the member that has the tag; none without one.
        needs: What is true where the members that an object needs are all there.
        others: What is true where a tag that is not known is right.
    """

    cases: tuple[ChoiceCase, ...]
    objects: tuple[ChoiceCase, ...]
    discriminator: str | None
    needs: tuple[str, ...]
    others: str
