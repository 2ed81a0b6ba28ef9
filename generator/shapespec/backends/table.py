"""From the schema to the table of the contract, which a package's run time reads.

A row is a call of `Part` (`runtime/_part.py`), with an argument for each fact that is
not what it usually is. Commas at the end have ruff place each member on its own line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import wrap
from typing import assert_never

from shapespec.backends.definitions import Import, Lookup, Module, TableRow
from shapespec.backends.environment import literal
from shapespec.backends.sensitive import below_sensitive
from shapespec.backends.validators.choices import kinds_of
from shapespec.backends.validators.rules import Rule, Rules
from shapespec.backends.validators.text import pattern_literal
from shapespec.contract import constraints, schema as ir
from shapespec.ground.sinks.python import shown
from shapespec.ground.values import Json

_CLASSES = ("Member", "Option", "Part", "Rule", "required", "words")
"""What rows call, of the package's `_part` module."""


def lower(schema: ir.Schema, rules: Rules) -> Module:
    """The module with a row for every shape, in the schema's order."""
    made = _Table(schema, rules)
    return Module(
        doc=_DOC,
        pragmas=("# pyright: basic",),
        imports=(Import(".", ("_cel", "_rules")), Import("._part", _CLASSES)),
        definitions=(),
        tables=(
            Lookup(
                name="SHAPES",
                doc="Every shape by name; one without a name, by that of its place.",
                annotation="dict[str, Part]",
                entries=tuple(map(made.row, schema.shapes.values())),
            ),
        ),
    )


_DOC = """The table of the contract: what is to be known of each shape.

Findings, conversion, spelling and strategies read it; `_part` says what a row is. The
quick check, `_accept`, says the same as straight-line code.
"""


class _Table:
    def __init__(self, schema: ir.Schema, rules: Rules) -> None:
        self.schema = schema
        self.rules = rules.by_structure
        self.hidden = below_sensitive(schema)
        self.used: set[str] = set()

    def row(self, shape: ir.Shape) -> TableRow:
        self.used = set()
        return TableRow(
            key=literal(shape.id),
            name=shape.id,
            value=self.call("Part", self.arguments(shape)),
            leads_to=shape.id,
            uses=frozenset(self.used),
        )

    def call(self, function: str, arguments: Iterable[str]) -> str:
        self.used.add(function)
        return f"{function}({', '.join(arguments)})"

    def arguments(self, shape: ir.Shape) -> Iterator[str]:
        """The arguments of a row."""
        kind, *made_of = self.of_kind(shape)
        yield kind
        named = isinstance(shape, ir.Structure | ir.Union | ir.Enum)
        if named and shape.python != shape.id:
            yield f"python={literal(shape.python)}"
        yield from made_of
        yield from _stated(shape)
        yield from _flags(
            sensitive=shape.sensitive,
            recursive=shape.id in self.schema.recursive,
            hollow=shape.id in self.schema.hollow,
        )

    def of_kind(self, shape: ir.Shape) -> Iterator[str]:
        """The kind of a shape, and what it is made of."""
        match shape:
            case ir.Structure() | ir.Union():
                yield literal("structure")
                members = (
                    f"{literal(one.name)}: {self.member(one)}" for one in shape.members
                )
                yield f"members={{{_each(members)}}}"
                is_union = isinstance(shape, ir.Union)
                yield from _flags(is_union=is_union, closed=shape.closed)
                if shape.id in self.rules:
                    yield f"rules=({_each(map(self.rule, self.rules[shape.id]))})"
            case ir.List():
                yield literal("list")
                yield f"target={literal(shape.member)}"
                yield from _flags(sparse=shape.sparse, streaming=shape.streaming)
            case ir.Tuple():
                yield literal("tuple")
                yield f"prefix={_texts(shape.prefix)}"
                if shape.rest is not None:
                    yield f"target={literal(shape.rest)}"
                yield from _flags(sparse=shape.sparse)
            case ir.Map():
                yield literal("map")
                yield f"key={literal(shape.key)}"
                yield f"target={literal(shape.value)}"
                yield from _flags(sparse=shape.sparse, hidden=shape.id in self.hidden)
            case ir.OneOf():
                yield literal("one_of")
                options = (
                    self.option(one, shape.discriminator) for one in shape.options
                )
                yield f"options=({_each(options)})"
                if shape.discriminator is not None:
                    yield f"tag={literal(shape.discriminator)}"
                yield from _flags(closed=not shape.open)
            case ir.Enum():
                yield literal("enum")
                yield f"values={self.values([one.value for one in shape.values])}"
                retired = [one.value for one in shape.values if one.retired]
                if retired:
                    yield f"retired={_texts(retired)}"
                yield from _flags(closed=not shape.open)
            case ir.Blob():
                yield literal("blob")
                yield from _flags(streaming=shape.streaming)
            case ir.Float():
                yield literal("number")
            case (
                ir.String()
                | ir.Integer()
                | ir.Boolean()
                | ir.Timestamp()
                | ir.Document()
            ):
                yield literal(type(shape).__name__.lower())
            case _:
                assert_never(shape)

    def values(self, values: list[str]) -> str:
        """The values of an enum on one line, or as words, a family on a line."""
        line = _texts(values)
        if len(line) <= _LONGEST:
            return line
        if any(one.split() != [one] for one in values):
            return f"({_each(map(literal, values))})"
        self.used.add("words")
        lines: list[str] = []
        for _, several in groupby(values, key=lambda one: one.rpartition(".")[0]):
            words = wrap(
                " ".join(several), 72, break_long_words=False, break_on_hyphens=False
            )
            lines += (f"{line} " for line in words)
        lines[-1] = lines[-1].rstrip()
        return f"words({' '.join(map(literal, lines))})"

    def member(self, member: ir.Member) -> str:
        """A member's shape, and whatever else is to be known."""
        target = literal(member.target)
        flags = [
            *_flags(required=member.required, claimed=member.claimed),
            *([] if member.null == "absent" else [f"null={literal(member.null)}"]),
            *_flags(sensitive=member.sensitive),
            *([f"names={{{_pairs(member.names)}}}"] if member.names else []),
            *([f"default=({_value(member.default[0])},)"] if member.default else []),
        ]
        if flags == ["required=True"]:
            return self.call("required", [target])
        return self.call("Member", [target, *flags]) if flags else target

    def option(self, option: ir.Option, tag: str | None) -> str:
        arguments = [
            literal(option.target),
            _texts(sorted(kinds_of(self.schema, option.target))),
        ]
        if option.tags or option.untagged:
            tags = [*map(literal, option.tags), *(["None"] * option.untagged)]
            arguments.append(f"tags={_tuple(tags)}")
        if option.needs:
            arguments.append(f"needs={_texts(option.needs)}")
        target = self.schema.shapes[option.target]
        members: tuple[ir.Member, ...] = getattr(target, "members", ())
        names = ", ".join(
            f"{literal(one.name)}: {{{pairs}}}"
            for one in members
            if one.name in (*option.needs, tag) and (pairs := _pairs(one.names))
        )
        if names:
            arguments.append(f"names={{{names}}}")
        return self.call("Option", arguments)

    def rule(self, rule: Rule) -> str:
        self.used.add("_rules")
        arguments = [f"_rules.{rule.function}", rule.id, rule.message]
        for name, given in (
            ("reads", rule.reads),
            ("each", rule.each),
            ("of_item", rule.of_item),
            ("at", rule.at),
        ):
            if given:
                arguments.append(f"{name}={_tuple(given)}")
        if rule.knows:
            self.used |= {"_cel", "_rules"} if "_cel." in rule.knows else set()
            arguments.append(f"knows={rule.knows}")
        if rule.severity != literal("error"):
            arguments.append(f"severity={rule.severity}")
        arguments += _flags(whole=rule.whole)
        return self.call("Rule", arguments)


