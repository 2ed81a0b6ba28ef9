"""The pages behind the rules: one for each, and each of them true.

A page's example is run: its `yaml` fence is a spec, or what stands under `shapes` in
one; its `json` fence is a response; its `text` fence holds the findings, or the
messages and the help of the diagnostics. `pytest --update` rewrites the `text` fences.
A page about documents has no spec; its `text` fence is what a case of an importer says.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from shapespec.cli import shapespec
from shapespec.contract.findings import FINDINGS
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults
from shapespec.diagnostics.render import render
from shapespec.ground.resources import EXPLANATIONS
from shapespec.ground.terminal import plain
from shapespec.responses.policy import Verdict
from shapespec.responses.read import Response
from shapespec.responses.render import as_text
from shapespec.tools.explain import rules
from tests.conftest import LIBYAML
from tests.support import ROOT, compile_text, importer_cases

WITHOUT_SPEC = {
    "file-too-large",
    "nesting-too-deep",
    "not-utf8",
    "yaml-character",
    "too-many-definitions",
    "too-many-places",
}
"""Rules whose example no fence can show: it would be bytes, or not for people."""

CASES = ROOT / "tests" / "cases" / "diagnostics"
SECTIONS = ["What it means", "Example", "What to do"]
PAGES = sorted(EXPLANATIONS.glob("*/*.md"))


def diagnostic_rules() -> Iterator[str]:
    """The rules of the catalogue, by its public functions."""
    for name, function in inspect.getmembers(catalogue, inspect.isfunction):
        returns = inspect.signature(function).return_annotation
        if name.startswith("_") or function.__module__ != catalogue.__name__:
            continue
        if returns == "Diagnostic":
            yield name.replace("_", "-")


def pages(folder: str) -> list[str]:
    return sorted(page.stem for page in PAGES if page.parent.name == folder)


def fence(page: str, language: str) -> str | None:
    """What the fence of a language holds, if the page has one."""
    match = re.search(rf"^```{language}\n(.*?)^```\n", page, re.DOTALL | re.MULTILINE)
    return match[1] if match else None


def whole(fragment: str) -> str:
    """A complete spec around what stands under `shapes`."""
    if "shapespec:" in fragment or fragment.startswith("#"):
        return fragment
    shapes = "".join(f"  {line}" for line in fragment.splitlines(keepends=True))
    return f"shapespec: 1\npackage: library\nshapes:\n{shapes}"


def findings(spec: str, response: str) -> str:
    """What `shapespec validate` prints of a response, without the last line."""
    generated = compile_text(whole(spec), targets=("dataclasses", "validators"))
    value = json.loads(response)
    verdict = Verdict(
        Response(source="response.json:1", value=value, text=response),
        generated.package.validate(value, shape=generated.schema.roots[0]),
    )
    return "".join(f"{line}\n" for line in [*as_text(verdict, plain)][:-1])


def messages(spec: str) -> str:
    """The messages and the help of a spec's diagnostics, without their places."""
    with pytest.raises(Faults) as caught:
        compile_text(whole(spec))
    lines = render(caught.value.diagnostics, plain).splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith(("error[", "help: ")))


def cases_of(rule: str) -> list[str]:
    """The messages and the help that each case of a rule shows."""
    return [
        "".join(
            line
            for line in file.read_text("utf-8").splitlines(keepends=True)
            if line.startswith(("error[", "help: "))
        )
        for file in CASES.glob(f"{rule}/*/stderr.txt")
    ]


def test_every_diagnostic_has_a_page() -> None:
    """The pages about specs are those of the catalogue."""
    assert sorted(diagnostic_rules()) == pages("specs")


def test_every_finding_has_a_page() -> None:
    """The pages about responses are those of the findings."""
    assert sorted(FINDINGS) == pages("findings")


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_form_of_a_page(page: Path) -> None:
    """A page is a title, a sentence, and the three sections."""
    text = page.read_text("utf-8")
    title, summary, *_ = text.split("\n\n")

    assert f"# {page.stem}" == title
    assert re.fullmatch(r"[A-Z][^.\n]*\.", summary)
    assert SECTIONS == re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert 10 <= text.count("\n") <= 30
    assert text.endswith("\n")


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_example_of_a_page(page: Path, *, update: bool) -> None:
    """What a page shows is what the compiler or the validator says."""
    text = page.read_text("utf-8")
    spec, response, shown = (fence(text, name) for name in ("yaml", "json", "text"))
    assert shown is not None, "a page shows how the rule looks"
    assert f"[{page.stem}]" in shown or update
    if page.stem == "yaml-syntax" and not LIBYAML:
        pytest.skip("each reader of YAML has its own words for what it cannot read")
    if spec is None:
        assert (
            page.stem in WITHOUT_SPEC
            or importer_cases.is_shown(shown)
            or any(shown in case for case in cases_of(page.stem))
        )
        return
    actual = messages(spec) if response is None else findings(spec, response)
    if update:
        page.write_text(text.replace(f"\n{shown}```", f"\n{actual}```"), "utf-8")
        return

    assert shown == actual


@pytest.mark.parametrize("rule", [page.stem for page in PAGES])
def test_explain_prints_the_page(rule: str) -> None:
    """`shapespec explain RULE` prints the page as it is."""
    result = CliRunner().invoke(shapespec, ["explain", rule])
    page = next(page for page in PAGES if page.stem == rule)

    assert 0 == result.exit_code
    assert page.read_text("utf-8") == result.output


def test_explain_lists_the_rules() -> None:
    """Without a rule, each is listed with its summary, findings first."""
    result = CliRunner().invoke(shapespec, ["explain"])
    lines = result.output.splitlines()

    assert 0 == result.exit_code
    assert [*pages("findings"), *pages("specs")] == [line.split()[0] for line in lines]
    assert [*rules().values()] == [line.split(maxsplit=1)[1] for line in lines]


def test_explain_knows_no_such_rule() -> None:
    """An unknown rule is wrong usage, and the nearest is named."""
    result = CliRunner().invoke(shapespec, ["explain", "lenght"])

    assert 2 == result.exit_code
    assert "Unknown rule 'lenght'. Did you mean 'length'?" in result.output
