"""Where everything stands: a page for each shape, an anchor for each heading.

A page is a file, so names that differ in case alone get file names that differ in
more. Anchors are those that GitHub makes of headings. No two headings of a page would
have the same one, so it does not matter how a renderer tells such headings apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import TypeAlias

from shapespec.backends.docs import markdown as md
from shapespec.backends.docs.view import Heading
from shapespec.contract import schema as ir

Documented: TypeAlias = "ir.Structure | ir.Union | ir.Enum"
"""What can have a page of its own."""

KINDS = {"Structure": "Structures", "Union": "Unions", "Enum": "Enums"}

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST = 100
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""What no file may be called on Windows, whatever its extension."""


class Page:
    """A file and the headings in it."""

    def __init__(self, file: str) -> None:
        """Begin an empty page."""
        self.file = file
        self._taken: set[str] = set()

    def heading(self, *candidates: str) -> Heading:
        """A heading with the first of some texts that has an anchor to itself."""
        plain = next(one for one in _counted(candidates) if self._is_free(md.slug(one)))
        anchor = md.slug(plain)
        self._taken.add(anchor)
        return Heading(md.text(plain), anchor)

    def _is_free(self, anchor: str) -> bool:
        return anchor.strip("-") != "" and anchor not in self._taken


class Links:
    """The pages of a schema, and links to what is on them.

    Attributes:
        readme: The page that everything is reached from.
        lists: The headings on it, by the plain text of each.
        operations: The page of each operation, in the schema's order.
        shapes: The page of each shape that has one to itself, in the schema's order.
        bodies: Structures described at an operation, each with the heading there.
        titles: The title of each page, by its file.
        members: The heading of each member, by shape and name.
    """

    def __init__(self, schema: ir.Schema) -> None:
        """Settle every file name and every anchor that others link to."""
        self.schema = schema
        self.titles: dict[str, Heading] = {}
        self.members: dict[tuple[str, str], Heading] = {}
        self.bodies: dict[str, Heading] = {}
        owners = _owners(schema)
        names = _FileNames("README")
        self.readme = Page("README.md")
        self.titles["README.md"] = self.readme.heading(md.name(schema.title))
        self.operations = {
            one.name: self._operation(one, Page(names.add(one.name)), owners)
            for one in schema.operations
        }
        self._homes = {
            shape: self.operations[operation.name]
            for shape, operation in owners.items()
        }
        self.shapes = {
            one.id: self._shape(one, Page(names.add(one.id)))
            for one in schema.named_shapes()
            if isinstance(one, ir.Structure | ir.Union | ir.Enum)
            and one.id not in owners
        }
        self._homes |= self.shapes
        self.sources = Page(names.add("sources"))
        self.timeline = Page(names.add("timeline"))
        self.decisions: dict[str, Heading] = {}
        for page, title in ((self.sources, "Sources"), (self.timeline, "Timeline")):
            self.titles[page.file] = page.heading(title)
        self.decided = self.sources.heading("Decisions")
        for decision in schema.ledger.decisions:
            heading = self.sources.heading(decision.id, f"{decision.id} (decision)")
            self.decisions[decision.id] = heading
        self.lists = {
            plain: self.readme.heading(plain, f"List of {plain.lower()}")
            for plain in ("Operations", *KINDS.values(), "Forms", "Evidence")
        }

    def shape(self, shape: str) -> str:
        """Where a structure, a union or an enum is described."""
        body = self.bodies.get(shape)
        return self._homes[shape].file + (f"#{body.anchor}" if body else "")

    def member(self, shape: str, name: str) -> str:
        """Where a member is described."""
        return f"{self._homes[shape].file}#{self.members[shape, name].anchor}"

    def to_shape(self, shape: str) -> str:
        """A link to a structure, a union or an enum."""
        return md.link(md.text(shape), self.shape(shape))

    def to_member(self, shape: str, name: str) -> str:
        """A link to a member."""
        return md.link(md.text(md.name(name)), self.member(shape, name))

    def to_decision(self, name: str) -> str:
        """A link to a decision, or its name where there is no such."""
        heading = self.decisions.get(name)
        if heading is None:
            return md.code(name)
        return md.link(md.text(name), f"{self.sources.file}#{heading.anchor}")

    def to_list(self, plain: str) -> str:
        """A link to one of the lists that everything is reached from."""
        return md.link(plain, f"{self.readme.file}#{self.lists[plain].anchor}")

    def _operation(
        self, operation: ir.Operation, page: Page, owners: dict[str, ir.Operation]
    ) -> Page:
        name = operation.name
        for shape, mark in ((operation.output, ""), (operation.input, "request")):
            if shape in owners:
                self._members(page, shape, mark)
        self.titles[page.file] = page.heading(name, f"{name} (operation)")
        for shape, plain in (
            (operation.input, "Request"),
            (operation.output, "Response"),
        ):
            if shape in owners:
                self.bodies[shape] = page.heading(plain, f"{plain} of {name}")
        return page

    def _shape(self, shape: Documented, page: Page) -> Page:
        self._members(page, shape.id, "")
        kind = type(shape).__name__.lower()
        self.titles[page.file] = page.heading(shape.id, f"{shape.id} ({kind})")
        return page

    def _members(self, page: Page, shape: str, mark: str) -> None:
        """Headings as plain as can be, so that people can guess their anchors."""
        described = self.schema.shapes[shape]
        if not isinstance(described, ir.Structure | ir.Union):
            return
        for number, member in enumerate(described.members, 1):
            name = md.name(member.name)
            marks = ", ".join(filter(None, (mark, f"member {number}")))
            plain = f"{name} ({mark})" if mark else name
            self.members[shape, member.name] = page.heading(plain, f"{name} ({marks})")


def _owners(schema: ir.Schema) -> dict[str, ir.Operation]:
    """The structures that are described at an operation: those of one role in one."""
    roles: dict[str, list[ir.Operation]] = {}
    for operation in schema.operations:
        for shape in (operation.input, operation.output, *operation.errors):
            if shape is not None:
                roles.setdefault(shape, []).append(operation)
    errors = {shape for operation in schema.operations for shape in operation.errors}
    return {
        shape: operations[0]
        for shape, operations in roles.items()
        if len(operations) == 1 and shape not in errors
    }


class _FileNames:
    """Names of files that no file system takes for the same."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.lower() for name in taken}

    def add(self, name: str) -> str:
        safe = _UNSAFE.sub("-", name)[:_LONGEST]
        if _DEVICE.fullmatch(safe.lower()):
            safe = f"{safe}-"
        free = (one for one in _counted((safe,), "-") if one.lower() not in self._taken)
        found = next(free)
        self._taken.add(found.lower())
        return f"{found}.md"


def _counted(candidates: tuple[str, ...], joint: str = " ") -> Iterator[str]:
    yield from candidates
    yield from (f"{candidates[-1]}{joint}{number}" for number in count(2))
