"""What the text of a class of the AWS SDK for Ruby states, as facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapespec.contract.facts import Fact
from shapespec.contract.places import Tree, join
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.source import Span
from shapespec.importers.aws_sdk_ruby.parse import Attribute
from shapespec.importers.aws_sdk_ruby.types import DESCRIBES, means
from shapespec.importers.common import if_other, roots, wire_name


def page_facts(
    name: str,
    attributes: Iterable[Attribute],
    tree: Tree | None,
    faults: list[Diagnostic],
) -> Iterator[Fact]:
    """The facts of a class, attribute by attribute."""
    seen: dict[str, Span] = {}
    for attribute in attributes:
        snake, word = attribute.name, attribute.type
        first = seen.setdefault(snake.value, snake.span)
        if first is not snake.span:
            faults.append(catalogue.duplicate_member(snake, first))
        if word is None:
            continue
        if not means(word.value):
            faults.append(catalogue.unknown_type_name(word, DESCRIBES))
        for root in roots(name, tree):
            wire = wire_name(root, snake.value, tree)
            yield Fact(
                path=join(root, wire),
                kind="type",
                value=word.value,
                line=word.span.position.line,
                as_written=if_other(snake.value, wire),
            )
