"""`shapespec validate` of an archive: as it is, compiled, shared, and against others.

    SIZE=2000 ROUNDS=2 python -m tests.benchmarks bulk

Each row is a whole process, or several, over the same file of NDJSON: `earlier` is the
command of commit 5fa215a, unpacked and run beside ours. Time is that of the processors,
of all processes, so that what else runs on the machine counts little; what a process
takes for a file of one line is taken off. The rounds are interleaved, and a ratio is
the median over the rounds of the ratios within a round. Aims are those of issue 17.
Where there is an environment with PySpark, Spark judges `ROWS` rows, too.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import click

import sagemaker_training_job as ours
from shapespec.accelerate import accelerate
from shapespec.ground.errors import Unusable
from tests.benchmarks.earlier import COMMIT
from tests.benchmarks.peers import json_schema, plain_ends
from tests.support import ROOT

SIZE = int(os.environ.get("SIZE", "20000"))
"""How many lines the file has."""

ROUNDS = int(os.environ.get("ROUNDS", "5"))
DIFFERENT = 500
"""How many different lines there are; they come again and again."""

_VALIDATE = (sys.executable, "-m", "shapespec", "validate")

SPARK = Path(os.environ.get("SHAPESPEC_SPARK", ROOT / ".venv/spark/bin/python"))
"""Python of an environment with PySpark and Java; `make .venv/.spark` makes it."""

ROWS = int(os.environ.get("ROWS", "200000"))
"""How many rows Spark is given."""

_IN_SPARK = """
import os, sys, time
from pyspark.sql import SparkSession
from shapespec.spark import with_verdicts
made = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
made = made.config("spark.driver.bindAddress", "127.0.0.1")
spark = made.config("spark.driver.host", "127.0.0.1").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
rows = spark.read.text(sys.argv[1])
judged = with_verdicts(rows, "value", form=None)
assert with_verdicts(rows.limit(10), "value").where("verdict.valid").count() == 10
def processor_time():
    spent, parents = {}, {}
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = open(f"/proc/{number}/stat").read().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(number)] = int(stat[1])
        spent[int(number)] = sum(map(int, stat[11:15]))
    ours = {os.getpid()}
    for _ in range(5):
        ours |= {number for number, parent in parents.items() if parent in ours}
    return sum(map(spent.get, ours)) / os.sysconf("SC_CLK_TCK")
began, spent = time.perf_counter(), processor_time()
assert judged.where("not verdict.valid").count() == 0
print(time.perf_counter() - began, processor_time() - spent)
"""

PEERS: Mapping[str, str] = {
    "orjson + jsonschema-rs": """
import jsonschema_rs, orjson
is_valid = jsonschema_rs.validator_for(schema).is_valid
bad = sum(not is_valid(orjson.loads(line)) for line in lines)
""",
    "orjson + jsonschema-rs, tuned schema": """
import jsonschema_rs, orjson
is_valid = jsonschema_rs.validator_for(tuned).is_valid
bad = sum(not is_valid(orjson.loads(line)) for line in lines)
""",
    "msgspec decode, nothing validated": """
import msgspec
decode = msgspec.json.Decoder().decode
bad = sum(decode(line) is None for line in lines)
""",
    "json.loads + fastjsonschema": """
import fastjsonschema
check = fastjsonschema.compile(schema)
bad = 0
for line in lines:
    try:
        check(json.loads(line))
    except fastjsonschema.JsonSchemaException:
        bad += 1
