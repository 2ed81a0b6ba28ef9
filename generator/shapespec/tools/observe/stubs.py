"""Stubs of decisions, which a patch adds where a spec gives way to responses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from shapespec.contract.naming import snake_case
from shapespec.ground.sinks.yaml_text import scalar

_EMPTY = re.compile(
    r"^decisions:[ \t]*(?:\{\}|~|null)?[ \t]*(?P<rest>#[^\n]*)?$", re.MULTILINE
)

_RELAXED = (
    "To be completed: why does the service send this? Otherwise set another bound."
)
_ONLY_SEEN = "To be completed: what is it, and why does no source state it?"
_OPTIONAL = "To be completed: when does the service leave this out?"


class Stub(NamedTuple):
    """A decision that has to be taken.

    Attributes:
        id: Its id.
        path: The place.
        kind: The kind of fact.
        says: What each source says, as YAML.
        stands: The fact that stands, as YAML.
        reason: What somebody has to complete.
    """

    id: str
    path: str
    kind: str
    says: str
    stands: str
    reason: str


def relaxed(decision: str, path: str, source: str, keyword: str, rule: str) -> Stub:
    """What a relaxed keyword refers to.

    Args:
        decision: Its id.
        path: The place.
        source: The evidence that says what was seen.
        keyword: The keyword that was broken, as facts call it.
        rule: The rule of the findings.
    """
    said = f"{{broken: {{{keyword}: {{rule: {rule}}}}}}}"
    says = f"{{{scalar(source)}: {said}}}"
    return Stub(decision, path, "seen", says, "null", _RELAXED)


def optional(path: str, sources: Iterable[str]) -> Stub:
    """That a member is not required, although some sources say so."""
    plain = _plain(path)
    says = ", ".join(f"{scalar(source)}: true" for source in sources)
    name = f"{plain}-not-required"
    return Stub(name, path, "required", f"{{{says}}}", "false", _OPTIONAL)


def only_seen(path: str, source: str, types: Iterable[str]) -> Stub:
    """That a member which only responses have stays out of the spec."""
    says = f"{{{scalar(source)}: {{types: [{', '.join(map(scalar, types))}]}}}}"
    return Stub(f"{_plain(path)}-only-seen", path, "seen", says, "null", _ONLY_SEEN)


def _plain(path: str) -> str:
    return "-".join(filter(None, re.split(r"[^a-z0-9]+", snake_case(path))))


def with_stubs(text: str, stubs: Iterable[Stub]) -> str:
    """The text of a file of decisions with stubs at its end, without known ones."""
    new = "".join(
        written(stub)
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


def written(stub: Stub) -> str:
    """A stub as the file of decisions has it."""
    return (
        f"  {stub.id}:\n"
        f"    paths: [{scalar(stub.path)}]\n"
        f"    kind: {stub.kind}\n"
        f"    says: {stub.says}\n"
        f"    stands: {stub.stands}\n"
        f"    reason: {scalar(stub.reason)}\n"
    )
