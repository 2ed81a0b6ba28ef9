"""Wrong specs, and what the compiler says about them.

A folder `tests/cases/diagnostics/<rule>/<variant>/` is a case: `spec.yaml`, or a file
that it names, has the fault; `stderr.txt` holds every diagnostic as it is printed.
`pytest --update` rewrites the latter. Rules about the file itself, and text that no
editor shows, are built here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from shapespec.compiler import compile_spec
from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.diagnostics.render import render
from shapespec.evidence.ledger import Sibling
from shapespec.ground.source import Located, SourceFile, Span
from shapespec.ground.terminal import plain
from shapespec.language import read_spec, yaml_tree
from shapespec.language.meta_schema import meta_schema
from shapespec.passes.check_traits import part_of
from shapespec.project.files import read_source, siblings
from shapespec.tools.audit import audit, check_decisions
from tests.behaviour.test_explanations import diagnostic_rules
from tests.behaviour.test_language_guide import SPECS
from tests.conftest import LIBYAML
from tests.support import FLAGSHIP, ROOT, compile_text
from tests.support.importer_cases import rules_shown

CASES = ROOT / "tests" / "cases" / "diagnostics"
META_SCHEMA = ROOT / "spec" / "shapespec.schema.json"

STRUCTURAL = {
    "invalid-choice",
    "invalid-name",
    "missing-key",
    "unknown-key",
    "wrong-type",
}
"""The rules about how a spec is built: all that an editor can know. What the others
are about are bytes and YAML, which an editor sees read, and what a spec means."""

BUILT_HERE = {"file-too-large", "not-utf8", "too-many-definitions", "yaml-character"}
"""Rules that no folder can show: they are about bytes, or need too many of them."""

HEAD = "shapespec: 1\npackage: harbour\n"
SHAPE = f"{HEAD}shapes:\n  Berth:\n    type: structure\n    members:\n"
FOLDERS = sorted(file.parent for file in CASES.glob("*/*/spec.yaml"))
NAMES = [folder.relative_to(CASES).as_posix() for folder in FOLDERS]


def faults_of(
    source: SourceFile, sibling: Sibling | None = None
) -> tuple[Diagnostic, ...]:
    """The diagnostics of a spec and of its decisions; none where all is right."""
    try:
        schema = compile_spec(source, sibling)
        return tuple(check_decisions(schema, audit(schema)))
    except Faults as faults:
        return faults.diagnostics


def said_of(text: str) -> str:
    """What is printed about the text of a spec."""
    return render(faults_of(SourceFile("spec.yaml", text)), plain)


def rules_of(text: str) -> list[str]:
    """The rules that the text of a spec breaks, each once, in source order."""
    found = faults_of(SourceFile("spec.yaml", text))
    return [*dict.fromkeys(diagnostic.rule for diagnostic in found)]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_case(folder: Path, *, update: bool) -> None:
    """A wrong spec gets the diagnostics in its folder, with the folder's rule."""
    if folder.parent.name == "yaml-syntax" and not LIBYAML:
        pytest.skip("each reader of YAML has its own words for what it cannot read")
    file = folder / "spec.yaml"
    source = read_source(file, name=file.name)
    faults = faults_of(source, siblings(file, file.name))
    actual = render(faults, plain) + "\n"
    if update:
        (folder / "stderr.txt").write_text(actual, "utf-8")

    assert folder.parent.name in {fault.rule for fault in faults}
    assert (folder / "stderr.txt").read_text("utf-8") == actual


def test_every_rule_has_a_case() -> None:
    """The folders are those of the catalogue's rules, but for those of importers."""
    folders = {folder.parent.name for folder in FOLDERS}

    assert sorted(diagnostic_rules()) == sorted(folders | BUILT_HERE | rules_shown())


# --- the file itself ------------------------------------------------------------------


