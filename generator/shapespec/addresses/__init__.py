"""The address of a contract: what stands wherever a spec can be named.

It is the path of a spec, `aws:SERVICE:OPERATION` or `aws:SERVICE` for a service of the
installed botocore, or the name of a generated package that can be imported.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from shapespec.ground.errors import Unusable
from shapespec.ground.resources import FLAGSHIP
from shapespec.records import dataclass

AWS = "aws:"
_PACKAGE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_SERVICE = re.compile(r"[a-z0-9][a-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class Aws:
    """A service of the installed botocore, or one of its operations."""

    service: str
    operation: str | None = None

    def __str__(self) -> str:
        return ":".join(filter(None, ("aws", self.service, self.operation)))


@dataclass(frozen=True, slots=True)
class Package:
    """A generated package, by the name under which it is imported."""

    name: str

    def __str__(self) -> str:
        return self.name


Address: TypeAlias = "Aws | Package | Path"

SHIPPED = Aws("sagemaker", "DescribeTrainingJob")
"""The operation whose contract ships with shapespec."""


def read_address(given: str | Path, operation: str | None = None) -> Address:
    """What an address means.

    Args:
        given: The address.
        operation: The operation of a service, where the address names none.

    Raises:
        Unusable: It is not an address, or the operation has no place in it.
    """
    text = str(given)
    if text.startswith(AWS):
        return _aws(text, operation)
    if operation is not None:
        raise Unusable(
            f"--operation is for a service, such as aws:ec2; {text} is a contract"
        )
    if _is_package(text):
        return Package(text)
    return Path(given)


def _aws(text: str, operation: str | None) -> Aws | Path:
    service, *rest = text.removeprefix(AWS).split(":")
    named = rest[0] if rest else None
    if len(rest) > 1 or not _SERVICE.fullmatch(service) or named == "":
        raise Unusable(f"{text!r} is not aws:SERVICE:OPERATION or aws:SERVICE")
    if operation is not None and named is not None and operation != named:
        raise Unusable(f"{text} names an operation already; leave out --operation")
    found = Aws(service, named or operation)
    return FLAGSHIP if found == SHIPPED else found


def _is_package(text: str) -> bool:
    """Whether a text is the name of a generated package, and no file has that name."""
    if not _PACKAGE.fullmatch(text) or Path(text).exists():
        return False
    try:
        found = find_spec(text)
    except (ImportError, ValueError, AttributeError):
        return False
    folders = (found.submodule_search_locations if found else None) or ()
    return any(Path(folder, "_report.py").is_file() for folder in folders)
