"""A page of the R documentation of paws: its arguments and its trees of values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import field
from typing import NamedTuple

from shapespec.contract.places import ITEMS, join
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.importers.common import (
    Line,
    Section,
    is_refused,
    last_line,
    lines,
    once,
    refuse,
    skipped,
)
from shapespec.importers.paws.types import DESCRIBES, KIND
from shapespec.records import dataclass

_NAME = re.compile(r"<td>(?P<name>[^<]+)</td>")
_HEADING = re.compile(r"### (?P<name>.+?)\s*")
_SECTIONS = {"Usage", "Arguments", "Value", "Request syntax"}
_SECTIONS |= {"Description", "Details", "Examples", "See Also"}
_CODE = re.compile(r"\s*(?:[\w.]+ = )?(?:list|as\.POSIXct)\(.*|<table.*")
_STRING = r'"(?:[^"\\]|\\.)*"'
_ITEM = re.compile(
    r"\s*(?:(?P<name>[A-Za-z.][\w.:$-]*|`[^`\n]+`)\s*=\s*)?(?:"
    r"(?P<list>list\()"
    rf"|(?P<POSIXct>as\.POSIXct\(\s*{_STRING}\s*\))"
    rf"|(?P<string>{_STRING}(?:\|{_STRING})*)"
    r"|(?P<logical>TRUE\|FALSE)"
    r"|(?P<numeric>-?[0-9]+\.[0-9]+)"
    r"|(?P<integer>-?[0-9]+)"
    r"|(?P<raw>raw))(?=[\s,)]|$|(?<=\())"
)
_WORDS = ("list", "POSIXct", "string", "logical", "numeric", "integer", "raw")
_TEXT = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_CHARACTERS = {"n": "\n", "t": "\t", "r": "\r"}
_CLOSE = re.compile(r"\s*\)")
_COMMA = re.compile(r"\s*,")
_LIST = re.compile(r"list\(")
_CALL = re.compile(r"svc\$[\w.]+\(")
_ROW = re.compile(
    r'<code\s+id="[^"]*_:_[^"]*"\s*>(?P<name>[^<]+)</code>\s*</td>'
    r"\s*<td>\s*(?:<p>\s*)?(?P<mark>\[\w+\](?!\())?"
)
_USAGE = re.compile(r"\s*[\w.]+\((?P<names>[^()]*)\)\s*")
_ARGUMENT = re.compile(r"`?[A-Za-z.][\w.:$-]*`?|\.\.\.")

_INTRODUCTIONS = ("A list with the following syntax:", "An empty list.")

MAX_DEPTH = 100
"""Levels of nesting that are followed; the deepest page has about thirty."""


class Value(NamedTuple):
    """A value as written: what stands at a path.

    Attributes:
        path: From the value as a whole, which is `""`.
        word: The type that it shows.
        texts: The texts that it may be, where it is a string.
        line: Where it is.
        name: What it is called; none inside of a list or a map.
        written: The texts as R writes them, where that differs.
    """

    path: str
    word: str
    texts: tuple[str, ...]
    line: int
    name: Located[str] | None
    written: str | None


class Argument(NamedTuple):
    """A row of the table of arguments."""

    name: Located[str]
    required: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A page as written.

    Attributes:
        name: Of the function.
        arguments: The rows of the table of arguments.
        request: The values of the call.
        response: The values of what is returned.
    """

    name: str
    arguments: tuple[Argument, ...]
    request: tuple[Value, ...]
    response: tuple[Value, ...]


