"""The text of a class of the AWS SDK for Ruby as its attributes."""

from __future__ import annotations

import re
from typing import NamedTuple

from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, SourceFile
from shapespec.importers.aws_sdk_ruby.types import DESCRIBES, KIND
from shapespec.importers.common import Line, last_line, lines, refuse

_CLASS = re.compile(r"\s*class Aws::\w+::Types::(?P<name>\w+)(?:\s*<.*)?\s*")
_ATTRIBUTE = re.compile(r"\s*@!attribute \[rw?\] (?P<name>\w+)\s*")
_RETURN = re.compile(r"(?:.*\s)?@return \[(?P<type>[^\[\]]+)\]\s*")
_SEE = re.compile(r"\s*@see\b.*")
_TAG = re.compile(r"\s*@(?P<tag>[a-z_!]+)\b.*")
_REMARKS = {"note", "example", "option", "deprecated", "since", "todo", "api", "see"}
_LISTS = re.compile(r"\s*(?:Constants|Includes|Included Modules):?\s*")
_LISTED = re.compile(r"\s*[-*] [\w:]+\s*")


class Attribute(NamedTuple):
    """An attribute as written: its name and its type."""

    name: Located[str]
    type: Located[str] | None


class Parser:
    """Reads a text line by line; nothing in it goes unnoticed."""

    def __init__(self, document: SourceFile) -> None:
        """Begin with a text.

        Raises:
            Faults: It is not that of such a class.
        """
        self.faults: list[Diagnostic] = []
        self._document = document
        self._lines = lines(document)
        head = next((line for line in self._lines if line.text.strip()), None)
        match = _CLASS.fullmatch(head.text) if head else None
        if head is None or match is None:
            missing = "it does not begin with `class Aws::Service::Types::Name`"
            raise refuse(document, KIND, DESCRIBES, missing)
        self.name = match["name"]
        self._behind = self._lines[head.number :]

    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes, in the order of the text."""
        found: list[Attribute] = []
        ended = listed = False
        for line in self._behind:
            if match := _ATTRIBUTE.fullmatch(line.text):
                found.append(Attribute(line.located(match, "name"), None))
                listed = False
            elif match := _RETURN.fullmatch(line.text):
                if not found or found[-1].type is not None:
                    self._unread(line, "an attribute before what it returns")
                else:
                    found[-1] = found[-1]._replace(type=line.located(match, "type"))
            elif _SEE.fullmatch(line.text):
                ended = True
            elif found and found[-1].type is not None:
                listed = self._behind_type(line, listed=listed)
            elif (match := _TAG.fullmatch(line.text)) and match["tag"] not in _REMARKS:
                self._unread(line, "`@!attribute [rw] name`, `@return [Type]` or text")
        self._check_end(found, ended=ended)
        return tuple(found)

    def _behind_type(self, line: Line, *, listed: bool) -> bool:
        """Take in a line behind a type; whether a list of names goes on there."""
        if not line.text.strip() or (listed and _LISTED.fullmatch(line.text)):
            return listed
        if _LISTS.fullmatch(line.text):
            return True
        if not ((match := _TAG.fullmatch(line.text)) and match["tag"] in _REMARKS):
            self._unread(line, "`@!attribute [rw] name` or `@see`")
        return False

    def _check_end(self, found: list[Attribute], *, ended: bool) -> None:
        end = last_line(self._lines, self._document)
        for attribute in found[:-1] if not ended else found:
            if attribute.type is None:
                self.faults.append(catalogue.missing_type(attribute.name))
        if not ended:
            self.faults.append(catalogue.truncated_page(end, "its `@see`"))

    def _unread(self, line: Line, expected: str) -> None:
        self.faults.append(catalogue.unreadable_line(line.span, expected))
