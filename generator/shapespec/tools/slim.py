"""What of shapespec runs without the compiler: the distribution `shapespec-slim`.

Its modules are those of shapespec itself, so it is installed in place of it, where
responses are watched, tested or validated by generated packages.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from shapespec.ground.resources import CODE
from shapespec.ground.version import __version__
from shapespec.tools.wheel import Wheel

ROOTS = (
    "shapespec.arrow",
    "shapespec.boto3",
    "shapespec.frames",
    "shapespec.pytest_plugin",
    "shapespec.spark",
    # What these import when they are used:
    "shapespec.contract.findings",
    "shapespec.ground.terminal",
    "shapespec.project.settings",
    "shapespec.watching.received",
    "shapespec.responses.fingerprints",
    "shapespec.responses.in_files",
    "shapespec.responses.policy",
)
"""What the distribution is for."""

ABSENT = ("__main__", "httpx", "requests")
"""Modules that people import, and that need the compiler."""

_SAYS = '''\
"""Not in shapespec-slim."""

raise ImportError("shapespec.{name} needs the compiler: pip install shapespec")
'''


def slim_wheel() -> Wheel:
    """The distribution, made from the code that runs here."""
    files = {_path(file): file.read_bytes() for file in modules()}
    for name in ABSENT:
        files[f"shapespec/{name}.py"] = _SAYS.format(name=name).encode()
    files["shapespec/py.typed"] = b""
    return Wheel(
        name="shapespec-slim",
        version=__version__,
        summary="Validate, watch and test responses by packages that shapespec made.",
        files=files,
        entry_points={"pytest11": ["shapespec = shapespec.pytest_plugin"]},
        licence="Apache-2.0",
    )


def _path(file: Path) -> str:
    return f"shapespec/{file.relative_to(CODE).as_posix()}"


def modules() -> Iterator[Path]:
    """The modules that the roots import when they are imported."""
    seen: set[str] = set()
    pending = [*ROOTS]
    while pending:
        name = pending.pop()
        file = file_of(name)
        if name in seen or file is None:
            continue
        seen.add(name)
        yield file
        pending.append(name.rpartition(".")[0])
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        for found in _imports(ast.parse(file.read_bytes())):
            pending += _named(found, package)


def file_of(module: str) -> Path | None:
    """The file of a module of ours."""
    first, *steps = module.split(".")
    if first != "shapespec":
        return None
    place = CODE.joinpath(*steps)
    for file in (place / "__init__.py", place.with_suffix(".py")):
        if file.is_file():
            return file
    return None


def _imports(module: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """The statements that run with the module; not those for type checkers."""
    pending: list[ast.stmt] = [*module.body]
    while pending:
        match pending.pop():
            case ast.Import() | ast.ImportFrom() as found:
                yield found
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=other):
                pending += other
            case ast.If(body=body, orelse=other) | ast.Try(body=body, orelse=other):
                pending += [*body, *other]
            case _:
                pass


def _named(found: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    """The modules that an import may mean: a name may be one, or what is in one."""
    if isinstance(found, ast.Import):
        yield from (one.name for one in found.names)
        return
    above = package.split(".")
    base = above[: len(above) - found.level + 1] if found.level else []
    module = ".".join([*base, *filter(None, [found.module])])
    yield module
    yield from (f"{module}.{one.name}" for one in found.names)
