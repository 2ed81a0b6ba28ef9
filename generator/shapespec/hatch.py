"""A build hook for hatchling, which generates code before a project is built.

    [build-system]
    requires = ["hatchling", "shapespec"]
    build-backend = "hatchling.build"

    [tool.hatch.build.hooks.shapespec]

It runs for each wheel and source distribution, editable ones included, with the
settings of `[tool.shapespec]`. See spec/projects.md.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin import hookimpl

from shapespec.ground.errors import Unusable
from shapespec.ground.resources import FLAGSHIP
from shapespec.project.output import generated_files
from shapespec.project.settings import find_settings

_KEYS = (
    "check",
    "dependencies",
    "enable-by-default",
    "require-runtime-dependencies",
    "require-runtime-features",
)
"""Our own key, and those that hatchling itself reads."""


class ShapespecBuildHook(BuildHookInterface[Any]):
    """Runs `shapespec generate` in the folder of the project."""

    PLUGIN_NAME = "shapespec"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate, or see that all is current, before anything is collected.

        Raises:
            RuntimeError: A spec is wrong, a file is stale or cannot be written, or the
                hook has a key that nobody reads. shapespec has printed why.
        """
        for key in self.config:
            if key not in _KEYS:
                raise RuntimeError(f"the hook shapespec has no {key!r}, only 'check'")
        root = Path(self.root)
        try:
            settings = find_settings(root)
        except Unusable as error:
            raise RuntimeError(str(error)) from error
        if settings.specs == (FLAGSHIP,):
            message = "tool.shapespec.specs names no spec to generate from"
            raise RuntimeError(f"{settings.root / 'pyproject.toml'}: {message}")
        check = ["--check"] if self.config.get("check", False) else []
        command = [sys.executable, "-m", "shapespec", "generate", *check]
        done = subprocess.run(command, cwd=root, check=False)
        if done.returncode:
            said = " ".join(["shapespec", *command[3:]])
            raise RuntimeError(f"{said} failed with exit code {done.returncode}")
        # What git ignores is left out of distributions, unless it is listed here.
        build_data["artifacts"] += [f"/{path}" for path in generated_files(settings)]


@hookimpl
def hatch_register_build_hook() -> type[BuildHookInterface[Any]]:
    """The hook, by which hatchling finds it."""
    return ShapespecBuildHook
