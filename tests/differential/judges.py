"""The validators that judge: ours, three of JSON Schema, and our models and types."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import fastjsonschema
import jsonschema
import jsonschema_rs
import msgspec
import pydantic

from shapespec.compiler import compile_spec, generate
from shapespec.contract import schema as ir
from shapespec.project.files import read_source, siblings
from shapespec.tools.samples import Sampler
from tests.support import FLAGSHIP

EVERY_CONSTRUCT = Path(__file__).with_name("every_construct.yaml")

_count = itertools.count()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Contract:
    """A contract with all who judge its responses.

    Attributes:
        root: The shape of a response.
        sampler: Makes responses, and has the generated validator.
        peers: What each other validator says of a response, by the validator's name.
    """

    root: str
    sampler: Sampler
    peers: Mapping[str, Callable[[Any], bool]]

    @property
    def name(self) -> str:
        """What the contract is called."""
        return self.sampler.schema.package


@cache
def contracts() -> tuple[Contract, ...]:
    """The contracts whose responses are judged."""
    return (
        contract(EVERY_CONSTRUCT, "Parcel"),
        contract(FLAGSHIP, "DescribeTrainingJobResponse"),
    )


def contract(spec: Path, root: str) -> Contract:
    """The contract of a spec."""
    schema = compile_spec(read_source(spec, name=spec.name), siblings(spec, spec.name))
    models = ("pydantic", "typed-dict", "msgspec")
    files = generate(schema, ("json-schema", *models), layout=False)
    texts = {file.path: file.text for file in files}
    document = json.loads(texts[f"json_schema/{schema.package}/{root}.json"])
    types = {
        name: _type(texts[f"python/{schema.package}_{name.replace('-', '_')}.py"], root)
        for name in models
    }
    return Contract(
        root,
        Sampler(schema),
        {
            "jsonschema": jsonschema.Draft202012Validator(document).is_valid,
            "jsonschema-rs": jsonschema_rs.Draft202012Validator(document).is_valid,
            "fastjsonschema": _fastjsonschema(document),
            "pydantic": _pydantic(types["pydantic"]),
            "typed-dict": _msgspec(types["typed-dict"], schema, root),
            "msgspec": _msgspec(types["msgspec"], schema, root),
        },
    )


def _fastjsonschema(document: Any) -> Callable[[Any], bool]:
    validate = fastjsonschema.compile(document, use_default=False)

    def judge(response: Any) -> bool:
        try:
            validate(response)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    return judge


def _type(text: str, root: str) -> Any:
    """The type of a root in a generated module."""
    name = f"_models_{next(_count)}"
    module = sys.modules[name] = ModuleType(name)
    exec(compile(text, f"<{name}>", "exec", dont_inherit=True), vars(module))  # noqa: S102 - it is what is judged
    return vars(module)[root]


def _pydantic(model: Any) -> Callable[[Any], bool]:
    """What pydantic says by a model of its own, or by a TypedDict."""
    adapter = pydantic.TypeAdapter[Any](model)

    def judge(response: Any) -> bool:
        try:
            adapter.validate_python(response)
        except pydantic.ValidationError:
            return False
        return True

    return judge


def _msgspec(type_: Any, schema: ir.Schema, root: str) -> Callable[[Any], bool]:
    """What msgspec says by a struct, or by a TypedDict, of what boto3 returns."""

    def judge(response: Any) -> bool:
        try:
            msgspec.convert(_returned(schema, root, response), type_)
        except msgspec.ValidationError:
            return False
        return True

    return judge


def _returned(schema: ir.Schema, name: str, value: Any) -> Any:
    """A response with datetimes in place of numbers, as a client returns it."""
    match schema.shapes[name], value:
        case ir.Timestamp(), int() | float() if not isinstance(value, bool):
            try:
                return _EPOCH + timedelta(seconds=value)
            except (OverflowError, ValueError):
                return value
        case ir.Structure() | ir.Union() as shape, dict():
            targets = {one.name: one.target for one in shape.members}
            return {
                key: _returned(schema, targets[key], one) if key in targets else one
                for key, one in value.items()
            }
        case ir.List(member=member), list():
            return [_returned(schema, member, one) for one in value]
        case ir.Map(value=inner), dict():
            return {key: _returned(schema, inner, one) for key, one in value.items()}
        case _:
            return value
