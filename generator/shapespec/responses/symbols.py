"""YAML as Ruby writes it: names are symbols, `:training_job_name`."""

from __future__ import annotations

import re

from shapespec.language.yaml_tree import Mapping, Node, Scalar, Sequence

_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) Z")


def without_symbols(tree: Node) -> Node:
    """The same tree with names for symbols, and times without a space before `Z`.

    Only a document is changed that is Ruby's without doubt: each name at its root, or
    at the root of its first item, is a symbol. Names in quotes are data.
    """
    first = tree.items[0] if isinstance(tree, Sequence) and tree.items else tree
    if not isinstance(first, Mapping) or not first.entries:
        return tree
    if not all(_is_symbol(key) for key, _ in first.entries):
        return tree
    return _Names().of(tree)


def _is_symbol(key: Scalar) -> bool:
    return key.plain and len(key.text) > 1 and key.text[0] == ":"


class _Names:
    """Changes a tree; what an alias stands for is changed once."""

    def __init__(self) -> None:
        self._done: dict[int, Node] = {}

    def of(self, node: Node) -> Node:
        found = self._done.get(id(node))
        if found is None:
            found = self._done[id(node)] = self._changed(node)
        return found

    def _changed(self, node: Node) -> Node:
        match node:
            case Sequence(items=items):
                return node._replace(items=tuple(map(self.of, items)))
            case Mapping(entries=entries):
                names = [
                    key._replace(text=key.text[1:]) if _is_symbol(key) else key
                    for key, _ in entries
                ]
                if len({name.text for name in names}) < len(names):
                    names = [key for key, _ in entries]
                values = [self.of(value) for _, value in entries]
                return node._replace(entries=tuple(zip(names, values, strict=True)))
            case Scalar(text=text, plain=True) if match := _TIME.fullmatch(text):
                return node._replace(text=f"{match[1]}Z")
            case Scalar():
                return node
