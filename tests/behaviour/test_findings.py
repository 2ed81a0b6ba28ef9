"""What findings show and hide, and the formats that others read."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import sagemaker_training_job as contract
from sagemaker_training_job._masking import is_told, masked
from shapespec.cli import shapespec
from shapespec.responses.policy import Policy, weigh
from shapespec.responses.read import Response
from tests.support import ROOT, compile_text

CASES = ROOT / "tests" / "cases" / "validate"
VALID: dict[str, Any] = json.loads(
    (ROOT / "spec" / "sagemaker" / "examples" / "valid.json").read_text("utf-8")
)


def run(*arguments: str | Path, stdin: str = "") -> str:
    return CliRunner().invoke(shapespec, [*map(str, arguments)], input=stdin).stdout


# --- secrets ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "[hidden]"),
        ("as ASIAIOSFODNN7EXAMPLE.", "as [hidden]."),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[hidden]"),
        ("https://u:p@host/x", "https://[hidden]@host/x"),
        ("jdbc:db://u:p/q@host", "jdbc:db://u:p/q@host"),
        ("postgresql://:p@h", "postgresql://[hidden]@h"),
        ("x?a=1&X-Amz-Signature=00ff&b=2", "x?a=1&X-Amz-Signature=[hidden]&b=2"),
        ("x?X-Amz-Credential=AK%2F1", "x?X-Amz-Credential=[hidden]"),
        ("password=Sesame1 for maria", "password=[hidden] for maria"),
        ('{"apiKey": "abc", "n": 1}', '{"apiKey": "[hidden]", "n": 1}'),
        ("Authorization: Bearer abcdefghijklmnop1", "Authorization: Bearer [hidden]"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "[hidden]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", "[hidden]"),
        ("token ghp_0123456789abcdef0123", "token [hidden]"),
        ("arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-a1B2", None),
        ("sha256:da39a3ee5e6b4b0d3255bfef95601890afd80709", None),
        ("123456789012.dkr.ecr.eu-central-1.amazonaws.com/xgboost:1.7-1", None),
        ("s3://example-ml/churn/output/Model1/0123456789/model.tar.gz", None),
        ("ClientError: the token expired", None),
        ("https://host:8080/path@x", None),
        ("", None),
    ],
)
def test_secrets_in_text(text: str, shown: str | None) -> None:
    """What looks like a secret is left out, what does not is shown."""
    assert (text if shown is None else shown) == masked(text)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DB_PASSWORD", "x", True),
        ("dbPassword", 1234, True),
        ("HF_TOKEN", "x", True),
        ("AWS_SECRET_ACCESS_KEY", "x", True),
        ("api-key", "x", True),
        ("SIGNING_KEY", "9f8e7d6c5b4a39281706", True),
        ("SIGNING_KEY", "primary", False),
        ("S3Key", "models/churn/latest", False),
        ("KmsKeyId", "1234abcd-12ab-34cd-56ef-1234567890ab", False),
        ("SecretArn", "arn:aws:secretsmanager:x", False),
        ("num_tokens", 512, False),
        ("monkey", "9f8e7d6c5b4a39281706", False),
        ("use_token", True, False),
    ],
)
def test_secrets_by_their_name(name: str, value: object, *, told: bool) -> None:
    """A name such as DB_PASSWORD hides what stands there; KmsKeyId does not."""
    assert told == is_told(name, value)


def test_secrets_of_a_training_job() -> None:
    """Neither an environment nor a hyperparameter brings a secret into a log."""
    response = {
        **VALID,
        "Environment": {"DB_PASSWORD": "hunter2" * 100, "MODE": "x" * 513},
        "HyperParameters": {"api_token": 7, "s3": "https://u:hunter2@h/" + "x" * 2500},
    }

    with pytest.raises(contract.InvalidResponse) as caught:
        contract.DescribeTrainingJobResponse.from_response(response)

    assert 4 == len(caught.value.findings)
    said = str(caught.value) + "".join(map(str, caught.value.findings))
    assert "hunter2" not in said
    assert "it may be a secret" in said


SENSITIVE = """\
shapespec: 1
package: vault
roots: [Root]
shapes:
  Root:
    type: structure
    members:
      Plain: Word
      List: Words
      Map: Map
      Deep: {target: Root, sensitive: true}
      Door: {target: Door, sensitive: true}
      Stairs: {target: Stairs, sensitive: true}
      Floors: {type: map, key: string, value: Stairs}
  Stairs: {type: structure, members: {Down: Stairs, Door: Door}}
  Door: {type: string, length: {max: 3}}
  Word: {type: string, pattern: '[a-z]+', sensitive: true}
  Words: {type: list, member: {type: string, length: {max: 3}}, sensitive: true}
  Map: {type: map, key: string, value: Choice, sensitive: true}
  Choice: {type: union, members: {One: integer, Two: Kind}}
  Kind: {type: enum, values: [first, second]}
