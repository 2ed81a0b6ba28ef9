"""The help of `shapespec import` is about the kind that is named."""

from __future__ import annotations

import click
import pytest

from shapespec.cli.import_ import command
from shapespec.cli.import_help import ABOUT
from shapespec.importers import DOCUMENTS, FORMATS
from tests.support import run_shapespec


@pytest.mark.parametrize("kind", FORMATS)
def test_the_help_of_a_kind(kind: str) -> None:
    """It has the options that are for it, and no word of other kinds' options."""
    done = run_shapespec("import", kind, "--help")

    lines = done.stdout.splitlines()
    assert f"Usage: shapespec import [OPTIONS] {kind} FILE" == lines[0].replace(
        "python -m ", ""
    )
    options = done.stdout.partition("\nOptions:\n")[2]
    shown = {word.strip(",") for word in options.split() if word.startswith("-")}
    for one in command.params:
        if isinstance(one, click.Option):
            is_for_it = kind in ABOUT.get(one.name or "", FORMATS)
            assert is_for_it or not shown & {*one.opts}, one.name
            assert not is_for_it or shown & {*one.opts}, one.name
    examples = [line for line in lines if line.strip().startswith("shapespec import")]
    assert examples
    assert all(f"import {kind} " in line for line in examples)
    assert (kind in DOCUMENTS) == (".prose.yaml next to" in done.stdout)


def test_the_help_of_all() -> None:
    """Without a kind, each kind and each option is shown."""
    done = run_shapespec("import", "--help")

    assert all(f"\n    {kind} " in done.stdout for kind in FORMATS)
    assert all(name in {one.name for one in command.params} for name in ABOUT)
    assert "--infer-types" in done.stdout
    assert "--edition" in done.stdout
