"""Verdicts in the formats of other CI systems: JUnit's XML, and GitLab's Code Quality.

JUnit: a test case for each response, which fails where the response is invalid.
GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from shapespec.ground.sinks.json_text import dumps, written
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.sinks.xml_text import document, element, text
from shapespec.responses.discreet import discreet
from shapespec.responses.places import file_and_line, positions, posix_path
from shapespec.responses.policy import Judged, Verdict, each, unclean, weigh
from shapespec.responses.render import Setting

_GITLAB = {"error": "major", "warning": "minor", "note": "info"}


def as_junit(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    """One document; how many tests there are stands at its beginning."""
    del setting
    cases: list[Escaped] = []
    failures = errors = 0
    for verdict in each(verdicts):
        failures += verdict.response.unreadable is None and not verdict.valid
        errors += verdict.response.unreadable is not None
        cases.append(_case(verdict))
    counts = {"tests": len(cases), "failures": failures, "errors": errors}
    suite = element("testsuite", {"name": "shapespec", **counts}, *cases)
    yield document(element("testsuites", counts, suite))


def _case(verdict: Verdict) -> Escaped:
    response = verdict.response
    file, line = file_and_line(response)
    name = f"{response.source}{f' (row {response.row})' if response.row else ''}"
    attributes = {"classname": file, "name": name, "file": file, "line": line}
    if response.unreadable is not None:
        why = {"message": response.unreadable, "type": "unreadable"}
        return element("testcase", attributes, element("error", why))
    said = text(_lines(verdict))
    if verdict.valid:
        inside = [element("system-out", {}, said)] if verdict.findings else []
        return element("testcase", attributes, *inside)
    worst = [one for one in verdict.findings if one.severity == "error"]
    message = f"{len(worst)} error{'' if len(worst) == 1 else 's'}"
    failure = {"message": message, "type": worst[0].rule}
    return element("testcase", attributes, element("failure", failure, said))


def _lines(verdict: Verdict) -> Iterator[str]:
    """A line for each finding."""
    _, first = file_and_line(verdict.response)
    places = positions(verdict.response, verdict.findings)
    for finding, place in zip(verdict.findings, places, strict=True):
        where = f"{place.line}:{place.column}" if place else str(first)
        at = finding.pointer or "(the whole response)"
        yield f"{where}: {finding.severity}[{finding.rule}] {at}: {discreet(finding)}"


def as_gitlab(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    """One list, with an issue a line."""
    del setting
    first = True
    for verdict in unclean(verdicts):
        for issue in _issues(verdict):
            yield written("[?" if first else ",?", dumps(issue))
            first = False
    yield written("[]" if first else "]")


def _issues(verdict: Verdict) -> Iterator[dict[str, object]]:
    response = verdict.response
    file, first = file_and_line(response)
    path = posix_path(file) or file
    if response.unreadable is not None:
        why = response.unreadable
        yield _issue("unreadable", "blocker", f"unreadable: {why}", path, first, "")
    places = positions(response, verdict.findings)
    for finding, place in zip(verdict.findings, places, strict=True):
        at = finding.pointer or "(the whole response)"
        yield _issue(
            finding.rule,
            _GITLAB[finding.severity],
            f"{at}: {discreet(finding)}",
            path,
            place.line if place else first,
            weigh(finding, response.value).fingerprint + finding.pointer,
        )


def _issue(  # noqa: PLR0913, PLR0917 - the keys of an issue
    rule: str, severity: str, message: str, path: str, line: int, which: str
) -> dict[str, object]:
    """An issue; its fingerprint is another one in each file and place."""
    digest = hashlib.sha256(f"{path}\0{rule}\0{which}".encode("utf-8", "replace"))
    return {
        "description": message,
        "check_name": rule,
        "fingerprint": digest.hexdigest(),
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
