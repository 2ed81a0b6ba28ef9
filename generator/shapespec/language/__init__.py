"""From YAML text to the spec as written, every part of it located."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapespec.ground.source import SourceFile

if TYPE_CHECKING:
    from shapespec.language.surface import Spec as Spec


def read_spec(source: SourceFile) -> Spec:
    """The spec as written.

    Raises:
        Faults: The text is not YAML, or not built as the language says.
    """
    from shapespec.diagnostics.model import Found, stop_on
    from shapespec.language import yaml_tree
    from shapespec.language.surface import SPEC

    tree = yaml_tree.compose(source)
    faults = Found()
    spec: Spec = SPEC.read(tree, faults)
    stop_on(faults)
    return spec


__all__ = ["Spec", "read_spec"]
