"""`shapespec accelerate`: the same verdicts, faster, and never of another spec."""

from __future__ import annotations

import importlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, cast
from zipfile import ZipFile

import pytest

from shapespec import spark
from shapespec.backends import units
from shapespec.compiler import compile_spec, generate
from shapespec.contract.schema import String
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.project.files import read_source
from shapespec.responses.contract import Contract
from shapespec.responses.fast import fast_reader
from shapespec.responses.sure import Unsure
from tests.conformance.test_conformance import CASES, Case, spec_of
from tests.support import FLAGSHIP, ROOT
from tests.support.sent import Session

PACKAGE = "accelerated_cases"
OF_WHOLE_SPECS = {"forms", "nulls", "closed", "formats"}
"""What a table says of all shapes, so that they cannot stand beside others."""
RULES = {
    "Searched": "this.Value.matches('[A-Z]') || this.Value.contains('arn')",
    "Begun": "this.Value.matches('^s3://')",
    "Whole": "this.Value.matches('^fs-[0-9a-f]{8,}$')",
    "Short": "this.Value.matches('^[a-z]:?$')",
    "Several": "this.Value.matches('^s3|^fs')",
}
"""Rules that ask for a pattern, each of a structure of its own; C tests a few."""
IN_ORDER = {
    "first": "this.Value.all(one, this.Value[0].At <= one.At)",
    "last": "this.Value.all(one, this.Value[size(this.Value) - 1].At >= one.At)",
    "named": "size(this.Value) == 0 || this.Value[size(this.Value) - 1].Name != 'c'",
    "apart": "this.Value.all(one, !this.Value.exists(two, two.At > one.At"
    " && two.At < one.Until))",
}
"""Rules about items in a row, which C asks with its own loops."""
LONG_AGO, NOT_LONG_AGO, NOW = 1e9, "2010-01-01T00:00:00Z", 1.5e9
ROWS = (
    [],
    [{"At": LONG_AGO}],
    [{"At": LONG_AGO}, {"At": NOW, "Name": "c"}],
    [{"At": NOW}, {"At": LONG_AGO}],
    [{"At": LONG_AGO, "Until": NOW}, {"At": NOT_LONG_AGO, "Until": NOW}],
    [{"At": LONG_AGO, "Until": NOT_LONG_AGO}, {"At": NOT_LONG_AGO, "Until": NOW}],
    [{"At": NOW}, {"At": "now"}],
    [{"At": NOW}, {"Name": "b"}],
    [{"At": NOW, "Until": None}, {"At": NOW, "Name": "b"}, {"At": NOW, "Name": "c"}],
)
"""Lists that keep and break `IN_ORDER`, and some that are not right in themselves."""
DEEP = 20_000
"""Far more nesting than the stack of C has room for."""

needs_compiler = pytest.mark.skipif(
    not (find_spec("Cython") and find_spec("setuptools"))
    or not any(map(shutil.which, ("cc", "gcc", "clang", "cl"))),
    reason="needs a C compiler and shapespec[accelerate]",
)


