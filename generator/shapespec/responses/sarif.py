"""Verdicts as one SARIF document, version 2.1.0 (OASIS), as code scanning reads it.

It is written as the verdicts come, one result a line, so that no number of findings is
too many; what has to be known of all of them stands at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shapespec.contract.findings import FINDINGS
from shapespec.ground.sinks.json_text import dumps, written
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.sinks.visible import visible
from shapespec.ground.source import Position
from shapespec.ground.version import __version__
from shapespec.responses.finding import AnyFinding
from shapespec.responses.places import file_and_line, positions, posix_path
from shapespec.responses.policy import Judged, Verdict, unclean, weigh
from shapespec.responses.read import Response

if TYPE_CHECKING:
    from shapespec.responses.render import Setting

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "shapespec/v1"


def as_sarif(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    """The lines of the document."""
    rules: dict[str, tuple[int, dict[str, Any]]] = {}
    problems: list[dict[str, Any]] = []
    yield written('{"version": "2.1.0", "$schema": ?, "runs": [{', dumps(_SCHEMA))
    yield written('"columnKind": "unicodeCodePoints", "results": [')
    first = True
    for verdict in unclean(verdicts):
        if verdict.response.unreadable is not None:
            problems.append(_problem(verdict.response))
        for result in _results(verdict, rules, setting):
            yield written("?" if first else ",?", dumps(result))
            first = False
    invocation: dict[str, Any] = {"executionSuccessful": not problems}
    if problems:
        invocation["toolExecutionNotifications"] = problems
    driver = {
        "name": "shapespec",
        "version": __version__,
        "rules": [rule for _, rule in rules.values()],
    }
    yield written('], "invocations": ?,', dumps([invocation]))
    yield written('"tool": ?}]}', dumps({"driver": driver}))


def _results(
    verdict: Verdict, rules: dict[str, tuple[int, dict[str, Any]]], setting: Setting
) -> Iterator[dict[str, Any]]:
    """What there is to say of one response, also what is known already."""
    for findings, known in ((verdict.findings, False), (verdict.accepted, True)):
        places = positions(verdict.response, findings)
        at = _Where(verdict.response)
        for finding, place in zip(findings, places, strict=True):
            if finding.rule not in rules:
                rules[finding.rule] = len(rules), _rule(finding, setting)
            index = rules[finding.rule][0]
            result = _result(at, finding, place, index=index, known=known)
            about = setting.reference(finding)
            yield result if about is None else {**result, "properties": {"docs": about}}


class _Where:
    """Where a response is, as SARIF has it; the file is named once for all findings."""

    def __init__(self, response: Response) -> None:
        self.response = response
        file, self._first_line = file_and_line(response)
        path = posix_path(file)
        self._artifact: dict[str, str] | None = None
        if path is not None:
            whole = PurePath(file)
            uri = whole.as_uri() if whole.is_absolute() else quote(path)
            self._artifact = {"uri": uri}

    def physical(self, place: Position | None) -> dict[str, Any]:
        """Where in which file; nothing for standard input."""
        if self._artifact is None:
            return {}
        region = {"startLine": self._first_line}
        if place is not None:
            region = {"startLine": place.line, "startColumn": place.column}
        at = {"artifactLocation": self._artifact, "region": region}
        return {"physicalLocation": at}


def _result(
    where: _Where,
    finding: AnyFinding,
    place: Position | None,
    *,
    index: int,
    known: bool,
) -> dict[str, Any]:
    from shapespec.responses.discreet import discreet

    logical = {
        "fullyQualifiedName": finding.pointer,
        "kind": "property" if finding.pointer else "object",
    }
    at = visible(finding.pointer) or "(the whole response)"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": f"{at}: {visible(discreet(finding))}"},
        "locations": [{**where.physical(place), "logicalLocations": [logical]}],
        "partialFingerprints": {
            _FINGERPRINT: weigh(finding, where.response.value).fingerprint
        },
    }
    if known:
        result["suppressions"] = [
            {"kind": "external", "justification": "it is in the baseline"}
        ]
    return result


def _problem(response: Response) -> dict[str, Any]:
    """That a response could not be read."""
    found: dict[str, Any] = {
        "level": "error",
        "message": {"text": f"unreadable: {response.unreadable}"},
    }
    location = _Where(response).physical(None)
    return {**found, "locations": [location]} if location else found


def _rule(finding: AnyFinding, setting: Setting) -> dict[str, Any]:
    """A rule with its page; its level is that of its first finding."""
    page = setting.page(finding.rule)
    summary = " ".join(page.split("\n\n")[1].split())
    about = setting.reference(finding)
    own = about is not None and finding.rule not in FINDINGS
    return {
        "id": finding.rule,
        **({"helpUri": about} if own else {}),
        "shortDescription": {"text": summary},
        "help": {
            "text": f"{summary} See: shapespec explain {finding.rule}",
            "markdown": page,
        },
        "defaultConfiguration": {"level": finding.severity},
    }
