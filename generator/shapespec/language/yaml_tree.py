"""YAML text to a tree in which every key and value knows its place.

The tree is built from ruamel.yaml's events rather than by its composer: events
come without recursion, so that a hostile document can neither overflow the stack
nor expand an alias a billion times before anyone has looked at it. Scalars keep
their text; what a plain `no` or `12:30` means is for the reader of the language to
say, not for YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Any, NamedTuple, TypeAlias

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults, Found, stop_on
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.records import dataclass

MAX_DEPTH = 100
"""Levels of nesting a spec may have; the deepest sensible one has about a dozen."""

MAX_EXPANSION = 20
"""How many times its own length a document may grow when its aliases are followed."""


_SURROGATE = re.compile("[\ud800-\udfff]")


class Scalar(NamedTuple):
    """A piece of text; `plain` when it was written without quotes."""

    text: str
    plain: bool
    span: Span


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


class Mapping(NamedTuple):
    """Pairs of a key and a node, in the order written."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span


Node: TypeAlias = Scalar | Sequence | Mapping


def compose(source: SourceFile) -> Node:
    """The document's tree.

    Raises:
        Faults: The text is not one well-formed YAML document within the limits,
            or a mapping has a key twice.
    """
    composer = _Composer(source)
    root = composer.run()
    stop_on(composer.faults)
    if root is None:
        raise Faults([catalogue.empty_document(source)])
    return root


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    start: int
    mapping: bool
    anchor: str | None
    nodes: list[Node] = field(default_factory=list)
    size: int = 1


class _Composer:
    """Builds the tree on a stack of its own."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.faults = Found()
        self.anchors: dict[str, tuple[Node, int] | None] = {}
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.events = 0

    def run(self) -> Node | None:
        for event in self._events():
            self.events += 1
            match type(event).__name__:
                case "ScalarEvent":
                    self._scalar(event)
                case "AliasEvent":
                    self._alias(event)
                case "MappingStartEvent" | "SequenceStartEvent":
                    self._open(event)
                case "MappingEndEvent" | "SequenceEndEvent":
                    self._close(event)
                case "DocumentStartEvent" if self.root is not None:
                    raise Faults([catalogue.multiple_documents(self._span(event))])
        return self.root

    def _events(self) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            yield from YAML(typ="safe", pure=False).parse(self.source.text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = self._point(mark.index if mark is not None else 0)
            began = None
            if error.context_mark is not None and mark is not error.context_mark:
                there = self._point(error.context_mark.index)
                began = Located(str(error.context), there) if there != at else None
            raise Faults(
                [catalogue.yaml_syntax(at, str(error.problem), began)]
            ) from None
        except YAMLError as error:
            offset = getattr(error, "position", 0)
            raise Faults([catalogue.yaml_character(self._point(offset))]) from None

    def _point(self, offset: int) -> Span:
        text = self.source.text
        offset = min(offset, len(text))
        if offset == len(text) and text:
            offset = max(0, len(text.rstrip()) - 1)
        return Span(self.source, offset, min(offset + 1, len(text)))

    def _span(self, event: Any) -> Span:
        return Span(self.source, event.start_mark.index, event.end_mark.index)

    def _behind_last(self, offset: int) -> Span:
        """Where an empty value belongs: readers of YAML do not agree on its place."""
        while offset and self.source.text[offset - 1] in " \t\r\n":
            offset -= 1
        return Span(self.source, offset, offset)

    def _scalar(self, event: Any) -> None:
        self._check_tag(event)
        span = self._span(event)
        if span.start == span.end:
            span = self._behind_last(span.start)
        if not event.value.isascii() and _SURROGATE.search(event.value):
            self.faults.append(catalogue.yaml_syntax(span, "half of a surrogate pair"))
        node = Scalar(event.value, event.implicit[0], span)
        if event.anchor:
            self.anchors[event.anchor] = (node, 1)
        self._add(node, 1)

    def _alias(self, event: Any) -> None:
        span = self._span(event)
        known = self.anchors.get(event.anchor)
        if known is not None:
            self._add(*known)
            return
        alias = Located(event.anchor, span)
        if event.anchor in self.anchors:
            self.faults.append(catalogue.cyclic_alias(alias))
        else:
            self.faults.append(catalogue.unknown_alias(alias, self.anchors))
        self._add(Scalar("", plain=True, span=span), 1)

    def _open(self, event: Any) -> None:
        self._check_tag(event)
        if len(self.stack) == MAX_DEPTH:
            raise Faults([catalogue.nesting_too_deep(self._span(event), MAX_DEPTH)])
        mapping = type(event).__name__ == "MappingStartEvent"
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Open(event.start_mark.index, mapping, event.anchor))

    def _close(self, event: Any) -> None:
        opened = self.stack.pop()
        span = Span(self.source, opened.start, event.end_mark.index)
        node: Node
        if opened.mapping:
            node = Mapping(tuple(self._pairs(opened.nodes)), span)
        else:
            node = Sequence(tuple(opened.nodes), span)
        if opened.anchor:
            self.anchors[opened.anchor] = (node, opened.size)
        self._add(node, opened.size)

    def _add(self, node: Node, size: int) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.nodes.append(node)
        parent.size += size
        # Only what holds something, or is the alias of it, is more than one event.
        if size > 1 and parent.size > MAX_EXPANSION * max(self.events, 1000):
            raise Faults([catalogue.alias_expansion(node.span, MAX_EXPANSION)])

    def _pairs(self, nodes: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Scalar] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.faults.append(catalogue.non_string_key(key.span))
                continue
            if key.text == "<<" and key.plain:
                self.faults.append(catalogue.merge_key(key.span))
                continue
            if key.text in seen:
                first = seen[key.text]
                self.faults.append(
                    catalogue.duplicate_key(key.text, key.span, first.span)
                )
                continue
            seen[key.text] = key
            yield key, value

    def _check_tag(self, event: Any) -> None:
        tag = event.tag
        if tag is not None and str(tag) != "!":
            self.faults.append(catalogue.yaml_tag(self._span(event), str(tag)))
