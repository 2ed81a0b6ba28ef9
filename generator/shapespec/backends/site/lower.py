"""From the schema to the files of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from shapespec.backends.python_package import main_root
from shapespec.backends.reference import rich, view as reference
from shapespec.backends.reference.anchors import anchor
from shapespec.backends.reference.contract import ContractDescriber
from shapespec.backends.reference.rich import Target
from shapespec.backends.site import view
from shapespec.backends.site.check import modules, roots
from shapespec.backends.site.html import Writer, environment, script
from shapespec.backends.site.layout import INDEX, SiteLayout, up
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
        self.contract = ContractDescriber(schema)

    def files(self) -> Iterator[tuple[str, str]]:
        """Every file by name."""
        page = self.page()
        layout = SiteLayout(page)
        for name, part in _parts(page, layout):
            yield name, _written(name, part, layout)
        yield "search.js", script("index", [*entries(page, layout)])
        if self.schema.modules:
            yield "package.js", script("modules", modules(self.schema))
        for name in _ASSETS:
            yield name, (TEMPLATES / "site" / name).read_text("utf-8")

    def page(self) -> view.SiteContract:
        """What the contract page says."""
        schema, contract = self.schema, self.contract
        shapes = tuple(contract.shapes())
        first = {one.output for one in schema.operations}
        bodies = [one for one in shapes if one.kind != "enum"]
        bodies.sort(key=lambda one: one.id not in first)
        forms = tuple(contract.forms())
        record = contract.record
        return view.SiteContract(
            source=schema.source,
            title=rich.name(schema.title),
            package=schema.package,
            doc=rich.prose(schema.doc),
            members=sum(len(one.members) for one in bodies),
            rules=sum(len(one.rules) for one in bodies),
            part="",
            listed=(),
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
            not_carried=tuple(contract.not_carried()),
        )

    def _examples(self, forms: tuple[reference.Form, ...]) -> Iterator[view.Example]:
        """One in each form; of each operation and other root, if there are several."""
        main = main_root(self.schema)
        if main is None:
            for operation in self.schema.operations:
                output = operation.output or ""
                text = self.schema.examples.get(output, {}).get("")
                if text:
                    yield view.Example(
                        title=operation.name, doc="", text=text, shape=output
                    )
            outputs = {one.output for one in self.schema.operations}
            for root in self.schema.roots:
                text = self.schema.examples.get(root, {}).get("")
                if text and root not in outputs:
                    yield view.Example(title=root, doc="", text=text, shape=root)
            return
        text = self.schema.examples.get(main, {}).get("")
        if text and not any(form.example for form in forms):
            yield view.Example(title="JSON", doc="", text=text, shape=main)
        for form in forms:
            if form.example:
                doc = rich.plain(form.doc)
                yield view.Example(
                    title=form.name, doc=doc, text=form.example, shape=main
                )

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
            branches = self.contract.tree(root) if root not in named else ()
            if branches:
                yield view.Tree(title=root, branches=branches)


def _parts(
    page: view.SiteContract, layout: SiteLayout
) -> Iterator[tuple[str, view.SiteContract]]:
    """What each page says, by the name of its file."""
    if layout.single:
        yield INDEX, page
        return
    listed = (*page.shapes, *page.enums)
    bare = replace(
        page, shapes=(), enums=(), trees=(), releases=(), editions=(), growth=None
    )
    yield INDEX, replace(bare, listed=listed)
    for shape in listed:
        is_enum = shape.kind == "enum"
        yield (
            layout.pages[shape.id],
            replace(
                bare,
                part=shape.id,
                shapes=() if is_enum else (shape,),
                enums=(shape,) if is_enum else (),
                operations=(),
                forms=(),
                examples=(),
                sources=(),
                decisions=(),
                agreement=(),
                checked=(),
                not_carried=(),
            ),
        )


def _written(name: str, page: view.SiteContract, layout: SiteLayout) -> str:
    def href(target: Target) -> str | None:
        return layout.href(target, name)

    template = environment().get_template("site/index.html.jinja")
    return template.render(
        page=page, rich=Writer(href), anchor=anchor, href=href, up=up(name), name=name
    )
