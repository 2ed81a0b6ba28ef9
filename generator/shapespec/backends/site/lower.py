"""From the schema to the files of the site."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.backends.reference import rich, view as reference
from shapespec.backends.reference.anchors import anchor
from shapespec.backends.reference.contract import Contract
from shapespec.backends.reference.rich import Target
from shapespec.backends.site import view
from shapespec.backends.site.check import modules, roots
from shapespec.backends.site.html import Writer, environment, script
from shapespec.backends.site.pictures import agreement, groups, growth
from shapespec.backends.site.search import entries
from shapespec.contract import schema as ir
from shapespec.ground.resources import TEMPLATES

_ASSETS = ("site.css", "site.js", "check.js", "icon.svg")


class Lowering:
    """Turns a schema into a site."""

    def __init__(self, schema: ir.Schema) -> None:
        """Describe `schema`."""
        self.schema = schema
        self.contract = Contract(schema)

    def files(self) -> Iterator[tuple[str, str]]:
        """Every file by name."""
        page = self.page()
        template = environment().get_template("site/index.html.jinja")
        known = _targets(page)

        def href(target: Target) -> str | None:
            return f"#{anchor(target)}" if target in known else None

        text = template.render(page=page, rich=Writer(href), anchor=anchor, href=href)
        yield "index.html", text
        yield "search.js", script("index", [*entries(page)])
        if self.schema.modules:
            yield "package.js", script("modules", modules(self.schema))
        for name in _ASSETS:
            yield name, (TEMPLATES / "site" / name).read_text("utf-8")

    def page(self) -> view.Contract:
        """What the contract page says."""
        schema, contract = self.schema, self.contract
        shapes = tuple(contract.shapes())
        first = {one.output for one in schema.operations}
        bodies = [one for one in shapes if one.kind != "enum"]
        bodies.sort(key=lambda one: one.id not in first)
        forms = tuple(contract.forms())
        record = contract.record
        return view.Contract(
            source=schema.source,
            title=rich.name(schema.title),
            package=schema.package,
            doc=rich.prose(schema.doc),
            members=sum(len(one.members) for one in bodies),
            rules=sum(len(one.rules) for one in bodies),
            operations=tuple(contract.operations()),
            shapes=tuple(bodies),
            enums=tuple(one for one in shapes if one.kind == "enum"),
            forms=forms,
            examples=tuple(self._examples(forms)),
            sources=tuple(record.sources()) if record else (),
            decisions=tuple(record.decisions()),
            growth=growth(schema),
            agreement=tuple(agreement(schema, record)) if record else (),
            groups={
                one.id: found
                for one in shapes
                if one.kind == "enum" and (found := groups(schema, one.id))
            },
            releases=tuple(record.releases()),
            editions=tuple(record.editions()) if record else (),
            trees=tuple(self._trees()),
            checked=() if not schema.modules else roots(schema),
        )

    def _examples(self, forms: tuple[reference.Form, ...]) -> Iterator[view.Example]:
        given = self.schema.examples
        if given.get("") and not any(form.example for form in forms):
            yield view.Example(form="JSON", doc="", text=given[""])
        for form in forms:
            if form.example:
                doc = rich.plain(form.doc)
                yield view.Example(form=form.name, doc=doc, text=form.example)

    def _trees(self) -> Iterator[view.Tree]:
        """The trees of responses, then of requests, then of other roots."""
        named: set[str] = set()
        for title, role in (("Response", "output"), ("Request", "input")):
            for operation in self.schema.operations:
                root = getattr(operation, role)
                named.update(operation.errors)
                if root is None or root in named:
                    continue
                named.add(root)
                many = len(self.schema.operations) > 1
                yield view.Tree(
                    title=f"{title} of {operation.name}" if many else title,
                    branches=self.contract.tree(root),
                )
        for root in self.schema.roots:
            if root not in named:
                yield view.Tree(title=root, branches=self.contract.tree(root))


def _targets(page: view.Contract) -> set[Target]:
    """Everything on a page that can be linked to."""
    found: set[Target] = set()
    for shape in (*page.shapes, *page.enums):
        found.add(shape.target)
        found.update(one.target for one in shape.members)
        found.update(one.target for one in shape.values)
        found.update(one.target for one in shape.rules)
        found.update(one.target for one in shape.derived)
        found.update(one.target for one in shape.notes)
    found.update(one.target for one in page.operations)
    found.update(one.target for one in page.sources)
    found.update(one.target for one in page.decisions)
    return found
