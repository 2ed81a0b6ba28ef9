"""The validators that are compared, each in the fastest way it has."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.session
import click
import fastjsonschema
import jsonschema
import jsonschema_rs
import msgspec
import orjson
import pydantic
from botocore.validate import ParamValidator

import sagemaker_training_job as ours
from shapespec.accelerate import accelerate
from shapespec.contract import schema as ir
from shapespec.ground.errors import Unusable
from tests.benchmarks import models
from tests.support import ROOT

ROOT_SHAPE = "DescribeTrainingJobResponse"
OURS = "shapespec"


@dataclass(frozen=True, slots=True)
class Peer:
    """One validator.

    Attributes:
        name: With its version.
        is_valid: Whether a response is right.
        faults: How many faults it has, all of them found; none where a validator stops
            at the first.
        from_json: Whether the bytes of a response are right, with the parser that its
            users would take; none where they have to parse with another library.
    """

    name: str
    is_valid: Callable[[Any], bool]
    faults: Callable[[Any], int] | None = None
    from_json: Callable[[bytes], bool] | None = None


def json_schema(root: str = ROOT_SHAPE) -> Any:
    """Our JSON Schema of the flagship."""
    folder = ROOT / "generated" / "json_schema" / "sagemaker_training_job"
    return json.loads((folder / f"{root}.json").read_text("utf-8"))


def plain_ends(schema: Any) -> Any:
    """The same with `$` in place of `$(?!\\n)`, which means the same to Rust.

    Without the look-ahead jsonschema-rs takes its faster engine.
    """
    match schema:
        case dict():
            return {
                key: value.replace("$(?!\\n)", "$")
                if key == "pattern" and isinstance(value, str)
                else plain_ends(value)
                for key, value in schema.items()
            }
        case list():
            return [plain_ends(item) for item in schema]
        case _:
            return schema


def load_models(schema: ir.Schema, dialect: models.Dialect) -> ModuleType:
    """The models of a library, as a module."""
    module = ModuleType(dialect.name)
    sys.modules[module.__name__] = module  # where annotations are looked up
    exec(models.source(schema, dialect), vars(module))  # noqa: S102 - made just here
    return module


def all_peers(schema: ir.Schema, scratch: Path) -> list[Peer]:
    """Ours first, then the others from the fastest on."""
    compiled = compiled_peer(scratch)
    return [
        ours_as_peer(),
        *([compiled] if compiled else ()),
        *rust_peers(),
        msgspec_peer(schema),
        pydantic_peer("pydantic, tuned model", schema, models.PYDANTIC),
        pydantic_peer("pydantic model_validate", schema, models.PLAIN_PYDANTIC),
        fastjsonschema_peer(),
        jsonschema_peer(),
    ]


def ours_as_peer() -> Peer:
    def faults(response: Any) -> int:
        return sum(one.severity == "error" for one in ours.validate(response))

    return Peer(
        OURS,
        ours.is_valid,
        faults,
        partial(_after_orjson, ours.is_valid),
    )


def compiled_peer(folder: Path) -> Peer | None:
    """Ours after `shapespec accelerate`; none where there is no compiler."""
    package = folder / "sagemaker_training_job_compiled"
    unwanted = shutil.ignore_patterns("__pycache__", "_compiled*")
    shutil.copytree(Path(ours.__path__[0]), package, ignore=unwanted)
    try:
        accelerate(package)
    except Unusable as error:
        click.echo(f"not measured: {error}", err=True)
        return None
    sys.path.insert(0, str(folder))
    module: Any = importlib.import_module(package.name)
    is_valid: Callable[[Any], bool] = module.is_valid
    assert f"{package.name}._compiled" in sys.modules
    return Peer(f"{OURS}, compiled", is_valid, None, partial(_after_orjson, is_valid))


def rust_peers() -> list[Peer]:
    """jsonschema-rs with our schema as it is, and tuned for its faster engine."""
    found = []
    for name, schema in (
        ("jsonschema-rs, tuned schema", plain_ends(json_schema())),
        ("jsonschema-rs", json_schema()),
    ):
        validator = jsonschema_rs.validator_for(schema)
        found.append(
            Peer(
                name,
                validator.is_valid,
                partial(_count_errors, validator),
                partial(_after_orjson, validator.is_valid),
            )
        )
    return found


def msgspec_peer(schema: ir.Schema) -> Peer:
    model: Any = vars(load_models(schema, models.MSGSPEC))[f"T_{ROOT_SHAPE}"]
    decoder = msgspec.json.Decoder(model)
    return Peer(
        "msgspec convert",
        _unless(
            msgspec.ValidationError, lambda response: msgspec.convert(response, model)
        ),
        None,
        _unless(msgspec.ValidationError, decoder.decode),
    )


def pydantic_peer(name: str, schema: ir.Schema, dialect: models.Dialect) -> Peer:
    """Pydantic with our patterns as they are, or tuned for its faster engine."""
    model: Any = vars(load_models(schema, dialect))[f"T_{ROOT_SHAPE}"]

    def faults(response: Any) -> int:
        try:
            model.model_validate(response)
        except pydantic.ValidationError as error:
            return len(error.errors())
        return 0

    return Peer(
        name,
        _unless(pydantic.ValidationError, model.model_validate),
        faults,
        _unless(pydantic.ValidationError, model.model_validate_json),
    )


def fastjsonschema_peer() -> Peer:
    check = fastjsonschema.compile(json_schema())
    is_valid = _unless(fastjsonschema.JsonSchemaException, check)
    return Peer("fastjsonschema", is_valid, None, partial(_after_orjson, is_valid))


def jsonschema_peer() -> Peer:
    validator = jsonschema.Draft202012Validator(json_schema())
    return Peer(
        "jsonschema",
        validator.is_valid,
        partial(_count_errors, validator),
        partial(_after_orjson, validator.is_valid),
    )


def botocore_peer(shape: str) -> Peer:
    """Botocore's check of parameters: types, required members, least values."""
    session: Any = botocore.session.get_session()
    model = session.get_service_model("sagemaker").shape_for(shape)
    validator: Any = ParamValidator()
    return Peer(
        "botocore ParamValidator",
        lambda value: not validator.validate(value, model).has_errors(),
    )


def versions() -> str:
    """What was compared."""
    names = (
        "jsonschema-rs",
        "msgspec",
        "pydantic",
        "fastjsonschema",
        "jsonschema",
        "botocore",
        "orjson",
    )
    return ", ".join(f"{name} {version(name)}" for name in names)


def model_file(schema: ir.Schema, dialect: models.Dialect, folder: Path) -> Path:
    """The models of a library, as a file to import."""
    path = folder / f"{dialect.name}.py"
    path.write_text(models.source(schema, dialect), "utf-8")
    return path


def _count_errors(validator: Any, response: Any) -> int:
    return sum(1 for _ in validator.iter_errors(response))


def _after_orjson(is_valid: Callable[[Any], bool], text: bytes) -> bool:
    return is_valid(orjson.loads(text))


def _unless(error: type[Exception], check: Callable[[Any], object]) -> Any:
    def is_valid(value: Any) -> bool:
        try:
            check(value)
        except error:
            return False
        return True

    return is_valid
