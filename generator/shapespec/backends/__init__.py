"""The targets: one backend each, all of the same small protocol."""

from __future__ import annotations

from shapespec.backends.dataclasses import Dataclasses
from shapespec.backends.docs import Docs
from shapespec.backends.json_schema import JsonSchema
from shapespec.backends.protocol import Backend
from shapespec.backends.sql import Sql
from shapespec.backends.validators import Validators

BACKENDS: tuple[Backend, ...] = (
    JsonSchema(),
    Dataclasses(),
    Validators(),
    Docs(),
    Sql(),
)
