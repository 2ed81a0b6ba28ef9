"""The target `typescript`: types that say what a response may be, and no more."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from shapespec.compiler import generate
from tests.support import ROOT, compile_text, flagship

TSC = ROOT / ".venv" / "npm" / "node_modules" / ".bin" / "tsc"
needs_compiler = pytest.mark.skipif(
    not TSC.exists() or shutil.which("node") is None,
    reason="needs node and TypeScript: make .venv/.npm",
)

SPEC = """
shapespec: 1
package: harbour
operations:
  GetShip: {output: Ship, doc: One ship.}
shapes:
  Ship:
    type: structure
    doc: 'A ship. */ export const x = 1; // \N{RIGHT-TO-LEFT OVERRIDE}'
    members:
      Name: {type: string, required: true, length: {min: 1, max: 40}}
      Flag: Flag
      Class: {target: Class, required: true}
      Left: {type: timestamp, doc: When it left.}
      Berths: {type: integer, unit: berths, default: 4}
      Crew: {type: list, member: Person, sparse: true}
      Tanks: {type: map, key: Tank, value: double}
      Papers: document
      odd-name: {type: boolean, deprecated: {since: '2020', use: Class}}
      Cargo: Cargo
      Boats: {type: list, member: Ship}
  Flag: {type: enum, open: true, values: [NO, PA]}
  Class:
    type: enum
    values:
      sail: {doc: Under sail.}
      'steam"': {retired: true}
  Tank: {type: enum, values: [fuel, water]}
  Person: {type: structure, members: {Rank: string}}
  Cargo:
    type: union
    members:
      Tons: double
      Boxes: {type: integer, range: {min: 1}}
  any: {type: map, key: string, value: any, sparse: true}
  Log: {type: structure, members: {Marks: any}}
roots: [Ship, Log]
"""


def types_of(spec: str) -> str:
    """The module that the target makes of a spec."""
    (text,) = compile_text(spec, targets=("typescript",)).files.values()
    return text


def harbour() -> str:
    """The module of the ships."""
    return types_of(SPEC)


def compiled(folder: Path, **sources: str) -> str:
    """What `tsc --strict` says about modules; nothing where all is well."""
    for name, text in sources.items():
        (folder / f"{name}.ts").write_text(text, "utf-8")
    done = subprocess.run(
        [
            str(TSC),
            "--strict",
            "--noEmit",
            "--exactOptionalPropertyTypes",
            "--target",
            "es2022",
            "--moduleResolution",
            "bundler",
            "--module",
            "es2022",
            *(f"{name}.ts" for name in sources),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_an_open_enum_takes_any_string_and_a_closed_one_does_not() -> None:
    """An open enum still lists its values, for completion."""
    text = harbour()

    assert 'export type Flag = "NO" | "PA" | (string & {});' in text
    assert 'export type Class = "sail" | "steam\\"";' in text


def test_what_may_be_absent_may_be_null() -> None:
    """A required member is there; any other may be absent or null."""
    text = harbour()

    assert "  Name: string;" in text
    assert "  Left?: Timestamp | null;" in text
    assert "  Crew?: (Person | null)[] | null;" in text


def test_comments_say_what_types_cannot() -> None:
    """Bounds, units, defaults, what is deprecated or retired."""
    text = harbour()

    assert "/** 1 to 40 characters. */" in text
    assert "Unit: berths." in text
    assert "Default: `4`." in text
    assert "@deprecated since 2020. Use Class instead." in text
    assert '- "steam\\"": Retired: no longer sent.' in text


def test_no_text_of_a_spec_becomes_code() -> None:
    """A doc cannot end its comment, and what does not show is escaped."""
    text = harbour()

    assert "A ship. *\\/ export const x = 1; // \\u202e" in text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text


def test_a_reserved_name_is_told_apart() -> None:
    """`any` means something in TypeScript, and so does the name of another shape."""
    assert "export type any_ = { [key: string]: any_ | null };" in harbour()


def test_nobody_gets_it_unasked() -> None:
    """It is not among the targets that are written by default."""
    assert not [path for path in compile_text(SPEC).files if "typescript" in path]


@needs_compiler
def test_the_compiler_takes_the_types_as_they_are_meant(tmp_path: Path) -> None:
    """Right values are accepted, and each wrong one is refused at its line."""
    use = """
