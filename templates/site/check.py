"""The check in the page: reads what was pasted, and asks the generated package.

It runs in the browser, under Pyodide, beside the package and `anchors`; what is
readable is what `shapespec validate` reads as JSON and NDJSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_SCALAR = re.compile(r"[^\s,\]}]+")


class Unreadable(ValueError):
    """A text is not JSON, or not what every reader takes alike."""


def judge(
    package: str,
    shape: str,
    text: str,
    form: str,
    strict: bool,  # noqa: FBT001
) -> str:
    """Verdicts on what was pasted, as JSON: one for each response.

    Args:
        package: The generated package.
        shape: The shape that each response has.
        text: One JSON text, or one on each line.
        form: The system that wrote it; empty where it is to be recognised.
        strict: Whether warnings are errors.
    """
    validate = import_module(package).validate

    def findings(value: object) -> list[Any]:
        return validate(value, shape=shape, form=form or None, strict=strict)

    return json.dumps([_verdict(findings, shape, *one) for one in _texts(text)])


def _texts(text: str) -> list[tuple[int, str]]:
    """The responses in a text, each with the number of its first line."""
    lines = [(n, one) for n, one in enumerate(text.split("\n"), 1) if one.strip()]
    if len(lines) > 1 and all(_is_whole(one) for _, one in lines[:2]):
        return lines
    return [(1, text)]


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _verdict(
    validate: Callable[[object], list[Any]], root: str, line: int, text: str
) -> dict[str, Any]:
    try:
        value = json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        return {"line": line, "unreadable": f"it is not JSON that can be read: {error}"}
    data = import_module("_shapespec_data")
    anchors = import_module("_shapespec_anchors")
    found = validate(value)
    places = _places(text) if found else {}
    findings = []
    for one in found:
        anchor = anchors.place_anchor(data.TABLE, root, one.pointer)
        if one.rule not in data.FINDINGS:
            anchor = anchors.rule_anchor(one.shape, one.rule)
        at = _nearest(places, one.pointer)
        findings.append(
            {
                **one.as_dict(),
                "anchor": anchor,
                "line": line + text.count("\n", 0, at),
                "column": at - text.rfind("\n", 0, at),
            }
        )
    return {"line": line, "findings": findings}


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"{json.dumps(twice)} stands twice in an object")
    return found


def _no_constant(name: str) -> None:
    raise Unreadable(f"{name} is no value of JSON")


def _nearest(places: dict[str, int], pointer: str) -> int:
    """Where a place is in the text; where what holds it is, if it is not there."""
    while pointer not in places and pointer:
        pointer = pointer.rpartition("/")[0]
    return places.get(pointer, 0)


def _places(text: str) -> dict[str, int]:
    """Where each value begins in a JSON text, by pointer."""
    found: dict[str, int] = {}
    above: list[tuple[str, int]] = []  # the pointer of what is open, and its next index
    at, here, name = 0, "", True
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
        if at >= len(text):
            return found
        sign = text[at]
        if sign in "{[":
            found.setdefault(here, at)
            above.append((here, -1 if sign == "{" else 0))
            at, name = at + 1, sign == "{"
            if sign == "[":
                here = f"{here}/0"
        elif sign in "}]":
            here, _ = above.pop()
            at += 1
        elif sign == ",":
            holder, index = above[-1]
            if index >= 0:
                above[-1] = holder, index + 1
                here = f"{holder}/{index + 1}"
            name = index < 0
            at += 1
        elif sign == '"' and name and above and above[-1][1] < 0:
            end = _STRING.match(text, at).end()  # type: ignore[union-attr]
            key, at = json.loads(text[at:end]), end
            here = f"{above[-1][0]}/{key.replace('~', '~0').replace('/', '~1')}"
            at = _SPACE.match(text, at).end() + 1  # type: ignore[union-attr]
            name = False
        else:
            found.setdefault(here, at)
            if sign == '"':
                at = _STRING.match(text, at).end()  # type: ignore[union-attr]
            else:
                at = _SCALAR.match(text, at).end()  # type: ignore[union-attr]
