"""From rules in CEL to functions, and to the places where they are asked."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends.environment import literal
from shapespec.backends.validators.text import pattern_literal
from shapespec.cel import read, steps
from shapespec.cel.ast import Binary, Call, Literal, Name, Node, Select, parts
from shapespec.cel.statements import statements
from shapespec.contract import schema as ir
from shapespec.records import dataclass

_SEVERITIES = {"error": "error", "advice": "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as a function and as what a finding says.

    Attributes:
        function: The function's name.
        parameters: `this`, or `this, item`.
        doc: The CEL it was compiled from.
        lines: What gives true, false or none, in Python.
        id: A literal with the rule's id.
        message: A literal with what is wrong.
        severity: A literal with the severity of its findings.
        each: The way to the items, as literals; none for the structure itself.
        at: The way to the member that findings point at, as literals.
        reads: The members of the structure that it reads, as literals.
        of_item: Those of the item.
        whole: Whether it looks at the structure itself, and not at its members alone.
        title: A literal with the structure's name.
        helpers: What it calls, of the package's `_cel`.
        patterns: The constants of `_rules` that it uses.
        knows: What finds the names of the other members of which it says what they
            are; empty where it says that of none.
    """

    function: str
    parameters: str
    doc: str
    lines: tuple[str, ...]
    id: str
    message: str
    severity: str
    each: tuple[str, ...] | None
    at: tuple[str, ...]
    reads: tuple[str, ...]
    of_item: tuple[str, ...]
    whole: bool
    title: str
    helpers: frozenset[str]
    patterns: frozenset[str]
    knows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of a schema, the helpers that they call, and their patterns."""

    by_structure: dict[str, tuple[Rule, ...]]
    helpers: tuple[str, ...]
    patterns: dict[str, str]

    def __iter__(self) -> Iterator[Rule]:
        for rules in self.by_structure.values():
            yield from rules


def lower_rules(schema: ir.Schema) -> Rules:
    """Every rule of every structure."""
    by_structure: dict[str, tuple[Rule, ...]] = {}
    helpers: set[str] = set()
    patterns: dict[str, str] = {}
    for shape in schema.shapes.values():
        if not isinstance(shape, ir.Structure) or not shape.rules:
            continue
        found = []
        for rule in shape.rules:
            helpers.update(rule.code.helpers)
            for name, pattern in rule.code.patterns:
                patterns[name] = pattern_literal(pattern)
            found.append(_rule(shape, rule))
        by_structure[shape.id] = tuple(found)
    return Rules(
        by_structure=by_structure, helpers=tuple(sorted(helpers)), patterns=patterns
    )


def _rule(shape: ir.Structure, rule: ir.Rule) -> Rule:
    return Rule(
        function=rule.python,
        parameters="this: Any" if rule.each is None else "this: Any, item: Any",
        doc=f"CEL: {' '.join(rule.cel.split())}",
        lines=tuple(statements(rule.code.text, truth=True)),
        id=literal(rule.id),
        message=literal(rule.message),
        severity=literal(_SEVERITIES[rule.severity]),
        each=None if rule.each is None else _way(rule.each),
        at=() if rule.at is None else _way(rule.at),
        reads=_first(rule, "this"),
        of_item=_first(rule, "item"),
        whole=_is_whole(rule),
        title=literal(shape.id),
        helpers=frozenset(rule.code.helpers),
        patterns=frozenset(name for name, _ in rule.code.patterns),
        knows=_knows(rule),
    )


def _knows(rule: ir.Rule) -> str:
    """What finds the members without a name of which a rule says what they are."""
    names = [f"_rules.{name}" for name, _ in rule.code.patterns]
    match read(rule.cel):
        case Call("conforms", None, (Call("others", None, (Name("this"), *rest)), _)):
            positive = True
        case Binary(
            "==", Call("size", None, (Call("others", None, (Name("this"), *rest)),)), _
        ) if len(rest) > 1:
            positive = False
        case _:
            return ""
    if rule.each is not None or rule.severity != "error":
        return ""
    match rest:
        case []:
            return "_cel.every_name"
        case [_, Literal(value=False)]:
            return f"_cel.but({names[0]})" if positive else names[0]
        case _:
            return names[0] if positive else ""


def _first(rule: ir.Rule, variable: str) -> tuple[str, ...]:
    """The members that an expression reads of a variable, as literals."""
    found: dict[str, None] = {}
    pending: list[Node] = [read(rule.cel)]
    while pending:
        match pending.pop():
            case Select(operand=Name(name=name), field=field) if name == variable:
                found[field] = None
            case node:
                pending += parts(node)
    return tuple(map(literal, sorted(found)))


def _is_whole(rule: ir.Rule) -> bool:
    """Whether an expression hands on the structure itself."""
    pending: list[Node] = [read(rule.cel)]
    while pending:
        match pending.pop():
            case Select(operand=Name()):
                continue
            case Name(name="this"):
                return True
            case node:
                pending += parts(node)
    return False


def _way(path: str) -> tuple[str, ...]:
    """A path as literals, up to the first list, whose items differ."""
    names = []
    for step in steps(path):
        names.append(literal(step.name))
        if step.items:
            break
    return tuple(names)
