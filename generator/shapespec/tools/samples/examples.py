"""Whole responses for references to show: one in the spelling of each form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shapespec.backends.python_package import main_root
from shapespec.contract import schema as ir
from shapespec.tools.samples.draw import NoSample, Size
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.settle import Wish
from shapespec.tools.samples.written import Writer

_DRAWN = 6
"""Of so many responses the one that shows most is taken."""


def with_examples(schema: ir.Schema) -> ir.Schema:
    """The same contract, with an example in each form that can say one."""
    return replace(schema, examples=examples(schema))


def examples(schema: ir.Schema) -> Mapping[str, str]:
    """A response as JSON text by form; nothing where none can be made.

    All forms write the same response, so that they can be compared.
    """
    root = main_root(schema)
    if root is None:
        return {}
    sampler = Sampler(schema)
    try:
        wish = Wish(size=Size.TYPICAL)
        drawn = [sampler.one(root, f"example/{n}", wish) for n in range(_DRAWN)]
    except NoSample:
        return {}
    response = max(drawn, key=_leaves)
    found: dict[str, str] = {}
    for form in (None, *(one.name for one in schema.forms)):
        try:
            written = Writer(sampler, root, form).valid(response)
        except NoSample:
            continue
        found[form or ""] = json.dumps(written, ensure_ascii=False, indent=2)
    return found


def _leaves(value: Any) -> int:
    """How much a response shows."""
    if isinstance(value, dict):
        return sum(map(_leaves, value.values()))
    if isinstance(value, list):
        return sum(map(_leaves, value[:1]))
    return 1