def _pairs(names: Iterable[tuple[str, str]]) -> str:
    """Names by form, as the entries of a dictionary."""
    return ", ".join(f"{literal(form)}: {literal(name)}" for form, name in names)


def _each(items: Iterable[str]) -> str:
    """Items that stand on lines of their own, where there are any."""
    return "".join(f"{item}, " for item in items)


_LONGEST = 66
"""How long a tuple of values is at most that stands on one line."""


def _texts(texts: Iterable[str]) -> str:
    return _tuple(map(literal, texts))


def _tuple(items: Iterable[str]) -> str:
    """A tuple, on one line if it fits."""
    listed = [*items]
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"


def _flags(**flags: bool) -> Iterator[str]:
    """The arguments that say what is so."""
    return (f"{name}=True" for name, is_so in flags.items() if is_so)


def _stated(shape: ir.Shape) -> Iterator[str]:
    """The constraints of a shape, and how much they weigh."""
    stated = constraints.of(shape)
    limits = {one.keyword: one.limit for one in stated}
    bounds = [_bound(stated, side) for side in ("low", "high")]
    if bounds != ["None", "None"]:
        yield f"bounds=({', '.join(bounds)})"
    for name, keyword in (
        ("above", "exclusiveMinimum"),
        ("below", "exclusiveMaximum"),
        ("step", "multipleOf"),
    ):
        if keyword in limits:
            yield f"{name}={limits[keyword]!r}"
    for name, keyword in (("const", "const"), ("values", "enum")):
        if keyword in limits:
            yield f"{name}={_tuple(map(_value, limits[keyword]))}"
    if "pattern" in limits:
        yield f"pattern={pattern_literal(limits['pattern'].source)}"
        yield f"regex={pattern_literal(limits['pattern'].python)}"
    if "format" in limits:
        found = limits["format"]
        regex = pattern_literal(found.pattern.python)
        yield f"formatted=({literal(found.words)}, {regex})"
    yield from _flags(unique="uniqueItems" in limits)
    decided = [one.keyword for one in stated if one.relaxed and not one.claimed]
    claimed = [one.keyword for one in stated if one.claimed]
    for name, keywords in (("relaxed", decided), ("claimed", claimed)):
        if keywords:
            yield f"{name}={_texts(keywords)}"


_EXCLUSIVE = frozenset(("exclusiveMinimum", "exclusiveMaximum"))


def _bound(stated: Iterable[constraints.Constraint], side: str) -> str:
    """The bound at a side, if there is one that a value may meet."""
    for one in stated:
        if one.about.side == side and one.keyword not in _EXCLUSIVE:
            return repr(one.limit)
    return "None"


def _value(value: Json) -> str:
    return shown(repr(value))