class Parser:
    """Reads a page section by section; nothing in it goes unnoticed."""

    def __init__(self, document: SourceFile) -> None:
        """Begin with a page."""
        self.faults: list[Diagnostic] = []
        self._document = document
        self._lines = lines(document)

    def page(self) -> Written:
        """The whole page.

        Raises:
            Faults: It is no such page.
        """
        found = once(self._sections(), self.faults)
        head = "\n".join(line.text for line in self._lines[:8])
        function = _NAME.search(head)
        if function is None or "R Documentation" not in head:
            raise refuse(
                self._document, KIND, DESCRIBES, "it has no head `R Documentation`"
            )
        for name, body in found.values():
            if name.value not in _SECTIONS:
                self.faults.append(skipped(name, body, _CODE))
        sections = {name: body for name, (_, body) in found.items()}
        usage = self._usage(sections.get("Usage", []))
        written = Written(
            name=function["name"],
            arguments=self._arguments(sections.get("Arguments", []), usage),
            request=self._request(sections.get("Request syntax", [])),
            response=self._response(sections.get("Value", [])),
        )
        if not is_refused(self.faults):
            self._check_end(sections, with_arguments=bool(usage))
        return written

    def _check_end(self, there: Collection[str], *, with_arguments: bool) -> None:
        due = ["Usage", "Value"]
        if with_arguments:
            due = ["Usage", "Arguments", "Value", "Request syntax"]
        for name in due:
            if name not in there:
                end = last_line(self._lines, self._document)
                self.faults.append(
                    catalogue.truncated_page(end, f"the section `{name}`")
                )
                return

    def _sections(self) -> Iterator[Section]:
        """The sections, each with its lines; those before the first are the head."""
        name: Located[str] | None = None
        body: list[Line] = []
        for line in self._lines:
            if match := _HEADING.fullmatch(line.text):
                if name is not None:
                    yield name, body
                name, body = line.located(match, "name"), []
            else:
                body.append(line)
        if name is not None:
            yield name, body

    def _usage(self, body: list[Line]) -> tuple[Located[str], ...]:
        """The names in `function(Name, Name)`, which may run over several lines."""
        code = [line for line in body if line.text.strip()]
        if not code:
            return ()
        text = "\n".join(line.text for line in code)
        match = _USAGE.fullmatch(text)
        if match is None:
            self._unread(code[-1].span, "`function(Name, Name)`")
            return ()
        return tuple(
            Located(name.group().strip("`"), line.part(name))
            for line in code
            for name in _ARGUMENT.finditer(line.text, line.text.find("(") + 1)
        )

    def _arguments(
        self, body: list[Line], usage: tuple[Located[str], ...]
    ) -> tuple[Argument, ...]:
        """The rows of the table, which has what the usage names."""
        start = body[0].start if body else 0
        end = body[-1].start + len(body[-1].text) if body else 0
        text = self._document.text
        opened = text.find("<table", start, end)
        if opened != -1 and text.rfind("</table>", start, end) < opened:
            began = Span(self._document, opened, opened + len("<table"))
            self.faults.append(
                catalogue.truncated_page(
                    last_line(self._lines, self._document),
                    "the table has ended",
                    Located("the table begins here", began),
                )
            )
            return ()
        found = tuple(map(self._argument, _ROW.finditer(text, start, end)))
        listed = {argument.name.value for argument in found}
        for name in usage:
            if name.value not in listed and name.value != "...":
                self._unread(name.span, "a name that the table of arguments has")
        return found

    def _argument(self, row: re.Match[str]) -> Argument:
        name = Located(row["name"].strip(), Span(self._document, *row.span("name")))
        if row["mark"] is None:
            return Argument(name, None)
        if row["mark"] != "[required]":
            self._unread(
                Span(self._document, *row.span("mark")), "`[required]` or text"
            )
        return Argument(name, self._document.position(row.start("mark")).line)

    def _response(self, body: list[Line]) -> tuple[Value, ...]:
        for line in body:
            text = line.text.strip()
            if text and not _is_code(line) and text not in _INTRODUCTIONS:
                self._unread(line.span, f"`{_INTRODUCTIONS[0]}`")
        return self._values(body, _LIST)

    def _request(self, body: list[Line]) -> tuple[Value, ...]:
        for line in body:
            if line.text.strip() and not _is_code(line):
                self._unread(line.span, "a call, indented by four spaces")
        return self._values(body, _CALL)

    def _values(self, body: list[Line], head: re.Pattern[str]) -> tuple[Value, ...]:
        code = [line for line in body if _is_code(line)]
        if not code:
            return ()
        return tuple(_Values(code, self._document, self.faults).read(head))

    def _unread(self, at: Span, expected: str) -> None:
        self.faults.append(catalogue.unreadable_line(at, expected))


