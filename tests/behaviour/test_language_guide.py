"""Every fenced example of `spec/language.md`, run.

A fence is read by the word behind its backticks:

- `yaml`: a complete spec, in a file `spec.yaml`. It compiles; or, where a `text` fence
  stands directly behind it, it does not, and the fence holds what the compiler says.
- `json`: responses, in a file `response.json`, judged by the nearest spec above that
  compiles. What stands behind the word are options of `shapespec validate`. The `text`
  fence directly behind it holds what that prints.
- `python`: a session, as doctest runs it, with everything imported that the package
  generated from the nearest spec above offers, and `datetime`.

There is no other fence, and each stands under a heading. `pytest --update` rewrites the
`text` fences with what comes out.
"""

from __future__ import annotations

import doctest
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from shapespec.cli import shapespec
from shapespec.diagnostics.model import Faults
from shapespec.diagnostics.render import render
from shapespec.ground.terminal import plain
from tests.conftest import LIBYAML
from tests.support import ROOT, Generated, compile_text

GUIDE = ROOT / "spec" / "language.md"
TARGETS = ("dataclasses", "validators")

_FENCE = re.compile(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```\n", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A fence of the guide.

    Attributes:
        id: The heading it stands under, and its number there.
        language: What it holds: `yaml`, `json`, `python` or `text`.
        options: What stands behind the language.
        text: What it holds.
        spec: The nearest spec above that compiles, or itself.
        expected: What the `text` fence directly behind it holds, if there is one.
        place: Where in the guide that fence's text stands.
    """

    id: str
    language: str
    options: str
    text: str
    spec: str
    expected: str | None
    place: slice


def read_guide(guide: str) -> list[Example]:
    """The examples of a guide, in order."""
    found: list[Example] = []
    spec = ""
    numbers: dict[str, int] = {}
    fences = list(_FENCE.finditer(guide))
    for fence, following in zip(fences, [*fences[1:], None], strict=True):
        language, options, text = fence.groups()
        if language == "text":
            continue
        heading = _HEADING.findall(guide, 0, fence.start())[-1]
        slug = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
        numbers[slug] = numbers.get(slug, 0) + 1
        behind = following and not guide[fence.end() : following.start()].strip()
        expects = following is not None and behind and following[1] == "text"
        if language == "yaml" and not expects:
            spec = text
        example = Example(
            id=f"{slug}-{numbers[slug]}",
            language=language,
            options=options,
            text=text,
            spec=text if language == "yaml" else spec,
            expected=following[3] if following and expects else None,
            place=slice(*following.span(3)) if following and expects else slice(0),
        )
        found.append(example)
    return found


EXAMPLES = read_guide(GUIDE.read_text("utf-8"))
SPECS = [one for one in EXAMPLES if one.language == "yaml"]
RESPONSES = [one for one in EXAMPLES if one.language == "json"]
SESSIONS = [one for one in EXAMPLES if one.language == "python"]


def parametrize(examples: list[Example]) -> pytest.MarkDecorator:
    ids = [example.id for example in examples]
    return pytest.mark.parametrize("example", examples, ids=ids)


@cache
def compiled(spec: str) -> Generated:
    return compile_text(spec, targets=TARGETS)


def diagnostics(spec: str) -> str | None:
    """What the compiler says about a spec; none where it compiles."""
    try:
        compiled(spec)
    except Faults as faults:
        return render(faults.diagnostics, plain) + "\n"
    return None


def shape(example: Example) -> str:
    """The shape that the responses of an example should have."""
    _, _, named = example.options.partition("--shape ")
    return named or compiled(example.spec).schema.roots[0]


def expect(example: Example, actual: str, *, update: bool) -> None:
    """Hold what came out against the example's `text` fence, or rewrite that."""
    assert example.expected is not None, "a text fence is missing behind the example"
    if update:
        guide = GUIDE.read_text("utf-8")
        place = next(one for one in read_guide(guide) if one.id == example.id).place
        GUIDE.write_text(guide[: place.start] + actual + guide[place.stop :], "utf-8")
        return
    assert example.expected == actual


def test_the_guide_has_no_other_fences() -> None:
    """Whatever stands between backticks is run."""
    guide = GUIDE.read_text("utf-8")
    marks = re.findall(r"^\s*(?:```|~~~)", guide, re.MULTILINE)

    assert 2 * len(_FENCE.findall(guide)) == len(marks)
    assert {"yaml", "json", "python"} == {one.language for one in EXAMPLES}


@parametrize(SPECS)
def test_spec(example: Example, *, update: bool) -> None:
    """A spec compiles, or the compiler says what the guide says."""
    actual = diagnostics(example.text)
    if "yaml-syntax" in (example.expected or "") and not LIBYAML:
        pytest.skip("each reader of YAML has its own words for what it cannot read")
    if example.expected is None:
        assert None is actual
    else:
        assert actual is not None, "the guide expects a fault, and there is none"
        expect(example, actual, update=update)


@parametrize(RESPONSES)
def test_response(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update: bool
) -> None:
    """`shapespec validate` prints of a response what the guide says."""
    (tmp_path / "spec.yaml").write_text(example.spec, "utf-8")
    (tmp_path / "response.json").write_text(example.text, "utf-8")
    monkeypatch.chdir(tmp_path)
    options = ["validate", "response.json", "--spec", "spec.yaml"]

    result = CliRunner().invoke(shapespec, [*options, *example.options.split()])

    assert result.exception is None or isinstance(result.exception, SystemExit)
    expect(example, result.stdout, update=update)


@parametrize([one for one in RESPONSES if "--form" not in one.options])
def test_fast_path_agrees(example: Example) -> None:
    """`is_valid` says of each response what `validate` says of it."""
    package = compiled(example.spec).package
    for line in example.text.splitlines():
        findings = package.validate(json.loads(line), shape=shape(example))
        errors = [finding for finding in findings if finding.severity == "error"]

        assert (not errors) == package.is_valid(json.loads(line), shape=shape(example))


@parametrize(SESSIONS)
def test_session(example: Example) -> None:
    """A session in Python gives what the guide shows."""
    package = compiled(example.spec).package
    names = {name: getattr(package, name) for name in package.__all__}
    names |= {"UTC": UTC, "date": date, "datetime": datetime, "timedelta": timedelta}
    session = doctest.DocTestParser().get_doctest(
        example.text, names, example.id, str(GUIDE), 0
    )
    said: list[str] = []

    doctest.DocTestRunner().run(session, out=said.append)

    assert "" == "".join(said)
