"""Packages of many shapes: in files of a sensible size, of which few are loaded."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from shapespec.backends import units
from shapespec.backends.run import run_backends
from shapespec.compiler import compile_spec
from shapespec.ground.source import SourceFile
from shapespec.responses.contract import load_package
from tests.conformance.test_conformance import LISTS, load, spec_of
from tests.support import ROOT, Generated, compile_text
from tests.support.synthetic import spec_text

SHAPES = 600

CYCLES = """
shapespec: 1
package: cycles
operations:
  Read: {input: Reader, output: Book}
  Lend: {input: Reader, output: Loan, errors: [Lost]}
roots: [Shelf]
shapes:
  Reader: {type: structure, members: {Name: Name, Friends: Readers}}
  Readers: {type: list, member: Reader}
  Book: {type: structure, members: {Title: Name, Loans: Loans, State: State}}
  Loans: {type: list, member: Loan}
  Loan:
    type: structure
    members: {Book: Book, At: timestamp, Note: Any, Empty: Empty}
    rules:
      noted: {cel: has(this.Note), message: a note is due}
    derived:
      Title: {cel: this.Book.Title, type: string}
  Any: {type: union, members: {Text: string, Cover: blob}}
  Empty: {type: structure, members: {}}
  Lost: {type: structure, doc: "Reads `read_book`; accept_reader = 1", members: {}}
  Name: {type: string, pattern: "[a-z]+"}
  State: {type: enum, values: [in, lent]}
  Shelf: {type: structure, members: {Books: Books, Slogan: Name}}
  Books: {type: map, key: Name, value: Book}
"""
"""Shapes that contain each other, and are used by several operations."""


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package of some hundred structures, as `generate` writes it."""
    folder = tmp_path_factory.mktemp("big")
    (folder / "spec.yaml").write_text(spec_text(SHAPES, "big"))
    command = [sys.executable, "-m", "shapespec", "generate", "spec.yaml"]
    subprocess.run([*command, "--target", "dataclasses"], cwd=folder, check=True)
    return folder / "generated" / "python"


def run(folder: Path, program: str) -> Any:
    """What a program prints as JSON that imports packages of a folder."""
    command = [sys.executable, "-c", f"import json, sys\n{program}"]
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


LOADED = """
def loaded():
    return sorted(name for name in sys.modules if name.startswith("big."))
"""


def test_what_is_not_used_is_not_loaded(big: Path) -> None:
    """A response is judged and read with the files of its own operation loaded."""
    first, judged, read = run(
        big,
        LOADED
        + """
import big
steps = [loaded()]
response = {"Name": "a", "Part1": {"Name": "b", "State": "Active"}}
assert big.is_valid(response, shape="Out7")
steps.append(loaded())
thing = big.Out7.from_response(response)
assert thing.part1.state is big.State1Of7.ACTIVE
assert response == thing.to_response()
steps.append(loaded())
print(json.dumps(steps))
""",
    )

    assert [] == first
    assert "big._accept.describe7" in judged
    assert not [name for name in judged if "_findings" in name or "models" in name]
    assert {"big._contract.describe7", "big.enums.describe7"} < set(read)
    assert not [name for name in read if name.endswith(("describe8", "describe9"))]
    assert 40 > len(read)


def test_a_row_of_a_data_frame_is_read(big: Path) -> None:
    """What a function imports is found from a unit, which lies a folder deeper."""
    assert run(
        big,
        """
import big
row = {"Name": "book", "Part1": float("nan")}
thing = big.Out7.from_response(row, form="frame")
print(json.dumps([thing.name, thing.part1]))
""",
    ) == ["book", None]


def test_every_name_is_there(big: Path) -> None:
    """All that a package hands on can be had, from it and from its modules."""
    assert run(
        big,
        """
import big, big.enums, big.models
for name in big.__all__:
    getattr(big, name)
assert big.models.Out3 is big.Out3
assert big.enums.State0Of3 is big.State0Of3
assert "Out3" in dir(big.models)
try:
    big.models.Nothing
except AttributeError as error:
    print(json.dumps(str(error)))
""",
    ) == ("module 'big.models' has no attribute 'Nothing'")


TABLES = ("__init__.py", "strategies.py", "_shapes.py")
"""Tables of names, of what strategies draw, and of the shapes that a form walks."""


