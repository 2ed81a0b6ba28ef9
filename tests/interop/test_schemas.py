"""The JSON Schema that we publish, as it is, in the tools of others."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interop.conftest import TOOLS
from tests.support import ROOT, run_shapespec

NAME = "DescribeTrainingJobResponse"
PUBLISHED = (
    ROOT / "generated" / "json_schema" / "sagemaker_training_job" / f"{NAME}.json"
)
TYPES = "types"
EXAMPLES = ROOT / "spec" / "sagemaker" / "examples"
NPM = ROOT / ".venv" / "interop" / "npm"
AJV = """
const {default: Ajv} = require("ajv/dist/2020");
const {readFileSync} = require("fs");
const [schema, ...files] = process.argv.slice(1).map(f => JSON.parse(readFileSync(f)));
const words = [...new Set(JSON.stringify(schema).match(/"x-[a-z-]+"(?=:)/g))];
const ajv = new Ajv({allErrors: true, allowUnionTypes: true, strictTypes: false});
ajv.addVocabulary(words.map(word => JSON.parse(word)));
const validate = ajv.compile(schema);
console.log(JSON.stringify(files.map(file => validate(file))));
"""


def run(*command: str | Path, folder: Path | None = None) -> tuple[int, str]:
    """The exit code of a command, and what it printed."""
    done = subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env={**os.environ, "NODE_PATH": str(NPM / "node_modules")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(params=["published", TYPES])
def schema(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The published file, and the one of `--profile types`."""
    if request.param != TYPES:
        return PUBLISHED
    out = tmp_path / "generated"
    words = ("--profile", TYPES, "--target", "json-schema", "--out", str(out))
    assert 0 == run_shapespec("generate", *words, cwd=ROOT).returncode
    return out / "json_schema_types" / "sagemaker_training_job" / f"{NAME}.json"


HYPERJUMP = """
import {registerSchema, validate} from "@hyperjump/json-schema/draft-2020-12";
import {readFileSync} from "fs";
const [schema, ...files] = process.argv.slice(2).map(f => JSON.parse(readFileSync(f)));
registerSchema(schema, schema.$id);
const judge = await validate(schema.$id);
console.log(JSON.stringify(files.map(file => judge(file).valid)));
"""


def npm(name: str) -> Path:
    """A program from npm; the test is skipped without it."""
    program = NPM / "node_modules" / ".bin" / name
    if not program.exists():
        pytest.skip(f"npm has not installed {name}")
    return program


@pytest.mark.parametrize(
    "kind",
    [
        "pydantic_v2.BaseModel",
        "dataclasses.dataclass",
        "typing.TypedDict",
        "msgspec.Struct",
    ],
)
def test_datamodel_code_generator(schema: Path, tmp_path: Path, kind: str) -> None:
    """It makes types of each kind, which can be imported."""
    command = [sys.executable, "-m", "datamodel_code_generator", "--input", schema]
    options = ["--input-file-type", "jsonschema", "--output-model-type", kind]

    code, said = run(*command, *options, "--output", tmp_path / "made.py")

    assert 0 == code, said
    use = f"import made; print(made.{NAME}.__name__)"
    assert (0, f"{NAME}\n") == run(sys.executable, "-c", use, folder=tmp_path)
    made = (tmp_path / "made.py").read_text("utf-8")
    if "pydantic" in kind:
        assert (schema != PUBLISHED) == ("AwareDatetime" in made)
    known = re.search(r"InProgress = 'InProgress'|Literal\[\s*'InProgress'", made)
    assert (schema != PUBLISHED) == (known is not None)


@pytest.mark.skipif(not (TOOLS / "check-jsonschema").exists(), reason="not installed")
def test_check_jsonschema() -> None:
    """It finds the valid example valid, and the broken one broken."""
    command = (TOOLS / "check-jsonschema", "--schemafile", PUBLISHED)

    assert 0 == run(*command, EXAMPLES / "valid.json")[0]
    code, said = run(*command, EXAMPLES / "broken.json")
    assert 1 == code
    assert "TrainingJobName" in said


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_ajv() -> None:
    """Strict Ajv compiles it, once it knows our annotations, and judges alike."""
    npm("quicktype")
    files = (PUBLISHED, EXAMPLES / "valid.json", EXAMPLES / "broken.json")

    code, said = run("node", "-e", AJV, *files)

    assert (0, [True, False]) == (code, json.loads(said.splitlines()[-1])), said


def test_hyperjump() -> None:
    """It judges the examples alike."""
    npm("quicktype")
    program = NPM / "judge.mjs"
    program.write_text(HYPERJUMP, "utf-8")
    files = (PUBLISHED, EXAMPLES / "valid.json", EXAMPLES / "broken.json")

    code, said = run("node", program, *files)

    assert (0, [True, False]) == (code, json.loads(said.splitlines()[-1])), said


def test_sourcemeta(schema: Path) -> None:
    """It agrees with the meta-schema, and judges alike."""
    program = npm("jsonschema")

    assert 0 == run(program, "metaschema", schema)[0]
    assert 0 == run(program, "validate", PUBLISHED, EXAMPLES / "valid.json")[0]
    assert 0 != run(program, "validate", PUBLISHED, EXAMPLES / "broken.json")[0]


@pytest.mark.parametrize("language", ["typescript", "go", "java", "rust", "cs"])
def test_quicktype(schema: Path, tmp_path: Path, language: str) -> None:
    """It makes types of each language, with the names of members."""
    program = npm("quicktype")
    options = ["--src-lang", "schema", "--lang", language, "--top-level", NAME]

    out = tmp_path / "made"
    out.mkdir()

    code, said = run(program, *options, "--out", out / "Made.txt", schema)

    assert 0 == code, said
    made = "".join(file.read_text("utf-8") for file in out.iterdir())
    words = made.replace("_", "").lower()
    assert all(
        name in words for name in ("secondarystatustransition", "trainingjobarn")
    )


@pytest.mark.skipif(
    not (TOOLS / "generate-schema-doc").exists(), reason="not installed"
)
def test_json_schema_for_humans(tmp_path: Path) -> None:
    """It makes a page with all members and the known values of open enums."""
    page = tmp_path / "page.html"

    code, said = run(TOOLS / "generate-schema-doc", PUBLISHED, page)

    assert 0 == code, said
    text = page.read_text("utf-8")
    assert all(word in text for word in ("BillableTimeInSeconds", "InProgress"))
