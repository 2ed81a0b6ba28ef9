"""From the schema to the modules that know how each system writes a response."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapespec.backends.environment import literal
from shapespec.backends.validators.text import pattern_literal
from shapespec.contract import naming, schema as ir
from shapespec.contract.choices import families
from shapespec.contract.timestamps import text_pattern
from shapespec.records import dataclass

_MOMENT_WORDS = {
    "datetime": "a datetime",
    "iso-8601": "an ISO 8601 text",
    "epoch-seconds": "epoch seconds",
    "epoch-milliseconds": "epoch milliseconds",
    "date": "a date",
    "http-date": "an HTTP date",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """A form: where it stands in the module, and its arguments as literals."""

    constant: str
    key: str
    arguments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member of a shape, as literals."""

    name: str
    snake: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """An option of a choice, as literals: its types, tags and needed members."""

    target: str
    types: str
    tags: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """What a shape is made of, as literals."""

    key: str
    kind: str
    target: str
    members: tuple[MemberView, ...]
    kept: tuple[str, ...]
    nulls: tuple[str, ...]
    prefix: tuple[str, ...] = ()
    options: tuple[OptionView, ...] = ()
    tag: str = ""
    snake_tag: str = ""


def forms(schema: ir.Schema) -> tuple[FormView, ...]:
    """Every form; first the one that is meant where none is named."""
    anonymous = ir.Form(
        name="",
        doc=None,
        read=tuple(ir.encodings(schema)),
        write="datetime",
        extra_members=tuple(sorted(schema.extra_members)),
    )
    return tuple(map(_form, (anonymous, *schema.forms)))


def _form(form: ir.Form) -> FormView:
    encodings = frozenset(form.read)
    pattern = text_pattern(encodings)
    words = [word for encoding, word in _MOMENT_WORDS.items() if encoding in encodings]
    arguments = {
        "name": literal(form.name),
        "moments": literal(" or ".join(words)),
        "datetimes": repr("datetime" in encodings),
        "numbers": repr("epoch-seconds" in encodings),
        "milliseconds": repr("epoch-milliseconds" in encodings),
        "text": "None" if pattern is None else pattern_literal(pattern),
        "written": literal(form.write),
    }
    if form.extra_members:
        arguments["extra_members"] = _texts(form.extra_members)
    if form.extra_types:
        types = (
            f"{literal(name)}: {literal(one)}, "
            for name, one in form.extra_types.items()
        )
        arguments["extra_types"] = f"{{{''.join(types)}}}"
    if form.keys == "snake_case":
        arguments["snake_case"] = "True"
    if form.columns:
        arguments["columns"] = _texts(form.columns)
    if form.vectors:
        arguments["vectors"] = "True"
    if form.absent:
        arguments["absent"] = _texts(form.absent)
    if form.envelope is not None:
        arguments["envelope"] = literal(form.envelope.member)
        marks = ", ".join(
            f"{literal(name)}: {literal(mark)}" for name, mark in form.envelope.marks
        )
        arguments["marks"] = f"{{{marks}}}"
    name = form.name.upper().replace("-", "_")
    return FormView(
        constant=f"FORM_{name}" if name else "ANY_FORM",
        key=literal(form.name) if form.name else "None",
        arguments=tuple(arguments.items()),
    )


def _texts(texts: Iterable[str]) -> str:
    return f"({''.join(f'{literal(one)}, ' for one in texts)})"


def parts(schema: ir.Schema) -> Iterator[PartView]:
    """What each shape that has parts is made of; timestamps and documents too."""
    for shape in schema.shapes.values():
        kind, target = "", ""
        members: tuple[ir.Member, ...] = ()
        options: tuple[OptionView, ...] = ()
        prefix: tuple[str, ...] = ()
        tag = ""
        match shape:
            case ir.Structure() | ir.Union():
                kind, members = "structure", shape.members
            case ir.List():
                kind, target = "list", shape.member
            case ir.Tuple():
                kind, target = "tuple", shape.rest or ""
                prefix = tuple(map(literal, shape.prefix))
            case ir.Map():
                kind, target = "map", shape.value
            case ir.Timestamp():
                kind = "timestamp"
            case ir.Document():
                kind = "document"
            case ir.OneOf():
                kind, tag = "one_of", shape.discriminator or ""
                options = tuple(_option(schema, one) for one in shape.options)
        if kind:
            yield PartView(
                key=literal(shape.id),
                kind=literal(kind),
                target=literal(target),
                members=tuple(map(_member, members)),
                kept=tuple(_kept(schema, members)),
                nulls=tuple(
                    literal(member.name)
                    for member in members
                    if member.required and member.nullable
                ),
                prefix=prefix,
                options=options,
                tag=literal(tag),
                snake_tag=literal(naming.snake_case(tag)),
            )


def scalars(schema: ir.Schema) -> Iterator[tuple[str, str]]:
    """Which shapes are numbers or booleans, where a form reads them as text."""
    if any("text" in form.columns for form in schema.forms):
        for shape in schema.shapes.values():
            kind = ""
            match shape:
                case ir.Integer():
                    kind = "integer"
                case ir.Float():
                    kind = "number"
                case ir.Boolean():
                    kind = "boolean"
            if kind:
                yield literal(shape.id), literal(kind)


def _option(schema: ir.Schema, option: ir.Option) -> OptionView:
    pairs = [(name, naming.snake_case(name)) for name in option.needs]
    return OptionView(
        target=literal(option.target),
        types=_texts(sorted(families(schema, option.target))),
        tags=_texts(option.tags),
        needs=f"({''.join(f'{_texts(pair)}, ' for pair in pairs)})",
    )


def _kept(schema: ir.Schema, members: Iterable[ir.Member]) -> Iterator[str]:
    """Required members that may be empty: no form can leave them out by that."""
    if any(form.absent for form in schema.forms):
        for member in members:
            shape = schema.shapes[member.target]
            if member.required and isinstance(
                shape, ir.List | ir.Structure | ir.Document
            ):
                yield literal(member.name)


def _member(member: ir.Member) -> MemberView:
    return MemberView(
        name=literal(member.name),
        snake=literal(naming.snake_case(member.name)),
        target=literal(member.target),
    )
