"""What tests share: compiling a spec in memory and using what comes out."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any, NoReturn

from shapespec.compiler import compile_spec, generate
from shapespec.contract.schema import Schema
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.project.files import read_source
from shapespec.responses.contract import load_package

ROOT = Path(__file__).parents[2]
SHARED = next(
    (up / "shared" for up in ROOT.parents if (up / "shared" / "samples").is_dir()),
    ROOT.parent / "shared",
)
"""Documents and samples beside the checkout, or beside the folder of worktrees."""

FUSE = 600
"""Seconds after which a command that hangs is ended; no right one comes near."""

FLAGSHIP = ROOT / "spec" / "sagemaker" / "training_job.yaml"

_count = itertools.count()


@dataclass(frozen=True)
class Generated:
    """A compiled spec and its files."""

    schema: Schema
    files: dict[str, str]

    def json_schema(self, root: str) -> Any:
        """The JSON Schema of a root shape."""
        return json.loads(self.files[f"json_schema/{self.schema.package}/{root}.json"])

    @cached_property
    def package(self) -> Any:
        """The generated package, imported."""
        prefix = f"python/{self.schema.package}/"
        modules = {
            path.removeprefix(prefix).removesuffix(".py"): text
            for path, text in self.files.items()
            if path.startswith(prefix) and path.endswith(".py")
        }
        name = f"_shapespec_test_{next(_count)}_{self.schema.package}"
        return load_package(name, modules, _Codes(modules))


@lru_cache(maxsize=256)
def _code(text: str) -> CodeType:
    """The code of a module; many packages have the same ones of the runtime."""
    return compile(text, "<generated>", "exec")


class _Codes(Mapping[str, CodeType]):
    """The code of each module of a package, made when it is asked for."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def __getitem__(self, module: str) -> CodeType:
        return _code(self._modules[module])

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


@cache
def flagship() -> Schema:
    """The flagship, compiled without evidence."""
    return compile_spec(read_source(FLAGSHIP))


def compile_text(
    text: str, *, targets: tuple[str, ...] = ("json-schema", "dataclasses")
) -> Generated:
    """Compile the text of a spec with no files beside it, without laying out Python."""
    schema = compile_spec(SourceFile("spec.yaml", text), _no_sibling)
    files = generate(schema, targets, layout=False)
    return Generated(schema, {file.path: file.text for file in files})


def walked(package: Any, value: Any) -> list[Any]:
    """What the full validator finds where no silent check spares it anything."""
    full = import_module(f"{package.__name__}._full")
    form = full.find_form(None)
    check = full.checks_for(form, None)["Root"]
    found: list[Any] = full.Report(form, strict=False).run(check, value)
    return found


def digests(spec: str, targets: tuple[str, ...]) -> set[str]:
    """What two runs make of a spec, under two hash seeds: one digest if the same."""
    code = f"""
from tests.support import compile_text
import hashlib, json
files = compile_text({spec!r}, targets={targets!r}).files
print(hashlib.sha256(json.dumps(files).encode()).hexdigest())
"""
    return {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}:{ROOT / 'generator'}"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, with our plugin whether it is installed or not.

    Where `CI` is set, Hypothesis leaves it to the machine how long drawing takes.
    """
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "shapespec.pytest_plugin", *arguments],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "CI": "true"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def _no_sibling(name: str) -> NoReturn:
    msg = f"cannot read {name}: No such file or directory"
    raise Unusable(msg)


def run_shapespec(
    *arguments: str | Path, stdin: str | bytes = "", cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run the command, as a user would, and see that there is no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "shapespec", *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        cwd=cwd,
        capture_output=True,
        check=False,
        timeout=FUSE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    output, errors = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in errors, errors
    return subprocess.CompletedProcess(done.args, done.returncode, output, errors)
