"""What is sensitive, and all below it, is in no output: a marker is looked for."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shapespec.boto3 import ResponseRefused, watch
from shapespec.cli import main
from shapespec.pytest_plugin import _told
from shapespec.responses.contract import contract_by_path
from shapespec.responses.render import RENDERERS
from tests.support import compile_text

MARK = "hunter2x"

SPEC = """
shapespec: 1
package: vault
operations: {GetVault: {output: Vault}}
forms:
  snake: {keys: snake_case, timestamps: {read: [epoch-seconds], write: epoch-seconds}}
shapes:
  Vault:
    type: structure
    members:
      VaultStatus: {target: State, required: true}
      One: Secret
      Own: {type: string, sensitive: true, length: {max: 3}}
      Code: {type: string, sensitive: true, pattern: 'a+'}
      Number: {type: integer, sensitive: true, range: {max: 3}}
      Keys: {type: list, member: Secret, unique_items: true}
      ByName: {type: map, key: string, value: Secret}
      Named: {type: map, key: SecretName, value: {type: integer, range: {max: 3}}}
      Folders: {type: map, key: SecretName, value: Folder}
      Inner: Inner
      Below: {target: Open, sensitive: true}
      Fine: Open
      Either: Either
      Text: {type: document, sensitive: true}
      Kind: {target: Kind, sensitive: true}
      Kinds: {type: map, key: Kind, value: integer, sensitive: true}
      When: {type: timestamp, sensitive: true}
      Bytes: {type: blob, sensitive: true, length: {max: 3}}
    rules:
      short: {cel: size(this.Own) < 3, message: too long, at: Own}
  State: {type: enum, values: [open, shut], open: true}
  Kind: {type: enum, values: [a, b], open: true}
  Secret: {type: string, sensitive: true, length: {max: 3}}
  SecretName: {type: string, sensitive: true, pattern: '[a-z]{1,3}'}
  Folder:
    type: structure
    members: {Size: {type: integer, required: true}, Tags: Tags}
  Tags: {type: map, key: {type: string, length: {max: 3}}, value: integer}
  Inner:
    type: structure
    sensitive: true
    members:
      A: {type: string, length: {max: 3}}
      Tags: Tags
      Items: {type: list, member: Open}
  Open:
    type: structure
    members:
      Text: {type: string, length: {max: 3}}
      Tags: Tags
      Kind: Kind
      Deep: Open
  Either: {type: union, members: {Left: Secret, Right: Secret}}
