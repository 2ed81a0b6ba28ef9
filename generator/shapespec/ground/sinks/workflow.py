"""Commands of a GitHub workflow, each of which annotates a line of a file."""

from __future__ import annotations

from collections.abc import Mapping

from shapespec.ground.sinks.out import Escaped
from shapespec.ground.sinks.visible import visible


def command(name: str, properties: Mapping[str, str], message: str) -> Escaped:
    """A command, escaped as the runner of a workflow reads it.

    Args:
        name: `error`, `warning` or `notice`.
        properties: The file, the line, the title.
        message: What the annotation says, in one line.
    """
    given = ",".join(
        f"{key}={_data(value).replace(':', '%3A').replace(',', '%2C')}"
        for key, value in properties.items()
    )
    return Escaped(f"::{name} {given}::{_data(message)}")


def _data(text: str) -> str:
    """The text of a command; older runners obey `##[` wherever it is in a line."""
    return visible(text).replace("%", "%25").replace("##[", "#%23[")