"""


def down(deep: int, inner: dict[str, Any]) -> dict[str, Any]:
    """A value so many stairs down."""
    for _ in range(deep):
        inner = {"Down": inner}
    return inner


@pytest.mark.parametrize(
    ("response", "shape"),
    [
        ({"Plain": "Sesame"}, "Root"),
        ({"Plain": 47114711}, "Root"),
        ({"Plain": 4711.4711}, "Root"),
        ({"Plain": b"Sesame"}, "Root"),
        ({"List": ["Sesame", 47114711]}, "Root"),
        ({"Door": "Sesame"}, "Root"),
        ({"Stairs": down(200, {"Door": "Sesame"})}, "Root"),
        ({"Floors": {"DB_PASSWORD": down(200, {"Door": "Sesame"})}}, "Root"),
        ({"Map": {"k": {"Two": "firsts"}, "l": {"One": "Sesame"}}}, "Root"),
        ({"Deep": {"Deep": {"Plain": "Sesame"}, "List": "Sesame"}}, "Root"),
        ("Sesame", "Word"),
        (["Sesame"], "Words"),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_what_is_sensitive_is_not_shown(response: object, shape: str) -> None:
    """Nothing of a sensitive shape or member is in a message, at any depth."""
    package = compile_text(SENSITIVE, targets=("validators",)).package
    made = compile_text(
        SENSITIVE.replace("pattern: '[a-z]+', ", "pattern: '[a-z]{20}', ")
    )

    for one in (package, made.package):
        for finding in one.validate(response, shape=shape):
            shown = f"{finding.message} {finding.got}"
            for secret in ("Sesame", "4711", "first"):
                assert secret not in shown
    assert made.package.validate(response, shape=shape)


# --- fingerprints -----------------------------------------------------------------


def fingerprints(response: dict[str, Any]) -> list[str]:
    return [
        weigh(finding, response).fingerprint for finding in contract.validate(response)
    ]


def test_a_fingerprint_is_of_the_place() -> None:
    """It is the same for each item of a list, and not for each key of a map."""
    broken = {"Other": 1}
    one = {**VALID, "InputDataConfig": [broken]}
    two = {**VALID, "InputDataConfig": [*VALID["InputDataConfig"], broken, broken]}

    assert set(fingerprints(one)) == set(fingerprints(two))
    assert 2 == len({*fingerprints({**VALID, "Environment": {"A": 1, "B": 1}})})


def test_a_fingerprint_is_not_of_the_message() -> None:
    """Another wrong value at the same place, broken alike, is the same finding."""
    assert fingerprints({**VALID, "RoleArn": "a"}) == fingerprints(
        {**VALID, "RoleArn": "bcd"}
    )


def test_a_severity_decides_whether_a_response_is_valid() -> None:
    """A rule that weighs less no longer fails a response, one that weighs more does."""
    response = Response(source="a:1", value={**VALID, "RoleArn": "a", "New": 1})
    findings = contract.validate(response.value)

    verdicts = [
        Policy(severities=levels).judge(response, findings)
        for levels in (
            {},
            {"length": "warning"},
            {"length": "note", "unknown-member": "error"},
        )
    ]

    assert [False, True, False] == [verdict.valid for verdict in verdicts]


# --- SARIF ------------------------------------------------------------------------


def closed(required: list[str], /, **members: Any) -> dict[str, Any]:
    """The JSON Schema of an object with these members and no other."""
    return {
        "type": "object",
        "properties": members,
        "required": required,
        "additionalProperties": False,
    }


def many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string", "minLength": 1}
LINE = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = closed(["text"], text=TEXT)
PHYSICAL = closed(
    ["artifactLocation", "region"],
    artifactLocation=closed(["uri"], uri={**TEXT, "format": "uri-reference"}),
    region=closed(["startLine"], startLine=LINE, startColumn=LINE),
)
LOGICAL = closed(
    ["fullyQualifiedName", "kind"], fullyQualifiedName={"type": "string"}, kind=TEXT
)
SARIF = closed(
    ["version", "$schema", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs=many(
        closed(
            ["tool", "results", "invocations", "columnKind"],
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            tool=closed(
                ["driver"],
                driver=closed(
                    ["name", "version", "rules"],
                    name=TEXT,
                    version=TEXT,
                    rules=many(
                        closed(
                            ["id", "shortDescription", "help", "defaultConfiguration"],
                            id=TEXT,
                            shortDescription=MESSAGE,
                            help=closed(["text", "markdown"], text=TEXT, markdown=TEXT),
                            defaultConfiguration=closed(["level"], level=LEVEL),
                        )
                    ),
                ),
            ),
            results=many(
                closed(
                    [
                        "ruleId",
                        "ruleIndex",
                        "level",
                        "message",
                        "locations",
                        "partialFingerprints",
                    ],
                    ruleId=TEXT,
                    ruleIndex={"type": "integer", "minimum": 0},
                    level=LEVEL,
                    message=MESSAGE,
                    locations=many(
                        closed(
                            ["logicalLocations"],
                            physicalLocation=PHYSICAL,
                            logicalLocations=many(LOGICAL),
                        )
                    ),
                    partialFingerprints={
                        "type": "object",
                        "additionalProperties": {"type": "string"},
                    },
                    suppressions=many(
                        closed(
                            ["kind"],
                            kind={"enum": ["inSource", "external"]},
                            justification=TEXT,
                        )
                    ),
                )
            ),
            invocations=many(
                closed(
                    ["executionSuccessful"],
                    executionSuccessful={"type": "boolean"},
                    toolExecutionNotifications=many(
                        closed(
                            ["message", "level"],
                            message=MESSAGE,
                            level=LEVEL,
                            locations=many(
                                closed(["physicalLocation"], physicalLocation=PHYSICAL)
                            ),
                        )
                    ),
                )
            ),
        )
    ),
)
"""What we use of SARIF 2.1.0, chapter 3, and nothing that it does not have."""


def sarif(case: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The document that a case of `tests/cases/validate` writes."""
    monkeypatch.chdir(CASES / case)
    command = Path("transcript.txt").read_text("utf-8").splitlines()[0]
    given = Path("stdin.txt")
    stdin = given.read_text("utf-8") if given.exists() else ""
    return json.loads(run(*shlex.split(command)[2:], stdin=stdin))


