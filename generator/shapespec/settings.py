"""What a project says of its specs: `[tool.shapespec]` in the nearest pyproject.toml.

[tool.shapespec]
specs = ["spec/sagemaker/training_job.yaml"]
out = "generated"
targets = ["json-schema", "dataclasses", "validators", "docs"]
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from shapespec.diagnostics.suggest import nearest
from shapespec.errors import Unusable, reason
from shapespec.resources import FLAGSHIP
from shapespec.targets import DEFAULT_TARGETS, TARGETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a project.

    Attributes:
        root: The folder of the pyproject.toml, or the current one.
        specs: The specs to work on.
        out: The output folder.
        targets: The targets to generate.
    """

    root: Path
    specs: tuple[Path, ...] = (FLAGSHIP,)
    out: Path = Path("generated")
    targets: tuple[str, ...] = DEFAULT_TARGETS

    def shown(self, spec: Path) -> str:
        """A spec's path as headers and messages have it: from the project's root."""
        try:
            return spec.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return spec.name


def find_settings(start: Path) -> Settings:
    """The settings that hold in a folder.

    Raises:
        Unusable: A pyproject.toml cannot be read, or says what has no meaning.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            return _settings(file)
    return Settings(root=start)


def _settings(file: Path) -> Settings:
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise Unusable(f"cannot read {file}: {reason(error)}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{file} is not TOML: {error}") from error
    tool = document.get("tool", {})
    table = tool.get("shapespec") if isinstance(tool, dict) else None
    root = file.parent
    if table is None:
        return Settings(root=root)
    if not isinstance(table, dict):
        raise Unusable(f"{file}: tool.shapespec must be a table")
    for key in table:
        if key not in ("specs", "out", "targets"):
            near = nearest(key, ("specs", "out", "targets"))
            hint = f"; did you mean {near}?" if near else ""
            raise Unusable(f"{file}: tool.shapespec has no key {key!r}{hint}")
    targets = _texts(file, table, "targets", DEFAULT_TARGETS)
    for target in targets:
        if target not in TARGETS:
            raise Unusable(f"{file}: tool.shapespec.targets has no {target!r}")
    out = table.get("out", "generated")
    if not isinstance(out, str):
        raise Unusable(f"{file}: tool.shapespec.out must be a string")
    specs = tuple(root / spec for spec in _texts(file, table, "specs", ()))
    return Settings(
        root=root, specs=specs or (FLAGSHIP,), out=root / out, targets=targets
    )


def _texts(
    file: Path, table: dict[str, object], key: str, default: tuple[str, ...]
) -> tuple[str, ...]:
    given = table.get(key)
    if given is None:
        return default
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Unusable(f"{file}: tool.shapespec.{key} must be a list of strings")
    return tuple(given)
