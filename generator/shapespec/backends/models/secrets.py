"""What is sensitive stays out of what a model of pydantic shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from shapespec.backends.sensitive import below_sensitive
from shapespec.contract import schema as ir

_CLASS = re.compile(r"class (\w+)\(BaseModel\):")
_SETTING = "        extra='allow',"
_END = "    )"
_NOTHING = """
    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return []
"""


def without_entries(schema: ir.Schema) -> ir.Schema:
    """The schema, where maps whose keys are not to be shown take any entry.

    An error about an entry names its key; no option of pydantic changes that.
    """
    below = below_sensitive(schema)
    open_maps = {
        shape.id: replace(shape, key="string", value="document")
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Map)
        and (shape.id in below or schema.shapes[shape.key].sensitive)
    }
    plain: dict[str, ir.Shape] = {
        "string": ir.String(id="string"),
        "document": ir.Document(id="document"),
    }
    return replace(schema, shapes={**plain, **schema.shapes, **open_maps})


def hidden(module: str, schema: ir.Schema) -> str:
    """A module of models, whose errors show no input, and of which some show nothing.

    Those are what is below something sensitive: what a response has beyond the
    contract would be in their `repr`, too.
    """
    below = below_sensitive(schema)
    silent = frozenset(
        shape.python
        for shape in schema.shapes.values()
        if isinstance(shape, ir.Structure | ir.Union) and shape.id in below
    )
    return "\n".join(_lines(module, silent))


def _lines(module: str, silent: frozenset[str]) -> Iterator[str]:
    name, settings = "", False
    for line in module.split("\n"):
        begun = _CLASS.fullmatch(line)
        if begun:
            name = begun[1]
        yield line
        if line == _SETTING:
            settings = True
            yield "        hide_input_in_errors=True,"
        elif settings and line == _END:
            settings = False
            if name in silent:
                yield _NOTHING
