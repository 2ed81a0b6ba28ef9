"""Where generated files go in a project, and what they begin with.

Backends write each file below a folder that is called after its kind, `python/weather/`
or `docs/weather/`. A project may want another folder for a target, its packages within
one of its own, and a header of its own in each file.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from shapespec.backends.files import OutputFile
from shapespec.backends.targets import unknown_target
from shapespec.contract.naming import DEVICE
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.visible import visible
from shapespec.ground.writing import is_plain_path

PYTHON = "python"
_ONE_PACKAGE = ("dataclasses", "validators", "strategies", "package")
"""Targets whose modules import each other, and so have one folder."""

_PLACEHOLDER = "{package}"
_COMMENTS: Mapping[str, tuple[str, str]] = {
    ".py": ("# ", ""),
    ".pyi": ("# ", ""),
    ".ts": ("// ", ""),
    ".sql": ("-- ", ""),
    ".md": ("<!-- ", " -->"),
}
"""How a line of comment begins and ends; JSON has none, and a page shows its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the files of a spec go, below the root of the output.

    Attributes:
        base: The folder of the targets that have none of their own, from the root.
        package: The dotted name of the Python package; `{package}` in it is the spec's
            own. None: that alone.
        header: What each file begins with, as comments.
        folders: The folder of a target, or of all of Python, from the root.
    """

    base: str = ""
    package: str | None = None
    header: str | None = None
    folders: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def moves(self) -> bool:
        """Whether a file goes elsewhere than backends say."""
        return self.package is not None or bool(self.folders)

    @property
    def key(self) -> str:
        """All of it, as a string."""
        folders = sorted(self.folders.items())
        return repr((self.base, self.package, self.header, folders))

    def place(self, path: str, target: str, package: str) -> str:
        """Where a file of a target goes.

        Args:
            path: As its backend has it.
            target: The target.
            package: The package that the spec names.
        """
        kind, _, rest = path.partition("/")
        folder = self.folders.get(target)
        if kind == PYTHON:
            folder = self.folders.get(PYTHON) if folder is None else folder
            inner = self.dotted(package).replace(".", "/")
            rest = inner + rest.removeprefix(package)
        if folder is None:
            folder = f"{self.base}/{kind}" if self.base else kind
        return rest if folder == "." else f"{folder}/{rest}"

    def dotted(self, package: str) -> str:
        """The name that the Python package is imported by."""
        if self.package is None:
            return package
        return self.package.replace(_PLACEHOLDER, package)

    def laid_out(
        self, files: Iterable[OutputFile], package: str
    ) -> tuple[OutputFile, ...]:
        """The files in their places, each with the header.

        Raises:
            Unusable: Two would have the same place.
        """
        found: dict[str, OutputFile] = {}
        for file in files:
            path = self.place(file.path, file.target, package)
            if path in found:
                raise Unusable(
                    f"the targets {found[path].target!r} and {file.target!r} would both"
                    f" write {path}; give them other folders"
                )
            found[path] = file._replace(path=path, text=self._headed(file))
        return tuple(found.values())

    def _headed(self, file: OutputFile) -> str:
        comment = _COMMENTS.get(PurePosixPath(file.path).suffix)
        if self.header is None or comment is None or file.target == "site":
            return file.text
        begin, end = comment
        lines = [visible(line) for line in self.header.rstrip().splitlines()]
        if end:
            lines = [line.replace(">", "&gt;") for line in lines]
        head = "".join(f"{begin}{line}".rstrip() + f"{end}\n" for line in lines)
        between = "\n" if end else ""
        return f"{head}{between}{file.text}"


def wrong_folder(target: str, folder: str) -> str | None:
    """Why the files of a target cannot go into a folder, in words; none if they can."""
    if target in _ONE_PACKAGE:
        return f"{target} shares a package with others; give {PYTHON!r} a folder"
    if target != PYTHON:
        wrong = unknown_target(target)
        if wrong:
            return wrong
    inner = folder.split("/", maxsplit=1)[0] == ".shapespec"
    if folder != "." and (inner or not is_plain_path(folder)):
        return (
            f"{folder!r} is not a folder below the root, such as 'src' or"
            " 'docs/contracts'"
        )
    return None


def wrong_package(name: str) -> str | None:
    """Why a package cannot have a dotted name, in words; none where it can."""
    for part in name.replace(_PLACEHOLDER, "package").split("."):
        right = part.isascii() and part.isidentifier() and not keyword.iskeyword(part)
        if not right or DEVICE.fullmatch(part):
            return (
                f"{name!r} is not the name of a Python package, such as"
                f" 'myapp.contracts.weather' or 'myapp.contracts.{_PLACEHOLDER}'"
            )
    return None
