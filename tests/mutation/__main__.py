"""`make mutate`: tries whether the tests mind changes of the compiler.

    python -m tests.mutation [--of TEXT] [--sample N] [--seed S] [--children N]

mutmut changes the passes and the back end of the validators in one place at a time, and
runs the tests that reach that place. A mutant lives if all of them pass. Those that
live are held against the committed validators of the flagship, as `shapespec generate
--check` does; what that sees is a change of words, of names or of speed. Those that
live still are listed in `survivors.yaml` with the reason, or they fail the run.

All is done in a copy, since mutmut wants the code in a folder `src`. It leaves out
functions with decorators, properties among them, and what stands outside of functions;
we leave out the strategies for Hypothesis, which judge nothing.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
from ruamel.yaml import YAML

from tests.support import ROOT

LIST = Path(__file__).with_name("survivors.yaml")
_COPIED = ("generated", "spec", "templates", "tests")
_CONFIG = """
[tool.pytest.ini_options]
pythonpath = ["."]
addopts = "--import-mode=importlib --strict-markers --strict-config"
filterwarnings = ["error"]

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/shapespec/passes/*.py", "src/shapespec/backends/validators/*.py"]
do_not_mutate = ["src/shapespec/backends/strategies/lower.py"]
also_copy = ["generated", "spec", "templates"]
pytest_add_cli_args_test_selection = ["tests/mutation/{tests}.py"]
"""
_KILLED, _LIVES, _UNREACHED = "killed", "lives", "unreached"


class Mutant(NamedTuple):
    """A change of the compiler that no test minds.

    Attributes:
        function: The function that was changed, with its module.
        change: The lines that it lost and got, without their indentation.
    """

    function: str
    change: str


class Survivor(NamedTuple):
    """An entry of the list: mutants that cannot be killed, and why.

    Attributes:
        function: Their function.
        change: Something that stands in the change of each.
        reason: Why no test can see it.
    """

    function: str
    change: str
    reason: str

    def is_about(self, mutant: Mutant) -> bool:
        """Whether the entry speaks of a mutant."""
        return self.function == mutant.function and self.change in mutant.change


class Stage:
    """A copy of the project in which mutmut runs."""

    def __init__(self, folder: Path, tests: str) -> None:
        """Copy what is needed; the mutants are to be killed by `tests`."""
        self.folder = folder
        self.mutants = folder / "mutants"
        ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
        shutil.copytree(ROOT / "generator", folder / "src", ignore=ignored)
        for name in _COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        (folder / "pyproject.toml").write_text(_CONFIG.format(tests=tests), "utf-8")
        # Python forgets no folder that was absent when it first looked for modules.
        (self.mutants / "src").mkdir(parents=True)
        (self.mutants / "generated" / "python").mkdir(parents=True)

    def run(self, names: Iterable[str], children: int) -> None:
        """Make all mutants, and try those of these names; all, where there are none."""
        command = [sys.executable, "-m", "mutmut", "run"]
        self._mutmut([*command, "--max-children", str(children), *names])

    def show(self, name: str) -> Mutant:
        """A mutant by its name."""
        command = [sys.executable, "-m", "mutmut", "show", name]
        lines = self._mutmut(command, said=True).splitlines()
        changed = [
            f"{line[0]} {line[1:].strip()}"
            for line in lines
            if line[:1] in ("-", "+") and line[:3] not in ("---", "+++")
        ]
        function = name.rpartition("__mutmut_")[0].replace("ǁ", ".")
        return Mutant(
            function.replace(".x_", ".").replace(".x.", "."), "\n".join(changed)
        )

    def verdicts(self) -> Iterator[tuple[str, str]]:
        """The names of the mutants that were tried, and what became of each."""
        for meta in sorted(self.mutants.rglob("*.py.meta")):
            codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
            for name, code in codes.items():
                if code is not None:
                    yield name, {0: _LIVES, 33: _UNREACHED}.get(code, _KILLED)

    def names(self) -> list[str]:
        """The names of all mutants."""
        metas = sorted(self.mutants.rglob("*.py.meta"))
        found = (json.loads(meta.read_text("utf-8")) for meta in metas)
        return [name for one in found for name in one["exit_code_by_key"]]

    def _mutmut(self, command: list[str], *, said: bool = False) -> str:
        paths = (self.mutants / "src", self.mutants / "generated" / "python")
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
            stdout=subprocess.PIPE if said else None,
            text=True,
            check=True,
        )
        return done.stdout or ""


def survivors() -> list[Survivor]:
    """The list of mutants that cannot be killed."""
    entries: list[dict[str, str]] = YAML(typ="safe").load(LIST.read_text("utf-8"))
    return [Survivor(**entry) for entry in entries]


@click.command(help=__doc__)
@click.option("--of", default="", help="Those only whose name holds this text.")
@click.option("--sample", type=int, help="How many mutants, drawn; default: all.")
@click.option("--seed", default=1, show_default=True, help="Draws others.")
@click.option("--children", default=os.cpu_count() or 1, help="Mutants at a time.")
def main(of: str, sample: int | None, seed: int, children: int) -> None:
    """Try the mutants, and print what became of them."""
    with tempfile.TemporaryDirectory() as folder:
        behaviour = Stage(Path(folder, "behaviour"), "killers")
        golden = Stage(Path(folder, "golden"), "golden")
        names: list[str] = []
        if of or sample is not None:
            behaviour.run(["shapespec.passes.compile_rules.x__diagnostic__mutmut_1"], 1)
            every = [name for name in behaviour.names() if of in name]
            draw = random.Random(seed)  # noqa: S311 - another seed draws others
            names = draw.sample(every, min(sample or len(every), len(every)))
        behaviour.run(names, children)
        found = dict(behaviour.verdicts())
        if names:
            found = {name: found[name] for name in names}
        alive = [name for name, verdict in found.items() if verdict != _KILLED]
        if alive:
            golden.run(alive, children)
        unseen = {name for name, verdict in golden.verdicts() if verdict != _KILLED}
        left = {name: behaviour.show(name) for name in alive if name in unseen}
        sys.exit(_report(found, alive, left, whole=not names))


def _report(
    found: dict[str, str], alive: list[str], left: dict[str, Mutant], *, whole: bool
) -> int:
    """Print the score, and what is not explained; the exit code."""
    entries = survivors()
    explained = [
        name
        for name, mutant in left.items()
        if any(entry.is_about(mutant) for entry in entries)
    ]
    unreached = sum(verdict == _UNREACHED for verdict in found.values())
    killed, seen = len(found) - len(alive), len(alive) - len(left)
    click.echo(
        f"\n{len(found)} mutants\n"
        f"{killed} killed by behaviour ({killed / len(found):.1%})\n"
        f"{seen} more change the committed validators in words, names or speed "
        f"({(killed + seen) / len(found):.1%} together)\n"
        f"{len(explained)} live and are explained in {LIST.relative_to(ROOT)}\n"
        f"{len(left) - len(explained)} live, {unreached} were reached by no test"
    )
    for name, mutant in left.items():
        if name not in explained:
            click.echo(f"\n{mutant.function}\n{mutant.change}")
    idle = [
        entry
        for entry in entries
        if whole and not any(entry.is_about(mutant) for mutant in left.values())
    ]
    for entry in idle:
        click.echo(f"\nstale: {entry}")
    return int(len(explained) < len(left) or bool(idle))


main()
