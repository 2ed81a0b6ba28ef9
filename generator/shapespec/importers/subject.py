"""Whether a page is about what a spec describes."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from shapespec.contract.places import REQUEST, Tree
from shapespec.importers.protocol import Page

_VERB = re.compile(r"^(?:Describe|Get|List|Create|Update|Delete|Put|Batch)(?=[A-Z])")
_SHARE = 0.8
"""As many of the members of a page have to be members of the spec."""


Subject: TypeAlias = Literal["same", "like", "other"]
"""Whether a page is about a spec, has its members under another name, or neither."""


def subject_of(page: Page, tree: Tree) -> Subject:
    """How a page is related to what a spec describes, by its title and its members.

    The title of a page about the same names the operation, with or without its verb, or
    a shape of the spec. Behind the name of a service, most of the members have to be
    members of the spec, too: other operations can end with the same words.
    """
    title = _letters(page.title)
    schema = tree.schema
    called = [_letters(name) for name in schema.shapes]
    for operation in schema.operations:
        called += map(_letters, (operation.name, _VERB.sub("", operation.name)))
    if title in called:
        return "same"
    members = {fact.path.removeprefix(f"{REQUEST}.") for fact in page.facts}
    names = {path for path in members if path.isidentifier()}
    known = {name for name in names if name in tree or f"{REQUEST}.{name}" in tree}
    if names and len(known) < _SHARE * len(names):
        return "other"
    return "same" if not names or title.endswith(tuple(called)) else "like"


def _letters(text: str) -> str:
    """A name without its spelling: `describe-job`, `DescribeJob`, `describe_job`."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
