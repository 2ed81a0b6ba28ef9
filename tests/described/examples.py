"""The examples of a description, judged by us and by another validator of OpenAPI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from openapi_schema_validator import OAS30ReadValidator, OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from shapespec.api import Answers
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from shapespec.ground.pointer import pointer_to
from shapespec.importers.openapi.files import Place

HOME = "urn:described"


class Verdict(NamedTuple):
    """What became of an example.

    Attributes:
        place: Where it is: the operation, the status and the pointer.
        errors: What we find: rule, pointer and message.
        theirs: Whether the other validator takes it; none where it cannot say.
        failed: Why we have no contract for it, if so.
        agreed: Whether `is_valid` and `validate` agree.
        alone: Whether it is no answer.
    """

    place: str
    errors: tuple[tuple[str, str, str], ...] = ()
    theirs: bool | None = None
    failed: str | None = None
    agreed: bool = True
    alone: bool = False


class Peer:
    """Another validator of OpenAPI's schemas, with nothing of ours in it."""

    def __init__(self, root: Any, version: str) -> None:
        """Know all schemas of a description."""
        self._kind = OAS30ReadValidator if version.startswith("3.0") else OAS31Validator
        resource = Resource(contents=root, specification=DRAFT202012)
        self._registry: Any = Registry().with_resource(HOME, resource)

    def is_valid(self, schema: Place, value: object) -> bool | None:
        """Whether a value is valid; none where it fails itself."""
        pointed = {"$ref": f"{HOME}#{schema.pointer}"}
        try:
            return bool(self._kind(pointed, registry=self._registry).is_valid(value))
        except Exception:  # noqa: BLE001 - whatever fails there is not our verdict
            return None


def judged(file: Path, limit: int | None = None) -> Iterator[Verdict]:
    """The verdict of each example of an answer that is JSON.

    Args:
        file: The description.
        limit: How many examples are judged, at most.
    """
    answers = Answers(file)
    description = answers.description
    peer = Peer(description.root.value, description.version)
    count = 0
    for operation in description.operations:
        for answer in operation.answers:
            body = answer.body
            found = [*body.examples(description.files)] if body is not None else []
            if body is None or body.schema is None or not found:
                continue
            try:
                contract = answers.contract(operation, answer)
            except (Unusable, Faults) as error:
                yield Verdict(f"{operation} {answer.status}", failed=str(error))
                continue
            for example in found:
                if limit is not None and count >= limit:
                    return
                count += 1
                findings = contract.validate(example.value)
                errors = [one for one in findings if one.severity == "error"]
                yield Verdict(
                    f"{operation} {answer.status} {example.pointer}",
                    tuple((one.rule, one.pointer, one.message) for one in errors),
                    peer.is_valid(body.schema, example.value),
                    agreed=contract.is_valid(example.value) == (not errors),
                )


# --- examples that are no answers -------------------------------------------------


class Shown(NamedTuple):
    """An example, and the place of the schema that it is one of."""

    kind: str
    schema: str
    value: Any


_AT_ONCE = 400
"""How many examples are judged by one contract."""


def shown(root: Any, fixtures: Any) -> Iterator[Shown]:
    """The examples of schemas and their properties, of parameters and of requests.

    Args:
        root: The description.
        fixtures: Resources by the `x-resourceId` of their schemas; none without any.
    """
    pending: list[tuple[Any, tuple[str | int, ...], bool]] = [(root, (), False)]
    while pending:
        value, way, named = pending.pop()
        if isinstance(value, list):
            pending += [(one, (*way, at), False) for at, one in enumerate(value)]
        if not isinstance(value, dict):
            continue
        here = f"#{pointer_to(way)}"
        if not named:
            yield from _own(value, here, way)
            found = fixtures.get(value.get("x-resourceId"))
            if found is not None:
                yield Shown("fixture", here, found)
        for name, one in value.items():
            if named or name not in ("example", "examples", "default", "enum"):
                pending.append((one, (*way, name), name == "properties" and not named))


def _own(
    value: dict[str, Any], here: str, way: tuple[str | int, ...]
) -> Iterator[Shown]:
    if "responses" in way and "schema" not in way:
        return  # those of answers are judged by the contracts of these
    in_schema = "schema" in way or way[:2] == ("components", "schemas")
    place = here if in_schema else f"{here}/schema"
    if not in_schema and "schema" not in value:
        return
    kind = "schema" if in_schema else "body" if "content" in way else "parameter"
    if "example" in value:
        yield Shown(kind, place, value["example"])
    several = value.get("examples")
    if isinstance(several, list) and in_schema:
        yield from (Shown(kind, place, one) for one in several)
    if isinstance(several, dict):
        for one in several.values():
            if isinstance(one, dict) and "value" in one:
                yield Shown(kind, place, one["value"])


def judged_alone(file: Path, fixtures: Path | None = None) -> Iterator[Verdict]:
    """The verdicts of examples that are no answers, each by its own schema.

    A description that answers with all of them, each as a member, is imported for that.
    """
    root = json.loads(file.read_text("utf-8"))
    resources = json.loads(fixtures.read_text("utf-8")) if fixtures else {}
    every = [*shown(root, resources.get("resources", {}))]
    peer = Peer(root, root["openapi"])
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        properties = {f"e{at}": {"$ref": one.schema} for at, one in enumerate(some)}
        body = {"schema": {"type": "object", "properties": properties}}
        answer = {"description": "all", "content": {"application/json": body}}
        path = {"get": {"operationId": "all", "responses": {"200": answer}}}
        with TemporaryDirectory() as folder:
            text = json.dumps({**root, "paths": {**root["paths"], "/all": path}})
            Path(folder, "all.json").write_text(text, "utf-8")
            yield from _each(Path(folder, "all.json"), some, peer)


def _each(file: Path, some: list[Shown], peer: Peer) -> Iterator[Verdict]:
    answers = Answers(file)
    operation = answers.description.find("all")
    try:
        contract = answers.contract(operation, operation.answers[0])
    except (Unusable, Faults) as error:
        yield Verdict(f"{some[0].schema} and those behind it", failed=str(error))
        return
    for at, one in enumerate(some):
        value = {f"e{at}": one.value}
        found = [each for each in contract.validate(value) if each.severity == "error"]
        schema = Place({}, "", one.schema.removeprefix("#"))
        yield Verdict(
            f"{one.kind} {one.schema}",
            tuple((each.rule, each.pointer, each.message) for each in found),
            peer.is_valid(schema, one.value),
            agreed=contract.is_valid(value) == (not found),
            alone=True,
        )