def _is_code(line: Line) -> bool:
    return line.text.startswith("    ") and bool(line.text.strip())


@dataclass(slots=True)
class _List:
    """A list whose end has not been read yet."""

    path: str
    began: Span
    names: dict[str, Span] = field(default_factory=dict)


class _Values:
    """Reads R code in which a value stands for its type."""

    def __init__(
        self, code: list[Line], document: SourceFile, faults: list[Diagnostic]
    ) -> None:
        self._document = document
        self._faults = faults
        self._lines = {line.number: line for line in lines(document)}
        self._start = code[0].span.start
        self._end = code[-1].span.end

    def read(self, begins: re.Pattern[str]) -> Iterator[Value]:
        """The values of the list or the call that the code is, in their order."""
        text, end = self._document.text, self._end
        head = begins.match(text, self._start, end)
        if head is None:
            self._unread(self._start, "`list(` or a call such as `svc$operation(`")
            return
        stack = [_List("", Span(self._document, *head.span()))]
        at, behind_value = head.end(), False
        while stack:
            if match := _CLOSE.match(text, at, end):
                stack.pop()
                at, behind_value = match.end(), True
                continue
            if behind_value:
                match = _COMMA.match(text, at, end)
                at = match.end() if match else at
            if behind_value and match is None:
                self._stop(at, "`,` or `)`", stack[-1])
                return
            item = _ITEM.match(text, at, end)
            if item is None or len(stack) > MAX_DEPTH:
                self._stop(at, "a value, or `Name =` and a value", stack[-1])
                return
            value = self._value(item, stack[-1])
            yield value
            at, behind_value = item.end(), item["list"] is None
            if item["list"]:
                stack.append(
                    _List(value.path, Span(self._document, *item.span("list")))
                )
        if text[at:end].strip():
            self._unread(at, "nothing after the last `)`")

    def _value(self, item: re.Match[str], inside: _List) -> Value:
        """The value of an item, and where it belongs."""
        word = next(kind for kind in _WORDS if item[kind])
        group = "name" if item["name"] else word
        here = Span(self._document, *item.span(group))
        name = Located(item["name"].strip("`"), here) if item["name"] else None
        first = inside.names.setdefault(name.value if name else ITEMS, here)
        if first is not here and name is not None:
            self._faults.append(catalogue.duplicate_member(name, first))
        elif first is not here:
            self._unread(here.start, "only one value without a name")
        written = [match["text"] for match in _TEXT.finditer(item["string"] or "")]
        texts = [_ESCAPE.sub(_meant, text) for text in written]
        return Value(
            path=join(inside.path, name.value) if name else inside.path + ITEMS,
            word=word,
            texts=tuple(texts) if texts != ["string"] else (),
            line=here.position.line,
            name=name,
            written=None if written == texts else "|".join(written),
        )

    def _stop(self, at: int, expected: str, inside: _List) -> None:
        """Report where reading ended: at a fault, or because the page does."""
        rest = self._document.text[at:]
        if not {"\n", "\r"}.isdisjoint(rest.strip()):
            self._unread(at, expected)
            return
        began = Located("the list begins here", inside.began)
        end = last_line(self._lines.values(), self._document)
        self._faults.append(catalogue.truncated_page(end, "the list has ended", began))

    def _unread(self, at: int, expected: str) -> None:
        """Point at the rest of a line: the text at an offset, or behind it."""
        text = self._document.text
        at += len(text[at:]) - len(text[at:].lstrip())
        line = self._lines[self._document.position(at).line]
        span = Span(self._document, at, line.start + len(line.text))
        self._faults.append(catalogue.unreadable_line(span, expected))


def _meant(escape: re.Match[str]) -> str:
    return _CHARACTERS.get(escape[1], escape[1])
