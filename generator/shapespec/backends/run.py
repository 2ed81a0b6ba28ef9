"""Every backend, and the files that targets are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapespec.backends.dataclasses import Dataclasses
from shapespec.backends.docs import Docs
from shapespec.backends.files import OutputFile
from shapespec.backends.ir import ResolvedSchema
from shapespec.backends.json_schema import JsonSchema
from shapespec.backends.models import Pydantic, TypedDict
from shapespec.backends.openapi import OpenApi
from shapespec.backends.protocol import Backend
from shapespec.backends.site import Site
from shapespec.backends.sql import Sql
from shapespec.backends.strategies import Strategies
from shapespec.backends.typescript import TypeScript
from shapespec.backends.validators import Validators
from shapespec.contract.schema import Schema

BACKENDS: tuple[Backend, ...] = (
    JsonSchema(),
    Dataclasses(),
    Validators(),
    Docs(),
    Strategies(),
    Sql(),
    Pydantic(),
    TypedDict(),
    TypeScript(),
    OpenApi(),
    Site(),
    ResolvedSchema(),
)


def run_backends(schema: Schema, targets: Iterable[str]) -> Iterator[OutputFile]:
    """The files of targets, and of those that they require.

    Raises:
        Unusable: A target of another distribution is faulty, or there is none.
    """
    built_in = {backend.name: backend for backend in BACKENDS}
    plugins: dict[str, Backend] = {}
    wanted: set[str] = set()
    pending = [*targets]
    while pending:
        name = pending.pop()
        if name in wanted:
            continue
        wanted.add(name)
        if name not in built_in:
            plugins[name] = _plugin(name)
        pending += (built_in.get(name) or plugins[name]).requires
    for backend in BACKENDS:
        if backend.name in wanted:
            for file in backend.generate(schema):
                yield file._replace(target=backend.name)
    for name in sorted(plugins):
        yield from _run_plugin(plugins[name], schema)


def _plugin(name: str) -> Backend:
    from shapespec.backends.plugins import load_plugin

    return load_plugin(name)


def _run_plugin(backend: Backend, schema: Schema) -> Iterator[OutputFile]:
    from shapespec.backends.plugins import run_plugin

    for file in run_plugin(backend, schema):
        yield file._replace(target=backend.name)
