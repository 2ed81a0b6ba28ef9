"""An OpenAPI description wherever a contract can be named."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import shapespec
from shapespec.addresses import OpenApi, cache, read_address
from shapespec.ground.errors import Unusable
from tests.support import run_pytest
from tests.support.import_cases import CASES
from tests.support.openapi_cases import described, written

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

SHOP = CASES / "openapi" / "shop" / "source.json"
BICYCLE = {"id": 7, "frame": {"material": "steel", "lugged": True}}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command of shapespec, with a cache and a description beside it."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    (tmp_path / "api.json").write_text(SHOP.read_text("utf-8"), "utf-8")

    def command(*words: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "shapespec", *map(str, words)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


@pytest.mark.parametrize(
    ("operation", "status", "response", "found"),
    [
        ("addBicycle", None, BICYCLE, []),
        ("post /bicycles/", None, {**BICYCLE, "id": 0}, ["range"]),
        ("POST /bicycles", "202", {"ticket": ""}, ["length"]),
        ("addBicycle", "202", {}, ["required"]),
        ("addBicycle", "500", {"title": "no", "status": 399}, ["range"]),
        ("addBicycle", "default", {}, ["required"]),
        ("GET /bicycles", "404", {}, ["required"]),
        ("GET /bicycles", "4xx", {"title": "no"}, []),
        ("listBicycles", None, {"items": [BICYCLE, {}]}, ["required", "required"]),
        ("addBicycle", "request", {**BICYCLE, "key": "abcd"}, []),
        ("addBicycle", "request", BICYCLE, ["required"]),
    ],
)
def test_the_answer_of_an_operation_is_validated(
    operation: str, status: str | None, response: Any, found: list[str], run: Run
) -> None:
    """By the schema of its status; the first success where none is named."""
    named = () if status is None else ("--status", status)
    done = run(
        "validate",
        "-",
        *("--spec", "api.json", "--operation", operation, *named, "--format", "json"),
        stdin=json.dumps(response),
    )
    verdict = json.loads(done.stdout)

    assert (1 if found else 0) == done.returncode, done.stderr
    assert found == [one["rule"] for one in verdict["findings"]]


BODIES: tuple[tuple[Any, Any, Any, str], ...] = (
    ({"type": "array", "items": {"type": "integer"}}, [1, 2], [1, "x"], "/1"),
    ({"type": "array", "minItems": 1}, [{}], [], ""),
    ({"type": "string", "maxLength": 2}, "ab", "abc", ""),
    ({"additionalProperties": {"type": "integer"}}, {"a": 1}, {"a": "x"}, "/a"),
    ({"type": "array", "items": {"type": "array"}}, [[1]], {"value": [[1]]}, ""),
)


@pytest.mark.parametrize(("schema", "right", "wrong", "pointer"), BODIES)
def test_a_body_need_not_be_an_object(
    schema: Any, right: Any, wrong: Any, pointer: str, tmp_path: Path
) -> None:
    """A list, a map or a string is validated by itself, with places from its root."""
    schema = {"type": "object", **schema}
    api = written(tmp_path, described({}, schema))
    contract = shapespec.load_contract(api, operation="getThing")
    found = contract.validate(wrong)

    assert contract.is_valid(right)
    assert [] == [*contract.validate(right)]
    assert not contract.is_valid(wrong)
    assert [pointer] == [one.pointer for one in found]


def test_a_list_is_validated_by_the_command_and_has_samples(
    run: Run, tmp_path: Path
) -> None:
    """As an object is."""
    items = {"type": "array", "items": {"type": "integer"}}
    written(tmp_path, described({}, items), "list.json")
    words = ("--spec", "list.json", "--operation", "getThing")
    for _ in range(2):  # the second time from the cache
        done = run("validate", "-", *words, stdin='[1, "x"]')
        assert 1 == done.returncode
        assert "error[type] /1" in done.stdout
    sampled = run("sample", *words)

    assert 0 == sampled.returncode, sampled.stderr
    assert isinstance(json.loads(sampled.stdout), list)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--operation", "GET /bicycle"), "did you mean 'GET /bicycles'?"),
        (("--operation", "addBicycles"), "did you mean 'addBicycle'?"),
        (
            ("--operation", "addBicycle", "--status", "2O2"),
            "has no status '2O2' (it has 201, 202, default); did you mean 202?",
        ),
        (("--operation", "listBicycles", "--status", "500"), "it has 200, 4XX"),
        (("--status", "200"), "name its --operation, too"),
        (
            ("--operation", "GET /bicycles/{id}/picture"),
            "answers 200 with image/png, not with JSON",
        ),
        (
            ("--operation", "listBicycles", "--status", "request"),
            "GET /bicycles takes no body, not JSON",
        ),
    ],
)
def test_what_is_not_there_is_refused(words: Any, said: str, run: Run) -> None:
    """With the nearest name, as wrong usage."""
    done = run("validate", "-", "--spec", "api.json", *words, stdin="{}")

    assert 2 == done.returncode
    assert said in done.stderr


def test_options_of_descriptions_are_for_descriptions(run: Run, tmp_path: Path) -> None:
    """A service has no statuses, and a spec those that it gives its outputs."""
    spec = (
        "shapespec: 1\npackage: s\noperations: {Get: {output: S}}\n"
        "shapes: {S: {type: structure, members: {A: string}}}\n"
    )
    (tmp_path / "s.yaml").write_text(spec, "utf-8")
    for spec, said in (
        ("s.yaml", "Get has no output for status 200; it has: none"),
        ("aws:sqs:ListQueues", "has none"),
    ):
        done = run("validate", "-", "--spec", spec, "--status", "200", stdin="{}")
        assert 2 == done.returncode
        assert said in done.stderr


def test_a_description_is_compiled_once(run: Run, tmp_path: Path) -> None:
    """The second run takes the contract from the cache; a change makes another one."""
    words = ("validate", "-", "--spec", "api.json", "--operation", "addBicycle")
    contracts = []
    for _ in range(2):
        assert 0 == run(*words, stdin=json.dumps(BICYCLE)).returncode
        contracts.append(sorted((tmp_path / "cache").glob("*.contract")))
    changed = json.loads(SHOP.read_text("utf-8"))
    changed["components"]["schemas"]["Bicycle"]["properties"]["id"]["minimum"] = 8
    written(tmp_path, changed)
    after = run(*words, stdin=json.dumps(BICYCLE))

    assert contracts[0] == contracts[1]
    assert 1 == len(contracts[0])
    assert 1 == after.returncode
    assert 2 == len([*(tmp_path / "cache").glob("*.contract")])


def test_a_change_of_another_file_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache knows all files that a description refers to."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    thing = {"type": "object", "properties": {"n": {"$ref": "n.json"}}}
    (tmp_path / "api").mkdir()
    api = written(tmp_path / "api", described({}, {"$ref": "thing.json"}))
    written(tmp_path / "api", thing, "thing.json")
    verdicts = []
    for bound in (1, 5):
        written(tmp_path / "api", {"type": "integer", "minimum": bound}, "n.json")
        contract = shapespec.load_contract(api, operation="getThing")
        verdicts.append(contract.is_valid({"n": 3}))

    assert [True, False] == verdicts


@pytest.mark.parametrize(
    "words",
    [
        ("generate", "api.json", "--target", "json-schema"),
        ("check", "api.json"),
        ("diff", "api.json", "api.json"),
        (
            "sample",
            "--spec",
            "api.json",
            "--operation",
            "addBicycle",
            "--status",
            "202",
        ),
        ("explain", "range", "--spec", "api.json"),
    ],
)
def test_every_command_takes_a_description(words: tuple[str, ...], run: Run) -> None:
    """As it takes a spec."""
    done = run(*words)

    assert 0 == done.returncode, done.stderr


def test_a_project_may_have_a_description(run: Run, tmp_path: Path) -> None:
    """`specs` in pyproject.toml takes it like a spec."""
    text = '[tool.shapespec]\nspecs = ["api.json"]\n'
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    done = run(
        *("validate", "-", "--operation", "addBicycle"), stdin=json.dumps(BICYCLE)
    )

    assert 0 == done.returncode, done.stderr


def test_python_takes_numbers_for_statuses() -> None:
    """`load_contract` has the same words as the command line."""
    contract = shapespec.load_contract(SHOP, operation="addBicycle", status=202)

    assert contract.is_valid({"ticket": "a"})
    assert not contract.is_valid({})


def test_only_descriptions_are_taken_for_them(tmp_path: Path) -> None:
    """A spec that speaks of OpenAPI stays a spec."""
    spec = tmp_path / "s.yaml"
    spec.write_text("shapespec: 1\npackage: openapi\n# openapi: 3.0.0\n", "utf-8")
    late = written(tmp_path, {"components": {"x" * 70000: 1}, "openapi": "3.0.0"})
    yaml = tmp_path / "a.yaml"
    yaml.write_text("# of shapespec: no\ninfo: {}\nopenapi: 3.1.0\n", "utf-8")

    assert spec == read_address(spec)
    assert OpenApi(late) == read_address(late)
    assert OpenApi(yaml) == read_address(yaml)
    with pytest.raises(Unusable, match="name its --operation, too"):
        read_address(late, None, "200")


def test_the_fixture_takes_a_description(tmp_path: Path) -> None:
    """`assert_valid_response` finds a shape of it, as of any contract."""
    (tmp_path / "api.json").write_text(SHOP.read_text("utf-8"), "utf-8")
    test = f"""
    def test_right(assert_valid_response):
        assert_valid_response({BICYCLE!r}, contract="api.json", shape="Bicycle")

    def test_wrong(assert_valid_response):
        assert_valid_response({{}}, contract="api.json", shape="Bicycle")
    """
    (tmp_path / "test_it.py").write_text(
        "\n".join(line[4:] for line in test.splitlines()), "utf-8"
    )
    done = run_pytest(tmp_path)

    assert "1 failed, 1 passed" in done.stdout