@pytest.mark.parametrize(
    "case", [path.parent.name for path in sorted(CASES.glob("sarif/*/transcript.txt"))]
)
def test_sarif_is_sarif(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document has the form of SARIF 2.1.0, and its indexes are right."""
    document = sarif(f"sarif/{case}", monkeypatch)

    jsonschema.Draft202012Validator(SARIF).validate(document)
    (found,) = document["runs"]
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    for result in found["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]


def test_sarif_without_findings(tmp_path: Path) -> None:
    """A run that finds nothing is a document, too; so is one that reads nothing."""
    (tmp_path / "valid.json").write_text(json.dumps(VALID))

    for arguments in (("valid.json",), ("valid.json", "--rows")):
        path, *options = arguments
        document = json.loads(
            run("validate", tmp_path / path, *options, "--format", "sarif")
        )
        jsonschema.Draft202012Validator(SARIF).validate(document)
        assert [] == document["runs"][0]["results"]


def test_sarif_names_files_as_addresses(tmp_path: Path) -> None:
    """A path is a URI: absolute ones have a scheme, odd characters are escaped."""
    path = tmp_path / "50% of it.json"
    path.write_text(json.dumps({**VALID, "New": 1}))

    document = json.loads(run("validate", path, "--format", "sarif"))

    (result,) = document["runs"][0]["results"]
    (location,) = result["locations"]
    assert path.as_uri() == location["physicalLocation"]["artifactLocation"]["uri"]


def test_explanations_of_own_rules_are_in_sarif(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rule of a spec has its page there, as `explain` prints it."""
    document = sarif("sarif/own-rule", monkeypatch)

    (rule,) = document["runs"][0]["tool"]["driver"]["rules"]
    page = run("explain", rule["id"], "--spec", "library.yaml")
    assert rule["help"]["markdown"] == page.removesuffix("\n")
    assert "note" == rule["defaultConfiguration"]["level"]
