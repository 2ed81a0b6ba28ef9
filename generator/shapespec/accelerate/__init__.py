"""Compiles the fast path of a generated package, beside the package's own modules.

`_accept.py` and `_rules.py` stay what they are, and what ships. `_compiled` is an
extension module made from the first and the patterns of the second: the same checks in
the same order, as C functions over exact types. It holds the very text that it was made
from and refuses to be imported beside any other, so after `shapespec generate` the
package runs as it is written until it is compiled anew.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from pathlib import Path

from shapespec.accelerate.cython import RULES, translate
from shapespec.ground.errors import Unusable, reason
from shapespec.ground.extras import need
from shapespec.ground.writing import write_file

_SOURCES = ("_accept.py",)
_SETUP = """\
from setuptools import Extension, setup
from Cython.Build import cythonize

setup(
    ext_modules=cythonize(
        [Extension({name!r}, ["_compiled.pyx"])],
        compiler_directives={{"language_level": 3}},
        quiet=True,
    )
)
"""


def find_package(named: str) -> Path:
    """The folder of a generated package, given as such or by the name it has in Python.

    Raises:
        Unusable: There is none, or it is no generated package with validators.
    """
    folder = Path(named)
    if not folder.is_dir():
        found = find_spec(named) if named.isidentifier() else None
        if found is None or not found.submodule_search_locations:
            msg = f"{named} is neither a folder nor a package that Python can import"
            raise Unusable(msg)
        folder = Path(found.submodule_search_locations[0])
    if not (folder / "_accept.py").is_file():
        msg = (
            f"{folder} has no `_accept.py`; name a package that `shapespec generate` "
            "made with the target `validators`"
        )
        raise Unusable(msg)
    return folder.resolve()


def accelerate(folder: Path) -> Path:
    """Compile the fast path of a package.

    Args:
        folder: Where the package is.

    Returns:
        The extension module, which is written whole or not at all.

    Raises:
        Unusable: Cython or a C compiler is missing, Cython is too old or cannot read
            the module, or the folder cannot be written.
    """
    need("cython", "accelerate", module="Cython")
    need("setuptools", "accelerate")
    try:
        names = [*_SOURCES, *[RULES] * (folder / RULES).exists()]
        sources = {name: (folder / name).read_bytes() for name in names}
        with tempfile.TemporaryDirectory() as scratch:
            built = _build(folder.name, sources, Path(scratch))
            place = folder / f"_compiled{_suffix()}"
            write_file(place, built.read_bytes(), named=False)
            return place
    except OSError as error:
        raise Unusable(f"cannot compile {folder}: {reason(error)}") from error


def undo(folder: Path) -> list[Path]:
    """Remove what `accelerate` wrote, for any version of Python.

    Raises:
        Unusable: A file cannot be removed.
    """
    removed = sorted(_compiled(folder))
    for path in removed:
        try:
            path.unlink()
        except OSError as error:
            raise Unusable(f"cannot remove {path}: {reason(error)}") from error
    return removed


def _compiled(folder: Path) -> Iterator[Path]:
    endings = {Path(suffix).suffix for suffix in EXTENSION_SUFFIXES}
    yield from (path for path in folder.glob("_compiled.*") if path.suffix in endings)


def _suffix() -> str:
    """What the name of an extension module ends in under this Python."""
    return str(sysconfig.get_config_var("EXT_SUFFIX"))


def _build(package: str, sources: Mapping[str, bytes], scratch: Path) -> Path:
    """Have the module compiled in a folder of its own."""
    (scratch / "_compiled.pyx").write_text(translate(sources), "utf-8")
    setup = _SETUP.format(name=f"{package}._compiled")
    (scratch / "setup.py").write_text(setup, "utf-8")
    done = subprocess.run(
        [sys.executable, "setup.py", "build_ext", "--build-lib", "built"],
        cwd=scratch,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    built = scratch / "built" / package / f"_compiled{_suffix()}"
    if done.returncode == 0 and built.is_file():
        return built
    last = (done.stderr.strip().splitlines() or ["no output"])[-1]
    in_c = (scratch / "_compiled.c").is_file()
    raise Unusable(f"{package} could not be compiled: {last}\n{_advice(in_c=in_c)}")


def _advice(*, in_c: bool) -> str:
    """What to do where compiling failed, with Cython's part of it done or not."""
    if in_c:
        return (
            "A C compiler and Python's headers are needed: `apt install gcc "
            "python3-dev`, `xcode-select --install`, or the Microsoft C++ Build Tools."
        )
    return (
        "Cython made no C of it; a newer one may: "
        "`pip install --upgrade shapespec[accelerate]`."
    )
