"""Names of functions and constants in generated validators: one for each shape."""

from __future__ import annotations

from collections.abc import Mapping

from shapespec.contract import naming, schema as ir


class Names:
    """Names that no two shapes of a schema share."""

    def __init__(self, schema: ir.Schema) -> None:
        """Settle clashes by counting up, in the order of the shapes."""
        taken: set[str] = set()
        counts: dict[str, int] = {}
        found: dict[str, str] = {}
        for shape in schema.shapes:
            name = base = (
                naming.snake_case(shape.replace("$", "_")).strip("_") or "shape"
            )
            if base[0].isdigit():
                name = base = f"n{base}"
            while name in taken:
                counts[base] = counts.get(base, 1) + 1
                name = f"{base}_{counts[base]}"
            taken.add(name)
            found[shape] = name
        self._found: Mapping[str, str] = found

    def function(self, verb: str, shape: str) -> str:
        """A function that does something with a shape: `read_channel`."""
        return f"{verb}_{self._found[shape]}"

    def constant(self, shape: str) -> str:
        """A constant about a shape: its pattern, its values, its members."""
        return self._found[shape].upper()
