"""One service of the sweep: from its model to samples that two validators judge."""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
import time
import traceback
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from shapespec.backends.targets import DEFAULT_TARGETS
from shapespec.compiler import compile_spec, generate
from shapespec.contract.places import extent
from shapespec.contract.schema import Schema, String
from shapespec.drafts import Finished, finish
from shapespec.drafts.reach import claiming
from shapespec.ground.source import SourceFile
from shapespec.ground.writing import open_root
from shapespec.importers.botocore.parse import load
from shapespec.importers.botocore.spec import draft
from shapespec.project.output import Folder

T = TypeVar("T")

SAMPLES = 3
"""Samples of each operation's output."""

ODD: tuple[Any, ...] = ({}, [], None, {"": {}}, {"ResponseMetadata": {}})
"""Responses that need no sampler: right for some shapes, wrong for others."""


@dataclass
class Result:
    """What became of a service.

    Attributes:
        translated: Patterns that every engine has.
        refused: Patterns that were left out, by the reason.
        notes: What was not carried over as it is, by limitation.
        agreed: Samples on which both validators say the same, and what was meant.
        disagreed: The others, as texts.
        unmade: Outputs of which no sample could be made.
        places: The places of the output that has most.
        depth: The shapes within each other of the output that is deepest.
        fault: The traceback, if there is one.
        seconds: By step.
        peak: Most memory of the process [MB].
    """

    service: str
    operations: int = 0
    shapes: int = 0
    translated: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])
    notes: Counter[str] = field(default_factory=Counter[str])
    agreed: int = 0
    disagreed: list[str] = field(default_factory=list[str])
    unmade: list[str] = field(default_factory=list[str])
    places: int = 0
    depth: int = 0
    fault: str = ""
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    peak: float = 0.0


def sweep(service: str) -> Result:
    """What becomes of a service; never raises."""
    result = Result(service)
    try:
        with tempfile.TemporaryDirectory() as folder:
            _through(result, Path(folder))
    except Exception:  # noqa: BLE001 - whatever it is, it is what the sweep looks for
        result.fault = traceback.format_exc()
    result.peak = _peak()
    return result


def _through(result: Result, folder: Path) -> None:
    finished = _timed(result, "import", lambda: _imported(result.service))
    result.operations, result.shapes = finished.operations, finished.shapes
    for noted in finished.notes:
        result.notes[noted.note.rule] += 1
        if noted.note.rule == "unsupported-pattern":
            result.refused[noted.note.said.rpartition("`: ")[2]] += 1
    source = SourceFile(f"{result.service}.yaml", finished.text)
    schema = _timed(result, "generate", lambda: _generated(source, folder))
    result.translated = sum(
        isinstance(shape, String) and shape.pattern is not None
        for shape in schema.shapes.values()
    )
    package = _timed(result, "load", lambda: _loaded(schema, folder))
    _timed(result, "samples", lambda: _judged(result, schema, package, folder))


def _timed(result: Result, step: str, run: Callable[[], T]) -> T:
    began = time.perf_counter()
    made = run()
    result.seconds[step] = time.perf_counter() - began
    return made


def _imported(service: str) -> Finished:
    return finish(claiming(draft(service, load(service))))


def _generated(source: SourceFile, folder: Path) -> Schema:
    schema = compile_spec(source)
    files = generate(schema, DEFAULT_TARGETS)
    with open_root(folder) as root:
        place = Folder(root, schema.package)
        place.apply(place.changes(files, DEFAULT_TARGETS))
    return schema


def _loaded(schema: Schema, folder: Path) -> Any:
    """The package, with all its modules loaded, as from any folder on the path."""
    sys.path.insert(0, str(folder / "python"))
    package = importlib.import_module(schema.package)
    for module in (folder / "python" / schema.package).glob("*.py"):
        if module.stem != "__init__":
            importlib.import_module(f"{schema.package}.{module.stem}")
    for name in package.__all__:
        getattr(package, name)
    return package


# --- samples --------------------------------------------------------------------------


def _judged(result: Result, schema: Schema, package: Any, folder: Path) -> None:
    """Hold samples of every output against both validators."""
    make = _sampler(schema, package)
    outputs = dict.fromkeys(one.output for one in schema.operations if one.output)
    extents = [extent(schema, root) for root in outputs]
    result.places = max((one.places for one in extents), default=0)
    result.depth = max((one.depth for one in extents), default=0)
    for root in outputs:
        file = folder / "json_schema" / schema.package / f"{root}.json"
        accepts = _by_json_schema(json.loads(file.read_text("utf-8")))
        samples = make(root)
        if samples is None:
            result.unmade.append(root)
        for sample, meant in [
            *((sample, True) for sample in samples or ()),
            *((odd, None) for odd in ODD),
        ]:
            ours = package.is_valid(sample, shape=root)
            theirs = accepts(sample)
            if ours == theirs and meant in (ours, None):
                result.agreed += 1
            else:
                said = f"{root}: meant {meant}, ours {ours}, JSON Schema {theirs}"
                result.disagreed.append(f"{said}: {json.dumps(sample)[:200]}")


def _by_json_schema(document: Any) -> Callable[[Any], bool]:
    """A validator of a schema: jsonschema-rs where it is installed, else jsonschema."""
    if find_spec("jsonschema_rs"):
        made = importlib.import_module("jsonschema_rs").Draft202012Validator(document)
    else:
        made = importlib.import_module("jsonschema").Draft202012Validator(document)
    accepts: Callable[[Any], bool] = made.is_valid
    return accepts


def _sampler(schema: Schema, package: Any) -> Callable[[str], list[Any] | None]:
    """What makes right responses of a shape; none of one that cannot be made.

    Where `shapespec.tools.samples` is not there, it makes no responses.
    """
    if not find_spec("shapespec.tools.samples"):
        return lambda _: []
    samples = importlib.import_module("shapespec.tools.samples")
    maker = samples.Sampler(schema, package)

    def make(root: str) -> list[Any] | None:
        try:
            return [_as_json(one) for one in maker.valid(root, count=SAMPLES)]
        except samples.NoSample:
            return None

    return make


def _as_json(sample: Any) -> Any:
    """A sample as JSON has it: moments and bytes as texts."""

    def text(value: Any) -> str:
        if isinstance(value, bytes):
            return b64encode(value).decode("ascii")
        return str(value.isoformat())

    return json.loads(json.dumps(sample, default=text))


def _peak() -> float:
    """The most memory that this process has had [MB]; 0 where no system tells."""
    if not find_spec("resource"):
        return 0.0
    resource = importlib.import_module("resource")
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / scale
