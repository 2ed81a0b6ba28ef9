"""What the check in the page runs: the generated package, and a little of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping

from shapespec.backends.python_package import main_root
from shapespec.backends.reference.table import table
from shapespec.contract import schema as ir
from shapespec.contract.findings import FINDINGS
from shapespec.ground.resources import CODE, TEMPLATES

_LEFT_OUT = frozenset(
    ("strategies", "py", "enums", "models", "_convert", "_conversion")
)
"""Modules that no verdict needs."""
_OURS = ("backends/reference/anchors.py", "ground/pointer.py")


def modules(schema: ir.Schema) -> Mapping[str, str]:
    """Python modules by path: the package, what reads the text, and what links."""
    needed = {
        path: text
        for path, text in schema.modules.items()
        if path.split("/")[1].partition(".")[0] not in _LEFT_OUT
    }
    shapes = json.dumps(table(schema), ensure_ascii=True, sort_keys=True)
    data = f"import json\nFINDINGS = {FINDINGS!r}\nTABLE = json.loads({shapes!r})\n"
    anchors, pointer = ((CODE / one).read_text("utf-8") for one in _OURS)
    return {
        **needed,
        "_shapespec_data.py": data,
        "_shapespec_anchors.py": anchors,
        "shapespec/ground/pointer.py": pointer,
        "_shapespec_check.py": (TEMPLATES / "site" / "check.py").read_text("utf-8"),
    }


def roots(schema: ir.Schema) -> tuple[str, ...]:
    """The shapes that a response can have: the main one, or what operations receive."""
    main = main_root(schema)
    if main is not None:
        return (main,)
    received = [one.output for one in schema.operations if one.output is not None]
    return tuple(dict.fromkeys([*received, *schema.roots]))
