"""The examples of a description, judged by us and by another validator of OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from openapi_schema_validator import OAS30ReadValidator, OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from shapespec.api import Answers
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
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
    """

    place: str
    errors: tuple[tuple[str, str, str], ...] = ()
    theirs: bool | None = None
    failed: str | None = None
    agreed: bool = True


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
