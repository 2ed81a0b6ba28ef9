"""What the language says of a place in a spec: keys, values, and pages about them.

All of it comes from the meta-schema, which is printed from what reads the specs, and
from the page about the language, `spec/language.md`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

from shapespec.evidence import meta_schema as beside
from shapespec.ground.resources import SPECS
from shapespec.language.meta_schema import meta_schema
from shapespec.lsp.outline import ITEM, Cursor, Key, Path, cursor, keys

Kind: TypeAlias = Literal["spec", "decisions", "evidence", "history"]
"""What a document is."""

_TYPES = (
    "string",
    "integer",
    "long",
    "float",
    "double",
    "boolean",
    "timestamp",
    "blob",
    "document",
)
"""What a target can be beside a shape."""

_REFERS = ("target", "member", "key", "value")
_SECTIONS: Mapping[str, str] = {
    "operations": "Operations and roots",
    "roots": "Operations and roots",
    "shapes": "Shapes",
    "structure": "Structures",
    "members": "Structures",
    "required": "Structures",
    "nullable": "Null",
    "nulls": "Null",
    "union": "Unions",
    "list": "Lists",
    "map": "Maps",
    "enum": "Enums",
    "values": "Enums",
    "open": "Enums",
    "grouped_by": "Groups",
    "under": "Groups",
    "length": "Length",
    "range": "Range",
    "multiple_of": "Multiples",
    "const": "Constants and listed values",
    "format": "Formats",
    "formats": "Formats",
    "unique_items": "Lists",
    "sparse": "Null",
    "prefix": "First items",
    "closed": "Closed structures",
    "one_of": "One of several shapes",
    "discriminator": "One of several shapes",
    "doc": "Documentation",
    "unit": "Documentation",
    "deprecated": "Documentation",
    "examples": "Examples and defaults",
    "default": "Examples and defaults",
    "relaxed": "Relaxed",
    "claimed": "Claims",
    "pattern": "Patterns",
    "string": "Strings and booleans",
    "boolean": "Strings and booleans",
    "integer": "Numbers",
    "long": "Numbers",
    "float": "Numbers",
    "double": "Numbers",
    "timestamp": "Timestamps",
    "blob": "Blobs and documents",
    "document": "Blobs and documents",
    "python": "From Python",
    "rules": "Rules, derived values, notes",
    "derived": "Rules, derived values, notes",
    "notes": "Rules, derived values, notes",
    "cel": "Rules, derived values, notes",
    "forms": "Forms",
    "samples": "Samples",
    "imports": "Imports",
    "not_carried": "Not carried over",
    "evidence": "Evidence and decisions",
    "decisions": "Evidence and decisions",
    "package": "The file",
    "shapespec": "The file",
}
"""The section of the page that explains a key or a type."""


class Offer(NamedTuple):
    """Something that can be typed: its text, what it is, and what it means."""

    text: str
    kind: str
    about: str = ""


def offers(
    text: str, at: Cursor, kind: Kind = "spec", others: Mapping[str, str] = {}
) -> Iterator[Offer]:
    """What can be typed at a place.

    Args:
        text: The whole document.
        at: The place.
        kind: What the document is.
        others: The text of the file of each namespace that is imported.
    """
    if at.value:
        yield from _values(text, at, kind, others)
        return
    for name, about in _properties(at, kind).items():
        if name not in at.siblings:
            yield Offer(name, "key", str(about.get("description", "")))
    if kind == "spec" and at.path[:2] == ("samples", "values") and len(at.path) == 2:
        for shape in shapes(text):
            yield Offer(shape, "shape")


def _values(
    text: str, at: Cursor, kind: Kind, others: Mapping[str, str]
) -> Iterator[Offer]:
    found: list[Offer] = []
    if kind == "spec":
        found += [Offer(one, "shape", "") for one in _names(text, at)]
        if is_reference(at.path):
            found += [
                Offer(f"{space}.{one}", "shape", "")
                for space, other in others.items()
                for one in shapes(other)
            ]
    found += [
        Offer(one, "type", _summary(one))
        for one in _TYPES
        if found and _is_target(at.path)
    ]
    for one in _resolved(_nodes(at, kind), kind):
        if one.get("type") == "boolean":
            found += [Offer("true", "value"), Offer("false", "value")]
        words = one.get("enum", [one["const"]] if "const" in one else [])
        found += [Offer(str(word), "value", _summary(str(word))) for word in words]
    yield from {offer.text: offer for offer in reversed(found)}.values()


def _names(text: str, at: Cursor) -> Iterator[str]:
    """The names of shapes or members that a place refers to."""
    path = at.path
    if is_reference(path):
        yield from shapes(text)
    match path:
        case ("shapes", shape, "rules" | "notes" | "derived", _, "at" | "each" | "cel"):
            yield from members(text, shape)
        case _:
            pass


def _is_target(path: Path) -> bool:
    return path[0] == "shapes" and path[-1] != "grouped_by" and is_reference(path)


def is_reference(path: Path) -> bool:
    """Whether what stands at a path is the name of a shape.

    A member is in `members`, under its name; its shape may be given in place.
    """
    match path:
        case ("roots", "[]") | ("operations", _, "input" | "output"):
            return True
        case ("operations", _, "errors", "[]"):
            return True
        case ("shapes", _, "grouped_by"):
            return True
        case ("shapes", _, "members", _):
            return True
        case ("shapes", _, "members", _, *rest) | ("shapes", _, *rest):
            return bool(rest) and all(one in _REFERS for one in rest)
        case _:
            return False


def shapes(text: str) -> list[str]:
    """The names of the shapes of a document."""
    return [key.name for key in keys(text) if key.path == ("shapes",)]


def members(text: str, shape: str) -> list[str]:
    """The names of the members of a shape."""
    return [key.name for key in keys(text) if key.path == ("shapes", shape, "members")]


def definition(text: str, shape: str) -> Key | None:
    """Where a shape is defined; none if it is not."""
    found = (key for key in keys(text) if key.path == ("shapes",) and key.name == shape)
    return next(found, None)


def wrong_name(text: str, name: str) -> str | None:
    """Why a shape cannot have a name, in words; none where it can."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,127}", name):
        return f"{name!r} is not a name of letters, digits and `_`"
    if name in _SECTIONS and name in (*_TYPES, "structure", "union", "list", "map"):
        return f"{name} is a built-in type"
    if definition(text, name) is not None:
        return f"there is a shape {name} already"
    return None


