"""What findings say where others read it, too: logs, annotations, reports."""

from __future__ import annotations

from shapespec.responses.finding import AnyFinding

_LONGEST_SHOWN = 20


def discreet(finding: AnyFinding) -> str:
    """A finding's message for others to read: little of what the response holds."""
    head, quote, shown = finding.got.partition('"')
    shown = shown.removesuffix('"')
    if not quote or len(shown) <= _LONGEST_SHOWN:
        return finding.message
    short = f'{head}"{shown[:_LONGEST_SHOWN].rstrip("…")}…"'
    return finding.message.replace(finding.got, short, 1)
