"""What the templates of the site receive beside the views of the reference."""

from __future__ import annotations

from collections.abc import Mapping

from shapespec.backends.reference import view
from shapespec.backends.reference.rich import Rich
from shapespec.backends.site.pictures import Agreement, Group, Growth
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The members of what an operation receives or sends."""

    title: str
    branches: tuple[view.Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A whole response: as one system writes it, or of one operation.

    Attributes:
        title: The form or the operation.
        doc: What is to say of the form.
        text: The response as JSON.
        shape: What it is a response of.
    """

    title: str
    doc: str
    text: str
    shape: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContract:
    """All of a contract page.

    Attributes:
        part: The shape that the page is about; empty on the page of the contract.
        listed: Shapes that have pages of their own.
        groups: By enum, the values of others that belong to its values.
        checked: The shapes that a pasted response can have, likeliest first; none
            where there is no check.
        not_carried: What the source says and the contract does not.
    """

    source: str
    title: str
    package: str
    doc: tuple[Rich, ...]
    members: int
    rules: int
    part: str
    listed: tuple[view.Shape, ...]
    operations: tuple[view.Operation, ...]
    shapes: tuple[view.Shape, ...]
    enums: tuple[view.Shape, ...]
    forms: tuple[view.Form, ...]
    examples: tuple[Example, ...]
    sources: tuple[view.Source, ...]
    decisions: tuple[view.Decision, ...]
    growth: Growth | None
    agreement: tuple[Agreement, ...]
    groups: Mapping[str, tuple[Group, ...]]
    releases: tuple[view.Releases, ...]
    editions: tuple[view.Edition, ...]
    trees: tuple[Tree, ...]
    checked: tuple[str, ...]
    not_carried: tuple[Rich, ...]
