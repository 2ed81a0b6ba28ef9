"""Small OpenAPI descriptions for tests: what is said once stands here once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shapespec.drafts import Finished, finish
from shapespec.importers.openapi.description import Description, read_description
from shapespec.importers.openapi.spec import draft


def described(
    schemas: dict[str, Any],
    body: Any = None,
    *,
    version: str = "3.1.0",
    request: Any = None,
    **more: Any,
) -> dict[str, Any]:
    """A description of an operation `GET /things/{id}`, which answers with `body`.

    Args:
        schemas: Its components.
        body: The schema of what is answered; else a reference to `Thing`.
        version: Of OpenAPI.
        request: The schema of the body of `PUT /things/{id}`, if there is to be one.
        more: Other keys.
    """
    answer = body if body is not None else {"$ref": "#/components/schemas/Thing"}
    content = {"application/json": {"schema": answer}}
    responses = {"200": {"description": "ok", "content": content}}
    item: dict[str, Any] = {"get": {"operationId": "getThing", "responses": responses}}
    if request is not None:
        sent = {"required": True, "content": {"application/json": {"schema": request}}}
        item["put"] = {
            "operationId": "putThing",
            "requestBody": sent,
            "responses": {"204": {"description": "done"}},
        }
    return {
        "openapi": version,
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things/{id}": item},
        "components": {"schemas": schemas},
        **more,
    }


def written(folder: Path, data: object, name: str = "api.json") -> Path:
    """A description as a file."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data), "utf-8")
    return file


def description(folder: Path, data: object) -> Description:
    """A description, read from a file."""
    return read_description(written(folder, data))


def imported(folder: Path, data: object, *operations: str) -> Finished:
    """The spec of a description."""
    return finish(draft(description(folder, data), operations))
