"""The outputs that the documentation of the AWS CLI shows, in its distribution.

An example is a file `SERVICE/COMMAND.rst`. Its literal blocks below a line that speaks
of output are what the command prints.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support import ROOT

AWSCLI = ROOT / ".venv" / "awscli"
RENAMED = {
    "configservice": "config",
    "deploy": "codedeploy",
    "s3api": "s3",
}
"""What the AWS CLI calls services otherwise than botocore."""

_BLOCK = re.compile(
    r"^(?P<head>[^\n]*\boutput\b[^\n]*)::[ \t]*\n"
    r"(?P<body>(?:[ \t]*\n|[ \t]+[^\n]*\n?)+)",
    re.MULTILINE | re.IGNORECASE,
)


class Example(NamedTuple):
    """What a command is shown to print.

    Attributes:
        name: `ec2/describe-vpcs 1`: its file, and the how-many-eth output it is there.
        service: What botocore calls the service.
        command: The command of the service: `describe-vpcs`.
        value: What is printed, where it is JSON.
        is_json: Whether it is.
    """

    name: str
    service: str
    command: str
    value: object
    is_json: bool


def folder() -> Path | None:
    """Where the examples are; none where the distribution is not there."""
    found = sorted(AWSCLI.glob("lib/python3*/site-packages/awscli/examples"))
    return found[0] if found else None


def examples(root: Path) -> Iterator[Example]:
    """Every output that looks like JSON, in the order of the files."""
    for file in sorted(root.glob("*/*.rst")):
        service = file.parent.name
        blocks = _BLOCK.finditer(file.read_text("utf-8"))
        for number, block in enumerate(blocks, start=1):
            text = textwrap.dedent(block["body"]).strip()
            if not text.startswith(("{", "[")):
                continue
            try:
                value, is_json = json.loads(text), True
            except ValueError:
                value, is_json = None, False
            yield Example(
                name=f"{service}/{file.stem} {number}",
                service=RENAMED.get(service, service),
                command=file.stem,
                value=value,
                is_json=is_json,
            )
