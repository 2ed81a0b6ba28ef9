"""Small changes of a YAML text at exact places, in the style of what stands there.

Comments and layout stay as they are. What cannot be done without touching them is not
done: the answer is then none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from shapespec.language.yaml_tree import Mapping, Node, Scalar, Sequence

_FLOW = re.compile(r"(?:&\S+\s+)?[\[{]")
_DASH = re.compile(r"[ \t]*-[ \t]+")
_WIDEST_LINE = 100

# What YAML 1.1 readers, editors among them, take for something else than text.
_NOT_TEXT = frozenset(
    ("null", "true", "false", "yes", "no", "on", "off", "y", "n"),
)


class Edit(NamedTuple):
    """Text in place of what stands between two offsets."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits made, none of which may overlap."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def child(node: Node | None, key: str) -> Node | None:
    """What a mapping holds under a key."""
    if isinstance(node, Mapping):
        for name, value in node.entries:
            if name.text == key:
                return value
    return None


def scalar(text: str) -> str:
    """A word as YAML has it."""
    return f"'{text}'" if text.lower() in _NOT_TEXT else text


def in_place(text: str, node: Node, new: str) -> Edit | None:
    """Puts a value in the place of a word, or of a list on one line."""
    start, end = node.span.start, _node_end(text, node)
    if isinstance(node, Scalar) or (
        _is_flow(text, node) and "\n" not in text[start:end]
    ):
        return Edit(start, end, new)
    return None


def without_entry(text: str, node: Node | None, key: str) -> Edit | None:
    """Takes an entry with a value of a single word out of a mapping."""
    if not isinstance(node, Mapping):
        return None
    for index, (name, value) in enumerate(node.entries):
        if name.text != key or not isinstance(value, Scalar):
            continue
        if not _is_flow(text, node):
            return _without_line(text, name, value)
        if index > 0:
            start, end = _end(text, *node.entries[index - 1]), value.span.end
        elif len(node.entries) > 1:
            start, end = name.span.start, node.entries[1][0].span.start
        else:
            return None
        return Edit(start, end, "") if "#" not in text[start:end] else None
    return None


def _without_line(text: str, name: Scalar, value: Scalar) -> Edit | None:
    """Takes out the line of an entry; a comment behind it keeps the line."""
    start = text.rfind("\n", 0, name.span.start) + 1
    indent = text[start : name.span.start]
    end = _line_end(text, value.span.end)
    if indent.strip() or "\n" in text[name.span.start : value.span.end]:
        return None
    if comment := text[value.span.end : end].strip():
        return Edit(name.span.start, end, comment)
    return Edit(start, _next_line(text, end), "")


def with_items(text: str, node: Node | None, items: Iterable[str]) -> Edit | None:
    """Adds items to the end of a list, or entries to the end of a mapping.

    Args:
        text: The whole text.
        node: The list or the mapping.
        items: The items or the entries, each for one line.
    """
    if isinstance(node, Sequence) and node.items:
        last = node.items[-1]
        start, end = last.span.start, _node_end(text, last)
    elif isinstance(node, Mapping) and node.entries:
        name, value = node.entries[-1]
        start, end = name.span.start, _end(text, name, value)
    else:
        return None
    if _is_flow(text, node):
        return Edit(end, end, _flowing(text, node, end, items))
    lead = text[text.rfind("\n", 0, start) + 1 : start]
    if lead.strip() and not (isinstance(node, Sequence) and _DASH.fullmatch(lead)):
        return None
    return _lines_below(text, end, [lead + item for item in items])


def with_entry_behind(
    text: str, node: Node | None, key: str, entry: str
) -> Edit | None:
    """Adds an entry to a mapping, directly behind the one of another key."""
    if not isinstance(node, Mapping):
        return None
    for name, value in node.entries:
        if name.text == key:
            return with_items(text, Mapping(((name, value),), node.span), [entry])
    return None


def _flowing(
    text: str, node: Sequence | Mapping, end: int, items: Iterable[str]
) -> str:
    """Items behind others on the line, or on a new one where that would be long."""
    line = text[text.rfind("\n", 0, end) + 1 : end]
    first = node.items[0] if isinstance(node, Sequence) else node.entries[0][0]
    indent = " " * (first.span.position.column - 1)
    many = "\n" in text[node.span.start : node.span.end]
    found = ""
    for item in items:
        if many and len(f"{line}, {item}]") > _WIDEST_LINE:
            line = indent + item
            found += f",{_line_break(text)}{line}"
        else:
            line += f", {item}"
            found += f", {item}"
    return found


def _lines_below(text: str, offset: int, lines: list[str]) -> Edit:
    end = _line_end(text, offset)
    following = _next_line(text, end)
    line_break = _line_break(text)
    if not text[end:following]:  # the last line has no end
        return Edit(end, end, "".join(f"{line_break}{line}" for line in lines))
    return Edit(following, following, "".join(f"{line}{line_break}" for line in lines))


def _is_flow(text: str, node: Node) -> bool:
    return _FLOW.match(text, node.span.start) is not None


def _end(text: str, name: Scalar, value: Node) -> int:
    """Where an entry of a mapping ends."""
    return max(name.span.end, _node_end(text, value))


def _node_end(text: str, node: Node) -> int:
    """Where a node ends; the blank lines behind a block are not part of it."""
    if not isinstance(node, Scalar) and not _is_flow(text, node):
        if isinstance(node, Mapping) and node.entries:
            return _end(text, *node.entries[-1])
        if isinstance(node, Sequence) and node.items:
            return _node_end(text, node.items[-1])
    return node.span.start + len(text[node.span.start : node.span.end].rstrip())


def _line_break(text: str) -> str:
    at = text.find("\n")
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"


def _line_end(text: str, offset: int) -> int:
    """The end of a line, without its break."""
    at = text.find("\n", offset)
    if at == -1:
        return len(text)
    return at - 1 if at > offset and text[at - 1] == "\r" else at


def _next_line(text: str, end: int) -> int:
    at = text.find("\n", end)
    return len(text) if at == -1 else at + 1
