"""What the templates of the validators receive: finished strings, nothing to decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias, assert_never

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
class Each:
    """A loop: every item has to pass the steps."""

    item: str
    iterable: str
    steps: tuple[Step, ...]
    kind: str = "each"


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """An item of a list that has to pass its steps, if the list is that long."""

    index: int
    surely: bool
    steps: tuple[Step, ...]
    kind: str = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enough:
    """Where nothing but errors is asked about, the function ends here."""

    result: str
    kind: str = "enough"


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


Step: TypeAlias = "First | Refuse | Each | Let | When | Unless | Broken | Enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptFunction:
    """One function of the quick check.

    Attributes:
        shape: The id of the shape that it is about.
        uses: The names that it needs of its module.
        tests: What is true of what is right, as expressions.
        steps: What comes then.
        finds: Whether they find the rules that are broken.
        counted: Whether its shape contains itself, so that calls are counted: a few
            objects that share each other may stand for more places than there is time.
        counts: Whether a call of it is one of them.
        choice: How a value of one of several shapes is judged.
    """

    function: str
    shape: str
    title: str
    uses: frozenset[str]
    tests: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    finds: bool = False
    counted: bool = False
    counts: bool = False
    choice: ChoiceSteps | None = None

    @property
    def gets(self) -> bool:
        """Whether it gets members that may be absent."""
        texts = (*self.tests, *texts_of(self.steps))
        return any(_GETS.search(text) for text in texts)


_GETS = re.compile(r"(?<![.\w])get\(")


def texts_of(steps: Iterable[Step]) -> Iterator[str]:
    """The expressions in steps."""
    for step in steps:
        match step:
            case Refuse(fails=text) | Let(value=text) | Broken(ask=text):
                yield text
            case When(test=text, steps=inner) | Each(iterable=text, steps=inner):
                yield text
                yield from texts_of(inner)
            case Unless(iterable=items, test=text, steps=inner):
                yield from (items, text)
                yield from texts_of(inner)
            case First(steps=inner):
                yield from texts_of(inner)
            case Enough():
                pass
            case _:
                assert_never(step)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceCase:
    """What is true of a value that is right, where a test is."""

    test: str
    passes: str


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
