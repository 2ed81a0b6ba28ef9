"""Checks on what made-up responses are made of: places, words, values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from shapespec.contract import schema as ir
from shapespec.contract.judge import problem
from shapespec.contract.words import Words, words_in
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located
from shapespec.ground.values import Json


def check_samples(schema: ir.Schema) -> Iterator[Diagnostic]:
    """Faults in the samples of a spec."""
    declared: list[str] = []
    for name, texts in schema.samples.words.items():
        for text in texts:
            yield from _words(Located(text.value, text.span), declared)
        declared.append(name)
    targets = _targets(schema)
    words = Words(schema.samples, Random(0))
    for sample in schema.samples.values.values():
        target = targets.get(sample.place)
        if target is None:
            yield catalogue.unknown_sample_place(
                Located(sample.place, sample.span), targets
            )
            continue
        for value in sample.values:
            unknown = [*_words(value, declared)]
            yield from unknown
            wrong = None if unknown else _problem(schema, target, value.value, words)
            if wrong is not None:
                yield catalogue.invalid_value(value, "sample", wrong)


def _targets(schema: ir.Schema) -> dict[str, str]:
    """The shape of every place that a sample can be for."""
    found = {shape.id: shape.id for shape in schema.named_shapes()}
    for shape in schema.named_shapes():
        if isinstance(shape, ir.Structure | ir.Union):
            for member in shape.members:
                found[f"{shape.id}.{member.name}"] = member.target
    return found


def _words(at: Located[Json], known: list[str]) -> Iterator[Diagnostic]:
    for word in words_in(at.value):
        if word not in known:
            yield catalogue.unknown_sample_word(at, word, known)


def _problem(schema: ir.Schema, target: str, value: Json, words: Words) -> str | None:
    """The first thing that is wrong with a value; structures may lack members."""
    shape = schema.shapes[target]
    match shape, value:
        case ir.Structure(members=members) | ir.Union(members=members), dict():
            targets = {member.name: member.target for member in members}
            for name, item in value.items():
                if name not in targets:
                    return f"`{shape.id}` has no member `{name}`"
                wrong = (
                    None
                    if item is None
                    else _problem(schema, targets[name], item, words)
                )
                if wrong:
                    return f"`{name}`: {wrong}"
            return None
        case ir.Tuple(), list():
            every = ((shape.at(index), one) for index, one in enumerate(value))
            found = (_problem(schema, to, one, words) for to, one in every if to)
            return next((wrong for wrong in found if wrong), None)
        case ir.List(member=member), list():
            found = (_problem(schema, member, item, words) for item in value)
            return next((wrong for wrong in found if wrong), None)
        case ir.Map(key=key, value=inner), dict():
            for name, item in value.items():
                wrong = _problem(schema, key, name, words)
                wrong = wrong or _problem(schema, inner, item, words)
                if wrong:
                    return wrong
            return None
        case ir.Enum(values=values, open=True), str():
            known = {one.value for one in values}
            return (
                None if value in known else f"`{value}` is not a value of `{shape.id}`"
            )
        case _, str():
            filled = words.fill(value)
            if isinstance(shape, ir.Timestamp) and isinstance(filled, datetime):
                return None
            return problem(schema, target, filled)
        case _:
            return problem(schema, target, value)