def accelerate(
    folder: Path, *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command; without optimisation, which takes most of the time."""
    return subprocess.run(
        [sys.executable, "-m", "shapespec", "accelerate", str(folder), *options],
        env={**os.environ, "CFLAGS": "-O0", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def combined() -> tuple[str, list[tuple[str, object, str]]]:
    """One spec with a root for each table and each pattern of the flagship.

    Returns:
        The spec, and for each case its root, the value and the verdict.
    """
    shapes: dict[str, Any] = {}
    cases = []
    for case in CASES:
        text = spec_of(case.row)
        if json.loads(text).keys() & OF_WHOLE_SPECS:
            continue
        if '"discriminator"' in text and '"mapping"' not in text:
            continue  # the tags are the names of shapes, which are other ones here
        prefix = prefix_of(case)
        for name in json.loads(text)["shapes"]:
            text = text.replace(f'"{name}"', f'"{prefix}{name}"')
        shapes |= json.loads(text)["shapes"]
        cases.append((f"{prefix}Root", case.value, case.verdict))
    for shape in patterned():
        assert shape.pattern is not None
        inner = {"type": "string", "pattern": shape.pattern.source}
        members = {"Value": {**inner, "required": True}}
        shapes[f"Of{shape.id}"] = {"type": "structure", "members": members}
    for name, cel in RULES.items():
        rules = {f"is-{name.lower()}": {"cel": cel, "message": "-"}}
        members = {"Value": {"type": "string"}}
        shapes[name] = {"type": "structure", "members": members, "rules": rules}
    shapes["Step"] = {
        "type": "structure",
        "members": {
            "At": {"type": "timestamp", "required": True},
            "Until": {"type": "timestamp"},
            "Name": {"type": "string"},
        },
    }
    shapes["Steps"] = {
        "type": "structure",
        "members": {"Value": {"type": "list", "member": "Step"}},
        "rules": {name: {"cel": cel, "message": "-"} for name, cel in IN_ORDER.items()},
    }
    spec = {"shapespec": 1, "package": PACKAGE, "shapes": shapes}
    return json.dumps(spec), cases


def prefix_of(case: Case) -> str:
    """What tells the shapes of one table from those of others."""
    return case.file.title() + "".join(filter(str.isalnum, case.row["title"].title()))


def patterned() -> list[String]:
    """The texts of the flagship that have a pattern."""
    schema = compile_spec(read_source(FLAGSHIP))
    return [
        shape
        for shape in schema.shapes.values()
        if isinstance(shape, String) and shape.pattern is not None
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated package of all cases, compiled."""
    root = tmp_path_factory.mktemp("accelerate")
    text, _ = combined()
    schema = compile_spec(SourceFile("cases.yaml", text))
    with pytest.MonkeyPatch.context() as patched:  # what is compiled is not in units
        patched.setattr(units, "BIG", len(schema.shapes))
        files = generate(schema, ("validators",), layout=False)
    for file in files:
        path = root / file.path.removeprefix("python/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(file.text, "utf-8")
    done = accelerate(root / PACKAGE)
    assert "" == done.stderr
    assert 0 == done.returncode
    return root / PACKAGE


@pytest.fixture(scope="module")
def package(folder: Path) -> Iterator[ModuleType]:
    """The package, imported with what was compiled."""
    sys.path.insert(0, str(folder.parent))
    try:
        yield importlib.import_module(PACKAGE)
    finally:
        sys.path.remove(str(folder.parent))


@needs_compiler
def test_verdicts_are_those_of_the_tables(package: ModuleType) -> None:
    """Every case of the conformance tables has the same verdict when compiled."""
    wrong = []
    for root, value, verdict in combined()[1]:
        found = package.is_valid({"Value": value}, shape=root)
        if found != (verdict != "refused"):
            wrong.append((root, value, verdict))

    assert [] == wrong
    assert f"{PACKAGE}._compiled" in sys.modules


@needs_compiler
def test_the_compiled_fast_path_says_what_the_pure_one_says(
    package: ModuleType,
) -> None:
    """Both are sure of the same values, and call the same clean.

    Whatever the full validator adds.
    """
    compiled = importlib.import_module(f"{package.__name__}._compiled")
    pure = importlib.import_module(f"{package.__name__}._accept").CHECKS
    shapes = importlib.import_module(f"{package.__name__}._contract").SHAPES
    known = importlib.import_module(f"{package.__name__}._part").known(shapes)
    values = [*texts(), *ROWS, None, 1, 1.5, True, b"a", {}, ["a"], {"a": "b"}]
    for root, value in itertools.product(
        pure, [*values, *(case.value for case in CASES)]
    ):
        response = {"Value": value}
        for given in (None, known):
            said = answer(pure[root], response, given)
            assert said == answer(compiled.CHECKS[root], response, given), (root, value)
    made = compiled.SOURCES["_rules.py"]
    assert made == (Path(package.__path__[0]) / "_rules.py").read_bytes()


@needs_compiler
def test_validate_asks_what_was_compiled(package: ModuleType) -> None:
    """`validate` and the walk to a fault use the compiled check, too."""
    compiled = importlib.import_module(f"{package.__name__}._compiled").CHECKS
    validators = importlib.import_module(f"{package.__name__}.validators")
    full = importlib.import_module(f"{package.__name__}._full")
    root = next(iter(compiled))
    (asked,) = validators._silent(root)  # noqa: SLF001 - which of the two it took

    assert asked is compiled[root]
    assert compiled is full.CHECKS


@needs_compiler
def test_executors_of_spark_have_what_was_compiled(
    package: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It comes out of the archive that they are sent, if it is for their machines."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    session = Session()
    name = spark.sent_to(session, cast("Contract", package))
    other = tmp_path / "other.zip"
    with ZipFile(session.sent[0]) as sent, ZipFile(other, "w") as made:
        for path in sent.namelist():
            is_compiled = Path(path).name.startswith("_compiled")
            made.writestr(path, b"" if is_compiled else sent.read(path))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    root = next(iter(importlib.import_module(f"{package.__name__}._accept").CHECKS))
    options = {"shape": root, "form": None, "strict": False}
    cells = pandas.Series(["{}", '{"Value": 1}', "{"])

    said = []
    for archive in (str(other), session.sent[0]):
        monkeypatch.syspath_prepend(archive)
        judged = importlib.import_module(f"{name}._cells").judged
        said.append(judged(name, cells, options).to_dict("records"))
        said.append(f"{name}._compiled" in sys.modules)
        for module in [one for one in sys.modules if one.startswith(name)]:
            del sys.modules[module]

    assert [said[0], False, said[0], True] == said
    assert [] == [*scratch.iterdir()]


@needs_compiler
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '[":", {"a:b": "::"}, 1.5, null]',
        '{"é:": "ü::", "名:": ["字:"], "\\n": "\\u00fc:"}',
        '{"a": 1, "a": 2}',
        '{"a": {"b": ":", "b": 1}}',
        '{"a": {"b": {"c": 1}, "b": {"c": 2}}}',
        "[" * 100 + "]" * 100,
        "[" * 600 + "]" * 600,
        '{"a":' * 100 + "1" + "}" * 100,
        '{"a":' * 600 + "1" + "}" * 600,
        '{"a": "\\u003a"}',
    ],
)
def test_what_was_compiled_tells_a_whole_text_as_python_does(
    package: ModuleType, text: str
) -> None:
    """Neither reads a text fast where a name stands twice, or that is nested deeply."""
    compiled = importlib.import_module(f"{package.__name__}._compiled")

    assert read_fast(text.encode(), None) == read_fast(
        text.encode(), compiled.holds_whole
    )


def read_fast(text: bytes, is_whole: Any) -> object:
    """What the fast reader makes of a text, or that it is not sure."""
    read = fast_reader(is_whole)
    assert read is not None
    try:
        return repr(read(text))
    except (RecursionError, Unsure):
        return None


def answer(accept: Any, response: object, known: object) -> bool:
    """What a fast path says; an exception is a no."""
    try:
        return bool(accept(response, known))
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return False


def texts() -> list[str]:
    """Texts that match patterns of the flagship, and texts that nearly do."""
    example = ROOT / "spec" / "sagemaker" / "examples" / "valid.json"
    found = list(strings(json.loads(example.read_text("utf-8"))))
    found += [
        "arn:aws:sagemaker:us-east-1:123456789012:hub-content/Hub/Model/a/1.0.0",
        "arn:aws:sagemaker:us-east-1:aws:hub-content/Hub/DataSet/a-b",
        "arn:aws:lambda:eu-west-1:123456789012:function:check",
        "https://a/b",
        "fs-0123456789abcdef0",
        "8K",
    ]
    chance = random.Random(4)  # noqa: S311 - not for secrets
    for text in list(found):
        for _ in range(6):
            at = chance.randrange(len(text) + 1)
            odd = chance.choice(
                ["", "-", "a", "/", ":", "\n", "\r", "é", "\u2028", "0"]
            )
            found.append(text[:at] + odd + text[at + chance.randrange(2) :])
    return [*found, "", "a" * 64, "-" * 64, "a\n", "\n", "s3://", "a-", "-a"]


def strings(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from strings(item)
        case [*items]:
            for item in items:
                yield from strings(item)
        case str():
            yield value


@needs_compiler
def test_depth_does_not_exhaust_the_stack(package: ModuleType) -> None:
    """A value of any depth has its verdict, though C has no limit of its own."""
    title = "a structure may contain itself"
    case = next(case for case in CASES if case.row["title"] == title)
    root = f"{prefix_of(case)}Root"
    tree: dict[str, Any] = {"name": "leaf"}
    for _ in range(DEEP):
        tree = {"name": "node", "children": [tree]}

    assert package.is_valid({"Value": tree}, shape=root)


@needs_compiler
def test_a_stale_module_is_passed_over(folder: Path, tmp_path: Path) -> None:
    """Once `_accept.py` has changed, what was made from it before is not used."""
    copy = tmp_path / PACKAGE
    shutil.copytree(folder, copy)
    program = (
        f"import sys, {PACKAGE} as package; package.is_valid({{}}, shape='OfRoleArn'); "
        f"print('{PACKAGE}._compiled' in sys.modules)"
    )

    def uses_it() -> str:
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    assert "True" == uses_it()
    with (copy / "_accept.py").open("a", encoding="utf-8") as stream:
        stream.write("# edited\n")
    assert "False" == uses_it()

    undone = accelerate(copy, "--undo")

    assert 0 == undone.returncode
    assert undone.stdout.startswith("removed ")
    assert [] == list(copy.glob("_compiled*"))


@needs_compiler
def test_generated_files_stay_current(folder: Path, tmp_path: Path) -> None:
    """A compiled module beside generated ones is no concern of `generate --check`."""
    spec = tmp_path / "cases.yaml"
    spec.write_text(combined()[0], "utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "shapespec", "generate", str(spec)]
    command += ["--out", str(out), "--target", "validators"]
    subprocess.run(command, check=True, capture_output=True)
    (compiled,) = folder.glob("_compiled*")
    shutil.copy(compiled, out / "python" / PACKAGE)

    subprocess.run([*command, "--check"], check=True, capture_output=True)
    subprocess.run(command, check=True, capture_output=True)

    assert (out / "python" / PACKAGE / compiled.name).exists()


def test_without_a_compiler_nothing_is_written(tmp_path: Path) -> None:
    """No compiler, no Cython: a clear message, exit 2, and the package as it was."""
    copy = tmp_path / "sagemaker_training_job"
    shutil.copytree(
        ROOT / "generated" / "python" / "sagemaker_training_job",
        copy,
        ignore=shutil.ignore_patterns("__pycache__", "_compiled*"),
    )
    before = sorted(path.name for path in copy.iterdir())

    done = accelerate(copy, CC="no-such-compiler", PATH=str(tmp_path))

    assert 2 == done.returncode
    assert "compiler" in done.stderr or "shapespec[accelerate]" in done.stderr
    assert before == sorted(path.name for path in copy.iterdir())


@needs_compiler
def test_what_cython_cannot_read_is_not_blamed_on_the_compiler(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Cython gives up, the message speaks of Cython and not of a compiler."""
    from shapespec import accelerate as module

    monkeypatch.setattr(module, "translate", lambda _: "cdef int f(: pass")

    with pytest.raises(Unusable) as raised:
        module.accelerate(folder)

    assert "Cython made no C of it" in str(raised.value)
    assert "C compiler" not in str(raised.value)


@pytest.mark.parametrize(
    ("named", "message"),
    [("nowhere", "neither a folder nor a package"), (".", "has no `_accept.py`")],
)
def test_what_is_no_package_is_refused(named: str, message: str) -> None:
    """A name that stands for no generated package is answered with what is expected."""
    done = accelerate(Path(named))

    assert 2 == done.returncode
    assert message in done.stderr
