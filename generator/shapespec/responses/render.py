"""Verdicts on responses, as text for people and as lines for programs.

A renderer turns the verdicts of a run into lines, as they come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from shapespec.ground.sinks.json_text import (
    listing,
    members,
    numbered as numbered_json,
    written,
)
from shapespec.ground.sinks.out import Escaped, begun
from shapespec.ground.sinks.workflow import command
from shapespec.ground.source import Position
from shapespec.ground.terminal import Style, line, numbered
from shapespec.records import dataclass
from shapespec.responses.alike import Alike, alike, others
from shapespec.responses.discreet import discreet
from shapespec.responses.finding import AnyFinding
from shapespec.responses.limits import REPORTS, SEVERITIES
from shapespec.responses.places import file_and_line, positions, posix_path
from shapespec.responses.policy import Judged, Verdict, unclean, weigh
from shapespec.responses.read import Clean, Response

_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def _no_reference(finding: AnyFinding) -> None:
    """No address, where there is no reference."""
    del finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a renderer may need beside the verdicts.

    Attributes:
        style: How text is coloured.
        page: What gives the page of a rule, as Markdown.
        each: Whether text shows each finding, also of many that are alike.
        reference: What gives the address of the paragraph about a finding.
    """

    style: Style
    page: Callable[[str], str]
    each: bool = False
    reference: Callable[[AnyFinding], str | None] = _no_reference


Renderer: TypeAlias = Callable[[Iterable[Judged], Setting], Iterator[Escaped]]


def text(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    """Text for people."""
    for verdict in verdicts:
        if isinstance(verdict, Clean):
            valid = setting.style("valid", "green", bold=True)
            yield numbered(f"{verdict.name}:", verdict.numbers, f": {valid}")
        else:
            yield from map(line, _as_text(verdict, setting))


def as_text(verdict: Verdict, style: Style, *, each: bool = True) -> Iterator[Escaped]:
    """A line for each finding, led by its place, and a last one for the response.

    Unless `each` is to be shown, of many findings that are alike only the first is.
    """
    setting = Setting(style=style, page=str, each=each)
    yield from map(line, _as_text(verdict, setting))


def _as_text(verdict: Verdict, setting: Setting) -> Iterator[str]:
    style, each = setting.style, setting.each
    response = verdict.response
    file, first_line = file_and_line(response)
    which = f"{response.source}{f' (row {response.row})' if response.row else ''}"
    if response.unreadable is not None:
        yield f"{which}: {style('unreadable', 'red', bold=True)}: {response.unreadable}"
        return
    places = list(positions(response, verdict.findings))
    numbers = map(Alike, range(len(places))) if each else alike(verdict)
    for one in numbers:
        finding, place = verdict.findings[one.first], places[one.first]
        color = _COLORS[finding.severity]
        mark = style(f"{finding.severity}[{finding.rule}]", color, bold=True)
        at = style(finding.pointer or "(the whole response)", "blue")
        where = f"{place.line}:{place.column}" if place else str(first_line)
        yield f"{file}:{where}: {mark} {at}"
        yield f"    {finding.message}"
        about = setting.reference(finding)
        if about is not None:
            yield f"    see {about}"
        if one.others:
            yield f"    {others(one, verdict.findings)}"
    if verdict.valid:
        state = style("valid", "green", bold=True)
    else:
        state = style("invalid", "red", bold=True)
    yield f"{which}: {state}{_counted(verdict)}"
    if verdict.help is not None:
        yield f"help: {verdict.help}"


def _counted(verdict: Verdict) -> str:
    """How many findings of each severity there are, and how many are known."""
    found = Counter(finding.severity for finding in verdict.findings)
    parts = [
        f"{found[severity]} {severity}{'' if found[severity] == 1 else 's'}"
        for severity in SEVERITIES
        if found[severity]
    ]
    if verdict.accepted:
        parts.append(f"{len(verdict.accepted)} in the baseline")
    return f" ({', '.join(parts)})" if parts else ""


def as_json(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    """One line for each response: source, validity, findings."""
    for verdict in verdicts:
        if isinstance(verdict, Clean):
            template = '{"source": ?, "valid": true, "findings": []}'
            yield numbered_json(template, verdict.name, verdict.numbers)
            continue
        response = verdict.response
        found: dict[str, object] = {"source": response.source, "valid": verdict.valid}
        if response.row is not None:
            found["row"] = response.row
        if response.unreadable is not None:
            found["unreadable"] = response.unreadable
        if verdict.help is not None:
            found["help"] = verdict.help
        yield begun(written('{?, "findings": ', members(found)))
        yield from map(begun, listing(_as_dicts(response, verdict.findings, setting)))
        if verdict.accepted:
            yield begun(written(', "accepted": '))
            accepted = _as_dicts(response, verdict.accepted, setting)
            yield from map(begun, listing(accepted))
        yield written("}")


def _as_dicts(
    response: Response, findings: Sequence[AnyFinding], setting: Setting
) -> Iterator[dict[str, str | int]]:
    """Each finding with its place in the file, as far as that is known."""
    places = positions(response, findings)
    for finding, place in zip(findings, places, strict=True):
        found: dict[str, str | int] = {
            "rule": finding.rule,
            "severity": finding.severity,
            "pointer": finding.pointer,
            "message": finding.message,
            "shape": finding.shape,
            "fingerprint": weigh(finding, response.value).fingerprint,
        }
        if place is not None:
            found |= {"line": place.line, "column": place.column}
        about = setting.reference(finding)
        if about is not None:
            found["docs"] = about
        yield found


def as_github(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    """Commands of a GitHub workflow, each of which annotates a line of a file."""
    del setting
    for verdict in unclean(verdicts):
        response = verdict.response
        file, first_line = file_and_line(response)
        path = posix_path(file)
        if response.unreadable is not None:
            at = _annotated(path, first_line, None)
            message = response.unreadable
            yield command("error", {**at, "title": "unreadable"}, message)
        places = positions(response, verdict.findings)
        for finding, place in zip(verdict.findings, places, strict=True):
            properties = {**_annotated(path, first_line, place), "title": finding.rule}
            pointer = finding.pointer or "(the whole response)"
            message = f"{pointer}: {discreet(finding)}"
            yield command(_COMMANDS[finding.severity], properties, message)


def _annotated(path: str | None, line: int, place: Position | None) -> dict[str, str]:
    """The place of an annotation; nothing for standard input."""
    if path is None:
        return {}
    if place is None:
        return {"file": path, "line": str(line)}
    return {"file": path, "line": str(place.line), "col": str(place.column)}


def _as_sarif(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    from shapespec.responses.sarif import as_sarif

    yield from as_sarif(verdicts, setting)


def _as_junit(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    from shapespec.responses.ci import as_junit

    yield from as_junit(verdicts, setting)


def _as_gitlab(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    from shapespec.responses.ci import as_gitlab

    yield from as_gitlab(verdicts, setting)


RENDERERS: dict[str, Renderer] = dict(
    zip(
        REPORTS,
        (text, as_json, as_github, _as_sarif, _as_junit, _as_gitlab),
        strict=True,
    )
)
