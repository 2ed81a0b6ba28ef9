"""The loop from responses to the spec and back: observe, patch, apply, audit, again."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import run_shapespec

SPEC = """\
shapespec: 1
package: library
evidence: [docs.yaml, seen.yaml]
decisions: decisions.yaml
shapes:
  Book:
    type: structure
    members:
      Title: {target: string, required: true}
      State: {target: State, required: true}
      Pages: Pages
  Pages: {type: list, member: string, length: {min: 1}}
  State: {type: enum, open: true, values: [in, lent]}
"""

DOCS = f"""\
source: {{id: docs, kind: botocore, title: t, edition: "1", document: d,
         sha256: {0:064}}}
facts:
  - {{path: Title, kind: type, value: string}}
  - {{path: Title, kind: required, value: true}}
  - {{path: State, kind: type, value: string}}
  - {{path: State, kind: required, value: true}}
  - {{path: State, kind: enum, value: [in, lent]}}
  - {{path: Pages, kind: type, value: list}}
  - {{path: Pages, kind: minItems, value: 1}}
  - {{path: "Pages[]", kind: type, value: string}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A spec with a document behind it, and no decisions."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "docs.yaml").write_text(DOCS)
    (tmp_path / "decisions.yaml").write_text("decisions: {}\n")
    return tmp_path


def observe(project: Path, *responses: object) -> str:
    """Observe responses; gives the patch."""
    (project / "a.ndjson").write_text("".join(f"{json.dumps(r)}\n" for r in responses))
    words = ("--spec", "spec.yaml", "-o", "seen.yaml", "--patch", "p.patch")
    run_shapespec("observe", "a.ndjson", *words, cwd=project)
    return (project / "p.patch").read_text("utf-8")


def apply(project: Path) -> None:
    git = shutil.which("git")
    assert git is not None
    subprocess.run([git, "apply", "p.patch"], cwd=project, check=True)


def audit(project: Path) -> str:
    return run_shapespec("audit", "spec.yaml", cwd=project).stdout


NEWS = {"Title": "Emma", "State": "lost", "Pages": []}


def test_the_loop_closes(project: Path) -> None:
    """After observe, patch and apply, the audit is clean, and stays so."""
    patch = observe(project, NEWS)
    apply(project)

    assert "relaxed; complete the decision observed-pages-min-items" in patch
    assert "0 open, 0 unsupported" in audit(project)

    observe(project, NEWS, {"Title": "Walden", "State": "in", "Pages": ["1"]})
    assert "0 open, 0 unsupported" in audit(project)


@pytest.mark.parametrize("written", ["", ", sparse: false"])
def test_null_among_items_makes_a_list_sparse(project: Path, written: str) -> None:
    """Of a map, too; once it is, the audit is clean and nothing is new."""
    spec = SPEC.replace("length: {min: 1}}", f"length: {{min: 1}}{written}}}")
    spec += f"  Notes: {{type: map, key: string, value: string{written}}}\n"
    spec = spec.replace(
        "      Pages: Pages\n", "      Pages: Pages\n      Notes: Notes\n"
    )
    docs = "  - {path: Notes, kind: type, value: map}\n"
    docs += '  - {path: "Notes{}", kind: type, value: string}\n'
    docs += '  - {path: "Notes{key}", kind: type, value: string}\n'
    (project / "spec.yaml").write_text(spec)
    (project / "docs.yaml").write_text(DOCS + docs)
    response = {"Title": "a", "State": "in", "Pages": [None], "Notes": {"a": None}}

    patch = observe(project, response)
    apply(project)

    assert 2 == patch.count("`sparse` now")
    assert "0 open, 0 unsupported" in audit(project)
    words = ("validate", "a.ndjson", "--spec", "spec.yaml", "--strict")
    assert 0 == run_shapespec(*words, cwd=project).returncode
    assert "There is nothing new" in observe(project, response)


def test_decoded_json_is_told_to_be_a_document(project: Path) -> None:
    """No bound helps there, but the patch says what does."""
    patch = observe(project, {"Title": {"a": 1}, "State": "in"})

    assert "is a `document`" in patch


def test_a_patch_writes_the_stub_of_a_decision(project: Path) -> None:
    """The decision that a relaxed keyword names is there, and says what to do."""
    observe(project, NEWS)
    apply(project)

    decisions = (project / "decisions.yaml").read_text("utf-8")
    assert "  observed-pages-min-items:\n    paths: [Pages]\n" in decisions
    assert "To be completed: why does the service send this?" in decisions
    assert "Nothing in it changes the spec" in observe(project, NEWS)


def test_a_refuted_requirement_writes_the_stub_of_a_decision(project: Path) -> None:
    """A document still says that the member is required: the decision says why not."""
    observe(project, {"State": "in", "Pages": ["1"]})
    apply(project)

    decisions = (project / "decisions.yaml").read_text("utf-8")
    assert "  title-not-required:\n    paths: [Title]\n" in decisions
    assert "To be completed: when does the service leave this out?" in decisions
    assert "0 open, 0 unsupported" in audit(project)


def test_a_stub_joins_other_decisions(project: Path) -> None:
    """What is in the file of decisions stays there, comments and all."""
    kept = (
        "decisions:\n  # settled\n  titles:\n    paths: [Title]\n    kind: required\n"
        "    says: {docs: true}\n    stands: true\n    reason: So it is.\n"
    )
    (project / "decisions.yaml").write_text(kept)

    observe(project, NEWS)
    apply(project)

    assert (project / "decisions.yaml").read_text("utf-8").startswith(kept)


def test_a_value_that_only_responses_have_is_recorded_each_time(project: Path) -> None:
    """Otherwise nothing would say why the spec has it, and the audit advise removal."""
    observe(project, NEWS)
    apply(project)

    observe(project, {**NEWS, "Pages": ["1"]})

    assert '"values": {"lost": 1}' in (project / "seen.yaml").read_text("utf-8")
    assert "unsupported: State enum" not in audit(project)


def test_a_value_that_nobody_has_is_unsupported(project: Path) -> None:
    """A value that neither documents nor responses have is still a fault."""
    observe(project, NEWS)
    (project / "spec.yaml").write_text(SPEC.replace("lent]", "lent, sold]"))

    assert "unsupported: State enum" in audit(project)


def test_an_empty_patch_says_so(project: Path) -> None:
    """Where there is nothing to change, the patch does not claim that it applies."""
    patch = observe(project, {"Title": "Emma", "State": "in", "Colour": "red"})

    assert "# Nothing in it changes the spec: there is nothing to apply" in patch
    assert "take this file" not in patch
    assert not re.search(r"^--- ", patch, re.MULTILINE)


def test_a_decision_holds_though_more_is_counted(project: Path) -> None:
    """A decision about what was seen says what, not how often."""
    response = {"Title": "Emma", "State": "in", "Pages": ["1"], "Colour": "red"}
    observe(project, response)
    (project / "decisions.yaml").write_text(
        "decisions:\n  colours:\n    paths: [Colour]\n    kind: seen\n"
        "    says: {observed: {types: [string]}}\n    stands: null\n"
        "    reason: Nobody documents it.\n"
    )
    assert "0 open, 0 unsupported" in audit(project)

    observe(project, response, response, {"Title": "Walden", "State": "lent"})

    assert "0 open, 0 unsupported" in audit(project)


def test_the_audit_writes_the_decision_about_what_was_only_seen(project: Path) -> None:
    """As it prints the decision, it settles the matter."""
    response = {"Title": "Emma", "State": "in", "Pages": ["1"], "Colour": "red"}
    observe(project, response)
    lines = audit(project).splitlines()
    (begin,) = (at for at, one in enumerate(lines) if "colour-only-seen:" in one)
    stub = "".join(f"{one[4:]}\n" for one in lines[begin : begin + 6])
    (project / "decisions.yaml").write_text(f"decisions:\n{stub}")

    assert "0 open, 0 unsupported" in audit(project)


def test_a_misquoted_decision_is_not_to_be_removed(project: Path) -> None:
    """A decision about something else than was seen is misquoted, and that alone."""
    observe(project, {"Title": "Emma", "State": "in", "Colour": "red"})
    (project / "decisions.yaml").write_text(
        "decisions:\n  colours:\n    paths: [Colour]\n    kind: seen\n"
        "    says: {observed: {types: [number]}}\n    stands: null\n"
        "    reason: Nobody documents it.\n"
    )

    done = run_shapespec("audit", "spec.yaml", cwd=project)

    assert "misquoted-source" in done.stderr
    assert "unused-decision" not in done.stderr
