"""How long generators take for the flagship, and how much memory.

Every contender is a fresh process, as its users start it, one round after the other.
LinkML lives in an environment of its own, which `make .venv/.linkml` makes.

Ours writes into a folder that is not there yet. What it keeps in the user's cache was
kept by the round before, unless the row says that nothing is. `COMMIT` compiles the
flagship as it was then, with fewer facts.

sagemaker-core's generator is not among them: the wheel on PyPI (2.27.0) holds its
modules, and not the service models and the list of additional operations that they
read from fixed places in its repository.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

from shapespec.backends.models import cut
from shapespec.backends.targets import DEFAULT_TARGETS
from shapespec.contract import schema as ir
from tests.benchmarks import linkml
from tests.benchmarks.earlier import COMMIT
from tests.benchmarks.measure import readable
from tests.support import ROOT

ROUNDS = 7
LINKML = Path(sys.prefix, "linkml", "bin")
"""Where the Makefile puts it."""
ABSENT = "LinkML: not installed, make .venv/.linkml"

# A process takes over the peak of the one that starts it, so a small one does.
_LAUNCHER = """\
import json, os, sys, time
command = sys.argv[1:]
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
started = time.perf_counter()
child = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - started
unit = 1 if sys.platform == "darwin" else 1024
processor = used.ru_utime + used.ru_stime
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, wall, processor, used.ru_maxrss * unit / 1e6]))
"""


class Cost(NamedTuple):
    """What one run took.

    Attributes:
        wall: From start to end [s].
        processor: Of all its processes [s].
        peak: The most memory that one of them had in use [MB].
    """

    wall: float
    processor: float
    peak: float


@dataclass(frozen=True, slots=True)
class Contender:
    """A generator.

    Attributes:
        name: What the table calls it.
        command: What starts it, for the number of a round.
        folder: Where it is started.
    """

    name: str
    command: Callable[[int], Sequence[str | Path]]
    folder: Path = ROOT


def run(command: Sequence[str | Path], folder: Path = ROOT) -> Cost:
    """Start a program in a folder, and wait for its end.

    Raises:
        RuntimeError: It failed.
    """
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, *map(str, command)],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    code, *cost = json.loads(done.stdout)
    if code:
        raise RuntimeError(f"{command[0]} ended with {code}:\n{done.stderr}")
    return Cost(*cost)


def contenders(schema: ir.Schema, scratch: Path) -> list[Contender]:
    """Ours first; LinkML's three where they are installed."""
    return [
        *_ours(scratch),
        *_earlier(scratch),
        *_linkml(schema, scratch),
        *_datamodel(schema, scratch),
    ]


def _ours(scratch: Path) -> list[Contender]:
    four = [word for name in DEFAULT_TARGETS for word in ("--target", name)]
    command = [sys.executable, "-m", "shapespec", "generate", *four, "--out"]
    kept = scratch / "kept"
    run([*command, kept])
    env = shutil.which("env") or "/usr/bin/env"
    off = [env, "SHAPESPEC_CACHE=off", *command]
    command_of_one = [*command[:4], "--target", "dataclasses", "--out"]
    return [
        Contender(
            "shapespec, four targets", lambda turn: [*command, scratch / f"cold{turn}"]
        ),
        Contender(
            "shapespec, four targets, nothing kept",
            lambda turn: [*off, scratch / f"off{turn}"],
        ),
        Contender("shapespec, nothing has changed", lambda _: [*command, kept]),
        Contender(
            "shapespec, dataclasses only",
            lambda turn: [*command_of_one, scratch / f"one{turn}"],
        ),
    ]


def _earlier(scratch: Path) -> list[Contender]:
    """The flagship of an earlier commit, compiled by the compiler of then."""
    folder = scratch / COMMIT
    packed = subprocess.run(
        ["git", "archive", COMMIT, "generator", "spec", "templates", "pyproject.toml"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    run([sys.executable, "-m", "compileall", "-q", folder / "generator"])
    program = (
        f"import sys; sys.path.insert(0, {str(folder / 'generator')!r});"
        " from shapespec.cli import main; main()"
    )
    command = [sys.executable, "-c", program, "generate", "--out"]
    return [
        Contender(
            f"{COMMIT}, four targets",
            lambda turn: [*command, scratch / f"then{turn}"],
            folder,
        )
    ]


def _linkml(schema: ir.Schema, scratch: Path) -> list[Contender]:
    if not LINKML.exists():
        return []
    given = scratch / "linkml.yaml"  # JSON is YAML
    given.write_text(json.dumps(linkml.document(schema), indent=1), "utf-8")
    return [
        Contender(
            "LinkML gen-json-schema", lambda _: [LINKML / "gen-json-schema", given]
        ),
        Contender("LinkML gen-python", lambda _: [LINKML / "gen-python", given]),
        Contender(
            "LinkML gen-doc",
            lambda turn: [LINKML / "gen-doc", given, "-d", scratch / f"doc{turn}"],
        ),
    ]


def _datamodel(schema: ir.Schema, scratch: Path) -> list[Contender]:
    """Given the schema without what it stumbles over, as our own targets do (0014)."""
    given = scratch / "cut.json"
    given.write_text(json.dumps(cut.document(schema)), "utf-8")
    program = [
        *(sys.executable, "-m", "datamodel_code_generator", "--input", given),
        *("--input-file-type", "jsonschema", "--target-python-version", "3.11"),
        *("--output", scratch / "models.py", "--output-model-type"),
    ]
    kinds = ("pydantic_v2.BaseModel", "dataclasses.dataclass")
    return [
        Contender(
            f"datamodel-code-generator {kind}", lambda _, kind=kind: [*program, kind]
        )
        for kind in kinds
    ]


def measure(schema: ir.Schema, scratch: Path) -> str:
    """All contenders in turn, round by round; a table as Markdown has it."""
    chosen = contenders(schema, scratch)
    costs: dict[str, list[Cost]] = {one.name: [] for one in chosen}
    for turn in range(ROUNDS + 1):
        for index in range(len(chosen)):
            one = chosen[(index + turn) % len(chosen)]
            costs[one.name].append(run(one.command(turn), one.folder))
    # The first round fills the caches of bytecode and of files.
    found = {name: own[1:] for name, own in costs.items()}
    sets = [own for name, own in found.items() if name.startswith("LinkML")]
    if sets:
        found["LinkML's three together"] = [
            _sum(each) for each in zip(*sets, strict=True)
        ]
    lines = [
        "| generation | wall | ratio | processor | ratio | peak MB | ratio |",
        "| --- " + "| ---: " * 6 + "|",
        *(_row(name, own, found[chosen[0].name]) for name, own in found.items()),
    ]
    return "\n".join([*lines, *([] if sets else ["", ABSENT])])


def _sum(costs: Iterable[Cost]) -> Cost:
    walls, processors, peaks = zip(*costs, strict=True)
    return Cost(sum(walls), sum(processors), max(peaks))


def _row(name: str, costs: Sequence[Cost], first: Sequence[Cost]) -> str:
    cells = [name]
    for index, written in enumerate((readable, readable, "{:.0f}".format)):
        own = [cost[index] for cost in costs]
        ratios = [one / other[index] for one, other in zip(own, first, strict=True)]
        cells += [written(median(own)), f"{median(ratios):.2f}"]
    return f"| {' | '.join(cells)} |"
