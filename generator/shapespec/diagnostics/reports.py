"""What is wrong with specs, as lines for programs: JSON, GitHub's commands, SARIF."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote

from shapespec.diagnostics.model import Diagnostic
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import Escaped
from shapespec.ground.sinks.visible import visible
from shapespec.ground.sinks.workflow import command
from shapespec.ground.source import Position
from shapespec.ground.version import __version__

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Remark(NamedTuple):
    """Something that is wrong with a file, whichever command found it.

    Attributes:
        rule: What kind of thing, as a stable id.
        severity: `error`, `warning` or `note`.
        message: One sentence.
        file: Where; none if it is no file.
        begin: Where in the file, if that is known.
        end: The first place after it.
        help: What to do about it.
    """

    rule: str
    severity: str
    message: str
    file: str | None = None
    begin: Position | None = None
    end: Position | None = None
    help: str | None = None

    @property
    def fingerprint(self) -> str:
        """What tells it from others, wherever it is in the file."""
        text = "\0".join((self.rule, self.file or "", self.message))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]

    def as_dict(self) -> dict[str, object]:
        """What JSON has of it; what is not known is left out."""
        found: dict[str, object] = {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "fingerprint": self.fingerprint,
        }
        if self.file is not None:
            found["file"] = self.file
        if self.begin is not None:
            found |= {"line": self.begin.line, "column": self.begin.column}
        if self.end is not None:
            found |= {"end_line": self.end.line, "end_column": self.end.column}
        if self.help is not None:
            found["help"] = self.help
        return found


Report = Callable[[Iterable[Remark]], Iterator[Escaped]]


def remark(diagnostic: Diagnostic) -> Remark:
    """A diagnostic as a remark."""
    about = Remark(
        diagnostic.rule, diagnostic.severity, diagnostic.message, help=diagnostic.help
    )
    if diagnostic.primary is None:
        return about
    span = diagnostic.primary.span
    return about._replace(
        file=span.file.name,
        begin=span.position,
        end=span.file.position(max(span.start, span.end)),
    )


def as_json(remarks: Iterable[Remark]) -> Iterator[Escaped]:
    """One line for each."""
    yield from (dumps(one.as_dict()) for one in remarks)


def as_github(remarks: Iterable[Remark]) -> Iterator[Escaped]:
    """Commands of a GitHub workflow, each of which annotates a line of a file."""
    for one in remarks:
        place = {} if one.file is None else {"file": PurePath(one.file).as_posix()}
        if one.begin is not None:
            place |= {"line": str(one.begin.line), "col": str(one.begin.column)}
        message = one.message if one.help is None else f"{one.message}; {one.help}"
        yield command(_COMMANDS[one.severity], {**place, "title": one.rule}, message)


def as_sarif(
    remarks: Iterable[Remark], page: Callable[[str], str | None]
) -> Iterator[Escaped]:
    """One SARIF document, version 2.1.0 (OASIS).

    Args:
        remarks: What it is to hold.
        page: The page of a rule, as Markdown; none where it has none.
    """
    results, rules = [], {}
    for one in remarks:
        if one.rule not in rules:
            rules[one.rule] = _rule(one.rule, page(one.rule))
        results.append(_result(one, [*rules].index(one.rule)))
    driver = {"name": "shapespec", "version": __version__, "rules": [*rules.values()]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    yield dumps({"version": "2.1.0", "$schema": _SCHEMA, "runs": [run]})


def _result(one: Remark, index: int) -> dict[str, Any]:
    message = one.message if one.help is None else f"{one.message}; {one.help}"
    found: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": one.severity,
        "message": {"text": visible(message)},
        "partialFingerprints": {"shapespec/v1": one.fingerprint},
    }
    if one.file is None:
        return found
    path = PurePath(one.file)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if one.begin is not None:
        place["region"] = {"startLine": one.begin.line, "startColumn": one.begin.column}
    if one.begin is not None and one.end is not None:
        place["region"] |= {"endLine": one.end.line, "endColumn": one.end.column}
    return {**found, "locations": [{"physicalLocation": place}]}


def _rule(rule: str, page: str | None) -> dict[str, Any]:
    if page is None:
        return {"id": rule}
    summary = " ".join(page.split("\n\n")[1].split())
    text = f"{summary} See: shapespec explain {rule}"
    return {
        "id": rule,
        "shortDescription": {"text": summary},
        "help": {"text": text, "markdown": page},
    }
