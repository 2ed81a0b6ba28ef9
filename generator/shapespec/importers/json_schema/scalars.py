"""Shapes of simple values: strings and numbers, any value, and none."""

from __future__ import annotations

from dataclasses import replace

from shapespec.contract.schema import Bounds
from shapespec.drafts.model import Shape, Target
from shapespec.importers.json_schema.document import Node
from shapespec.importers.json_schema.judge import is_right
from shapespec.importers.json_schema.parts import ASSERTING, Parts
from shapespec.patterns import PatternRefused, translate
from shapespec.patterns.ecmascript import as_java

NAMED = ("structure", "union", "enum")
"""The types of shapes that are not written in place."""
DOCUMENT = Shape(type="document")
STRING = Shape(type="string")
NOTHING = Shape(
    type="string", pattern=r"[^\s\S]", remark="nothing is valid there, or only null"
)
"""The shape of what no value is right for: a string that no string matches."""


def is_nothing(target: Target) -> bool:
    """Whether no value is right for it."""
    return isinstance(target, Shape) and target.pattern == NOTHING.pattern


def special(parts: Parts) -> str:
    """What a string is beside a string."""
    for node in parts.said.get("format", ()):
        if node.value == "date-time":
            return "timestamp"
        if node.value == "byte":
            return "blob"
    if any(node.value == "base64" for node in parts.said.get("contentEncoding", ())):
        return "blob"
    return ""


def with_patterns(shape: Shape, nodes: list[Node]) -> Shape:
    """A string that matches patterns: one, or all by looking ahead."""
    if len(nodes) == 1:
        return patterned(shape, nodes[0].value, str(nodes[0]))
    read: list[str] = []
    for node in nodes:
        try:
            read.append(as_java(node.value))
        except PatternRefused as refused:
            said = f"{node}: `{node.value}`: {refused.reason}"
            shape = shape.noting("unsupported-pattern", said, "pattern")
    if not read:
        return shape
    *ahead, last = read
    joined = "".join(f"(?=(?:{one})\\z)" for one in ahead) + f"(?:{last})"
    return replace(shape, pattern=joined if ahead else last)


def patterned(shape: Shape, pattern: str, at: str) -> Shape:
    """A string that matches a pattern of ECMA-262, which stands at a place."""
    try:
        java = as_java(pattern)
    except PatternRefused as refused:
        said = f"{at}: `{pattern}`: {refused.reason}"
        return shape.noting("unsupported-pattern", said, "pattern")
    if java in pattern:
        return replace(shape, pattern=java)
    return replace(shape, pattern=java, remark=f"pattern there: {pattern}")


_OF_TEXT = frozenset(("pattern", "minLength", "maxLength", "const", "enum", "type"))


def one_of_texts(options: list[Parts], *, exclusive: bool) -> str | None:
    """A pattern for what several schemas say of a text: one at least, or one alone.

    None where one says what no pattern can, or the patterns are too much together.
    """
    each = [_as_pattern(one) for one in options]
    said = [one for one in each if one is not None]
    if len(said) < len(each) or len(said) > _MOST_TEXTS:
        return None
    if exclusive:
        said = [
            "".join(
                f"(?!(?:{said[beside]})\\z)"
                for beside, other in enumerate(options)
                if beside != at and _overlap(one, other)
            )
            + f"(?:{said[at]})"
            for at, one in enumerate(options)
        ]
    return _readable("|".join(f"(?:{one})" for one in said))


def _overlap(one: Parts, other: Parts) -> bool:
    """Whether a text may be right by both, as far as that is known."""
    for listing, beside in ((one, other), (other, one)):
        values = _texts(listing)
        if values is not None:
            return any(
                all(is_right(node, text) for node in beside.nodes) for text in values
            )
    return True


def refusing(parts: Parts) -> str | None:
    """What looks ahead that a text is not right by a schema; none if that is too much.

    Empty where the schema accepts no text.
    """
    if "string" not in parts.kinds():
        return ""
    found = _as_pattern(parts)
    return None if found is None else _readable(rf"(?!(?:{found})\z)")


def requiring(parts: Parts) -> str | None:
    """What looks ahead that a text is right by a schema; none if that is too much."""
    found = _as_pattern(parts) if "string" in parts.kinds() else NOTHING.pattern
    return None if found is None else _readable(rf"(?=(?:{found})\z)")


def looking_ahead(shape: Shape, ahead: list[str]) -> Shape | None:
    """A string of which other patterns look ahead; none if it is too much together."""
    own = r"[\s\S]*" if shape.pattern is None else f"(?:{shape.pattern})"
    found = _readable("".join((*ahead, own)))
    return None if found is None else replace(shape, pattern=found)


def _readable(pattern: str) -> str | None:
    """A pattern, if it is not too much."""
    try:
        translate(pattern)
    except PatternRefused:
        return None
    return pattern


_MOST_TEXTS = 8


def _as_pattern(parts: Parts) -> str | None:
    """What is said of a text, as a pattern for the whole of it."""
    asserted = parts.said.keys() & (ASSERTING | {"const", "enum", "type"})
    if parts.notes or parts.never or not asserted <= _OF_TEXT or special(parts):
        return None
    values = _texts(parts)
    if values is not None:
        return "|".join(map(_quoted, values)) if values else NOTHING.pattern
    ahead: list[str] = []
    for node in parts.said.get("pattern", ()):
        try:
            ahead.append(as_java(node.value))
        except PatternRefused:
            return None
    low = parts.tightest("minLength", least=True) or 0
    high = parts.tightest("maxLength", least=False)
    rest = r"[\s\S]*"
    if low or high is not None:
        rest = rf"[\s\S]{{{int(low)},{'' if high is None else int(high)}}}"
    elif ahead:
        rest = ahead.pop()
    return "".join(f"(?=(?:{one})\\z)" for one in ahead) + f"(?:{rest})"


def _texts(parts: Parts) -> list[str] | None:
    """The texts that are right, where they are listed."""
    if parts.without("pattern", "minLength", "maxLength").values() is None:
        return None
    return [one for one in parts.values() or () if isinstance(one, str)]


def _quoted(text: str) -> str:
    """A text as a pattern that it alone matches."""
    return "".join(one if one.isalnum() else rf"\x{{{ord(one):x}}}" for one in text)


_STORED = {"int32": "integer", "int64": "long", "float": "float", "double": "double"}


def number(parts: Parts) -> Shape:
    """A number, in the type of the language that its format names."""
    whole = parts.is_whole
    kind = "long" if whole else "double"
    for node in parts.said.get("format", ()):
        stored = _STORED.get(node.value) if isinstance(node.value, str) else None
        if stored and (stored in ("integer", "long")) == whole:
            kind = stored
    return Shape(type=kind, range=_limits(parts), multiple_of=parts.step())


def _limits(parts: Parts) -> Bounds:
    """The tightest bounds; in draft 4, a boolean says that a bound is not valid."""
    low, above = parts.end("minimum", "exclusiveMinimum", least=True)
    high, below = parts.end("maximum", "exclusiveMaximum", least=False)
    return Bounds(low, high, above, below)
