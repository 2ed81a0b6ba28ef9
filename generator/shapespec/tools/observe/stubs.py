"""Stubs of decisions, which a patch adds where a spec relaxes what responses broke."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from shapespec.ground.sinks.yaml_text import scalar

_EMPTY = re.compile(
    r"^decisions:[ \t]*(?:\{\}|~|null)?[ \t]*(?P<rest>#[^\n]*)?$", re.MULTILINE
)

TO_DO = "To be completed: why does the service send this? Otherwise set another bound."
"""The reason of a stub."""


class Stub(NamedTuple):
    """A decision that has to be taken.

    Attributes:
        id: Its id.
        path: The place.
        source: The evidence that says what was seen.
        keyword: The keyword that was broken, as facts call it.
        rule: The rule of the findings.
    """

    id: str
    path: str
    source: str
    keyword: str
    rule: str


def with_stubs(text: str, stubs: Iterable[Stub]) -> str:
    """The text of a file of decisions with stubs at its end, without known ones."""
    new = "".join(
        _written(stub)
        for stub in dict.fromkeys(stubs)
        if not re.search(rf"^[ \t]+{re.escape(stub.id)}[ \t]*:", text, re.MULTILINE)
    )
    if not new:
        return text
    empty = _EMPTY.search(text)
    if empty is not None and not text[empty.end() :].strip():
        rest = f"  {empty['rest']}" if empty["rest"] else ""
        return f"{text[: empty.start()]}decisions:{rest}\n{new}"
    return f"{text.rstrip()}\n{new}"


def _written(stub: Stub) -> str:
    said = f"{{broken: {{{stub.keyword}: {{rule: {stub.rule}}}}}}}"
    return (
        f"  {stub.id}:\n"
        f"    paths: [{scalar(stub.path)}]\n"
        "    kind: seen\n"
        f"    says: {{{scalar(stub.source)}: {said}}}\n"
        "    stands: null\n"
        f"    reason: {scalar(TO_DO)}\n"
    )
