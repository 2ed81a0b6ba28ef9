"""What the lines of a page of the AWS API reference state, as facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shapespec.contract.facts import Fact, Value
from shapespec.contract.places import (
    ERRORS,
    KEYS,
    OPERATION,
    REQUEST,
    VALUES,
    Tree,
    join,
)
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, Span
from shapespec.importers.aws_api_reference.parse import (
    DescribedMember,
    Error,
    Part,
    Statement,
)
from shapespec.importers.aws_api_reference.types import DESCRIBES, inside, means
from shapespec.importers.common import if_other, roots, unescaped

_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\([^)]*\)")
_LIST = re.compile(r"^[^|]*(?:, | and | or )[^|]*$")
"""Several values that nothing tells apart as a page of AWS does."""

_CODE = re.compile(r"(?P<ticks>`+)(?P<code>(?:(?!(?P=ticks)).)*)(?P=ticks)")
_EACH = re.compile(r"`[^`]+`(?:\s*\|\s*`[^`]+`)+")
"""Values, each between backticks of its own."""

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_BOUND = re.compile(
    r"(?P<which>Minimum|Maximum|Fixed) (?P<what>length|number|value) of "
    rf"(?P<bound>{_NUMBER})(?: items?)?\.?\s*"
)
_BOUNDS = {
    "length": ("minLength", "maxLength"),
    "number": ("minItems", "maxItems"),
    "value": ("minimum", "maximum"),
}
"""The kinds of facts that bounds are, by what is bounded."""


def page_facts(
    entries: Iterable[DescribedMember],
    title: str,
    tree: Tree | None,
    faults: list[Diagnostic],
) -> Iterator[Fact]:
    """The facts of a page, member by member."""
    seen: dict[tuple[str, str], Span] = {}
    for entry in entries:
        for root in _roots(entry.part, title, tree):
            first = seen.setdefault((root, entry.name.value), entry.name.span)
            if first is not entry.name.span:
                faults.append(catalogue.duplicate_member(entry.name, first))
        facts = tuple(_facts(entry, faults))
        for root in _roots(entry.part, title, tree):
            path = join(root, entry.name.value)
            for suffix, fact in facts:
                yield _at(path + suffix, fact)


def error_facts(errors: Iterable[Error]) -> Iterator[Fact]:
    """What an operation can fail with, and the HTTP status of each."""
    listed = list(errors)
    if listed:
        names: list[Value] = list(dict.fromkeys(one.name.value for one in listed))
        yield Fact(path=OPERATION, kind="errors", value=names, line=listed[0].line)
    for one in listed:
        if one.status is not None:
            yield Fact(
                path=f"{ERRORS}.{one.name.value}",
                kind="httpStatus",
                value=one.status,
                line=one.status_line,
            )


def _roots(part: Part, title: str, tree: Tree | None) -> tuple[str, ...]:
    match part:
        case Part.REQUEST:
            return (REQUEST,)
        case Part.RESPONSE:
            return ("",)
        case Part.STRUCTURE:
            return roots(title, tree)


def _at(path: str, fact: Fact) -> Fact:
    return Fact(
        path=path,
        kind=fact.kind,
        value=fact.value,
        line=fact.line,
        as_written=fact.as_written,
    )


def _facts(
    entry: DescribedMember, faults: list[Diagnostic]
) -> Iterator[tuple[str, Fact]]:
    """The facts of a member, each with its path from there."""
    word = entry.context or ""
    line = entry.line
    for statement in entry.statements:
        if statement.label == "Type":
            word, line = _word(statement.value.value), statement.line.number
            if not means(word):
                found = Located(word, statement.value.span)
                faults.append(catalogue.unknown_type_name(found, DESCRIBES))
    if not word:
        faults.append(catalogue.missing_type(entry.name))
    spelling = if_other(entry.written, entry.name.value)
    yield "", Fact(path="", kind="type", value=word, line=line, as_written=spelling)
    for statement in entry.statements:
        for kind, value, written in _stated(statement, faults):
            number = statement.line.number
            yield (
                _suffix(statement.label, word),
                Fact(path="", kind=kind, value=value, line=number, as_written=written),
            )


def _word(text: str) -> str:
    return " ".join(unescaped(_LINK.sub(r"\g<text>", text)).split())


def _suffix(label: str, word: str) -> str:
    """Where a statement belongs, from the member that it is about."""
    match label.split():
        case ["Key", *_] | ["Valid", "Keys"]:
            return KEYS
        case ["Value", *_] if not inside(word):
            return VALUES
        case ["Type" | "Required"] | ["Array" | "Map", *_]:
            return ""
        case _:
            return inside(word)


def _stated(
    statement: Statement, faults: list[Diagnostic]
) -> Iterator[tuple[str, Value, str | None]]:
    """The kind, the value and the other spelling of each fact of a line."""
    text = statement.value.value
    match statement.label.split():
        case ["Type"]:
            pass
        case ["Required"] if text in ("Yes", "No"):
            yield "required", text == "Yes", None
        case ["Required"]:
            _unread(statement, "`Yes` or `No`", faults)
        case [*_, "Pattern"] if text.startswith("`") and not _CODE.fullmatch(text):
            _unread(statement, "the pattern between two backticks", faults)
        case [*_, "Pattern"]:
            pattern, written = _pattern(text)
            yield "pattern", pattern, written
        case ["Valid", "Values" | "Keys"]:
            yield from _values(statement, faults)
        case [*_, "Length", "Constraints"]:
            yield from _bounds(statement, "length", faults)
        case ["Array" | "Map", _]:
            yield from _bounds(statement, "number", faults)
        case _:
            yield from _bounds(statement, "value", faults)


def _unread(statement: Statement, expected: str, faults: list[Diagnostic]) -> None:
    faults.append(catalogue.unreadable_line(statement.line.span, expected))


def _bounds(
    statement: Statement, what: str, faults: list[Diagnostic]
) -> Iterator[tuple[str, Value, None]]:
    text = unescaped(statement.value.value)
    least, greatest = _BOUNDS[what]
    end = 0
    while (match := _BOUND.match(text, end)) and match["what"] == what:
        end = match.end()
        bound = _number(match["bound"])
        if match["which"] != "Maximum":
            yield least, bound, None
        if match["which"] != "Minimum":
            yield greatest, bound, None
    if end == 0 or end != len(text):
        _unread(statement, f"`Minimum {what} of 1. Maximum {what} of 9.`", faults)


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _pattern(text: str) -> tuple[str, str | None]:
    """A pattern; within code it is as written, elsewhere Markdown escapes it."""
    match = _CODE.fullmatch(text)
    if match is None:
        return unescaped(text), if_other(text, unescaped(text))
    code = match["code"]
    padded = code.startswith(" ") and code.endswith(" ") and code.strip()
    return (code[1:-1] if padded else code), None


def _values(
    statement: Statement, faults: list[Diagnostic]
) -> Iterator[tuple[str, Value, str | None]]:
    text = statement.value.value
    if _EACH.fullmatch(text):
        named: list[Value] = [part.strip(" `") for part in text.split("|")]
        yield "enum", named, None
        return
    match = _CODE.fullmatch(text)
    plain = match["code"] if match else unescaped(text)
    values: list[Value] = [value.strip() for value in plain.split("|")]
    if match is None and ("`" in text or _LIST.search(text)):
        _unread(
            statement, "the values between two backticks, with `|` between them", faults
        )
    yield "enum", values, None if match else if_other(text, plain)
