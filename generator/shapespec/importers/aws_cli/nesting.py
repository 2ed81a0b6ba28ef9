"""Where the entries of a page belong: what each structure, list and map holds.

A page that indents shows it. In a flat one a list is followed by what it holds, a map
by its key and its value, and a structure by its first member; but where a structure
ends, only the names tell: none stands twice in one structure. What they leave open is
looked up in the JSON syntax that the page shows, else in the spec, and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import NamedTuple, Protocol

from shapespec.contract import schema as ir
from shapespec.contract.places import ITEMS, KEYS, VALUES, join
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, Span
from shapespec.importers.aws_cli.parse import ListedMember
from shapespec.importers.aws_cli.types import STRUCTURES
from shapespec.importers.common import Line
from shapespec.records import dataclass

MAX_DEPTH = 100
"""Levels of nesting that are followed; the deepest page has about thirty."""

_STEPS = {"list": (ITEMS,), "map": (KEYS, VALUES)}
_SYNTAX = re.compile(r'"(?P<key>[^"]*)"(?:\|"[^"]*")*\s*:|(?P<sign>[{}\[\]])|"[^"]*"')


class Guide(Protocol):
    """What is known beforehand of what a place holds."""

    @property
    def is_page(self) -> bool:
        """Whether it is the page itself that says so."""
        ...

    @property
    def is_empty(self) -> bool:
        """Whether a structure there has no members."""
        ...

    @property
    def is_again(self) -> bool:
        """Whether a structure there lies within one of its own kind."""
        ...

    @property
    def names(self) -> Iterable[str]:
        """The members of a structure there, in their order."""
        ...

    def member(self, name: str) -> Guide | None:
        """What is known of a member; none if there is no such member."""
        ...

    def inner(self, step: str) -> Guide | None:
        """What is known of the items of a list or of the keys and values of a map."""
        ...


class SpecGuide(NamedTuple):
    """What the spec knows of a place: its shape, and the shapes around it."""

    schema: ir.Schema
    shape: ir.Shape
    above: tuple[str, ...] = ()

    @property
    def is_page(self) -> bool:
        return False

    @property
    def is_empty(self) -> bool:
        return isinstance(self.shape, ir.Structure) and not self.shape.members

    @property
    def is_again(self) -> bool:
        return self.shape.id in self.above

    @property
    def names(self) -> Iterable[str]:
        return self._targets()

    def member(self, name: str) -> Guide | None:
        return self._at(self._targets().get(name))

    def _targets(self) -> dict[str, str]:
        match self.shape:
            case ir.Structure(members=members) | ir.Union(members=members):
                return {member.name: member.target for member in members}
            case _:
                return {}

    def inner(self, step: str) -> Guide | None:
        match self.shape:
            case ir.List(member=member):
                return self._at(member)
            case ir.Map(key=key, value=value):
                return self._at(key if step == KEYS else value)
            case _:
                return None

    def _at(self, target: str | None) -> Guide | None:
        if target is None:
            return None
        above = (*self.above, self.shape.id)
        return SpecGuide(self.schema, self.schema.shapes[target], above)


@dataclass(slots=True)
class Syntax:
    """What the JSON syntax of an option shows of a place."""

    members: dict[str, Syntax] = field(default_factory=dict)
    items: Syntax | None = None

    @property
    def is_page(self) -> bool:
        return True

    @property
    def is_empty(self) -> bool:
        return False

    @property
    def is_again(self) -> bool:
        return False

    @property
    def names(self) -> Iterable[str]:
        return self.members

    def member(self, name: str) -> Guide | None:
        return self.members.get(name)

    def inner(self, step: str) -> Guide | None:
        match step:
            case "[]":
                return self.items
            case "{}" if len(self.members) == 1:
                return next(iter(self.members.values()))
            case _:
                return None


def read_syntax(code: Iterable[Line]) -> Syntax | None:
    """What the lines of a JSON syntax show; none where there are none."""
    root = value = Syntax()
    stack: list[Syntax] = []
    for line in code:
        for match in _SYNTAX.finditer(line.text):
            match match["sign"]:
                case "{":
                    stack.append(value)
                case "[":
                    stack.append(value)
                    value.items = value = Syntax()
                case "}" | "]" if stack:
                    stack.pop()
                    value = Syntax()
                case None if match["key"] is not None and stack:
                    value = stack[-1].members.setdefault(match["key"], Syntax())
                case _:
                    pass
    return root if root.members or root.items else None


class Placed(NamedTuple):
    """An entry and the path at which it belongs."""

    path: str
    entry: ListedMember


@dataclass(slots=True, kw_only=True, eq=False)
class _Open:
    """A structure, list or map that may still take entries.

    Attributes:
        name: What messages call it, and where it begins.
        has_members: Whether it is a structure.
        due: The steps to what a list or a map still has to hold.
        names: The members that a structure has so far.
        has_nameless: Whether it has a member that the page leaves out, since it is a
            structure within one of its own kind.
        again: Whether it lies within such a structure.
    """

    path: str
    name: Located[str]
    has_members: bool
    margin: int
    guide: Guide | None
    due: list[str] = field(default_factory=list)
    names: dict[str, Span] = field(default_factory=dict)
    has_nameless: bool = False
    again: bool = False


class Nesting:
    """Finds the place of each entry of a section, one after the other."""

    def __init__(
        self,
        path: str,
        root: Located[str],
        word: str,
        guide: Guide | None,
        faults: list[Diagnostic],
    ) -> None:
        """Begin with what the section as a whole is: its path and its type."""
        self._faults = faults
        self._guided = guide is not None
        self._stack: list[_Open] = []
        self._again = False
        self._open(path, root, word, -1, guide)
        self._undecided: dict[_Open, Span | None] = {}

    def place(
        self, entries: Sequence[ListedMember], end: Span | None
    ) -> Iterator[Placed]:
        """Every entry with its path, in the order of the page.

        What a structure holds that lies within one of its own kind is left out, as far
        as the spec tells: paths are not followed a second time.

        Args:
            entries: Of one section.
            end: The last line of the page, if the section goes on up to there.
        """
        margins = {entry.margin for entry in entries}
        flat = len(margins) < 2
        for entry in entries:
            if not flat:
                self._close(entry.margin)
            if len(self._stack) > MAX_DEPTH:
                self._unread(entry, f"at most {MAX_DEPTH} levels of nesting")
                return
            path, guide = self._path(entry, flat=flat)
            if path is None or entry.word is None:
                continue
            if not self._again:
                yield Placed(path, entry)
            name = Located(path.rpartition(".")[2], (entry.name or entry.word).span)
            self._open(path, name, entry.word.value, entry.margin, guide)
        for opened in self._stack:
            if opened.due and end is not None:
                began = Located("it begins here", opened.name.span)
                due = f"what `{opened.name.value}` holds"
                self._faults.append(catalogue.truncated_page(end, due, began))
            elif opened.due:
                self._nothing_held(opened)
        self._report()

    def _open(
        self, path: str, name: Located[str], word: str, margin: int, guide: Guide | None
    ) -> None:
        """Let what follows belong to a structure, list or map."""
        if word in STRUCTURES or word in _STEPS:
            self._stack.append(
                _Open(
                    path=path,
                    name=name,
                    has_members=word in STRUCTURES,
                    margin=margin,
                    guide=guide,
                    due=[*_STEPS.get(word, ())],
                    again=self._again or (guide is not None and guide.is_again),
                )
            )

    def _close(self, margin: int) -> None:
        """End what an entry of a margin is no part of, on a page that indents."""
        while self._stack and margin <= self._stack[-1].margin:
            opened = self._stack.pop()
            if opened.due:
                self._nothing_held(opened)

    def _path(
        self, entry: ListedMember, *, flat: bool
    ) -> tuple[str | None, Guide | None]:
        """The path of an entry, and what is known of it beforehand."""
        innermost = self._stack[-1] if self._stack else None
        if innermost is not None and innermost.due:
            return self._held(innermost, entry, flat=flat)
        if entry.word is None:
            self._leave_out(entry)
            return None, None
        if innermost is None or not innermost.has_members:
            self._unread(entry, "nothing more, as no structure is open here")
            return None, None
        if entry.name is None:
            self._unread(entry, "`Name -> (type)`, as no list is open here")
            return None, None
        owner = self._owner(entry.name) if flat else innermost
        if owner is None or entry.name.value in owner.names:
            owner = owner or innermost
            first = owner.names[entry.name.value]
            self._faults.append(catalogue.duplicate_member(entry.name, first))
            return None, None
        del self._stack[self._stack.index(owner) + 1 :]
        owner.names[entry.name.value] = entry.name.span
        self._again = owner.again
        guide = owner.guide.member(entry.name.value) if owner.guide else None
        return join(owner.path, entry.name.value), guide

    def _leave_out(self, entry: ListedMember) -> None:
        """Take in a member whose name the page leaves out, as it is a repetition."""
        for opened in reversed(self._stack):
            if not opened.again or opened.guide is None:
                continue
            for name in opened.guide.names:
                member = opened.guide.member(name)
                if name not in opened.names and member and member.is_again:
                    opened.names[name] = entry.line.span
                    return
        if self._stack:
            self._stack[-1].has_nameless = True

    def _held(
        self, opened: _Open, entry: ListedMember, *, flat: bool
    ) -> tuple[str | None, Guide | None]:
        """The path of what a list or a map holds."""
        step = opened.due[0]
        if entry.word is not None and (entry.name is None) != (step == ITEMS):
            what = (
                "`(type)`" if step == ITEMS else "`key -> (type)` or `value -> (type)`"
            )
            self._unread(entry, f"{what}, what `{opened.name.value}` holds")
            self._stack.pop()
            return None, None
        opened.due.pop(0)
        if not opened.due and flat:
            self._stack.pop()
        self._again = opened.again
        guide = opened.guide.inner(step) if opened.guide else None
        return opened.path + step, guide

    def _owner(self, member: Located[str]) -> _Open | None:
        """The open structure that a member belongs to; none if all have it already."""
        able = []
        for opened in reversed(self._stack):
            empty = not (opened.names or opened.has_nameless)
            if empty and opened.guide is not None and opened.guide.is_empty:
                continue
            if member.value not in opened.names:
                able.append(opened)
            if empty:
                break
        if len(able) < 2:
            return able[0] if able else None
        known = [one for one in able if one.guide and one.guide.member(member.value)]
        if not known:
            self._leave_open(member, able)
            return able[0]
        owner = known[0]
        if owner.guide is None or not owner.guide.is_page:
            for opened in able[:-1]:
                ends = able.index(opened) < able.index(owner)
                self._undecided[opened] = member.span if ends else None
        return owner

    def _leave_open(self, member: Located[str], able: list[_Open]) -> None:
        """Report that nobody knows to which of several structures a member belongs."""
        if self._guided:
            owners = [opened.name.value for opened in able]
            self._faults.append(catalogue.ambiguous_member(member, owners))
            return
        for opened in able[:-1]:
            self._undecided.setdefault(opened, member.span)

    def _report(self) -> None:
        """Say for each structure that its end is not shown, and what decided."""
        for opened, outside in self._undecided.items():
            members = [*opened.names] if self._guided else None
            self._faults.append(
                catalogue.ambiguous_nesting(opened.name, outside, members)
            )

    def _nothing_held(self, opened: _Open) -> None:
        expected = f"what `{opened.name.value}` holds behind this line"
        self._faults.append(catalogue.unreadable_line(opened.name.span, expected))

    def _unread(self, entry: ListedMember, expected: str) -> None:
        self._faults.append(catalogue.unreadable_line(entry.line.span, expected))
