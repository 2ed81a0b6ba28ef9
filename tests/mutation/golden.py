"""Kills what no behaviour shows: the flagship's validators are the committed ones.

`shapespec generate --check`, a part of `make test`, sees it too.
"""

from __future__ import annotations

from shapespec.compiler import compile_spec, generate
from shapespec.project.files import read_source, siblings
from tests.support import FLAGSHIP, ROOT


def test_validators_are_current() -> None:
    """The modules that judge are the committed ones, to the letter."""
    name = "spec/sagemaker/training_job.yaml"
    schema = compile_spec(read_source(FLAGSHIP, name=name), siblings(FLAGSHIP, name))
    for file in generate(schema, ("validators",)):
        if not file.path.endswith("__init__.py"):
            committed = (ROOT / "generated" / file.path).read_text("utf-8")

            assert committed == file.text, file.path
