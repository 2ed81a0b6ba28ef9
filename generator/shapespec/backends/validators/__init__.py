"""Validators: one that is fast, one that finds every fault, and the two in front."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends import python_package, table
from shapespec.backends.environment import literal, render
from shapespec.backends.files import OutputFile
from shapespec.backends.validators import modules
from shapespec.backends.validators.accept import AcceptLowering
from shapespec.backends.validators.rules import lower_rules
from shapespec.contract.schema import Schema, Structure, Union
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """The target `validators`."""

    name: str = "validators"
    requires: tuple[str, ...] = ()

    def generate(self, schema: Schema) -> Iterator[OutputFile]:
        """The modules of the package that judge responses."""
        header = python_package.header(schema)
        rules = lower_rules(schema)
        accept = AcceptLowering(schema, rules)
        yield python_package.module(
            schema,
            "validators.py",
            render(
                "validators/validators.py.jinja",
                header=header,
                default_shape=python_package.default_shape(schema),
                respells=schema.respells,
                history=bool(schema.ledger.histories),
                kept=bool(accept.kept),
                inline=any(
                    not shape.named
                    for shape in schema.shapes.values()
                    if accept.is_root(shape)
                ),
                loose=[literal(shape.id) for shape in _loose(schema)],
                extras=[literal(name) for name in _extras(schema)],
            ),
            exports=("is_valid", "validate"),
        )
        yield python_package.module(
            schema,
            "_full.py",
            render(
                "validators/full.py.jinja",
                header=header,
                frame=not python_package.owns_frame(schema),
                respells=schema.respells,
                kept=bool(accept.kept),
                history=bool(schema.ledger.histories),
            ),
        )
        yield python_package.module(schema, "_accept.py", modules.accept(accept))
        yield python_package.module(schema, "_contract.py", table.lower(schema, rules))
        if rules.by_structure:
            yield python_package.module(
                schema,
                "_rules.py",
                render("validators/rules.py.jinja", header=header, rules=rules),
            )
        yield from python_package.runtime(schema)


def _extras(schema: Schema) -> Iterator[str]:
    """What some form adds to a response, and no structure has as a member."""
    members = {
        member.name
        for shape in schema.shapes.values()
        if isinstance(shape, Structure | Union)
        for member in shape.members
    }
    yield from sorted(schema.extra_members - members)


def _loose(schema: Schema) -> Iterator[Structure]:
    """Structures that need no member, where a form spells members otherwise."""
    if schema.respells:
        for shape in schema.named_shapes():
            if isinstance(shape, Structure) and not any(
                member.required for member in shape.members
            ):
                yield shape