def test_files_are_of_a_sensible_size(big: Path) -> None:
    """No file grows with the package but tables."""
    lines = {
        path.relative_to(big).as_posix(): len(path.read_text().splitlines())
        for path in big.rglob("*.py")
    }
    tables = {name for name in lines if name.endswith(TABLES)}
    assert 1000 > max(lines[name] for name in lines.keys() - tables)
    assert "big/models/describe29.py" in lines


def test_it_is_laid_out_and_typed(big: Path) -> None:
    """Units are as ruff leaves files, and ruff and mypy have nothing to say of them."""
    for command in (["format", "--check"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "."]
        subprocess.run(ruff, cwd=big, check=True)
    command = [sys.executable, "-m", "mypy", "--strict", "-p", "big"]
    subprocess.run(
        [*command, "--config-file", ""], cwd=big, check=True, capture_output=True
    )


def both(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Generated, Generated]:
    """A spec compiled into whole modules and into units."""
    whole = compile_text(text)
    monkeypatch.setattr(units, "BIG", 0)
    return whole, compile_text(text)


RESPONSES: list[tuple[str, Any]] = [
    ("Book", {"Title": "walden", "State": "lent", "Loans": [{"At": 1}]}),
    ("Book", {"Title": "Walden", "State": "lost", "Loans": [{"Note": {}}]}),
    ("Loan", {"Book": {"Loans": [{"Note": {"Text": 1}, "Empty": {"x": 1}}]}}),
    ("Reader", {"Friends": [{"Friends": [{"Name": 1}]}]}),
    ("Shelf", {"Books": {"a": {}, "B": {"Loans": {}}}, "Slogan": "no"}),
    ("Lost", []),
    ("Name", "x1"),
]


def test_units_do_what_the_whole_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same findings and the same objects, also where shapes contain each other."""
    whole, parts = both(CYCLES, monkeypatch)
    assert "python/cycles/models.py" in whole.files
    assert "python/cycles/models/book.py" in parts.files

    for shape, response in RESPONSES:
        valid = whole.package.is_valid(response, shape=shape)
        assert valid == parts.package.is_valid(response, shape=shape)
        expected = [str(one) for one in whole.package.validate(response, shape=shape)]
        assert expected == [
            str(one) for one in parts.package.validate(response, shape=shape)
        ]
        if valid:
            read = getattr(parts.package, shape).from_response(response)
            assert response == read.to_response(form=None) or shape == "Book"


SPECS = [
    CYCLES,
    *(
        spec_of(row)
        for path in sorted((ROOT / "tests" / "conformance").glob("*.yaml"))
        if path.stem not in LISTS
        for row in load(path.stem)
    ),
]


def test_definitions_say_all_that_they_use() -> None:
    """Each name of its module that a definition has is one that it states."""
    seen = 0
    for text in SPECS:
        schema = compile_spec(SourceFile("spec.yaml", text))
        for file in run_backends(schema, ("dataclasses",)):
            if file.module is None:
                continue
            definitions = (*file.module.front, *file.module.definitions)
            known = {one.name for one in definitions}
            for place in file.module.imports:
                names = place.names or (place.place,)
                known |= {name.split(" ")[-1] for name in names}
            for one in definitions:
                tree = ast.walk(ast.parse(one.text))
                names = {node.id for node in tree if isinstance(node, ast.Name)}
                assert set() == names & known - one.uses - {one.name}, one.text
                seen += 1
    assert 600 < seen


def test_every_unit_can_be_loaded_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """No two units wait for each other: each can be the first to be imported."""
    _, parts = both(CYCLES, monkeypatch)
    prefix = "python/cycles/"
    modules = {
        path.removeprefix(prefix).removesuffix(".py"): text
        for path, text in parts.files.items()
        if path.startswith(prefix) and path.endswith(".py")
    }
    inner = [name.removesuffix("/__init__") for name in modules if "/" in name]
    assert 15 < len(inner)
    for number, name in enumerate(inner):
        package = load_package(f"_first_{number}", modules).__name__
        import_module(f"{package}.{name.replace('/', '.')}")


def test_the_flagship_is_in_one_piece() -> None:
    """A package of the flagship's size keeps one file for each module."""
    folder = ROOT / "generated" / "python" / "sagemaker_training_job"
    assert (folder / "models.py").is_file()
    assert not (folder / "models").exists()
