"""No step of a command or an importer takes the square of its input.

Steps are counted, not seconds: calls of functions, those of C included, and each
resumption of a generator. The input has n, 2n and 4n parts. What is added from 2n to 4n
is held against what is added from n to 2n: twice as much where steps are linear, a
little more where something is sorted, four times as much for a square.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest

from shapespec.backends.targets import TARGETS
from shapespec.cli import COMMANDS, shapespec
from shapespec.compiler import compile_spec, generate
from shapespec.drafts import finish
from shapespec.ground.source import SourceFile
from shapespec.importers import DOCUMENTS, SCHEMAS
from shapespec.importers.json_file import JsonFile
from shapespec.importers.openapi.description import read_description
from shapespec.importers.openapi.spec import draft as openapi_draft
from shapespec.responses.render import RENDERERS
from tests.support.import_cases import draft_of
from tests.support.synthetic import GROUP, spec_text

MOST = 2.3
"""How many times as many steps may be added for twice as many parts."""


class Input(NamedTuple):
    """Files of some size, and the command that reads them; or what is called instead.

    Attributes:
        files: Texts by name, of n parts.
        words: The command line.
        parts: How many parts the smallest input has.
    """

    files: Callable[[int], dict[str, str]]
    words: str
    parts: int = 60


# --- responses ------------------------------------------------------------------------

SPEC = """
shapespec: 1
package: growth
operations: {Get: {output: R}}
forms:
  snake: {keys: snake_case, timestamps: {read: [epoch-seconds], write: epoch-seconds}}
shapes:
  R:
    type: structure
    members:
      Short: {type: list, member: {type: string, length: {max: 3}}}
      Named: {type: map, key: {type: string, pattern: '[a-z]+'}, value: integer}
      Kinds: {type: list, member: Kind}
      Parts: {type: list, member: Part}
      Unique: {type: list, member: document, unique_items: true}
      Deep: Deep
      Secret: {type: map, key: {type: string, sensitive: true}, value: integer}
      Any: document
  Kind: {type: enum, values: [one, two], open: true}
  Part:
    type: structure
    members:
      Name: {type: string, required: true}
      At: timestamp
      Low: integer
      High: integer
    rules:
      order: {cel: this.Low <= this.High, message: low is above high, at: Low}
  Deep:
    type: structure
    members: {Inner: Deep, Items: {type: list, member: Deep}, Size: integer}
"""


def of(response: Callable[[int], Any]) -> Callable[[int], dict[str, str]]:
    """Files with a response of n parts."""
    return lambda size: {"spec.yaml": SPEC, "r.json": json.dumps(response(size))}


def lines(response: Callable[[int], Any]) -> Callable[[int], dict[str, str]]:
    """Files with n responses, one a line."""
    return lambda size: {
        "spec.yaml": SPEC,
        "r.ndjson": "".join(f"{json.dumps(response(one))}\n" for one in range(size)),
    }


def named(size: int, value: Any) -> dict[str, Any]:
    """An object with n members."""
    return {f"name-{number}": value for number in range(size)}


def letters(number: int) -> str:
    """A word that stands for a number."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:06}")


