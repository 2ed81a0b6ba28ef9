"""Models for pydantic, and typed dictionaries, by way of datamodel-code-generator.

That program reads the JSON Schema that we generate, cut down to what a type can say
(`cut.py`), under options that are all given here. What it writes is read again before
it is handed on (`gate.py`). See generator/adr/0014.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from shapespec.backends import python_package
from shapespec.backends.environment import docstring
from shapespec.backends.files import OutputFile
from shapespec.backends.json_schema import Keywords
from shapespec.backends.models.cut import document
from shapespec.backends.models.gate import check
from shapespec.backends.models.moments import with_moments
from shapespec.backends.models.secrets import hidden, without_entries
from shapespec.backends.sensitive import below_sensitive, hidden_members
from shapespec.contract import naming, schema as ir
from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need
from shapespec.records import dataclass

_PYDANTIC = """Models for pydantic 2: `{root}.model_validate_json(text)`.

They read what boto3 returns, and JSON: a timestamp becomes a datetime with a time \
zone; a member may be given by its own name or by that in Python. They know types, \
bounds, patterns and required members. A value that the contract does not know \
passes, and so does a member, unless its structure is closed. So do null where a \
member may be absent, what only a rule across members forbids, a tag that tells \
structures apart, an item that is there twice, and a number with a fraction that is \
not listed: for these there are the validators made from the same spec."""

_TYPED_DICT = """Typed dictionaries of what boto3 returns: `def read(job: {root})`.

Timestamps are datetimes, values of an open enum are literals or any other text, \
bytes are bytes, and members are not required unless every response has them."""

_MSGSPEC = """Structs for msgspec: `msgspec.convert(response, type={root})`.

So they take what boto3 returns. `msgspec.json.decode(body, type={root}, \
strict=False)` takes JSON, and timestamps that are numbers, as AWS sends them. Open \
enums are text: msgspec has no union of literals and text. Where a value is one of \
several structures, it is any object: msgspec tells no two structs apart that have no \
tag of their own. Multiples of a fraction are not checked: msgspec takes the remainder \
of floats, which is seldom 0. Members that the contract does not know are dropped, \
those of closed structures, too."""

_HIDES = """

What is sensitive is not in the `repr` of a model, and an error shows no input; only \
`errors()` has it, unless called with `include_input=False`. An error names the keys \
that lead to a value, so a map whose keys are sensitive takes any entry."""

_SHOWN = """

A dictionary hides nothing: what is sensitive is in its `repr` like all the rest."""

_SHOWN_BY_STRUCTS = """

A struct hides nothing: what is sensitive is in its `repr` like all the rest."""

_OPTIONS = {
    "input_file_type": "jsonschema",
    "schema_version": "2020-12",
    "target_python_version": "3.11",
    "formatters": [],
    "disable_timestamp": True,
    "use_annotated": True,
    "use_type_alias": True,
    "use_typed_nullable_map_values": True,
    "use_schema_description": True,
    "strict_nullable": True,
    "strict_types": ["str", "int", "float", "bool"],
    "enum_field_as_literal": "all",
}
"""All that is left to that program to decide; layout is ruff's."""


@dataclass(frozen=True, slots=True)
class Pydantic:
    """The target `pydantic`."""

    name: str = "pydantic"
    requires: tuple[str, ...] = ()

    def generate(self, schema: ir.Schema) -> Iterator[OutputFile]:
        """One module, beside the package."""
        members = hidden_members(schema)
        secret = bool(below_sensitive(schema))
        text = _run(
            document(without_entries(schema), members, opened=True),
            output_model_type="pydantic_v2.BaseModel",
            custom_file_header=_header(schema, _PYDANTIC + _HIDES * secret),
            allow_population_by_field_name=True,
            aliases=_attributes(schema),
            field_extra_keys={"repr"},
        )
        text = with_moments(text, schema)
        if secret:
            text = hidden(text, schema)
        yield OutputFile(f"python/{schema.package}_pydantic.py", text)


@dataclass(frozen=True, slots=True)
class TypedDict:
    """The target `typed-dict`."""

    name: str = "typed-dict"
    requires: tuple[str, ...] = ()

    def generate(self, schema: ir.Schema) -> Iterator[OutputFile]:
        """One module, beside the package."""
        secret = bool(below_sensitive(schema))
        text = _run(
            document(_as_returned(schema), returned=True),
            output_model_type="typing.TypedDict",
            output_datetime_class="datetime",
            use_field_description=True,
            custom_file_header=_header(schema, _TYPED_DICT + _SHOWN * secret),
        )
        yield OutputFile(f"python/{schema.package}_typed_dict.py", text)


@dataclass(frozen=True, slots=True)
class Msgspec:
    """The target `msgspec`."""

    name: str = "msgspec"
    requires: tuple[str, ...] = ()

    def generate(self, schema: ir.Schema) -> Iterator[OutputFile]:
        """One module, beside the package."""
        secret = bool(below_sensitive(schema))
        text = _run(
            document(schema, known=False, several=False),
            output_model_type="msgspec.Struct",
            output_datetime_class="datetime",
            custom_file_header=_header(schema, _MSGSPEC + _SHOWN_BY_STRUCTS * secret),
            aliases=_attributes(schema),
        )
        yield OutputFile(f"python/{schema.package}_msgspec.py", text)


def _as_returned(schema: ir.Schema) -> ir.Schema:
    """The schema as boto3 returns it: null is nothing that an absent member is."""
    return replace(
        schema,
        shapes={
            name: _never_null(shape)
            if isinstance(shape, ir.Structure | ir.Union)
            else shape
            for name, shape in schema.shapes.items()
        },
    )


def _never_null(shape: ir.Structure | ir.Union) -> ir.Structure | ir.Union:
    members = tuple(
        replace(one, null="invalid") if one.null == "absent" else one
        for one in shape.members
    )
    return replace(shape, members=members)


def _header(schema: ir.Schema, doc: str) -> str:
    root = naming.class_name(python_package.main_root(schema) or schema.roots[0])
    said = docstring(doc.format(root=root), 0)
    end = "\n" if "\n" in said else ""
    return f'{python_package.header(schema)}\n"""{said}{end}"""'


def _attributes(schema: ir.Schema) -> dict[str, str]:
    """The names that members have in our classes, unless each model has one such."""
    _require()
    from pydantic import BaseModel

    reserved = frozenset(dir(BaseModel))
    found = {
        f"{shape.python}.{member.name}": member.python
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Structure | ir.Union)
        for member in shape.members
    }
    return {at: f"{name}_" if name in reserved else name for at, name in found.items()}


def _require() -> None:
    """Ask for the program before anything is begun.

    Raises:
        Unusable: It is not installed, or too old.
    """
    need("datamodel-code-generator", "models")


def _run(given: Keywords, **options: object) -> str:
    """What datamodel-code-generator makes of a JSON Schema.

    Raises:
        Unusable: It is not installed, or made something that is not only types.
    """
    _require()
    from datamodel_code_generator import generate
    from datamodel_code_generator.config import GenerateConfig

    config = GenerateConfig.model_validate({**_OPTIONS, **options})
    text = generate(given, config=config)
    if not isinstance(text, str):
        raise Unusable("datamodel-code-generator did not write a single module")
    return check(text)
