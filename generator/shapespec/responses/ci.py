"""Verdicts in the formats of other CI systems: JUnit's XML, and GitLab's Code Quality.

JUnit: a test case for each response, which fails where the response is invalid.
GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from shapespec.ground.sinks.json_text import dumps, written
from shapespec.ground.sinks.out import Escaped, begun
from shapespec.ground.sinks.xml_text import closed, declared, element, opened, text
from shapespec.responses.discreet import discreet
from shapespec.responses.places import file_and_line, positions, posix_path
from shapespec.responses.policy import Judged, Verdict, each, unclean, weigh
from shapespec.responses.render import Setting

_GITLAB = {"error": "major", "warning": "minor", "note": "info"}


def as_junit(verdicts: Iterable[Judged], setting: Setting) -> Iterator[Escaped]:
    """One document; how many tests there are stands at its beginning."""
    del setting
    pieces: list[Escaped] = []
    tests = failures = errors = 0
    for verdict in each(verdicts):
        tests += 1
        failures += verdict.response.unreadable is None and not verdict.valid
        errors += verdict.response.unreadable is not None
        pieces += _case(verdict)
    counts = {"tests": tests, "failures": failures, "errors": errors}
    yield declared()
    yield begun(opened("testsuites", counts))
    yield begun(opened("testsuite", {"name": "shapespec", **counts}))
    yield from map(begun, pieces)
    yield begun(closed("testsuite"))
    yield closed("testsuites")


def _case(verdict: Verdict) -> Iterator[Escaped]:
    """A test case, in pieces: its text may be long."""
    response = verdict.response
    file, line = file_and_line(response)
    name = f"{response.source}{f' (row {response.row})' if response.row else ''}"
    attributes = {"classname": file, "name": name, "file": file, "line": line}
    if response.unreadable is None and not verdict.findings:
        yield element("testcase", attributes)
        return
    yield opened("testcase", attributes)
    if response.unreadable is not None:
        yield element("error", {"message": response.unreadable, "type": "unreadable"})
    elif verdict.valid:
        yield opened("system-out", {})
        yield text(_lines(verdict))
        yield closed("system-out")
    else:
        worst = [one for one in verdict.findings if one.severity == "error"]
        message = f"{len(worst)} error{'' if len(worst) == 1 else 's'}"
        yield opened("failure", {"message": message, "type": worst[0].rule})
        yield text(_lines(verdict))
        yield closed("failure")
    yield closed("testcase")


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
