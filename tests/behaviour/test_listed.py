"""Constants and listed values, in every output."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal, get_type_hints

import pytest

from shapespec.drafts import finish
from shapespec.drafts.model import Draft, Member, Shape
from shapespec.tools.samples.sampler import Sampler
from tests.support import compile_text

SPEC = r"""
shapespec: 1
package: library
roots: [Scan]
shapes:
  Scan:
    type: structure
    members:
      Kind: {type: string, const: "scan\"\n", required: true}
      Dpi: {type: integer, values: [150, 300]}
      Zoom: {type: double, values: [0.5, 1]}
      Public: {type: boolean, const: true, required: true, nullable: true}
      Pages: {type: document, values: [all, 1, true]}
      Area: {type: document, values: [[0, 0], {a: 1}]}
      Loose: {type: string, values: [a, b], claimed: true}
      Sizes: {type: list, member: {type: string, values: [A4, A5]}}
forms:
  row: {timestamps: {read: [iso-8601], write: iso-8601}, columns: [json]}
"""
FULL: dict[str, Any] = {
    "Kind": 'scan"\n',
    "Dpi": 300,
    "Zoom": 1,
    "Public": None,
    "Pages": True,
    "Area": [0, 0],
    "Loose": "b",
    "Sizes": ["A5"],
}


def test_classes_have_literals() -> None:
    """But not for what a literal cannot be, or what need not be so."""
    package = compile_text(SPEC).package

    hints = get_type_hints(
        package.Scan, vars(import_module(f"{package.__name__}.models"))
    )

    assert Literal['scan"\n'] == hints["kind"]
    assert Literal[150, 300] | None == hints["dpi"]
    assert float | None == hints["zoom"]
    assert Literal[True] | None == hints["public"]
    assert Literal["all", 1, True] | None == hints["pages"]
    assert Any is hints["area"]
    assert str | None == hints["loose"]
    assert tuple[Literal["A4", "A5"], ...] | None == hints["sizes"]


def test_values_go_round() -> None:
    """What is read is written."""
    package = compile_text(SPEC).package

    assert package.is_valid(FULL, strict=True)
    assert FULL == package.Scan.from_response(FULL).to_response()


def test_a_secret_value_is_not_shown() -> None:
    """The message says what is expected, which the spec says, and no more."""
    spec = SPEC.replace("values: [150, 300]", "values: [150, 300], sensitive: true")
    package = compile_text(spec).package

    (found,) = package.validate(FULL | {"Dpi": 4711})

    assert found.message.startswith("expected 150 or 300, got ")
    assert "4711" not in str(found)


def test_types_have_literals() -> None:
    """TypeScript has them, too."""
    (text,) = compile_text(SPEC, targets=("typescript",)).files.values()

    assert '  Kind: "scan\\"\\n";' in text
    assert "  Dpi?: 150 | 300 | null;" in text
    assert "  Zoom?: 0.5 | 1 | null;" in text
    assert "  Public: true | null;" in text
    assert '  Pages?: "all" | 1 | true | null;' in text
    assert "  Area?: unknown | null;" in text


@pytest.mark.parametrize("dialect", ["postgresql", "duckdb"])
def test_tables_check_them(dialect: str) -> None:
    """A column holds no other value."""
    files = compile_text(SPEC, targets=("sql",)).files
    text = files[f"sql/library/{dialect}.sql"]

    for check in (
        """("Dpi" IN (150, 300))""",
        """("Zoom" IN (0.5, 1))""",
        """("Public" IN (true))""",
    ):
        assert check in text


def test_the_reference_lists_them() -> None:
    """A constant, and values, are facts of the member."""
    page = compile_text(SPEC, targets=("docs",)).files["docs/library/Scan.md"]

    assert "- **Constant:** `true`" in page
    assert "- **Valid values:** `150` or `300`" in page
    assert "one of `A4` or `A5`" in page


def test_models_have_them() -> None:
    """Models for pydantic refuse another value."""
    pytest.importorskip("datamodel_code_generator")
    pydantic = pytest.importorskip("pydantic")
    (text,) = compile_text(SPEC, targets=("pydantic",)).files.values()
    models: dict[str, Any] = {"__name__": "_listed"}
    import sys
    import types

    module = types.ModuleType("_listed")
    sys.modules["_listed"] = module
    exec(compile(text, "<models>", "exec", dont_inherit=True), vars(module))  # noqa: S102 - it is what is tested
    del models
    scan: Any = vars(module)["Scan"]

    scan.model_validate(FULL)
    for wrong in ({"Dpi": 200}, {"Kind": "x"}, {"Public": False}, {"Sizes": ["A6"]}):
        with pytest.raises(pydantic.ValidationError):
            scan.model_validate(FULL | wrong)


def test_samples_keep_them_and_break_them() -> None:
    """Each is shown kept, and broken where it can be."""
    sampler = Sampler(compile_text(SPEC).schema)

    broken = {
        one.pointer: one.constraint.rule
        for one in sampler.invalid("Scan")
        if one.constraint.keyword in ("const", "enum")
    }

    assert {
        *("/Kind", "/Dpi", "/Zoom", "/Public", "/Pages", "/Area", "/Loose", "/Sizes/0")
    } == set(broken)
    assert {"enum"} == set(broken.values())


def test_a_draft_can_say_them() -> None:
    """Importers say them of a shape."""
    members = (
        Member(name="a", target=Shape(type="string", const=("x: y",))),
        Member(name="b", target=Shape(type="document", allowed=(1, None, "1", True))),
        Member(name="c", target=Shape(type="boolean", const=(False,))),
    )
    draft = Draft(
        command="test",
        origin=("nowhere",),
        package="library",
        title=None,
        shapes={"Book": Shape(type="structure", members=members)},
        roots=("Book",),
    )

    shapes = compile_text(finish(draft).text, targets=()).schema.shapes

    assert ("x: y",) == getattr(shapes["Book$a"], "const", None)
    assert (1, None, "1", True) == getattr(shapes["Book$b"], "allowed", None)
    assert (False,) == getattr(shapes["Book$c"], "const", None)
