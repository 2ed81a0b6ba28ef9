"""The package as it is against the package of an earlier commit, in one run.

    python -m tests.benchmarks earlier

Each row is what both do with the same responses; the ratio is that of our time to the
earlier one, so below 1 is faster. `aim` is what is asked for. The last rows are
programs of their own, without the start of Python.
"""

from __future__ import annotations

import importlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

import sagemaker_training_job as ours
from shapespec.accelerate import accelerate
from shapespec.ground.errors import Unusable
from tests.benchmarks import responses
from tests.benchmarks.measure import Candidate, Row, compare, readable
from tests.support import ROOT

COMMIT = "5fa215a"
"""Before the clean check was there."""

_PACKAGE = "generated/python/sagemaker_training_job"


class Task(NamedTuple):
    """Something that both packages do.

    Attributes:
        name: What it is.
        function: The function of the package.
        values: What it is called with.
        aim: The greatest ratio that is wanted, pure and compiled; none for no aim.
    """

    name: str
    function: str
    values: Sequence[Any]
    aim: tuple[float | None, float | None]


def tasks(full: list[dict[str, Any]], validate: Callable[[Any], Any]) -> Iterator[Task]:
    """All that is compared, with the aims of issue 12."""
    full = [response for response in full if not validate(response)]
    typical = responses.typical(full)
    clean = [response for response in typical if not validate(response)]
    yield Task("validate, clean, typical", "validate", clean, (0.5, 0.33))
    yield Task("validate, clean, full", "validate", full, (0.75, 0.45))
    yield Task("validate, notes, typical", "validate", typical, (1.0, None))
    one, ten = responses.one_fault(full), responses.ten_faults(full)
    yield Task("validate, one fault, full", "validate", one, (1.15, None))
    small = responses.one_fault_near(clean)
    yield Task("validate, one fault, typical", "validate", small, (1.15, None))
    yield Task("validate, ten faults, full", "validate", ten, (1.0, None))
    yield Task("is_valid, clean, typical", "is_valid", clean, (1.0, 1.0))
    yield Task("is_valid, clean, full", "is_valid", full, (1.0, 1.0))
    yield Task("is_valid, one fault, full", "is_valid", one, (1.0, None))
    yield Task("is_valid, one fault, typical", "is_valid", small, (1.0, None))


class Start(NamedTuple):
    """The beginning of a program.

    Attributes:
        name: What it is.
        program: What is measured; `response` is a valid one.
        aim: The greatest ratio that is wanted.
    """

    name: str
    program: str
    aim: float


STARTS = (
    Start(
        "import is_valid, first verdict",
        "from sagemaker_training_job import is_valid\nassert is_valid(response)",
        0.9,
    ),
    Start("import the models", "import sagemaker_training_job.models", 0.6),
    Start(
        "import a class, first object",
        "from sagemaker_training_job import DescribeTrainingJobResponse as made\n"
        "made.from_response(response)",
        1.0,
    ),
)


def earlier(commit: str, scratch: Path) -> Any:
    """The package of a commit, under a name of its own."""
    packed = subprocess.run(
        ["git", "archive", commit, _PACKAGE],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(scratch / "archive", filter="data")
    return _load(scratch / "archive" / _PACKAGE, scratch, "earlier")


def _load(source: Path, scratch: Path, name: str, *, compiled: bool = False) -> Any:
    unwanted = shutil.ignore_patterns("__pycache__", "_compiled*")
    shutil.copytree(source, scratch / name, ignore=unwanted)
    if compiled:
        accelerate(scratch / name)
    if str(scratch) not in sys.path:
        sys.path.insert(0, str(scratch))
    module: Any = importlib.import_module(name)
    module.is_valid({})
    assert compiled is (f"{name}._compiled" in sys.modules)
    return module


def table(full: list[dict[str, Any]], scratch: Path, commit: str = COMMIT) -> str:
    """The comparison as a table of Markdown."""
    before = earlier(commit, scratch)
    now: list[tuple[str, Any]] = [("as it is", ours)]
    try:
        made = _load(Path(ours.__path__[0]), scratch, "later_compiled", compiled=True)
    except Unusable as error:
        click.echo(f"not measured: {error}", err=True)
    else:
        now.append(("compiled", made))
    lines = [
        f"| against {commit} | then | now | ratio | aim | compiled | ratio | aim |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for task in tasks(full, ours.validate):
        calls: list[Callable[[Any], Any]] = [
            getattr(module, task.function)
            for module in (before, *(module for _, module in now))
        ]
        for value in task.values[:20]:
            assert len({_words(call(value)) for call in calls}) == 1, task.name
        names = ["then", *(name for name, _ in now)]
        rows = compare(
            task.name,
            [
                Candidate(name, call, task.values)
                for name, call in zip(names, calls, strict=True)
            ],
        )
        lines.append(_line(task, rows))
    folders = [str(scratch / "archive" / _PACKAGE), *ours.__path__]
    clean = [one for one in responses.typical(full) if not ours.validate(one)]
    for start in STARTS:
        rows = compare(
            start.name,
            [
                Candidate(folder, _begins(start, folder), clean[:1], clocked=True)
                for folder in folders
            ],
        )
        lines.append(f"{_line(Task(start.name, '', (), (start.aim, None)), rows)} | |")
    return "\n".join(lines)


def _begins(start: Start, folder: str) -> Callable[[Any], float]:
    """Runs the beginning of a program in a fresh interpreter; gives its time [s]."""
    program = f"""\
import json, sys, time
response = json.load(sys.stdin)
sys.path.insert(0, {str(Path(folder).parent)!r})
started = time.process_time()
{start.program}
print(time.process_time() - started)
"""

    def run(response: Any) -> float:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", program],
            input=json.dumps(response),
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    return run


def _words(result: Any) -> str:
    """What was found, without its words, and without advice, of which there is more."""
    if isinstance(result, bool):
        return f"{result}"
    found = [one for one in result if one.severity != "note"]
    return f"{[(one.rule, one.severity, one.pointer) for one in found]}"


def _line(task: Task, rows: Sequence[Row]) -> str:
    cells = [task.name, readable(rows[0].median)]
    for row, aim in zip(rows[1:], task.aim, strict=False):
        wanted = "" if aim is None else f"{aim}"
        cells += [readable(row.median), f"{row.ratio:.2f}", wanted]
    return f"| {' | '.join(cells)} |"