import type { Cargo, Operations, Ship } from "./harbour";

const ship: Operations["GetShip"]["output"] = {
  Name: "Ada", Class: "sail", Flag: "SE", Left: 1.5, Crew: [null, {Rank: "mate"}],
  Tanks: {fuel: 2}, Papers: [1], "odd-name": null, Cargo: {Tons: 3}, Boats: [],
};
// @ts-expect-error a closed enum has no such value
const steam: Ship = {Name: "Ada", Class: "oars"};
// @ts-expect-error a required member is absent
const unnamed: Ship = {Class: "sail"};
// @ts-expect-error one variant of a union, not two
const both: Cargo = {Tons: 1, Boxes: 2};
// @ts-expect-error a key that the enum lacks
const tank: Ship["Tanks"] = {beer: 2};
export function weight(cargo: Cargo): number {
  return cargo.Tons != null ? cargo.Tons : cargo.Boxes;
}
export { ship, steam, unnamed, both, tank };
"""

    assert "" == compiled(tmp_path, harbour=harbour(), use=use)


@needs_compiler
def test_every_construct_compiles(tmp_path: Path) -> None:
    """All that the language has, and the flagship with its samples."""
    every = ROOT / "tests" / "differential" / "every_construct.yaml"
    (flag,) = generate(flagship(), ("typescript",))
    example = ROOT / "spec" / "sagemaker" / "examples" / "valid.json"
    response = json.loads(example.read_text("utf-8"))
    use = (
        'import type { DescribeTrainingJobResponse } from "./flag";\n'
        "export const response: DescribeTrainingJobResponse = "
        f"{json.dumps(response)};\n"
    )

    assert "" == compiled(
        tmp_path, every=types_of(every.read_text("utf-8")), flag=flag.text, use=use
    )


CHOICES = """
shapespec: 1
package: quays
operations:
  GetStay: {outputs: {200: Stay, 404: Problem}, errors: [Busy]}
shapes:
  Stay:
    one_of: [Berth, Dock]
    discriminator: kind
    mapping: {berth: Berth, buoy: Berth, dock: Dock}
  Berth: {type: structure, members: {kind: string, Length: integer}}
  Dock:
    type: structure
    members: {kind: {type: string, const: dock, required: true}, Gate: string}
  Problem: {type: structure, members: {Text: string}}
  Busy: {type: structure, members: {Until: string}}
"""


def test_a_mapping_gives_options_their_tags() -> None:
    """They are beside an option that does not list them itself."""
    text = types_of(CHOICES)

    assert 'export type Stay = (Berth & { kind: "berth" | "buoy" }) | Dock;' in text


def test_an_operation_has_what_it_gives_by_status() -> None:
    """And its errors."""
    text = types_of(CHOICES)

    assert 'outputs: { "200": Stay; "404": Problem };' in text
    assert "errors: Busy;" in text


@needs_compiler
def test_the_compiler_narrows_a_choice_by_its_tag(tmp_path: Path) -> None:
    """A tag says which members there are."""
    use = """
import type { Operations, Stay } from "./quays";
export function size(stay: Stay): string {
  return stay.kind === "dock" ? stay.Gate ?? "" : String(stay.Length ?? 0);
}
// @ts-expect-error no option has this tag
export const lost: Stay = {kind: "pier"};
export const problem: Operations["GetStay"]["outputs"]["404"] = {Text: "none"};
"""

    assert "" == compiled(tmp_path, quays=types_of(CHOICES), use=use)
