"""What a page of the AWS CLI reference states, as facts."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.contract.facts import Fact, Value
from shapespec.contract.places import OPERATION, REQUEST, Tree, join
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Located, SourceFile
from shapespec.importers.aws_cli.nesting import Nesting, Placed, SpecGuide, read_syntax
from shapespec.importers.aws_cli.parse import (
    PAGINATED,
    Limit,
    ListedMember,
    Option,
    Written,
)
from shapespec.importers.aws_cli.types import DESCRIBES, means
from shapespec.importers.common import if_other, lines, wire_name


def paging_facts(document: SourceFile) -> Iterator[Fact]:
    """That a command turns pages, where its page says so."""
    for line in lines(document):
        if PAGINATED in line.text:
            number = line.number
            yield Fact(path=OPERATION, kind="paginated", value=True, line=number)
            return


_BOUNDS = {
    "list": ("minItems", "maxItems"),
    "map": ("minItems", "maxItems"),
    "string": ("minLength", "maxLength"),
    "blob": ("minLength", "maxLength"),
    "streaming blob": ("minLength", "maxLength"),
}


def page_facts(
    page: Written, tree: Tree | None, faults: list[Diagnostic]
) -> Iterator[Fact]:
    """The facts of a page: those of the request, then those of the response."""
    for option in page.options:
        yield from _option_facts(option, tree, faults)
    root = Located("Output", page.end)
    guide = _guide(tree, "")
    nesting = Nesting("", root, "structure", guide, faults)
    for placed in nesting.place(page.output, page.end):
        yield from _facts(placed, None, faults)


def _option_facts(
    option: Option, tree: Tree | None, faults: list[Diagnostic]
) -> Iterator[Fact]:
    head = option.head
    if head.name is None or head.word is None:
        return
    wire = wire_name(REQUEST, head.name.value.replace("-", "_"), tree)
    if tree is None or join(REQUEST, wire) not in tree:
        wire = head.name.value
    path = join(REQUEST, wire)
    written = if_other(f"--{head.name.value}", wire)
    yield from _facts(Placed(path, head), written, faults)
    if option.use is not None:
        required, line = option.use
        if not head.required:
            yield Fact(path=path, kind="required", value=required, line=line)
    shown = read_syntax(option.syntax)
    guide = shown or _guide(tree, path)
    root = Located(head.name.value, head.name.span)
    nesting = Nesting(path, root, head.word.value, guide, faults)
    for placed in nesting.place(option.entries, None):
        yield from _facts(placed, None, faults)


def _guide(tree: Tree | None, path: str) -> SpecGuide | None:
    """What the spec knows of a path; `""` is the response."""
    if tree is None:
        return None
    place = tree.get(path)
    if place is not None:
        return SpecGuide(tree.schema, place.shape)
    outputs = [operation.output for operation in tree.schema.operations[:1]]
    root = outputs[0] if outputs else tree.schema.roots[0]
    if path or root is None:
        return None
    return SpecGuide(tree.schema, tree.schema.shapes[root])


def _facts(
    placed: Placed, written: str | None, faults: list[Diagnostic]
) -> Iterator[Fact]:
    """The facts of an entry, once its place is known."""
    path, entry = placed
    if entry.word is None:
        return
    word, line = entry.word.value, entry.line.number
    if not means(word):
        faults.append(catalogue.unknown_type_name(entry.word, DESCRIBES))
    yield Fact(path=path, kind="type", value=word, line=line, as_written=written)
    if entry.required:
        yield Fact(path=path, kind="required", value=True, line=line)
    for kind, stated in _stated(entry, word, faults):
        where = stated.limit.span.position.line
        yield Fact(path=path, kind=kind, value=_value(kind, stated), line=where)
    if entry.values:
        values: list[Value] = [value.value for value in entry.values]
        where = entry.values[0].span.position.line
        yield Fact(path=path, kind="enum", value=values, line=where)


def _stated(
    entry: ListedMember, word: str, faults: list[Diagnostic]
) -> Iterator[tuple[str, Limit]]:
    """The kind of fact that each constraint is."""
    least, greatest = _BOUNDS.get(word, ("minimum", "maximum"))
    kinds = {"min": least, "max": greatest, "pattern": "pattern"}
    for limit in entry.limits:
        kind = kinds[limit.which]
        if kind != "pattern" and _number(limit.limit.value) is None:
            faults.append(catalogue.unreadable_line(limit.limit.span, "a number"))
        else:
            yield kind, limit


def _value(kind: str, stated: Limit) -> Value:
    text = stated.limit.value
    return text if kind == "pattern" else _number(text)


def _number(text: str) -> int | float | None:
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return None
