"""From the schema to the modules that know how each system writes a response."""

from __future__ import annotations

from collections.abc import Iterable

from shapespec.backends.environment import literal
from shapespec.backends.validators.text import pattern_literal
from shapespec.contract import schema as ir
from shapespec.contract.timestamps import text_pattern
from shapespec.records import dataclass
from shapespec.runtime._words import alternatives

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
        "moments": literal(alternatives(words)),
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
    if form.keys == "named":
        arguments["named"] = "True"
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
