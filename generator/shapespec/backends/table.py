"""From the schema to the table of the contract, which a package's run time reads.

A row is a call of `Part` (`runtime/_part.py`), with an argument for each fact that is
not what it usually is. Commas at the end have ruff place each member on its own line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import assert_never

from shapespec.backends import python_package
from shapespec.backends.environment import literal, render
from shapespec.backends.sensitive import below_sensitive
from shapespec.backends.validators.choices import kinds_of
from shapespec.backends.validators.rules import Rule, Rules
from shapespec.backends.validators.text import pattern_literal
from shapespec.contract import constraints, schema as ir
from shapespec.ground.sinks.python import shown
from shapespec.ground.values import Json
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table.

    Attributes:
        shape: The id of the shape that it is about.
        key: The same as a literal.
        text: The row as Python.
    """

    shape: str
    key: str
    text: str


def lower(schema: ir.Schema, rules: Rules) -> tuple[Row, ...]:
    """A row for every shape, in the schema's order."""
    return tuple(map(_Table(schema, rules).row, schema.shapes.values()))


def whole(schema: ir.Schema, rules: Rules) -> str:
    """The module with the table."""
    return rendered(schema, lower(schema, rules))


def rendered(
    schema: ir.Schema,
    rows: Collection[Row],
    *,
    within: str = ".",
    about: str = "",
) -> str:
    """A module that holds some rows.

    Args:
        schema: The contract.
        rows: The rows.
        within: The package, as the module's imports call it.
        about: Whose rows they are, where these are not all.
    """
    text = " ".join(row.text for row in rows)
    return render(
        "package/contract.py.jinja",
        header=python_package.header(schema),
        about=about,
        within=within,
        rows=rows,
        classes=[name for name in _CLASSES if f"{name}(" in text],
        modules=[name for name in ("_cel", "_rules") if f"{name}." in text],
    )


_CLASSES = ("Member", "Option", "Part", "Rule", "required")


class _Table:
    def __init__(self, schema: ir.Schema, rules: Rules) -> None:
        self.schema = schema
        self.rules = rules.by_structure
        self.hidden = below_sensitive(schema)

    def row(self, shape: ir.Shape) -> Row:
        return Row(
            shape=shape.id,
            key=literal(shape.id),
            text=_call("Part", self.arguments(shape)),
        )

    def arguments(self, shape: ir.Shape) -> Iterator[str]:
        """The arguments of a row."""
        yield from self.of_kind(shape)
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
                    f"{literal(one.name)}: {_member(one)}" for one in shape.members
                )
                yield f"members={{{_each(members)}}}"
                is_union = isinstance(shape, ir.Union)
                yield from _flags(is_union=is_union, closed=shape.closed)
                if shape.id in self.rules:
                    yield f"rules=({_each(map(_rule, self.rules[shape.id]))})"
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
                options = (_option(self.schema, one) for one in shape.options)
                yield f"options=({_each(options)})"
                if shape.discriminator is not None:
                    yield f"tag={literal(shape.discriminator)}"
                yield from _flags(closed=not shape.open)
            case ir.Enum():
                yield literal("enum")
                yield f"values=({_each(literal(one.value) for one in shape.values)})"
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


def _call(function: str, arguments: Iterable[str]) -> str:
    return f"{function}({', '.join(arguments)})"


def _each(items: Iterable[str]) -> str:
    """Items that stand on lines of their own, where there are any."""
    return "".join(f"{item}, " for item in items)


def _texts(texts: Iterable[str]) -> str:
    return _tuple(map(literal, texts))


def _tuple(items: Iterable[str]) -> str:
    """A tuple, on one line if it fits."""
    listed = [*items]
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"


def _flags(**flags: bool) -> Iterator[str]:
    """The arguments that say what is so."""
    return (f"{name}=True" for name, is_so in flags.items() if is_so)


def _member(member: ir.Member) -> str:
    """A member's shape, and whatever else is to be known."""
    target = literal(member.target)
    flags = [
        *_flags(required=member.required, claimed=member.claimed),
        *([] if member.null == "absent" else [f"null={literal(member.null)}"]),
        *_flags(sensitive=member.sensitive),
    ]
    if flags == ["required=True"]:
        return f"required({target})"
    return _call("Member", [target, *flags]) if flags else target


def _option(schema: ir.Schema, option: ir.Option) -> str:
    arguments = [
        literal(option.target),
        _texts(sorted(kinds_of(schema, option.target))),
    ]
    if option.tags:
        arguments.append(f"tags={_texts(option.tags)}")
    if option.needs:
        arguments.append(f"needs={_texts(option.needs)}")
    return _call("Option", arguments)


def _rule(rule: Rule) -> str:
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
        arguments.append(f"knows={rule.knows}")
    if rule.severity != literal("error"):
        arguments.append(f"severity={rule.severity}")
    return _call("Rule", arguments)


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
