"""What is kept between runs changes their speed, and never what comes out."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import field
from pathlib import Path
from typing import Any

import pytest

from shapespec.records import dataclass
from tests.support import ROOT, run_shapespec

EVIDENCE = f"""\
source:
  id: handbook
  kind: aws-api-reference
  title: Handbook
  edition: "2025"
  document: handbook.html
  sha256: "{"0" * 64}"
facts:
- {{path: Days, kind: required, value: true, line: 3}}
"""
SPEC = """\
shapespec: 1
package: loans
evidence: [handbook.yaml]
shapes:
  Loan: {type: structure, members: {Days: {target: integer, required: true}}}
"""


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and "cache" not in path.parts
    }


def test_output_is_the_same_without_with_and_after_keeping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Switched off, empty, full, and with every file cut: the same bytes."""
    kept = tmp_path / "kept"
    made = []
    for number, where in enumerate(("off", kept, kept, kept)):
        if number == 3:
            assert {".examples", ".layout", ".ledger", ".template"} == {
                path.suffix for path in kept.iterdir()
            }
            for path in kept.iterdir():
                path.write_bytes(path.read_bytes()[:-1])
        monkeypatch.setenv("SHAPESPEC_CACHE", str(where))
        out = tmp_path / f"out{number}"
        done = run_shapespec("generate", "--out", out)
        assert 0 == done.returncode, done.stderr
        made.append(files(out))

    assert made[0] == made[1] == made[2] == made[3]
    committed = (ROOT / "generated" / "docs").rglob("*.md")
    assert {path.name for path in committed} <= {Path(name).name for name in made[0]}


def test_a_change_of_evidence_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evidence that was right, and no longer is, stops the next run."""
    monkeypatch.setenv("SHAPESPEC_CACHE", str(tmp_path / "kept"))
    (tmp_path / "loans.yaml").write_text(SPEC, "utf-8")
    evidence = tmp_path / "handbook.yaml"
    evidence.write_text(EVIDENCE, "utf-8")
    command = ("generate", tmp_path / "loans.yaml", "--out", tmp_path / "out")

    right = run_shapespec(*command)
    evidence.write_text(EVIDENCE.replace("kind: required", "kind: requird"), "utf-8")
    wrong = run_shapespec(*command)
    evidence.unlink()
    gone = run_shapespec(*command)

    assert (0, 1, 1) == (right.returncode, wrong.returncode, gone.returncode)
    assert "handbook.yaml:9" in wrong.stderr + wrong.stdout
    assert "unreadable-file" in gone.stderr + gone.stdout


def classes(decorate: Any) -> tuple[Any, Any, Any, Any]:
    """Classes as this decorator makes them."""

    @decorate(frozen=True, slots=True, kw_only=True)
    class Shape:
        """A shape."""

        id: str
        bits: int = 32
        span: object = field(default=None, compare=False, repr=False)

    @decorate(slots=True)
    class Open:
        """What can be changed."""

        names: list[str] = field(default_factory=list)
        length: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            self.length = len(self.names)

    @decorate(frozen=True, slots=True)
    class Place:
        line: int
        column: int = 1

    @decorate(frozen=True, slots=True, kw_only=True)
    class Named(Place):
        """A class with fields of another one, and with a keyword that has a default."""

        name: str
        note: str = ""

    return Shape, Open, Place, Named


def refused(made: Any, *given: int) -> str:
    """What Python says of arguments that do not fit."""
    with pytest.raises(TypeError) as caught:
        made(*given)
    return str(caught.value).rpartition(".<locals>.")[2]


@dataclass(frozen=True, slots=True)
class Sent:
    """What is pickled."""

    name: str
    inner: Sent | None = None


def test_our_dataclasses_are_as_those_of_the_standard_library() -> None:
    """Equality, hash, repr, replace, patterns, pickle: the same, but for freezing."""
    seen = []
    for decorate in (dataclasses.dataclass, dataclass):
        made, changed, place, named = classes(decorate)
        one, two = made(id="a", span=1), made(id="a", span=2)
        match one:
            case made(id=name, bits=bits):
                found = (name, bits)
        seen.append(
            (
                one == two,
                one == made(id="b"),
                one == 3,
                hash(one) == hash(two),
                len({one, two, dataclasses.replace(one, id="b")}),
                repr(one).rpartition(".")[2],
                found,
                changed() == changed(["a"]),
                changed.__hash__,
                hasattr(one, "__dict__"),
                [each.name for each in dataclasses.fields(one)],
                made.__match_args__,
                [str(inspect.signature(each)) for each in (made, place, named)],
                repr(place(3)).rpartition(".")[2],
                repr(named(3, 4, name="here")).rpartition(".")[2],
                [refused(place), refused(place, 1, 2, 3), refused(named, 3)],
                changed(["a", "b"]).length,
                changed() is not changed(),
                place.__init__.__qualname__.rpartition(".<locals>.")[2],
            )
        )

    assert seen[0] == seen[1]
    with pytest.raises(TypeError, match="unhashable"):
        hash(classes(dataclass)[1]())
    sent = Sent("a", Sent("b"))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert sent == pickle.loads(pickle.dumps(sent, protocol))
    assert sent == copy.deepcopy(sent) == copy.copy(sent)
    assert sent != Sent("a", Sent("c"))