def test_file_that_is_not_utf8(tmp_path: Path) -> None:
    """The first byte that is no part of UTF-8 is counted."""
    file = tmp_path / "spec.yaml"
    file.write_bytes("title: Häfen\n".encode("latin-1"))

    with pytest.raises(Faults) as caught:
        read_source(file, name="spec.yaml")

    assert (
        "error[not-utf8]: spec.yaml is not UTF-8 text; the first wrong byte is at 8\n"
        "help: save the file as UTF-8\n"
        "\n"
        "1 error"
    ) == render(caught.value.diagnostics, plain)


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [
        *((0, 6, "ab c\n  d"), (3, 9, "c\n  d"), (0, 1, "a"), (2, 4, "b c")),
        *((0, 0, "a"), (3, 3, "c"), (5, 5, "d"), (6, 6, "d")),
    ],
)
def test_part_of_a_folded_text(start: int, end: int, part: str) -> None:
    """A part is found where it is written; an empty one is the character there.

    White space is the character before it.
    """
    text = "key: >-\n  ab c\n  d\n"
    span = Span(SourceFile("spec.yaml", text), text.index(">"), len(text))

    found = part_of(Located("ab c d", span), start, end)

    assert part == text[found.start : found.end]


def many_definitions(roots: int, chain: int, *more: str) -> str:
    """So many roots that all lead to one chain, and more shapes, which are roots."""
    links = [
        f"  C{n}: {{type: structure, members: {{N: C{n + 1}}}}}" for n in range(chain)
    ]
    links[-1] = f"  C{chain - 1}: {{type: structure, members: {{}}}}"
    starts = [f"  R{n}: {{type: structure, members: {{N: C0}}}}" for n in range(roots)]
    names = [*(f"R{n}" for n in range(roots)), *(one.split(":")[0] for one in more)]
    others = [f"  {one}" for one in more]
    shapes = "\n".join((*starts, *links, *others))
    return f"{HEAD}roots: [{', '.join(names)}]\nshapes:\n{shapes}\n"


@pytest.mark.parametrize(
    ("roots", "chain", "more", "right"),
    [
        (500, 199, (), True),
        (500, 199, ("X: {type: structure, members: {}}",), False),
        (499, 199, ("X: {type: structure, members: {N: R0}}",), False),
        (1000, 110, (), True),
        (1001, 110, (), False),
        (100, 1001, (), True),
    ],
)
def test_roots_hold_a_hundred_thousand_definitions(
    roots: int, chain: int, more: tuple[str, ...], *, right: bool
) -> None:
    """Or a hundred times as many as there are shapes, and not one more."""
    found: list[str] = []
    try:
        compile_text(many_definitions(roots, chain, *more), targets=())
    except Faults as faults:
        found = [one.rule for one in faults.diagnostics]

    assert ([] if right else ["too-many-definitions"]) == found


def test_roots_that_lead_to_the_same_again_and_again() -> None:
    """The package is pointed at, and the roots are counted."""
    text = many_definitions(500, 200)

    assert (
        "error[too-many-definitions]:"
        " the JSON Schemas of 500 roots contain over 100,000 shapes\n"
        "  --> spec.yaml:2:10\n"
        "  |\n"
        "2 | package: harbour\n"
        "  |          ^^^^^^^\n"
        "help: each root has a document that holds all it leads to: use fewer roots\n"
        "\n"
        "1 error"
    ) == said_of(text)


def test_file_that_is_too_large(tmp_path: Path) -> None:
    """A file above the limit is not read."""
    file = tmp_path / "spec.yaml"
    file.write_text("# far too long\n" * 100)

    with pytest.raises(Faults) as caught:
        read_source(file, name="spec.yaml", limit=1000)

    assert (
        "error[file-too-large]: spec.yaml has 1,500 bytes; the limit is 1,000\n"
        "help: to read it anyway, raise the limit with --max-size\n"
        "\n"
        "1 error"
    ) == render(caught.value.diagnostics, plain)


@pytest.mark.parametrize("char", ["\0", "\a", "\x1b", "\x7f", "\ufffe"])
def test_character_that_yaml_does_not_allow(char: str) -> None:
    """The character is named, and shown as an escape."""
    assert (
        f"error[yaml-character]: the character U+{ord(char):04X} is not allowed in YAML"
        "\n"
        "  --> spec.yaml:1:8\n"
        "  |\n"
        f"1 | title: \\u{ord(char):04x}\n"
        "  |        ^^^^^^\n"
        f'help: in a double-quoted string, write it as "\\u{ord(char):04x}"\n'
        "\n"
        "1 error"
    ) == said_of(f"title: {char}\n")


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "bom"])
def test_line_breaks_and_byte_order_marks(
    tmp_path: Path, line_break: str, mark: str
) -> None:
    """Places are counted alike, whatever an editor made of the file."""
    file = tmp_path / "spec.yaml"
    text = f"{mark}{SHAPE}      Name: text\n"
    file.write_bytes(text.replace("\n", line_break).encode())

    faults = faults_of(read_source(file, name="spec.yaml"))

    assert ["spec.yaml:7:13"] == [
        str(fault.primary.span) for fault in faults if fault.primary is not None
    ]


