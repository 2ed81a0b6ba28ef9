"""Takes apart a rule about items: what it asks of the structure, and of an item.

    item.Kind != 'b' || (has(item.Mode) ? item.Mode : this.Mode) == 'x'

asks `this.Mode == 'x'` of the structure. With each of its three values put in place,
the rest is about the item alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from itertools import product

from shapespec.cel.ast import (
    Binary,
    Call,
    Conditional,
    Has,
    Index,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Unary,
)
from shapespec.records import dataclass

ITEM = "item"
UNKNOWN = "unknown"
"""The kind of a literal that stands for what has no value."""

_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in")
_MOST = 2
"""How many questions to the structure are taken out of a rule, at most."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule asks of items where the structure answers so.

    Attributes:
        answers: Questions to the structure, each with true, false or none.
        rest: The rule about an item that is left.
    """

    answers: tuple[tuple[Node, bool | None], ...]
    rest: Node


def cases(node: Node) -> Iterator[Case]:
    """A rule about items for each answer that the structure can give.

    There is one case without a question where a rule asks the structure nothing; and
    where it asks too much, one whose rest still speaks of the structure.
    """
    lifted = _lifted(node)
    found = _Questions()
    rest = found.taken(lifted)
    if not found.questions or len(found.questions) > _MOST:
        yield Case((), node)
        return
    for answers in product((True, False, None), repeat=len(found.questions)):
        pairs = tuple(zip(found.questions, answers, strict=True))
        yield Case(pairs, _answered(rest, dict(enumerate(answers))))


def _lifted(node: Node) -> Node:
    """The same, with no choice between values that are then compared.

    `(c ? a : b) == d` says the same as `c ? a == d : b == d`.
    """
    match node:
        case Binary("&&" | "||", left, right):
            return replace(node, left=_lifted(left), right=_lifted(right))
        case Binary(operator, Conditional() as choice, right, place) if (
            operator in _COMPARISONS
        ):
            yes = Binary(operator, choice.yes, right, place)
            no = Binary(operator, choice.no, right, place)
            return _lifted(replace(choice, yes=yes, no=no))
        case Binary(operator, left, Conditional() as choice, place) if (
            operator in _COMPARISONS
        ):
            yes = Binary(operator, left, choice.yes, place)
            no = Binary(operator, left, choice.no, place)
            return _lifted(replace(choice, yes=yes, no=no))
        case Conditional(condition, yes, no):
            return replace(
                node, condition=_lifted(condition), yes=_lifted(yes), no=_lifted(no)
            )
        case Unary("!", operand):
            return replace(node, operand=_lifted(operand))
        case _:
            return node


@dataclass(slots=True)
class _Questions:
    """Collects questions, and leaves a numbered gap in the place of each."""

    questions: list[Node] = field(default_factory=list)

    def taken(self, node: Node) -> Node:
        """A true-or-false expression with gaps."""
        names = frozenset(_names(node))
        if ITEM not in names and "this" in names:
            self.questions.append(node)
            return Literal(len(self.questions) - 1, UNKNOWN, node.place)
        match node:
            case Binary("&&" | "||", left, right):
                return replace(node, left=self.taken(left), right=self.taken(right))
            case Conditional(condition, yes, no):
                return replace(
                    node,
                    condition=self.taken(condition),
                    yes=self.taken(yes),
                    no=self.taken(no),
                )
            case Unary("!", operand):
                return replace(node, operand=self.taken(operand))
            case _:
                return node


def _answered(node: Node, answers: dict[int, bool | None]) -> Node:
    """An expression with answers in its gaps."""
    match node:
        case Literal(int() as number, kind, place) if kind == UNKNOWN:
            answer = answers[number]
            return Literal(answer, UNKNOWN if answer is None else "bool", place)
        case Binary("&&" | "||", left, right):
            return replace(
                node, left=_answered(left, answers), right=_answered(right, answers)
            )
        case Conditional(condition, yes, no):
            return replace(
                node,
                condition=_answered(condition, answers),
                yes=_answered(yes, answers),
                no=_answered(no, answers),
            )
        case Unary("!", operand):
            return replace(node, operand=_answered(operand, answers))
        case _:
            return node


def _names(node: Node) -> Iterator[str]:
    """The variables that an expression speaks of."""
    match node:
        case Name(name):
            yield name
        case Literal():
            return
        case Select(operand):
            yield from _names(operand)
        case Has(select):
            yield from _names(select)
        case Index(operand, index):
            yield from _names(operand)
            yield from _names(index)
        case Call(_, target, arguments):
            for part in (*arguments, *([target] if target is not None else [])):
                yield from _names(part)
        case Macro(_, iterable, variable, body):
            yield from _names(iterable)
            yield from (name for name in _names(body) if name != variable)
        case Unary(_, operand):
            yield from _names(operand)
        case Binary(_, left, right):
            yield from _names(left)
            yield from _names(right)
        case Conditional(condition, yes, no):
            for part in (condition, yes, no):
                yield from _names(part)
        case Items(items):
            for part in items:
                yield from _names(part)
