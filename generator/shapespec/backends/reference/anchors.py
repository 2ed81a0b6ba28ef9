"""The anchors of a contract page: what a link ends in, the same for every generator.

    Channel                        a shape
    Channel.ChannelName            a member, or a value of an enum
    rule:Channel.record-wrapper    a rule; `note:` and `derived:` likewise
    decision:job-name-counted      a decision; `source:` and `operation:` likewise
    page:sources                   a part of the page

They are made of names alone, so that a finding can be linked without its page at hand.
Signs that a link could not hold are written as `~` and their number, `~3c~`.
"""

from __future__ import annotations

import re

from shapespec.backends.reference.rich import Target

_UNSAFE_SHAPE = re.compile(r"[^A-Za-z0-9_-]")
_UNSAFE_NAME = re.compile(r"[^A-Za-z0-9_.-]")


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
