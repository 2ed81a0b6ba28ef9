"""Verdicts on responses, as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shapespec.responses.contract import Finding
from shapespec.responses.locate import locate
from shapespec.responses.read import Response
from shapespec.source import SourceFile
from shapespec.terminal import Style

_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say about a response."""

    response: Response
    findings: Sequence[Finding]

    @property
    def valid(self) -> bool:
        """Whether it could be read and has no error."""
        return self.response.unreadable is None and not any(
            finding.severity == "error" for finding in self.findings
        )


Renderer: TypeAlias = Callable[[Verdict, Style], Iterator[str]]


def as_json(verdict: Verdict, style: Style) -> Iterator[str]:
    """One line: source, validity, findings."""
    del style
    response = verdict.response
    found: dict[str, object] = {"source": response.source, "valid": verdict.valid}
    if response.unreadable is not None:
        found["unreadable"] = response.unreadable
    found["findings"] = [
        {
            "rule": finding.rule,
            "severity": finding.severity,
            "pointer": finding.pointer,
            "message": finding.message,
            "shape": finding.shape,
        }
        for finding in verdict.findings
    ]
    yield json.dumps(found)


def as_text(verdict: Verdict, style: Style) -> Iterator[str]:
    """A line for each finding, led by its place, and a last one for the response."""
    response = verdict.response
    file, _, first_line = response.source.rpartition(":")
    if response.unreadable is not None:
        yield f"{response.source}: {style('unreadable', 'red', bold=True)}: " + (
            response.unreadable
        )
        return
    places = _places(verdict, int(first_line))
    for finding, place in zip(verdict.findings, places, strict=True):
        color = _COLORS[finding.severity]
        mark = style(f"{finding.severity}[{finding.rule}]", color, bold=True)
        at = style(finding.pointer or "(the whole response)", "blue")
        yield f"{file}:{place}: {mark} {_printable(at)}"
        yield f"    {finding.message}"
    if verdict.valid:
        state = style("valid", "green", bold=True)
    else:
        state = style("invalid", "red", bold=True)
    counted = counts(verdict.findings)
    yield f"{response.source}: {state}{f' ({counted})' if counted else ''}"


def counts(findings: Sequence[Finding]) -> str:
    """How many findings of each severity: "2 errors, 1 warning"."""
    found = Counter(finding.severity for finding in findings)
    return ", ".join(
        f"{found[severity]} {severity}{'' if found[severity] == 1 else 's'}"
        for severity in ("error", "warning", "note")
        if found[severity]
    )


def _places(verdict: Verdict, first_line: int) -> Iterator[str]:
    """Line and column of each finding, where the text is JSON; else the line alone."""
    text = verdict.response.text
    source = SourceFile("", text)
    for finding in verdict.findings:
        if text.lstrip()[:1] not in ("{", "["):
            yield str(first_line)
            continue
        try:
            line, column = source.position(locate(text, finding.pointer))
        except (ValueError, IndexError, StopIteration, RecursionError):
            yield str(first_line)
            continue
        yield f"{line + first_line - 1}:{column}"


def _printable(text: str) -> str:
    return "".join(
        char if char.isprintable() or char == "\x1b" else f"\\u{ord(char):04x}"
        for char in text
    )


RENDERERS: dict[str, Renderer] = {"text": as_text, "json": as_json}