""",
}
_PEER = """
import json, sys
schema, tuned = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
lines = open(sys.argv[3], "rb")
{}
assert bad == 0, bad
"""


@dataclass(slots=True)
class Candidate:
    """A command that reads the file.

    Attributes:
        name: What the table calls it.
        command: The command, to which the file is added.
        path: Where Python looks for modules first.
        aim: What is wanted of it, in words.
        times: What each round took for a line [s].
        peaks: The most memory of one of its processes [MB].
        share: Of how many lines it reads one; what is slow reads fewer.
    """

    name: str
    command: Sequence[str]
    path: Sequence[Path] = ()
    aim: str = ""
    times: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    share: int = 1


def processor_time(candidate: Candidate, file: Path) -> tuple[float, float]:
    """Run a command once.

    Returns:
        Time of the processors, of its children, too [s]; the most memory [MB].
    """
    where = os.pathsep.join(map(str, (*candidate.path, *_SOURCES)))
    process = subprocess.Popen(
        [*candidate.command, str(file)],
        env={**os.environ, "PYTHONPATH": where},
        cwd=file.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{candidate.name}: {said.decode()}"
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6


_SOURCES = (ROOT / "generator", ROOT / "generated" / "python")


def _earlier(scratch: Path, commit: str) -> Path:
    """The whole of a commit, unpacked."""
    packed = subprocess.run(
        ["git", "archive", commit, "generator", "generated", "spec", "templates"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(scratch / "earlier", filter="data")
    return scratch / "earlier"


def _archive(scratch: Path, name: str, size: int) -> Path:
    """A file of so many lines of typical responses."""
    command = [sys.executable, "-m", "shapespec", "sample", "--form", "wire"]
    command += ["--count", str(min(size, DIFFERENT)), "--seed", "1"]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    lines = done.stdout.splitlines(keepends=True)
    file = scratch / name
    with file.open("wb") as stream:
        stream.writelines(itertools.islice(itertools.cycle(lines), size))
    return file


def _candidates(scratch: Path) -> Iterator[Candidate]:
    old = _earlier(scratch, COMMIT)
    paths = (old / "generator", old / "generated" / "python")
    yield Candidate(f"{COMMIT}, validate", _VALIDATE, paths)
    alone = (*_VALIDATE, "-q", "--jobs", "1")
    yield Candidate("validate -q --jobs 1", alone, aim="3.3 times")
    yield Candidate("validate --jobs 1", (*_VALIDATE, "--jobs", "1"))
    shared = (*_VALIDATE, "-q", "--jobs", "2")
    yield Candidate("validate -q --jobs 2", shared, aim="two processes: 1.9 times one")
    # The command takes the package that is beside it, so all of it is copied.
    copy = scratch / "compiled"
    unwanted = shutil.ignore_patterns("__pycache__", "_compiled*")
    for folder in ("generator", "generated", "spec", "templates"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=unwanted)
    where = (copy / "generator", copy / "generated" / "python")
    try:
        accelerate(where[1] / ours.__name__)
    except Unusable as error:
        click.echo(f"not measured: {error}", err=True)
    else:
        yield Candidate("compiled, --jobs 1", alone, where, aim="5 times")
        yield Candidate("compiled, --jobs 2", shared, where)
    (scratch / "schema.json").write_text(json.dumps(json_schema()))
    (scratch / "tuned.json").write_text(json.dumps(plain_ends(json_schema())))
    for name, code in PEERS.items():
        given = (str(scratch / "schema.json"), str(scratch / "tuned.json"))
        command = (sys.executable, "-c", _PEER.format(code), *given)
        yield Candidate(name, command, share=10 if "fast" in name else 1)
    if find_spec("check_jsonschema") is None:
        click.echo("not measured: check-jsonschema is not installed", err=True)
    else:
        check = (sys.executable, "-m", "check_jsonschema", "--schemafile")
        name = "check-jsonschema, an array of all"
        whole = (*check, str(scratch / "array.json"))
        (scratch / "array.json").write_text(
            json.dumps({"type": "array", "items": json_schema()})
        )
        yield Candidate(name, whole, share=50)


def _as_array(file: Path) -> Path:
    """The same responses as one array, which is all that check-jsonschema reads."""
    array = file.with_suffix(".array.json")
    array.write_bytes(b"[" + b",".join(file.read_bytes().splitlines()) + b"]")
    return array


def measure(scratch: Path, size: int = SIZE, rounds: int = ROUNDS) -> str:
    """The comparison as a table of Markdown."""
    candidates = [*_candidates(scratch)]
    one = _archive(scratch, "one.ndjson", 1)
    files = {
        share: _archive(scratch, f"{share}.ndjson", max(2, size // share))
        for share in {candidate.share for candidate in candidates}
    }
    for turn in range(rounds):
        for index in range(len(candidates)):
            candidate = candidates[(index + turn) % len(candidates)]
            many, start = files[candidate.share], one
            if candidate.name.startswith("check-jsonschema"):
                many, start = _as_array(many), _as_array(one)
            begun, _ = processor_time(candidate, start)
            taken, peak = processor_time(candidate, many)
            lines = max(2, size // candidate.share) - 1
            candidate.times.append((taken - begun) / lines)
            candidate.peaks.append(peak)
    each = files[1].stat().st_size / size / 1000
    titles = (
        f"{size:,} lines of {each:.1f} kB",
        "µs a line",
        f"times {COMMIT}",
        "a second on one core",
        "peak MB",
        "aim",
    )
    head = f"| {' | '.join(titles)} |"
    lines_of = [head, "| --- | ---: | ---: | ---: | ---: | --- |"]
    first = candidates[0]
    for one_of in candidates:
        ratio = median(
            before / now for before, now in zip(first.times, one_of.times, strict=True)
        )
        took = median(one_of.times)
        cells = (
            one_of.name,
            f"{took * 1e6:.1f}",
            f"{ratio:.2f}",
            f"{1 / took:,.0f}",
            f"{max(one_of.peaks):.0f}",
            one_of.aim,
        )
        lines_of.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines_of, "", *_said(candidates), *_spark(scratch)])


def _spark(scratch: Path) -> Iterator[str]:
    """How Spark does beside one process of ours: by the clock, and by processor time.

    On a machine that others use, too, the clock says little of either.
    """
    if not SPARK.exists():
        yield f"Spark is not measured: no {SPARK}; `make .venv/.spark` makes it."
        return
    file = _archive(scratch, "spark.ndjson", ROWS)
    alone = Candidate("one process", (*_VALIDATE, "-q", "--jobs", "1"))
    began = time.perf_counter()
    ours_spent, _ = processor_time(alone, file)
    ours_took = time.perf_counter() - began
    done = subprocess.run(
        [SPARK, "-c", _IN_SPARK, str(file)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, _SOURCES)),
            "PYSPARK_PYTHON": str(SPARK),
        },
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        yield f"Spark is not measured: {done.stderr[-500:]}"
        return
    took, spent = map(float, done.stdout.split()[-2:])
    yield (
        f"Spark local[2] judges {ROWS:,} rows in {took:.1f} s, one process of ours in"
        f" {ours_took:.1f} s: {ours_took / took:.2f} times; aim: 1.5. On two free"
        f" processors it is {2 * ours_spent / spent:.2f} times (by processor time:"
        f" {spent:.1f} and {ours_spent:.1f} s)."
    )


def _said(candidates: Sequence[Candidate]) -> Iterator[str]:
    """What the aims ask for beside the ratios to the earlier commit."""
    by_name = {candidate.name: candidate for candidate in candidates}

    def ratio(above: str, below: str, factor: float = 1.0) -> str:
        pairs = zip(by_name[above].times, by_name[below].times, strict=True)
        return f"{factor * median(a / b for a, b in pairs):.2f}"

    alone, shared = "validate -q --jobs 1", "validate -q --jobs 2"
    yield (
        f"Two processes do {ratio(alone, shared, 2)} times what one does, where two"
        " processors are free (by processor time)."
    )
    if "compiled, --jobs 1" in by_name:
        other = ratio("compiled, --jobs 1", "orjson + jsonschema-rs")
        yield f"Compiled, it takes {other} times orjson + jsonschema-rs; aim: 1.2."