RESPONSES: dict[str, Callable[[int], Any]] = {
    "items": lambda n: {"Short": ["xxxx"] * n},
    "keys": lambda n: {"Named": named(n, 1)},
    "values": lambda n: {"Named": {letters(number): "x" for number in range(n)}},
    "members": lambda n: named(n, 1),
    "unknown": lambda n: {"Parts": [{"Name": "a", "Nam": 1, "Hihg": 2}] * n},
    "enum": lambda n: {"Kinds": [f"kind-{number}" for number in range(n)]},
    "rules": lambda n: {"Parts": [{"Name": "a", "Low": 2, "High": 1}] * n},
    "types": lambda n: {"Parts": [7] * n},
    "unique": lambda n: {"Unique": [{"a": number // 2} for number in range(n)]},
    "secret": lambda n: {"Secret": named(n, "x")},
    "wide": lambda n: {"Deep": {"Items": [{"Size": "x"}] * n}},
    "long": lambda n: {"Any": ["x" * n], "Short": ["x" * n]},
}

CHANNEL = {"ChannelName": "a", "CompressionType": "None"}

READ: dict[str, Input] = {
    **{
        f"validate, {name}, {output}": Input(
            of(response),
            f"validate r.json --spec spec.yaml --format {output}",
            500 if output == "text" else 100,
        )
        for name, response in RESPONSES.items()
        for output in RENDERERS
    },
    **{
        f"observe, {name}": Input(
            of(response),
            "observe r.json --spec spec.yaml -o evidence.yaml --patch spec.patch",
            200,
        )
        for name, response in RESPONSES.items()
    },
    "validate, baseline": Input(
        of(RESPONSES["keys"]),
        "validate r.json --spec spec.yaml --write-baseline b",
        200,
    ),
    "validate, lines": Input(
        lines(lambda n: {"Short": ["xxxx"], f"n{n}": 1}),
        "validate r.ndjson --spec spec.yaml",
    ),
    "validate, rows": Input(
        of(lambda n: [{"Short": ["xxxx"]}] * n),
        "validate r.json --spec spec.yaml --rows",
    ),
    "validate, rows in columns": Input(
        of(lambda n: {"Short": {str(row): ["xxxx"] for row in range(n)}}),
        "validate r.json --spec spec.yaml --rows",
    ),
    "validate, rows beside others": Input(
        of(lambda n: {**named(n, 1), "Items": [{"Short": 1}] * n}),
        "validate r.json --spec spec.yaml --rows",
    ),
    "validate, rows in YAML": Input(
        of(lambda n: {**named(n, 1), "Items": [{"Short": 1}] * n}),
        "validate r.json --input yaml --spec spec.yaml --rows",
    ),
    "validate, a form": Input(
        of(lambda n: {"short": ["xxxx"] * n, "parts": [{"nam": 1}] * n}),
        "validate r.json --spec spec.yaml --form snake",
    ),
    "observe, lines": Input(
        lines(lambda n: {"Kinds": [f"kind{n}"], f"n{n}": 1}),
        "observe r.ndjson --spec spec.yaml --format json",
    ),
    "convert": Input(
        of(lambda n: {"Short": ["xxx"] * n, "Parts": [{"Name": "a", "At": 1}] * n}),
        "convert r.json --spec spec.yaml --from snake --to snake",
    ),
    "date": Input(
        of(
            lambda n: {
                "InputDataConfig": [CHANNEL] * n,
                "HyperParameters": named(n, "1"),
            }
        ),
        "date r.json",
    ),
    "validate, many known and unknown members": Input(
        lambda n: {
            **wide(n),
            "r.json": json.dumps(dict.fromkeys(map(str, range(n)), 1)),
        },
        "validate r.json --spec spec.yaml",
        150,
    ),
    "validate, many known and unknown values": Input(
        lambda n: {
            **wide(n),
            "r.json": json.dumps({"Es": [f"value{one}" for one in range(n)]}),
        },
        "validate r.json --spec spec.yaml",
        150,
    ),
}


# --- specs ----------------------------------------------------------------------------


def spec(size: int) -> dict[str, str]:
    """A spec of n groups of shapes."""
    return {"spec.yaml": spec_text(size * GROUP)}


def both(size: int) -> dict[str, str]:
    """A spec of n groups, and one in which a thing of each group has changed."""
    old = spec_text(size * GROUP)
    new = old.replace("max: 4096", "max: 8192").replace("Owner:", "Keeper:")
    return {"spec.yaml": old, "new.yaml": new}


def wide(size: int) -> dict[str, str]:
    """A structure with n members, each with a rule; an enum with n values."""
    members = "".join(f"      M{n}: {{type: integer}}\n" for n in range(size))
    rules = "".join(
        f"      r{n}: {{cel: this.M{n} > {n}, message: m, at: M{n}}}\n"
        for n in range(size)
    )
    derived = "".join(
        f"      D{n}: {{cel: this.M{n} + 1, type: integer}}\n" for n in range(size)
    )
    values = "".join(f"      v{n}: {{doc: The value {n}.}}\n" for n in range(size))
    return {
        "spec.yaml": "shapespec: 1\npackage: wide\nshapes:\n"
        f"  R:\n    type: structure\n    members:\n"
        f"      Es: {{type: list, member: E}}\n{members}"
        f"    rules:\n{rules}    derived:\n{derived}"
        f"  E:\n    type: enum\n    values:\n{values}"
    }


def argued(size: int) -> dict[str, str]:
    """A structure with n members and n rules, most of which a drawn value breaks."""
    members = "".join(
        f"      M{n}: {{type: integer, range: {{max: 5000}}}}\n" for n in range(size)
    )
    rules = "".join(
        f"      r{n}: {{cel: this.M{n} > {900 + n}, message: m, at: M{n}}}\n"
        for n in range(size)
    )
    return {
        "spec.yaml": "shapespec: 1\npackage: argued\nshapes:\n  R:\n"
        f"    type: structure\n    members:\n{members}    rules:\n{rules}"
    }


def faults(size: int) -> dict[str, str]:
    """A spec with n faults of several kinds."""
    members = "".join(
        f"      M{n}: Nowhere{n}\n"
        f"      m{n}: {{type: string, length: {{min: 2, max: 1}}}}\n"
        for n in range(size)
    )
    return {
        "spec.yaml": "shapespec: 1\npackage: faults\nshapes:\n"
        f"  R:\n    type: structure\n    members:\n{members}"
    }


def evidence(size: int) -> dict[str, str]:
    """A spec with n members, whose types are stated, and whose lengths are disputed."""
    members = "".join(
        f"      M{n}: {{type: string, length: {{max: {n + 2}}}}}\n" for n in range(size)
    )
    files = {
        "spec.yaml": "shapespec: 1\npackage: evident\nevidence: [a.yaml, b.yaml]\n"
        "decisions: decisions.yaml\n"
        f"shapes:\n  R:\n    type: structure\n    members:\n{members}",
        "decisions.yaml": "decisions:\n"
        + "".join(
            f"  d{n}: {{paths: [M{n}], kind: maxLength, says: {{a: {n + 2}, b: 1}},"
            f" stands: {n + 2}, reason: It was seen.}}\n"
            for n in range(0, size, 2)
        ),
    }
    for source, longest in (("a", lambda n: n + 2), ("b", lambda _: 1)):
        facts = "".join(
            f"  - {{path: M{n}, kind: type, value: string}}\n"
            f"  - {{path: M{n}, kind: maxLength, value: {longest(n)}}}\n"
            for n in range(size)
        )
        about = f"id: {source}, kind: paws, title: t, edition: '1', document: d"
        files[f"{source}.yaml"] = (
            f"source: {{{about}, sha256: '{'0' * 64}'}}\nfacts:\n{facts}"
        )
    return files


SPECS: dict[str, Input] = {
    "generate": Input(spec, "generate spec.yaml --out out", 2),
    "generate, wide": Input(wide, "generate spec.yaml --out out", 20),
    "generate, faults": Input(faults, "generate spec.yaml --out out", 40),
    "check": Input(spec, "check spec.yaml", 2),
    "check, wide": Input(wide, "check spec.yaml", 20),
    "check, faults": Input(faults, "check spec.yaml --format json", 40),
    "diff": Input(both, "diff spec.yaml new.yaml", 2),
    "diff, json": Input(both, "diff spec.yaml new.yaml --format json", 2),
    "diff, markdown": Input(both, "diff spec.yaml new.yaml --format markdown", 2),
    "audit": Input(evidence, "audit spec.yaml", 40),
    "audit, json": Input(evidence, "audit spec.yaml --format json", 40),
    "diff, evidence": Input(evidence, "diff a.yaml b.yaml", 40),
    "coverage": Input(spec, "coverage --spec spec.yaml", 2),
    "sample": Input(wide, "sample --spec spec.yaml --shape R --full", 10),
    "sample, rules": Input(argued, "sample --spec spec.yaml --shape R --full", 80),
    "sample, many": Input(
        lambda n: {"spec.yaml": SPEC, "n": str(n)},
        "sample --spec spec.yaml --shape R --count",
        80,
    ),
    "sample, invalid": Input(
        lambda n: {"spec.yaml": SPEC, "n": str(n)},
        "sample --spec spec.yaml --shape R --invalid --count",
        20,
    ),
    "explain": Input(wide, "explain --spec spec.yaml", 20),
}


# --- documents ------------------------------------------------------------------------


def page(kind: str, size: int) -> str:
    """A page that describes a structure of n members."""
    numbers = range(size)
    match kind:
        case "aws-api-reference":
            members = "".join(
                f"**Name{n}**\n\nThe name.\n\nType: String\n\n"
                f"Length Constraints: Maximum length of {n + 1}.\n\nRequired: No\n\n"
                for n in numbers
            )
            return f"# Thing\n\n## Contents\n\n{members}"
        case "aws-sdk-ruby":
            members = "".join(
                f"@!attribute [rw] name_{n}\nThe name. @return [String]\n"
                for n in numbers
            )
            return f"class Aws::Orchard::Types::Thing\n{members}"
        case "datadog-ddsql":
            rows = "".join(
                f"| name_{n} | core | string | It is {n}. |\n" for n in numbers
            )
            head = "| Title | ID | Type | Data Type | Description |\n"
            return (
                "# Thing\n\nA thing.\n\n```\norchard.thing\n```\n\n## Fields\n\n"
                f"{head}| --- | --- | --- | --- | --- |\n{rows}"
            )
        case "paws":
            rows = "".join(
                f'<tr class="odd">\n<td><code id="orchard_get_:_Name{n}">Name{n}</code>'
                f"</td>\n<td><p>The name.</p></td>\n</tr>\n"
                for n in numbers
            )
            answer = ",\n".join(f'      Name{n} = "string"' for n in numbers)
            return (
                '<table style="width: 100%;">\n<tbody>\n<tr class="odd">\n'
                "<td>orchard_get</td>\n"
                '<td style="text-align: right;">R Documentation</td>\n'
                "</tr>\n</tbody>\n</table>\n\n## Gets\n\n### Description\n\nGets.\n\n"
                "### Usage\n\n    orchard_get(Name0)\n\n### Arguments\n\n<table>\n"
                f"<tbody>\n{rows}</tbody>\n</table>\n\n### Value\n\n"
                f"A list with the following syntax:\n\n    list(\n{answer}\n    )\n"
            )
        case _:
            members = "".join(f"Name{n} -> (string)\n\nThe name.\n\n" for n in numbers)
            return (
                "# get\n\n## Description\n\nGets.\n\n## Synopsis\n\n```\nget\n"
                "[--debug]\n```\n\n## Options\n\n## Global Options\n\n"
                f"`--debug` (boolean)\n\nTurn on.\n\n## Output\n\n{members}"
            )


def document(kind: str) -> Callable[[int], dict[str, str]]:
    """A page, and a spec of what it describes."""

    def made(size: int) -> dict[str, str]:
        members = "".join(f"      Name{n}: {{type: string}}\n" for n in range(size))
        text = (
            "shapespec: 1\npackage: orchard\noperations: {Get: {output: Thing}}\n"
            f"shapes:\n  Thing:\n    type: structure\n    members:\n{members}"
        )
        return {"spec.yaml": text, "page.md": page(kind, size)}

    return made


PAGES = {
    f"import {kind}": Input(
        document(kind),
        f"import {kind} page.md --edition 1 --spec spec.yaml -o out.yaml",
        40,
    )
    for kind in DOCUMENTS
}


def schema(size: int) -> dict[str, Any]:
    """A JSON Schema of n definitions and n members, with things that a spec lacks."""
    return {
        "title": "Thing",
        "type": "object",
        "properties": {
            f"name{n}": {
                "anyOf": [{"$ref": f"#/$defs/Part{n}"}, {"type": "null"}],
                "description": f"The name {n}.",
            }
            for n in range(size)
        },
        "$defs": {
            f"Part{n}": {
                "type": "object",
                "properties": {
                    "kind": {"enum": [f"a{one}" for one in range(3)]},
                    "next": {"$ref": f"#/$defs/Part{(n + 1) % size}"},
                    "odd": {"not": {"const": n}},
                    "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                },
            }
            for n in range(size)
        },
    }


def smithy(size: int) -> dict[str, Any]:
    """A Smithy model of n structures."""
    shapes: dict[str, Any] = {
        "a#Service": {
            "type": "service",
            "version": "1",
            "operations": [{"target": f"a#Get{n}"} for n in range(size)],
        }
    }
    for n in range(size):
        shapes[f"a#Get{n}"] = {"type": "operation", "output": {"target": f"a#Out{n}"}}
        shapes[f"a#Out{n}"] = {
            "type": "structure",
            "members": {
                "name": {
                    "target": "smithy.api#String",
                    "traits": {"smithy.api#documentation": "The name."},
                },
                "next": {"target": f"a#Out{(n + 1) % size}"},
            },
        }
    return {"smithy": "2.0", "shapes": shapes}


def botocore(size: int) -> dict[str, Any]:
    """A service model of botocore with n operations."""
    shapes: dict[str, Any] = {"S": {"type": "string", "pattern": "[a-z]+"}}
    for n in range(size):
        shapes[f"Out{n}"] = {
            "type": "structure",
            "members": {
                "Name": {"shape": "S"},
                "Next": {"shape": f"Out{(n + 1) % size}"},
            },
        }
    operations = {
        f"Get{n}": {"name": f"Get{n}", "output": {"shape": f"Out{n}"}}
        for n in range(size)
    }
    metadata = {"apiVersion": "1", "serviceId": "Orchard", "protocol": "json"}
    metadata["serviceFullName"] = "Orchard"
    return {
        "version": "2.0",
        "metadata": metadata,
        "operations": operations,
        "shapes": shapes,
    }


def openapi(size: int) -> dict[str, Any]:
    """An OpenAPI description of n operations with answers of their own."""
    reference = "#/components/schemas/"
    return {
        "openapi": "3.1.0",
        "info": {"title": "Orchard", "version": "1"},
        "paths": {
            f"/trees/{n}": {
                "get": {
                    "operationId": f"getTree{n}",
                    "responses": {
                        "200": {
                            "description": "A tree.",
                            "content": {
                                "application/json": {
                                    "schema": {"$ref": f"{reference}Tree{n}"}
                                }
                            },
                        }
                    },
                }
            }
            for n in range(size)
        },
        "components": {
            "schemas": {
                f"Tree{n}": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "next": {"$ref": f"{reference}Tree{(n + 1) % size}"},
                    },
                }
                for n in range(size)
            }
        },
    }


MODELS: dict[str, Callable[[int], Any]] = {
    "openapi": openapi,
    "json-schema": schema,
    "smithy": smithy,
    "botocore": botocore,
}


# --- the count ------------------------------------------------------------------------


def calls(work: Callable[[], object]) -> int:
    """How many functions some work calls, those of C included."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        del frame, argument
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def run(words: str) -> int:
    """The exit code of a command, whose output is thrown away."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        try:
            shapespec(words.split(), standalone_mode=False)
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 0
        except Exception as error:
            if type(error).__name__ == "Faults":
                return 1
            raise
    return 0


def growth(
    work: Callable[[int], object],
    parts: int,
    prepare: Callable[[int], object] = lambda size: size,
) -> float:
    """How many times as many steps are added for twice as many added parts."""
    counts = []
    prepare(4 * parts)
    work(4 * parts)  # so that what is made once is there, however much asks for it
    for size in (parts, 2 * parts, 4 * parts):
        prepare(size)
        counts.append(calls(lambda size=size: work(size)))  # type: ignore[misc]
    first, second, third = counts
    return (third - second) / max(1, second - first)


@pytest.mark.parametrize("name", [*READ, *SPECS, *PAGES])
def test_commands(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the input takes twice the steps, and a little more where it is sorted."""
    files, words, parts = {**READ, **SPECS, **PAGES}[name]
    monkeypatch.chdir(tmp_path)
    codes = set()

    def prepare(size: int) -> None:
        for made in tmp_path.glob("*.yaml"):
            made.unlink()  # what a larger input was made into is no input of this one
        for file, text in files(size).items():
            Path(file).write_text(text, "utf-8")

    def work(size: int) -> None:
        codes.add(run(f"{words} {size}" if words.endswith("--count") else words))

    found = growth(work, parts, prepare)

    assert codes <= {0, 1}
    assert found <= MOST


@pytest.mark.parametrize("name", [one for one in READ if "text" in one])
def test_memory(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the most memory that is used at once, whoever takes it."""
    files, words, parts = READ[name]
    monkeypatch.chdir(tmp_path)
    peaks = []
    for size in (parts, parts, 2 * parts, 4 * parts):
        for file, text in files(size).items():
            Path(file).write_text(text, "utf-8")
        tracemalloc.start()
        run(words)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    _, first, second, third = peaks

    assert third - second <= MOST * max(second - first, 100_000)


MADE = {"groups": spec, "wide": wide}


@pytest.mark.parametrize(
    ("made", "target"),
    [
        pytest.param(made, target, id=f"{name}-{target}")
        for name, made in MADE.items()
        for target in TARGETS
    ],
)
def test_targets(made: Callable[[int], dict[str, str]], target: str) -> None:
    """The same for each target, before it is laid out."""

    def work(size: int) -> None:
        text = made(size)["spec.yaml"]
        generate(compile_spec(SourceFile("spec.yaml", text)), (target,), layout=False)

    assert growth(work, 2 if made is spec else 15) <= MOST


@pytest.mark.parametrize("kind", MODELS)
def test_imports(kind: str, tmp_path: Path) -> None:
    """The same for a service model or a schema that becomes a spec."""

    def work(size: int) -> None:
        if kind == "openapi":
            description = tmp_path / "x.json"
            description.write_text(json.dumps(openapi(size)), "utf-8")
            finish(openapi_draft(read_description(description), package="orchard"))
            return
        file = JsonFile(MODELS[kind](size), "x.json", "0" * 64)
        finish(draft_of(kind, file, "orchard"))

    assert growth(work, 20) <= MOST


def test_every_command_and_importer_is_counted() -> None:
    """But for those that read no input, or hand it on to others."""
    tried = {words.split()[0] for _, words, _ in [*READ.values(), *SPECS.values()]}
    others = {"accelerate", "meta-schema", "import", "aws", "lsp", "package"}
    assert others >= COMMANDS.keys() - tried
    assert set(SCHEMAS) == MODELS.keys()
    assert {f"import {kind}" for kind in DOCUMENTS} == PAGES.keys()