"""

OPEN = {
    "Text": MARK,
    "Tags": {MARK: MARK, "x": MARK},
    "Kind": MARK,
    MARK: MARK,
    "Deep": {"Text": MARK, "Tags": {MARK: 1}, MARK: {}},
}
WRONG: dict[str, Any] = {
    "VaultStatus": "open",
    "One": MARK,
    "Own": MARK,
    "Code": MARK,
    "Number": 90210777,
    "Keys": [MARK, MARK, 7],
    "ByName": {"a": MARK},
    "Named": {MARK: 9, "ab": "wrong"},
    "Folders": {MARK: {"Tags": {"wrong": "wrong"}, "wrong": 1}, "AB": {}},
    "Inner": {"A": MARK, "Tags": {MARK: MARK}, "Items": [OPEN, MARK], MARK: MARK},
    "Below": OPEN,
    "Either": {"Left": MARK, "Right": MARK},
    "Text": {MARK: MARK},
    "Kind": MARK,
    "Kinds": {MARK: 1},
    "When": MARK,
    "Bytes": MARK,
}
RIGHT: dict[str, Any] = {
    "VaultStatus": "open",
    "One": "xyz",
    "Own": "xy",
    "Code": "aa",
    "Number": 3,
    "Keys": ["xyz"],
    "ByName": {"a": "xyz"},
    "Named": {"xyz": 1},
    "Folders": {"xyz": {"Size": 1, "Tags": {}}},
    "Inner": {"A": "xyz", "Tags": {"xyz": 1}, "Items": [{"Text": "xyz"}]},
    "Below": {"Text": "xyz", "Tags": {"xyz": 1}, "Deep": {"Text": "xyz", "xyz": 1}},
    "Either": {"Left": "xyz"},
    "Text": {"xyz": "xyz"},
    "Kind": "a",
    "Kinds": {"a": 1},
    "When": 1.0,
    "Bytes": "eHl6",
}


@pytest.fixture(scope="module")
def vault() -> Any:
    """The generated package."""
    return compile_text(SPEC).package


def snake(value: dict[str, Any]) -> dict[str, Any]:
    """A response whose own members are in snake case."""
    names = {"VaultStatus": "vault_status", "ByName": "by_name"}
    return {names.get(name, name.lower()): item for name, item in value.items()}


def test_the_marker_is_shown_where_nothing_is_sensitive(vault: Any) -> None:
    """The marker is no secret by its looks: elsewhere, it is shown."""
    response = {"VaultStatus": "open", "ByName": {MARK: 1}, "Fine": {"Text": MARK}}

    said = str(vault.validate(response))

    assert f'got 8: "{MARK}"' in said
    assert f"/ByName/{MARK}" in said


# --- the generated package ------------------------------------------------------------


@pytest.mark.parametrize("form", [None, "snake"])
def test_findings(vault: Any, form: str | None) -> None:
    """Neither pointers nor messages of findings have it, in any form and strictness."""
    response = snake(WRONG) if form else WRONG
    for strict in (False, True):
        found = vault.validate(response, form=form, strict=strict)

        assert len(found) > 25
        assert MARK not in f"{found}{[str(one) for one in found]}"
        assert MARK not in json.dumps([one.as_dict() for one in found])
        assert not any(MARK in one.got for one in found)
        assert "90210777" not in str(found)


def test_pointers_stop_at_a_map_whose_keys_are_sensitive(vault: Any) -> None:
    """Pointers below such a map are its own, and end in no name of a member."""
    found = vault.validate(WRONG)
    pointers = {one.pointer for one in found}

    assert {"/Named", "/Folders", "/Inner/Tags", "/Below/Tags"} <= pointers
    assert not any(one.startswith(("/Named/", "/Folders/")) for one in pointers)


def test_unknown_members_below_something_sensitive(vault: Any) -> None:
    """They are found, at the structure that has them, without their names."""
    found = vault.validate({"VaultStatus": "open", "Below": {MARK: 1}})

    assert [
        ("unknown-member", "/Below", "Open has no such member; its name is sensitive")
    ] == [(one.rule, one.pointer, one.message) for one in found]


def test_exceptions(vault: Any) -> None:
    """`InvalidResponse` has it neither in its text nor in its `repr`."""
    with pytest.raises(vault.InvalidResponse) as caught:
        vault.Vault.from_response(WRONG)

    assert MARK not in f"{caught.value!s}{caught.value!r}{caught.value.findings}"


def test_dataclasses(vault: Any) -> None:
    """No `repr` of a dataclass has it: of none that is below something sensitive."""
    response = json.loads(json.dumps(RIGHT).replace("xyz", "qzq"))
    job = vault.Vault.from_response(response)

    shown = [repr(one) for one in dataclass_values(job)]

    assert len(shown) > 6
    assert not any("qzq" in one for one in shown)
    assert not any("eHl6" in one for one in shown)
    assert "qzq" in repr(
        vault.Vault(vault_status="open", fine=vault.Open(text="qzq")).fine.text
    )


def dataclass_values(value: object) -> Iterator[object]:
    """A dataclass and all that it leads to."""
    if dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from dataclass_values(getattr(value, field.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from dataclass_values(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from dataclass_values(item)


# --- models ---------------------------------------------------------------------------


def test_pydantic() -> None:
    """Neither a `ValidationError` nor the `repr` of a model has it."""
    pytest.importorskip(
        "datamodel_code_generator", reason="the extra `models` is absent"
    )
    from tests.behaviour.test_models import module

    models = module(SPEC, "pydantic")
    with pytest.raises(ValueError, match="validation errors for Vault") as caught:
        models.Vault.model_validate(WRONG)
    assert len(caught.value.errors()) > 10  # type: ignore[attr-defined]
    assert MARK not in f"{caught.value}{caught.value!r}"
    assert "90210777" not in str(caught.value)
    response = json.loads(json.dumps(RIGHT).replace("xyz", "qzq"))
    made = models.Vault.model_validate(response)
    shown = (
        f"{made!r}{made}{made.inner!r}{made.inner.items!r}{made.below!r}{made.below}"
    )
    assert "qzq" not in f"{shown}{made.below.deep!r}{made.either!r}"
    assert "eHl6" not in shown


# --- commands -------------------------------------------------------------------------

COMMANDS = [
    *(("validate", "wrong.json", "--format", one) for one in RENDERERS),
    *(("validate", "twice.json", "--format", one) for one in RENDERERS),
    ("validate", "wrong.json", "--all"),
    ("validate", "wrong.json", "--statistics"),
    ("validate", "wrong.json", "-o", "report.txt"),
    ("validate", "wrong.json", "--strict", "--write-baseline", "known.txt"),
    ("validate", "snake.json", "--form", "snake"),
    ("validate", "rows.json", "--rows"),
    ("validate", "lines.ndjson"),
    ("validate", "twice.json"),
    ("validate", "twice.yaml"),
    ("validate", "broken.json"),
    ("observe", "wrong.json", "-o", "evidence.yaml", "--patch", "spec.patch"),
    ("observe", "wrong.json", "--format", "json"),
    ("observe", "snake.json", "--form", "snake", "--format", "json"),
    ("observe", "twice.yaml", "--format", "json"),
    ("observe", "lines.ndjson", "--status", "Kind"),
    ("convert", "wrong.json", "--from", "snake", "--to", "snake"),
    ("date", "wrong.json"),
]


def write_inputs() -> None:
    """The spec, and files that have the marker in them."""
    inputs = {
        "vault.yaml": SPEC,
        "wrong.json": json.dumps(WRONG),
        "snake.json": json.dumps(snake(WRONG)),
        "rows.json": json.dumps([WRONG, WRONG]),
        "lines.ndjson": f"{json.dumps(WRONG)}\n{{{MARK}\n{json.dumps(WRONG)}\n",
        "twice.json": f'{{"Named": {{"{MARK}": 1, "{MARK}": 2}}}}',
        "twice.yaml": f"Named: {{{MARK}: 1, {MARK}: 2}}\n",
        "broken.json": f'{{"Named": {{"{MARK}": {MARK}}}}}',
    }
    for name, text in inputs.items():
        Path(name).write_text(text, "utf-8")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither what a command prints nor what it writes has it."""
    monkeypatch.chdir(tmp_path)
    write_inputs()
    given = {path.name for path in tmp_path.iterdir()}
    monkeypatch.setattr(sys, "argv", ["shapespec", *words, "--spec", "vault.yaml"])

    with pytest.raises(SystemExit) as ended:
        main()

    out, err = capsys.readouterr()
    written = [
        path.read_text("utf-8") for path in tmp_path.iterdir() if path.name not in given
    ]
    assert ended.value.code in (0, 1, 2)
    assert out or err or written
    assert MARK not in "".join([out, err, *written])
    assert "90210777" not in "".join([out, err, *written])


