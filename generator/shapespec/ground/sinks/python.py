"""Text in Python source: literals, docstrings, comments."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize

from shapespec.ground.sinks.visible import visible, visible_lines

_WIDTH = 88


def literal(text: str) -> str:
    """A text as a Python literal, in double quotes where that needs no more escapes.

    Whatever the text holds, the literal is one line of ASCII and nothing but a string.
    """
    written = ascii(text)
    if written[0] == "'" and '"' not in text:
        written = '"' + written[1:-1].replace("\\'", "'") + '"'
    return written


def docstring(text: str, indent: int = 4, hang: int = 0) -> str:
    """Text as the inside of a docstring: wrapped, and unable to end it.

    Args:
        text: Paragraphs, an empty line between them.
        indent: The column that it stands at.
        hang: How much further the second and later lines of a paragraph stand.
    """
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    safe = visible_lines(escaped)
    width = _WIDTH - indent
    lines: list[str] = []
    for line in safe.split("\n"):
        if len(line) <= width and line == line.strip():
            lines.append(line)
            continue
        lines += textwrap.wrap(
            line,
            width=width,
            subsequent_indent=" " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    body = "\n".join(f"{' ' * indent}{line}".rstrip() for line in lines).lstrip()
    return f"{body} " if body.endswith('"') else body


def comment(text: str) -> str:
    """Text for one comment line: without anything that could end it."""
    return visible(" ".join(text.splitlines()))


def shown(source: str) -> str:
    """The source of a module, with no unseen character in its strings and comments.

    It means the same: a string has an escape in place of such a character.

    Raises:
        ValueError: A name has one, too, or the source is not Python.
    """
    if visible_lines(source) == source:
        return source
    source = re.sub(r"\r\n?", "\n", source)  # as Python reads it
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    written, at = [], 0
    for token in _tokens(source):
        if token.type not in (tokenize.STRING, tokenize.COMMENT):
            continue
        start, end = (
            starts[line - 1] + column for line, column in (token.start, token.end)
        )
        written += [source[at:start], _token(token)]
        at = end
    found = "".join([*written, source[at:]])
    if visible_lines(found) != found:
        raise ValueError("a name has a character that does not show")
    return found


def _tokens(source: str) -> list[tokenize.TokenInfo]:
    read = io.StringIO(source, newline="\n").readline
    try:
        return [*tokenize.generate_tokens(read)]
    except (SyntaxError, tokenize.TokenError) as error:
        raise ValueError(str(error)) from error


def _token(token: tokenize.TokenInfo) -> str:
    """A string or a comment in which each character shows."""
    if visible_lines(token.string) == token.string:
        return token.string
    escaped = visible_lines(token.string)
    if token.type == tokenize.COMMENT:
        return escaped
    value = ast.literal_eval(token.string)
    return escaped if ast.literal_eval(escaped) == value else literal(value)
