"""The package that ships beside the flagship, if it was generated from it.

No file says what it was generated from: it would change whenever the spec does. An
installed wheel brought both, and its record says that the spec is still as it was
brought. In a checkout, where either may have been edited, the spec is compiled and what
comes out is compared with the package. That is done once, and kept in the user's cache
folder.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from shapespec.diagnostics.model import Faults
from shapespec.ground import kept
from shapespec.ground.errors import Unusable
from shapespec.ground.resources import CODE, FLAGSHIP, PACKAGE, SPECS
from shapespec.ground.source import SourceFile
from shapespec.ground.version import __version__
from shapespec.project.files import read_source, siblings
from shapespec.project.stamp import Recorder

_TARGETS = ("dataclasses", "validators", "strategies")
"""Targets that write modules of the package: those of pyproject.toml."""

_NAME = FLAGSHIP.relative_to(SPECS.parent).as_posix()
"""What the modules of the package call the spec."""


def shipped_package() -> ModuleType | None:
    """The package of the flagship; none where the spec says something else."""
    try:
        import sagemaker_training_job as package
    except ModuleNotFoundError:
        return None
    if not Path(package.__path__[0]).samefile(PACKAGE):
        return None  # another one, that goes before ours on the path
    if _as_installed() or _generated_from_it():
        return package
    return None


def _as_installed() -> bool:
    """Whether a wheel brought the spec as it is, and the package with it."""
    site = CODE.parent
    if not FLAGSHIP.is_relative_to(CODE):
        return False
    record = site / f"shapespec-{__version__}.dist-info" / "RECORD"
    try:
        entries = record.read_bytes()
        digest = hashlib.sha256(FLAGSHIP.read_bytes()).digest()
    except OSError:
        return False
    name = FLAGSHIP.relative_to(site).as_posix().encode()
    held = urlsafe_b64encode(digest).rstrip(b"=")
    return b"\n%b,sha256=%b," % (name, held) in b"\n" + entries.replace(b"\\", b"/")


def _generated_from_it() -> bool:
    """Whether the modules of the package are those that the spec is compiled into."""
    folder = FLAGSHIP.parent
    try:
        modules = sorted(path.name for path in PACKAGE.glob("*.py"))
        spec = _digests(folder, [FLAGSHIP.name])
        key = kept.key_of(*modules, *spec, *_digests(PACKAGE, modules))
        read = kept.read(key, kept.FITS)
        if read is not None:
            known: dict[str, str] = json.loads(read)
            return [*known.values()] == [*_digests(folder, known)]
        recorder = Recorder(siblings(FLAGSHIP, _NAME), folder, lambda _: None)
        if not _comes_out(read_source(FLAGSHIP, name=_NAME), recorder):
            return False
        names = [*recorder.digests]
        found = dict(zip(names, _digests(folder, names), strict=True))
    except (OSError, ImportError, ValueError, Faults, Unusable):
        return False
    kept.write(key, kept.FITS, json.dumps(found).encode())
    return True


def _digests(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """The SHA-256 of each file of a folder."""
    for name in names:
        yield hashlib.sha256((folder / name).read_bytes()).hexdigest()


def _comes_out(source: SourceFile, recorder: Recorder) -> bool:
    """Whether compiling the spec gives the modules that are there."""
    from shapespec.compiler import compile_spec, generate

    schema = compile_spec(source, recorder)
    folder = f"python/{PACKAGE.name}/"
    return all(
        (PACKAGE / file.path.removeprefix(folder)).read_bytes() == file.text.encode()
        for file in generate(schema, _TARGETS)
        if file.path.endswith(".py")
    )
