"""Wheels: files with the metadata that installers need (PEP 427, core metadata 2.1).

The same files give the same bytes, whenever and by whomever they are written.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import field

from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.visible import visible
from shapespec.ground.version import __version__
from shapespec.records import dataclass

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_VERSION = re.compile(
    r"(?:\d+!)?\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?"
    r"(?:\+[a-z0-9]+(?:\.[a-z0-9]+)*)?"
)
_TAG = "py3-none-any"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest day that a ZIP file can name."""

_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A distribution of pure Python without dependencies.

    Attributes:
        name: What pip calls it.
        version: Its version, as PEP 440 spells it.
        summary: What it is, in a line.
        files: What it installs: paths below `site-packages`, and what they hold.
        entry_points: For a group of entry points, the lines of its members.
        licence: An SPDX expression; none where the owner says nothing.
    """

    name: str
    version: str
    summary: str
    files: Mapping[str, bytes]
    entry_points: Mapping[str, Iterable[str]] = field(default_factory=dict)
    licence: str | None = None

    def __post_init__(self) -> None:
        """Refuse what pip could not install.

        Raises:
            Unusable: The name or the version is not one.
        """
        if not _NAME.fullmatch(self.name):
            wanted = "letters, digits, and `-`, `_` or `.` between them"
            raise Unusable(f"the name {self.name!r} is not one for pip: {wanted}")
        if not _VERSION.fullmatch(self.version):
            raise Unusable(f"{self.version!r} is not a version such as 1.0 or 2026.3")

    @property
    def file_name(self) -> str:
        """The name of the file, which installers read."""
        return f"{self._stem}-{_TAG}.whl"

    def contents(self) -> bytes:
        """The wheel."""
        info = f"{self._stem}.dist-info"
        files = {
            **self.files,
            f"{info}/METADATA": self._metadata().encode(),
            f"{info}/WHEEL": (
                f"Wheel-Version: 1.0\nGenerator: shapespec {__version__}\n"
                f"Root-Is-Purelib: true\nTag: {_TAG}\n"
            ).encode(),
        }
        if self.entry_points:
            files[f"{info}/entry_points.txt"] = self._entry_points().encode()
        record = f"{info}/RECORD"
        listed = [_recorded(path, files[path]) for path in sorted(files)]
        files[record] = "".join([*listed, f"{record},,\n"]).encode()
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as whole:
            for path in [*sorted(files.keys() - {record}), record]:
                entry = zipfile.ZipInfo(path, _FIRST_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3  # Unix, wherever it is written
                entry.external_attr = _MODE
                whole.writestr(entry, files[path], compresslevel=9)
        return made.getvalue()

    @property
    def _stem(self) -> str:
        name = re.sub(r"[-_.]+", "_", self.name).lower()
        return f"{name}-{self.version.replace('-', '_')}"

    def _metadata(self) -> str:
        fields = [
            ("Metadata-Version", "2.1"),
            ("Name", self.name),
            ("Version", self.version),
            ("Summary", visible(" ".join(self.summary.split()))),
            ("Requires-Python", ">=3.11"),
        ]
        if self.licence is not None:
            fields.append(("License", self.licence))
        return "".join(f"{name}: {value}\n" for name, value in fields)

    def _entry_points(self) -> str:
        groups = sorted(self.entry_points.items())
        parts = ("\n".join([f"[{group}]", *lines, ""]) for group, lines in groups)
        return "\n".join(parts)


def _recorded(path: str, contents: bytes) -> str:
    digest = urlsafe_b64encode(hashlib.sha256(contents).digest()).rstrip(b"=")
    name = f'"{path}"' if "," in path else path
    return f"{name},sha256={digest.decode()},{len(contents)}\n"