def about_key(at: Cursor, name: str, kind: Kind = "spec") -> str | None:
    """What a key means, and the section about it; none where the place has no such."""
    about = _properties(at, kind).get(name)
    if about is None:
        return None
    more = section(name) if kind == "spec" else None
    return "\n\n".join(filter(None, (about.get("description"), more))) or None


@cache
def root_keys(kind: Kind) -> frozenset[str]:
    """The keys that a document of a kind may have at its top."""
    return frozenset(_properties(cursor(""), kind))


def section(word: str) -> str | None:
    """The section of the page about a key or a type, without its subsections."""
    title = _SECTIONS.get(word)
    return None if title is None else _page().get(title)


def _summary(word: str) -> str:
    """The first sentence about a type."""
    if word not in _SECTIONS:
        return ""
    text = section(word) or ""
    return next((line for line in text.splitlines()[2:] if line.strip()), "")


@cache
def _page() -> Mapping[str, str]:
    """The sections of the page by their titles; none where the page is not shipped."""
    try:
        text = (SPECS / "language.md").read_text("utf-8")
    except OSError:
        return {}
    parts = re.split(r"^(#{2,3} .+)$", text, flags=re.MULTILINE)[1:]
    return {
        head.lstrip("# "): f"{head}\n{body.rstrip()}"
        for head, body in zip(parts[::2], parts[1::2], strict=True)
    }


@cache
def _document(kind: Kind) -> Any:
    text = meta_schema() if kind == "spec" else beside.meta_schema(kind)
    return json.loads(text)


def _nodes(at: Cursor, kind: Kind) -> list[Any]:
    """The parts of the meta-schema that a path leads to."""
    found = [_document(kind)]
    for name, given in zip(at.path, at.above, strict=True):
        following: list[Any] = []
        for one in _resolved(found, kind, given):
            if name == ITEM:
                following += [one["items"]] if "items" in one else []
            elif name in one.get("properties", {}):
                following.append(one["properties"][name])
            elif isinstance(one.get("additionalProperties"), dict):
                following.append(one["additionalProperties"])
        found = following
    return found


def _properties(at: Cursor, kind: Kind) -> dict[str, Any]:
    """The keys that a mapping may have, with what is said of each."""
    found: dict[str, Any] = {}
    for one in _resolved(_nodes(at, kind), kind, at.siblings):
        for name, about in one.get("properties", {}).items():
            if "description" in about or name not in found:
                found[name] = about
        for name in one.get("propertyNames", {}).get("enum", ()):
            found.setdefault(name, {})
    return found


def _resolved(
    nodes: list[Any], kind: Kind, siblings: Mapping[str, str] = {}
) -> Iterator[Any]:
    """The schemas that nodes consist of, as far as the keys at hand choose some."""
    pending = [*nodes]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if not isinstance(one, dict) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if "$ref" in one:
            pending.append(_document(kind)["$defs"][one["$ref"].rpartition("/")[2]])
        for word in ("anyOf", "allOf", "oneOf"):
            pending += one.get(word, ())
        if "if" in one:
            chosen = _holds(one["if"], siblings)
            pending += [one[word] for word in ("then",) if word in one and chosen]
            pending += [one[word] for word in ("else",) if word in one and not chosen]


def _holds(condition: Any, siblings: Mapping[str, str]) -> bool:
    """Whether a condition of the meta-schema holds, which asks for keys and `type`."""
    wanted: str | None = condition.get("properties", {}).get("type", {}).get("const")
    if wanted is None:
        return all(name in siblings for name in condition.get("required", ()))
    return siblings.get("type", wanted) == wanted  # what is not said yet may be said
