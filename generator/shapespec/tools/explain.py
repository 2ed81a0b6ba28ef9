"""The pages behind the rules: what each finding and each diagnostic means.

A page is Markdown: the rule as title, a sentence, then what it means, why it matters
and what to do. `explanations/findings/` is about responses, `explanations/specs/`
about specs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from shapespec.ground.resources import EXPLANATIONS


def _pages() -> Iterator[Path]:
    for folder in ("findings", "specs"):
        yield from sorted((EXPLANATIONS / folder).glob("*.md"))


def rules() -> dict[str, str]:
    """Every rule and its page's first sentence, findings first."""
    found = {}
    for file in _pages():
        paragraphs = file.read_text("utf-8").split("\n\n")
        found[file.stem] = " ".join(paragraphs[1].split())
    return found


def page(rule: str) -> str:
    """The page of a rule that `rules` lists."""
    return next(file for file in _pages() if file.stem == rule).read_text("utf-8")
