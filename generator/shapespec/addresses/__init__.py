"""The address of a contract: what stands wherever a spec can be named.

It is the path of a spec or of an OpenAPI description, `aws:SERVICE:OPERATION` or
`aws:SERVICE` for a service of the installed botocore, or the name of a generated
package that can be imported.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from shapespec.addresses.openapi import is_openapi
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


@dataclass(frozen=True, slots=True)
class OpenApi:
    """An OpenAPI description, or what one of its operations answers.

    Attributes:
        path: Where the description is.
        operation: Its id, or its method and path.
        status: Of the answer; the first success where none is named.
    """

    path: Path
    operation: str | None = None
    status: str | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.path), self.operation, self.status)))


Address: TypeAlias = "Aws | Package | OpenApi | Path"

SHIPPED = Aws("sagemaker", "DescribeTrainingJob")
"""The operation whose contract ships with shapespec."""


def read_address(
    given: str | Path, operation: str | None = None, status: str | None = None
) -> Address:
    """What an address means.

    Args:
        given: The address.
        operation: The operation of a service, a description or a spec, where the
            address names none.
        status: The status of an answer of that operation.

    Raises:
        Unusable: It is not an address, or the operation has no place in it.
    """
    text = str(given)
    if text.startswith(AWS):
        if status is not None:
            raise Unusable(f"--status is for an OpenAPI description; {text} has none")
        return _aws(text, operation)
    path = Path(given)
    if is_openapi(path):
        if status is not None and operation is None:
            raise Unusable("--status is for an answer; name its --operation, too")
        return OpenApi(path, operation, status)
    if not _is_package(text):
        return path
    for option, word in (("--operation", operation), ("--status", status)):
        if word is not None:
            raise Unusable(
                f"{option} is for a service, such as aws:ec2, an OpenAPI description or"
                f" a spec; {text} is a package"
            )
    return Package(text)


def _aws(text: str, operation: str | None) -> Aws | Path:
    service, *rest = text.removeprefix(AWS).split(":")
    named = rest[0] if rest else None
    if len(rest) > 1 or not _SERVICE.fullmatch(service) or named == "":
        raise Unusable(f"{text!r} is not {_MEANT}{_respelt(service, rest)}")
    if operation is not None and named is not None and operation != named:
        raise Unusable(f"{text} already names an operation; leave out --operation")
    found = Aws(service, named or operation)
    return FLAGSHIP if found == SHIPPED else found


_MEANT = "aws:SERVICE:OPERATION or aws:SERVICE"


def _respelt(service: str, rest: list[str]) -> str:
    """What may have been meant by a service in capitals, or with other joints."""
    plain = re.sub(r"[\s_]+", "-", service.strip().lower())
    if len(rest) > 1 or plain == service or not _SERVICE.fullmatch(plain):
        return ""
    return f"; did you mean {':'.join(('aws', plain, *filter(None, rest)))}?"


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
