"""Whole responses for references to show, in the spelling of each form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from shapespec.backends.files import OutputFile
from shapespec.backends.python_package import main_root
from shapespec.compiler import generate
from shapespec.contract import schema as ir
from shapespec.diagnostics.model import Faults
from shapespec.responses.contract import load_modules
from shapespec.tools.examples import ours
from shapespec.tools.samples.draw import Amount, NoSample
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.settle import Wish
from shapespec.tools.samples.written import SampleWriter

_DRAWN = 6
"""Of so many responses the one that shows most is taken."""


_LARGEST = 20_000
_LONGEST = 4_096
_DEEPEST = 40
"""Beyond these a response is not one that a page could show, and none is made."""


def for_readers(schema: ir.Schema, files: Iterable[OutputFile] = ()) -> ir.Schema:
    """The same contract, with an example in each form that can say one.

    Args:
        schema: The contract.
        files: Its generated package, where that is at hand; its modules come along.
    """
    package = tuple(files) or generate(schema, ("dataclasses",), layout=False)
    found = examples(schema, package)
    return replace(schema, examples=found, modules=ours(schema, package))


def examples(
    schema: ir.Schema, files: tuple[OutputFile, ...]
) -> dict[str, dict[str, str]]:
    """For each output a response as JSON text by form; none where none can be made.

    All forms write the same response, so that they can be compared. A contract of
    several roots has one of what each operation gives, and of each root that belongs
    to none, as the service itself writes it.
    """
    main = main_root(schema)
    forms = (None, *(one.name for one in schema.forms)) if main else (None,)
    outputs = (main,) if main else _roots(schema)
    wanted = [root for root in outputs if _size(schema, root, 0) <= _LARGEST]
    if not wanted:
        return {}
    sampler = Sampler(schema, load_modules(schema.package, files))
    found = {root: dict(_written(sampler, root, forms)) for root in wanted}
    return {root: texts for root, texts in found.items() if texts}


def _roots(schema: ir.Schema) -> Iterable[str]:
    """What operations give, and the roots that belong to none."""
    outputs = [one.output for one in schema.operations if one.output is not None]
    named = {shape for one in schema.operations for shape in (one.input, *one.errors)}
    others = [root for root in schema.roots if root not in named]
    return dict.fromkeys((*outputs, *others))


def _written(
    sampler: Sampler, root: str, forms: Iterable[str | None]
) -> Iterator[tuple[str, str]]:
    """A response in the spelling of each form that can say it."""
    wish = Wish(size=Amount.TYPICAL)
    try:
        drawn = [sampler.one(root, f"example/{n}", wish) for n in range(_DRAWN)]
    except (NoSample, Faults):
        return
    response = max(drawn, key=_leaves)
    for form in forms:
        try:
            written = SampleWriter(sampler, root, form).valid(response)
        except NoSample:
            continue
        yield form or "", json.dumps(written, ensure_ascii=False, indent=2)


def _size(schema: ir.Schema, target: str, depth: int) -> int:
    """How many values a response has at least, if all that it may have is there."""
    if depth > _DEEPEST:
        return _LARGEST + 1
    shape = schema.shapes[target]
    match shape:
        case ir.String(length=length) | ir.Blob(length=length):
            return 1 if (length.min or 0) <= _LONGEST else _LARGEST + 1
        case ir.Tuple():
            if target in schema.recursive:
                return len(shape.prefix)
            return sum(_size(schema, one, depth + 1) for _, one in ir.targets(shape))
        case ir.List(length=length) | ir.Map(length=length):
            least = max(1, int(length.min or 0))
            if least > _LARGEST or target in schema.recursive:
                return least
            inner = [_size(schema, one, depth + 1) for _, one in ir.targets(shape)]
            return least * sum(inner)
        case ir.OneOf(options=options):
            if target in schema.recursive:
                return 1
            return max(_size(schema, one.target, depth + 1) for one in options)
        case ir.Structure(members=members) | ir.Union(members=members):
            if target in schema.recursive:
                return len(members)
            total = 0
            for member in members:
                total += _size(schema, member.target, depth + 1)
                if total > _LARGEST:
                    break
            return total
        case _:
            return 1


def _leaves(value: Any) -> int:
    """How much a response shows."""
    if isinstance(value, dict):
        return sum(map(_leaves, value.values()))
    if isinstance(value, list):
        return sum(map(_leaves, value[:1]))
    return 1
