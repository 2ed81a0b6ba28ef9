"""The anchors of a contract page: what a link ends in, the same for every generator.

    Channel                        a shape
    Channel.ChannelName            a member, or a value of an enum
    rule:Channel.record-wrapper    a rule; `note:` and `derived:` likewise
    decision:job-name-counted      a decision; `source:` and `operation:` likewise
    page:sources                   a part of the page

They are made of names alone, so that a finding can be linked without its page at hand.
Signs that a link could not hold are written as `~` and their number, `~3c~`.

This module is part of the site as well, with `ground/pointer.py`, for the check in the
page: it imports nothing else but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from shapespec.ground.pointer import steps

if TYPE_CHECKING:
    from shapespec.backends.reference.rich import Target

Table: TypeAlias = Mapping[str, "Mapping[str, str] | str"]
"""What each shape consists of: the targets of its members, or the shape inside it."""

_UNSAFE_SHAPE = re.compile(r"[^A-Za-z0-9_-]")
_UNSAFE_NAME = re.compile(r"[^A-Za-z0-9_.-]")
_MARKS = re.compile(r"[^0-9a-z]")


def anchor(target: Target) -> str:
    """The anchor of a part of a contract."""
    match target.kind:
        case "shape":
            return shape_anchor(target.of)
        case "member" | "value":
            return member_anchor(target.of, target.name)
        case "rule" | "note" | "derived":
            return f"{target.kind}:{member_anchor(target.of, target.name)}"
        case _:
            return f"{target.kind}:{_UNSAFE_NAME.sub(_escape, target.of)}"


def shape_anchor(shape: str) -> str:
    """The anchor of a shape."""
    return _UNSAFE_SHAPE.sub(_escape, shape)


def member_anchor(shape: str, name: str) -> str:
    """The anchor of a member, or of a value of an enum."""
    return f"{shape_anchor(shape)}.{_UNSAFE_NAME.sub(_escape, name)}"


def rule_anchor(shape: str, rule: str) -> str:
    """The anchor of a rule."""
    return f"rule:{member_anchor(shape, rule)}"


def _escape(sign: re.Match[str]) -> str:
    return f"~{ord(sign[0]):x}~"


def place_anchor(table: Table, root: str, pointer: str) -> str:
    """The anchor of the member that a JSON Pointer leads to, or of the nearest above.

    Names count without capitals and marks, as some forms spell them in snake case;
    what leads nowhere, such as an envelope, is passed over.
    """
    here, found = root, shape_anchor(root)
    for step in steps(pointer):
        inside = table.get(here)
        if isinstance(inside, str):
            here = inside
        elif inside is not None:
            name = _member(inside, step)
            if name is not None:
                found = member_anchor(here, name)
                here = inside[name]
    return found


def _member(members: Mapping[str, str], step: str) -> str | None:
    if step in members:
        return step
    plain = _plain(step)
    return next((name for name in members if _plain(name) == plain), None)


def _plain(name: str) -> str:
    return _MARKS.sub("", name.lower())