# --- watching and testing -------------------------------------------------------------


def client() -> Any:
    """A client with one operation, that keeps what is called after each."""
    operation = SimpleNamespace(
        name="GetVault", output_shape=SimpleNamespace(name="Vault")
    )
    model = SimpleNamespace(
        service_id=SimpleNamespace(hyphenize=lambda: "vault"),
        operation_names=["GetVault"],
        operation_model=lambda _: operation,
    )
    kept: dict[str, Callable[..., None]] = {}
    events = SimpleNamespace(
        register_first=lambda name, handler, **_: kept.update({name: handler}),
        register_last=lambda name, handler, **_: kept.update({name: handler}),
        unregister=lambda *_, **__: None,
    )
    meta = SimpleNamespace(events=events, service_model=model)
    return SimpleNamespace(meta=meta, kept=kept, operation=operation)


def test_watched_responses(vault: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the log nor `ResponseRefused` has it."""
    watched = client()
    watch(watched, contract=vault, raise_on="error")

    with caplog.at_level(logging.DEBUG), pytest.raises(ResponseRefused) as refused:
        watched.kept["after-call"](
            model=watched.operation,
            parsed=copy.deepcopy(WRONG),
            http_response=SimpleNamespace(status_code=200),
        )

    assert len(caplog.records) > 25
    assert not any(MARK in str(vars(record)) for record in caplog.records)
    assert MARK not in f"{caplog.text}{refused.value!s}{refused.value!r}"


def test_mocks(tmp_path: Path) -> None:
    """What the fixture `assert_valid_response` fails with does not have it."""
    spec = tmp_path / "vault.yaml"
    spec.write_text(SPEC, "utf-8")

    assert MARK not in _told(contract_by_path(spec).validate(WRONG), lambda _: None)
