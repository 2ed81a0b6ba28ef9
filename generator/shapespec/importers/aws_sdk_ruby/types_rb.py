"""`types.rb` of a gem of the AWS SDK for Ruby: every structure of a service.

A comment with the YARD text of a class stands above the class, whose `Struct` names
the attributes once more. A structure that another one returns is followed, so that the
facts are those of the whole tree below the response, and below the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from shapespec.contract.facts import Fact
from shapespec.contract.places import ITEMS, REQUEST, VALUES, Tree, join
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, SourceFile
from shapespec.importers.aws_sdk_ruby.types import DESCRIBES, KIND, means
from shapespec.importers.common import Line, if_other, lines, refuse, wire_name
from shapespec.records import dataclass

SIGN = re.compile(r"^\s*class \w+ < Struct\.new\(", re.MULTILINE)
"""By what such a file is known."""

_COMMENT = re.compile(r"\s*# ?(?P<text>.*)")
_CLASS = re.compile(r"\s*class (?P<name>\w+) < Struct\.new\((?P<rest>.*)")
_MEMBER = re.compile(r":(?P<name>\w+)")
_ATTRIBUTE = re.compile(r"\s*# @!attribute \[rw?\] (?P<name>\w+)\s*")
_RETURN = re.compile(r"\s*#\s+@return \[(?P<type>[^\[\]]+)\]\s*")
_EMPTY = re.compile(r"\s*class (?P<name>\w+) < Aws::EmptyStructure; end\s*")
_OUTPUTS = ("Response", "Result", "Output")
_INPUTS = ("Request", "Input", "Message")
_STRUCTURE = re.compile(r"(?:Aws::\w+::)?Types::(?P<name>\w+)")
_ARRAY = re.compile(r"Array<(?P<of>.+)>")
_HASH = re.compile(r"Hash<[^,<>]+,(?P<of>.+)>")


@dataclass(slots=True)
class _Class:
    """A structure: its attributes and their types, and what its `Struct` names."""

    name: str
    line: Line
    types: dict[str, Located[str]] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)


class TypesRb:
    """Reads a file, and the classes of one operation in it."""

    def __init__(self, document: SourceFile, tree: Tree | None) -> None:
        """Begin with a file, and the spec of the operation that is meant.

        Raises:
            Faults: No operation is meant, or the file does not have it.
        """
        self.faults: list[Diagnostic] = []
        self._document = document
        self._tree = tree
        self._classes = {one.name: one for one in self._read()}
        named = tree.schema.operations[:1] if tree is not None else ()
        operation = named[0] if named else None
        if operation is None:
            missing = (
                "it holds all structures of a service: name the spec of the operation"
                " that is meant with --spec"
            )
            raise refuse(document, KIND, DESCRIBES, missing)
        self._output = self._class_of(operation.output, operation.name, _OUTPUTS)
        self._input = self._class_of(operation.input, operation.name, _INPUTS)
        if self._output is None:
            missing = f"it has no class `{operation.name}Response`"
            raise refuse(document, KIND, DESCRIBES, missing)
        self.title = self._output.name

    def _class_of(
        self, shape: str | None, operation: str, ends: tuple[str, ...]
    ) -> _Class | None:
        names = (shape or "", *(f"{operation}{end}" for end in ends))
        return next((self._classes[one] for one in names if one in self._classes), None)

    def _read(self) -> Iterator[_Class]:
        """Every class, with the comment above it."""
        name: Located[str] | None = None
        types: dict[str, Located[str]] = {}
        opened: _Class | None = None
        for line in lines(self._document):
            if opened is not None:
                opened.members += _MEMBER.findall(line.text)
                if ")" in line.text:
                    yield self._checked(opened)
                    opened = None
            elif match := _ATTRIBUTE.fullmatch(line.text):
                name = line.located(match, "name")
            elif match := _RETURN.fullmatch(line.text):
                if name is not None:
                    types[name.value] = line.located(match, "type")
                    name = None
            elif match := _CLASS.fullmatch(line.text):
                opened = _Class(match["name"], line, types, [])
                opened.members += _MEMBER.findall(match["rest"])
                types, name = {}, None
                if ")" in match["rest"]:
                    yield self._checked(opened)
                    opened = None
            elif match := _EMPTY.fullmatch(line.text):
                yield _Class(match["name"], line)
                types, name = {}, None
            elif not _COMMENT.fullmatch(line.text):
                types, name = {}, None
        if opened is not None:
            began = Located("it begins here", opened.line.span)
            end = f"the class `{opened.name}` has ended"
            self.faults.append(catalogue.truncated_page(opened.line.span, end, began))

    def _checked(self, found: _Class) -> _Class:
        """A class, whose comment and whose `Struct` name the same attributes."""
        for name in found.members:
            if name not in found.types and name != "event_type":
                expected = (
                    f"`@!attribute [rw] {name}` and its `@return` above the class"
                )
                span = found.line.span
                self.faults.append(catalogue.unreadable_line(span, expected))
        return found

    def facts(self) -> Iterator[Fact]:
        """The type of every member, below the response and below the request."""
        for prefix, root in (("", self._output), (REQUEST, self._input)):
            if root is not None:
                yield from self._below(prefix, root, (root.name,))

    def _below(self, path: str, at: _Class, above: tuple[str, ...]) -> Iterator[Fact]:
        for name in at.members:
            word = at.types.get(name)
            if word is None:
                continue
            wire = wire_name(path, name, self._tree)
            here = join(path, wire)
            yield from self._typed(here, word, above, if_other(name, wire))

    def _typed(
        self,
        path: str,
        word: Located[str],
        above: tuple[str, ...],
        written: str | None = None,
    ) -> Iterator[Fact]:
        plain = re.sub(r"\s", "", word.value)
        if not means(plain):
            self.faults.append(catalogue.unknown_type_name(word, DESCRIBES))
        yield Fact(
            path=path,
            kind="type",
            value=word.value,
            line=word.span.position.line,
            as_written=written,
        )
        for pattern, mark in ((_ARRAY, ITEMS), (_HASH, VALUES)):
            if match := pattern.fullmatch(plain):
                inside = Located(match["of"], word.span)
                yield from self._typed(path + mark, inside, above)
        match = _STRUCTURE.fullmatch(plain)
        if match and match["name"] in self._classes and match["name"] not in above:
            found = self._classes[match["name"]]
            yield from self._below(path, found, (*above, found.name))
