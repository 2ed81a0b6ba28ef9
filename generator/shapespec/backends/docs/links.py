"""Where everything stands: a page for each shape, an anchor for each heading.

A page is a file, so names that differ in case alone get file names that differ in
more. Anchors are those that GitHub makes of headings. No two headings of a page would
have the same one, so it does not matter how a renderer tells such headings apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import assert_never
from urllib.parse import quote

from shapespec.backends.docs import markdown as md
from shapespec.backends.docs.view import Heading
from shapespec.backends.python_package import main_root
from shapespec.backends.reference import anchors, rich
from shapespec.backends.reference.file_names import FileNames
from shapespec.backends.reference.rich import Kind, Target
from shapespec.contract import schema as ir
from shapespec.ground.sinks.visible import visible

KINDS = {
    "Structure": "Structures",
    "Union": "Unions",
    "OneOf": "Choices",
    "List": "Lists",
    "Tuple": "Lists",
    "Map": "Maps",
    "Enum": "Enums",
}
"""The lists of shapes that have pages, by type."""

VALUES = "Values"
"""The list of those whose values have no parts."""


def listed_under(shape: ir.Shape) -> str:
    """The list that the page of a shape is in."""
    return KINDS.get(type(shape).__name__, VALUES)


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
        written: A whole response in each form, where one operation has all of them.
        main: The root that is meant where none is named, if there is one.
        responses: Each of several roots, and the heading of a whole response of it.
        titles: The title of each page, by its file.
        chapters: The headings of chapters, by shape and plain text.
        parts: The headings of members, rules and so on.
    """

    def __init__(self, schema: ir.Schema) -> None:
        """Settle every file name and every anchor that others link to."""
        self.schema = schema
        self.titles: dict[str, Heading] = {}
        self.chapters: dict[tuple[str, str], Heading] = {}
        self.parts: dict[Target, Heading] = {}
        self.bodies: dict[str, Heading] = {}
        owners = _owners(schema)
        names = FileNames("README")
        self.readme = Page("README.md")
        self.titles["README.md"] = self.readme.heading(rich.name(schema.title))
        self.operations = {
            one.name: self._operation(one, Page(f"{names.add(one.name)}.md"), owners)
            for one in schema.operations
        }
        self._homes = {
            shape: self.operations[operation.name]
            for shape, operation in owners.items()
        }
        self.shapes = {
            one.id: self._shape(one, Page(f"{names.add(one.id)}.md"))
            for one in ir.explained(schema)
            if one.id not in owners
        }
        self._homes |= self.shapes
        self.sources = Page(f"{names.add('sources')}.md")
        self.timeline = Page(f"{names.add('timeline')}.md")
        self.examples = Page(f"{names.add('examples')}.md")
        for page, title in (
            (self.sources, "Sources"),
            (self.timeline, "Timeline"),
            (self.examples, "Examples"),
        ):
            self.titles[page.file] = page.heading(title)
        self.who = self.sources.heading("Who states facts")
        self.decided = self.sources.heading("Decisions")
        for decision in schema.ledger.decisions:
            heading = self.sources.heading(decision.id, f"{decision.id} (decision)")
            self.parts[Target("decision", decision.id)] = heading
        self.main = main_root(schema)
        self.written = schema.examples.get(self.main or "", {})
        self.responses = () if self.main else tuple(self._responses())
        for form in schema.forms:
            heading = self.examples.heading(form.name, f"{form.name} (form)")
            self.parts[Target("form", form.name)] = heading
        self.lists = {
            plain: self.readme.heading(plain, f"List of {plain.lower()}")
            for plain in (
                "Operations",
                *dict.fromkeys(KINDS.values()),
                VALUES,
                "Forms",
                "Examples",
                "Evidence",
                "Not carried over",
            )
        }
        self.known = {one.source.id for one in schema.ledger.evidence}

    def _responses(self) -> Iterator[tuple[str, Heading]]:
        """Where a whole response of each operation, and of each other root, is."""
        known, named = self.schema.examples, set(self.schema.roots)
        for operation in self.schema.operations:
            named.discard(operation.output or "")
            if operation.output is not None and operation.output in known:
                name = operation.name
                heading = self.examples.heading(name, f"Response of {name}")
                yield operation.output, heading
        for root in self.schema.roots:
            if root in named and root in known:
                yield root, self.examples.heading(root, f"{root} (response)")

    def href(self, to: Target, page: Page) -> str | None:
        """A link from a page to a part of the contract, if that has a place."""
        found = self._place(to)
        if found is None:
            return None
        home, anchor = found
        if visible(anchor) != anchor:
            anchor = quote(anchor)  # it may end a sign that showed in the heading
        if home is page and anchor:
            return f"#{anchor}"
        return f"{home.file}#{anchor}" if anchor else home.file

    def _place(self, to: Target) -> tuple[Page, str] | None:
        match to.kind:
            case "operation":
                return self.operations[to.of], ""
            case "shape":
                body = self.bodies.get(to.of)
                home = self._homes.get(to.of)
                return (home, body.anchor if body else "") if home else None
            case "value":
                home = self._homes.get(to.of)
                return (home, anchors.anchor(to)) if home else None
            case "source":
                known = to.of in self.known
                return (self.sources, anchors.anchor(to)) if known else None
            case "decision":
                heading = self.parts.get(to)
                return (self.sources, heading.anchor) if heading else None
            case "form":
                written = to.of in self.written
                return (self.examples, self.parts[to].anchor) if written else None
            case "member" | "rule" | "derived" | "note":
                heading = self.parts.get(to)
                return (self._homes[to.of], heading.anchor) if heading else None
            case _:
                assert_never(to.kind)

    def to_list(self, plain: str) -> str:
        """A link to one of the lists that everything is reached from."""
        return md.link(plain, f"{self.readme.file}#{self.lists[plain].anchor}")

    def _operation(
        self, operation: ir.Operation, page: Page, owners: dict[str, ir.Operation]
    ) -> Page:
        name = operation.name
        roles = [(operation.input, "request"), (operation.output, "response")]
        described = [(shape, role) for shape, role in roles if shape in owners]
        for shape, role in reversed(described):
            self._members(page, shape, "request" if role == "request" else "")
        self.titles[page.file] = page.heading(name, f"{name} (operation)")
        for shape, role in described:
            plain = role.capitalize()
            self.bodies[shape] = page.heading(plain, f"{plain} of {name}")
        for shape, role in described:
            self._joining(page, shape, f" of the {role}")
        return page

    def _shape(self, shape: ir.Shape, page: Page) -> Page:
        self._members(page, shape.id, "")
        kind = listed_under(shape).lower()[:-1]
        self.titles[page.file] = page.heading(shape.id, f"{shape.id} ({kind})")
        if isinstance(shape, ir.Structure | ir.Union):
            heading = page.heading("Members", f"Members of {shape.id}")
            self.chapters[shape.id, "Members"] = heading
        self._joining(page, shape.id, "")
        return page

    def _members(self, page: Page, shape: str, mark: str) -> None:
        """Headings as plain as can be, so that people can guess their anchors."""
        described = self.schema.shapes[shape]
        if not isinstance(described, ir.Structure | ir.Union):
            return
        for number, member in enumerate(described.members, 1):
            name = rich.name(member.name)
            marks = ", ".join(filter(None, (mark, f"member {number}")))
            plain = f"{name} ({mark})" if mark else name
            heading = page.heading(plain, f"{name} ({marks})")
            self.parts[Target("member", shape, member.name)] = heading

    def _joining(self, page: Page, shape: str, of: str) -> None:
        """Headings for what joins members."""
        described = self.schema.shapes[shape]
        if not isinstance(described, ir.Structure):
            return
        joining: tuple[tuple[str, Kind, str, list[str]], ...] = (
            ("Rules", "rule", "rule", [one.id for one in described.rules]),
            (
                "Derived values",
                "derived",
                "derived value",
                [one.name for one in described.derived],
            ),
            ("Notes", "note", "note", [one.id for one in described.notes]),
        )
        for title, kind, what, names in joining:
            if names:
                heading = page.heading(f"{title}{of}", f"{title} of {shape}")
                self.chapters[shape, title] = heading
            for name in names:
                heading = page.heading(name, f"{name} ({what})")
                self.parts[Target(kind, shape, name)] = heading


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
        if len(operations) == 1
        and shape not in errors
        and isinstance(schema.shapes[shape], ir.Structure)
    }


def _counted(candidates: tuple[str, ...], joint: str = " ") -> Iterator[str]:
    yield from candidates
    yield from (f"{candidates[-1]}{joint}{number}" for number in count(2))
