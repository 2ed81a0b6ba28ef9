"""The validators that judge: ours, three of JSON Schema, and models for pydantic."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import fastjsonschema
import jsonschema
import jsonschema_rs
import pydantic

from shapespec.compiler import compile_spec, generate
from shapespec.project.files import read_source, siblings
from shapespec.tools.samples import Sampler
from tests.support import FLAGSHIP

EVERY_CONSTRUCT = Path(__file__).with_name("every_construct.yaml")

_count = itertools.count()


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
    files = generate(schema, ("json-schema", "pydantic"), layout=False)
    texts = {file.path: file.text for file in files}
    document = json.loads(texts[f"json_schema/{schema.package}/{root}.json"])
    models = texts[f"python/{schema.package}_pydantic.py"]
    return Contract(
        root,
        Sampler(schema),
        {
            "jsonschema": jsonschema.Draft202012Validator(document).is_valid,
            "jsonschema-rs": jsonschema_rs.Draft202012Validator(document).is_valid,
            "fastjsonschema": _fastjsonschema(document),
            "pydantic": _pydantic(models, root),
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


def _pydantic(text: str, root: str) -> Callable[[Any], bool]:
    name = f"_models_{next(_count)}"
    module = sys.modules[name] = ModuleType(name)
    exec(compile(text, f"<{name}>", "exec", dont_inherit=True), vars(module))  # noqa: S102 - it is what is judged
    model: type[pydantic.BaseModel] = vars(module)[root]

    def judge(response: Any) -> bool:
        try:
            model.model_validate(response)
        except pydantic.ValidationError:
            return False
        return True

    return judge
