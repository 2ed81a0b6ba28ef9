"""Lays a spec out: two spaces for each level, lists indented, one line at the end."""

from __future__ import annotations

from io import StringIO

from shapespec.diagnostics.model import Faults
from shapespec.ground.source import SourceFile
from shapespec.language.yaml_tree import Mapping, Node, Scalar, compose

WIDTH = 110


def formatted(text: str) -> str | None:
    """The text laid out; none where it is not well-formed or would mean another thing.

    Comments, quotes, the order of keys, and braces stay as they are.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        before = compose(SourceFile("", text))
        yaml = YAML(typ="rt")
        yaml.preserve_quotes = True
        yaml.width = WIDTH
        yaml.indent(mapping=2, sequence=4, offset=2)
        written = StringIO()
        yaml.dump(yaml.load(text), written)
        lines = written.getvalue().rstrip().splitlines()
        laid = "".join(f"{line.rstrip()}\n" for line in lines)
        after = compose(SourceFile("", laid))
    except (Faults, YAMLError, ValueError):
        return None
    return laid if _plain(before) == _plain(after) else None


def _plain(node: Node) -> object:
    """A tree without places."""
    match node:
        case Scalar(text="" | "~" | "null", plain=True):
            return None
        case Scalar(text=text, plain=plain):
            return (text, plain)
        case Mapping(entries=entries):
            return {key.text: _plain(value) for key, value in entries}
        case _:
            return [_plain(item) for item in node.items]
