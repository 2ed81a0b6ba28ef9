"""Whether a page is about what a spec describes."""

from __future__ import annotations

import re

from shapespec.contract.places import REQUEST, Tree
from shapespec.importers.protocol import Page

_VERB = re.compile(r"^(?:Describe|Get|List|Create|Update|Delete|Put|Batch)(?=[A-Z])")
_SHARE = 0.8
"""As many of the members of a page have to be members of the spec."""


def is_about(page: Page, tree: Tree) -> bool:
    """Whether a page is about what a spec describes, by its title or its members.

    The title names the operation, with or without its verb, or a shape of the spec;
    otherwise most of the members of the page are members of the spec.
    """
    title = _letters(page.title)
    schema = tree.schema
    if any(_letters(name) == title for name in schema.shapes):
        return True
    for operation in schema.operations:
        for name in (operation.name, _VERB.sub("", operation.name)):
            if title.endswith(_letters(name)):
                return True
    members = {fact.path.removeprefix(f"{REQUEST}.") for fact in page.facts}
    names = {path for path in members if path.isidentifier()}
    known = {name for name in names if name in tree or f"{REQUEST}.{name}" in tree}
    return not names or len(known) >= _SHARE * len(names)


def _letters(text: str) -> str:
    """A name without its spelling: `describe-job`, `DescribeJob`, `describe_job`."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