# --- hostile text ---------------------------------------------------------------------

HOSTILE: dict[str, tuple[str, list[str]]] = {
    "brackets": ("[" * 100_000, ["nesting-too-deep"]),
    "braces": ("{a: " * 100_000, ["nesting-too-deep"]),
    "dashes": ("- " * 100_000, ["nesting-too-deep"]),
    "question-marks": ("? " * 100_000, ["nesting-too-deep"]),
    "levels": ("".join(f"{' ' * n}a:\n" for n in range(999)), ["nesting-too-deep"]),
    "list": ("- shapespec: 1\n", ["wrong-type"]),
    "text": ("shapespec", ["wrong-type"]),
    "null": ("~", ["wrong-type"]),
    "alias-of-the-whole": ("&a [*a]", ["cyclic-alias"]),
    "alias-as-key": ("&a a: 1\n*a : 2\n", ["duplicate-key"]),
    "huge-version": (f"shapespec: {'1' * 5000}\n", ["missing-key", "wrong-type"]),
    "long-key": (f"? {'k' * 100_000}\n: 1\n", ["missing-key", "unknown-key"]),
    "long-line": (f"{HEAD}shapes: {{}} # {'x' * 1_000_000}\n", ["wrong-type"]),
    "no-shapes": (f"{HEAD}shapes: {{}}\n", ["wrong-type"]),
    "huge-bound": (
        f"{SHAPE}      Depth: {{type: long, range: {{max: {'9' * 400}}}}}\n",
        [],
    ),
    "huge-bound-and-fraction": (
        f"{SHAPE}      Depth: {{type: long, range: {{min: {'9' * 400}, max: 1.5}}}}\n",
        ["fractional-bound", "min-above-max"],
    ),
    "longer-bound": (
        f"{SHAPE}      Depth: {{type: long, range: {{max: {'9' * 401}}}}}\n",
        ["wrong-type"],
    ),
    "huge-example": (
        f"{SHAPE}      Depth: {{type: double, examples: [{'9' * 400}, 1e999]}}\n",
        ["invalid-value"],
    ),
    "deep-example": (
        f"{SHAPE}      Any: {{type: document, examples: [{'[' * 90}{']' * 90}]}}\n",
        [],
    ),
    "deep-shape": (
        f"{SHAPE}      Any: {'{type: list, member: ' * 90}string{'}' * 90}\n",
        [],
    ),
    "deep-pattern": (
        f"{SHAPE}      Name: {{type: string, pattern: '{'(' * 9999}'}}\n",
        ["unsupported-pattern"],
    ),
    "empty-pattern": (f"{SHAPE}      Name: {{type: string, pattern: ''}}\n", []),
    "null-members": (f"{SHAPE}      ~: string\n      null: string\n", ["wrong-type"]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text(name: str) -> None:
    """Text made to break the compiler gets diagnostics, soon, or compiles."""
    text, expected = HOSTILE[name]

    assert expected == rules_of(text)


def test_no_diagnostic_obeys_a_terminal() -> None:
    """Control characters in names are shown as signs, in messages too."""
    said = said_of(f'{HEAD}"\\e[2J\\a": 1\nshapes: {{"a\\u202eb": {{}}}}\n')

    assert {"\n"} == {char for char in said if not char.isprintable()}


def test_marks_stand_below_what_they_mark() -> None:
    """Wide and combining characters take as many columns as on a terminal."""
    said = said_of(f"{SHAPE}      桟橋: text\n      e\u0301: text\n")
    marks = [line for line in said.splitlines() if line.endswith("^")]

    assert ["  |             ^^^^", "  |          ^^^^"] == marks


def test_dollar_in_a_member_is_not_part_of_an_id() -> None:
    """`A$member` is a member of its own, not the items of `A`."""
    schema = compile_spec(
        SourceFile(
            "spec.yaml",
            f"{SHAPE}"
            "      A: {type: list, member: {type: string, length: {max: 2}}}\n"
            "      A$member: {type: string, length: {max: 5}}\n",
        )
    )

    assert ["Berth", "Berth$A", "Berth$A$member", "Berth$A$$member"] == [*schema.shapes]


# --- the meta-schema ------------------------------------------------------------------


def as_json(value: Any) -> Any:
    """What an editor makes of a YAML value: keys are texts, and so are dates."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def editor_accepts(text: str) -> bool:
    """Whether the meta-schema finds nothing wrong with the text of a spec."""
    value = as_json(YAML(typ="safe", pure=True).load(text))
    validator = jsonschema.Draft202012Validator(json.loads(meta_schema()))
    return bool(validator.is_valid(value))


def is_yaml(text: str) -> bool:
    """Whether a text can be read as YAML at all, within the limits."""
    try:
        yaml_tree.compose(SourceFile("spec.yaml", text))
    except Faults:
        return False
    return True


def is_built_right(text: str) -> bool:
    """Whether the frontend finds nothing wrong with how a spec is built."""
    try:
        read_spec(SourceFile("spec.yaml", text))
    except Faults as faults:
        rules = {fault.rule for fault in faults.diagnostics}
    else:
        return True
    assert rules <= STRUCTURAL
    return False


def texts() -> dict[str, str]:
    """Every spec of the cases and of the guide that is YAML, and the flagship."""
    found = {
        name: read_source(folder / "spec.yaml").text
        for name, folder in zip(NAMES, FOLDERS, strict=True)
    }
    found |= {f"guide/{example.id}": example.text for example in SPECS}
    found["flagship"] = read_source(FLAGSHIP).text
    return {name: text for name, text in found.items() if is_yaml(text)}


TEXTS = texts()

EDITOR_CANNOT_KNOW = {"wrong-type/name": "a key that is nothing is text to an editor"}

SPELLINGS = {
    "a whole number with a fraction of 0": "length: {min: 1.0}",
    "a hexadecimal number": "length: {min: 0x10}",
    "a number with leading zeros": "length: {min: 010}",
    "a number of more than 400 digits": f"length: {{min: {'1' * 401}}}",
}
"""What the compiler refuses and an editor takes for a number."""


def test_meta_schema_is_current(*, update: bool) -> None:
    """`spec/shapespec.schema.json` is what `shapespec meta-schema` prints."""
    if update:
        META_SCHEMA.write_text(meta_schema(), "utf-8")

    assert META_SCHEMA.read_text("utf-8") == meta_schema()


def test_meta_schema_is_a_schema() -> None:
    """It is JSON Schema 2020-12, and its patterns use nothing that only Python has."""
    document = json.loads(meta_schema())
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', meta_schema())

    jsonschema.Draft202012Validator.check_schema(document)
    assert "https://json-schema.org/draft/2020-12/schema" == document["$schema"]
    assert [] == [one for one in patterns if re.search(r"\(\?[^:]", json.loads(one))]


@pytest.mark.parametrize("name", TEXTS)
def test_meta_schema_agrees_with_the_compiler(name: str) -> None:
    """An editor marks what is built wrong, and nothing else."""
    agrees = is_built_right(TEXTS[name]) == editor_accepts(TEXTS[name])

    assert agrees != (name in EDITOR_CANNOT_KNOW)


@pytest.mark.parametrize("trait", SPELLINGS.values(), ids=SPELLINGS)
def test_meta_schema_cannot_know_spellings(trait: str) -> None:
    """How a number was written is lost on an editor."""
    text = f"{SHAPE}      Name: {{type: string, {trait}}}\n"

    assert (False, True) == (is_built_right(text), editor_accepts(text))


@pytest.mark.parametrize("title", ["true", "12", "1.10", "no", "12:30", "2024-05-01"])
def test_meta_schema_takes_values_for_text(title: str) -> None:
    """A text that YAML reads as something else is text to both."""
    text = f"{SHAPE}      Name: string\ntitle: {title}\n"

    assert (True, True) == (is_built_right(text), editor_accepts(text))


def test_meta_schema_wants_quotes_around_some_names() -> None:
    """A name that YAML reads as a truth value is none to an editor."""
    text = f"{SHAPE}      Name: string\n".replace("harbour", "true")
    quoted = text.replace("true", "'true'")

    assert (True, False) == (is_built_right(text), editor_accepts(text))
    assert (True, True) == (is_built_right(quoted), editor_accepts(quoted))
