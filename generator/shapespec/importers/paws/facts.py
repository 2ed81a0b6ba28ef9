"""What a page of the R documentation of paws states, as facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapespec.contract.facts import Fact
from shapespec.contract.places import REQUEST, join
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.importers.common import is_refused
from shapespec.importers.paws.parse import Value, Written


def page_facts(page: Written, faults: list[Diagnostic]) -> Iterator[Fact]:
    """The facts of a page: those of the request, then those of the response."""
    sent = {value.path for value in page.request}
    for argument in page.arguments:
        name = argument.name.value
        if name not in sent and not is_refused(faults):
            faults.append(catalogue.missing_type(argument.name))
        if argument.required is not None:
            path = join(REQUEST, name)
            yield Fact(path=path, kind="required", value=True, line=argument.required)
    yield from _facts(f"{REQUEST}.", page.request)
    yield from _facts("", page.response)


def _facts(prefix: str, values: Iterable[Value]) -> Iterator[Fact]:
    for value in values:
        path = prefix + value.path
        yield Fact(path=path, kind="type", value=value.word, line=value.line)
        if value.texts:
            yield Fact(
                path=path,
                kind="enum",
                value=list(value.texts),
                line=value.line,
                as_written=value.written,
            )
