"""Every backend, and the files that targets are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module

from shapespec.backends.files import OutputFile
from shapespec.backends.protocol import Backend
from shapespec.contract.schema import Schema

BACKENDS = (
    ("json-schema", "json_schema", "JsonSchema"),
    ("dataclasses", "dataclasses", "Dataclasses"),
    ("validators", "validators", "Validators"),
    ("docs", "docs", "Docs"),
    ("json-schema-types", "json_schema.types", "JsonSchemaTypes"),
    ("strategies", "strategies", "Strategies"),
    ("sql", "sql", "Sql"),
    ("pydantic", "models", "Pydantic"),
    ("typed-dict", "models", "TypedDict"),
    ("msgspec", "models", "Msgspec"),
    ("typescript", "typescript", "TypeScript"),
    ("spark-schema", "spark", "SparkSchema"),
    ("openapi", "openapi", "OpenApi"),
    ("site", "site", "Site"),
    ("ir", "ir", "ResolvedSchema"),
)
"""Each target, in the order of its files, with its module and its class there."""


def _load(module: str, made: str) -> Backend:
    backend: Backend = getattr(import_module(f"shapespec.backends.{module}"), made)()
    return backend


def run_backends(schema: Schema, targets: Iterable[str]) -> Iterator[OutputFile]:
    """The files of targets, and of those that they require.

    Raises:
        Unusable: A target of another distribution is faulty, or there is none.
    """
    built_in = {name: (module, made) for name, module, made in BACKENDS}
    loaded: dict[str, Backend] = {}
    plugins: dict[str, Backend] = {}
    pending = [*targets]
    while pending:
        name = pending.pop()
        if name in loaded or name in plugins:
            continue
        if name in built_in:
            found = loaded[name] = _load(*built_in[name])
        else:
            found = plugins[name] = _plugin(name)
        pending += found.requires
    for name in built_in:
        if name in loaded:
            for file in loaded[name].generate(schema):
                yield file._replace(target=name)
    for name in sorted(plugins):
        yield from _run_plugin(plugins[name], schema)


def _plugin(name: str) -> Backend:
    from shapespec.backends.plugins import load_plugin

    return load_plugin(name)


def _run_plugin(backend: Backend, schema: Schema) -> Iterator[OutputFile]:
    from shapespec.backends.plugins import run_plugin

    for file in run_plugin(backend, schema):
        yield file._replace(target=backend.name)
