"""Specs that import shapes of other specs."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapespec.compiler import compile_spec
from shapespec.diagnostics.model import Faults
from shapespec.passes.imports import MOST
from shapespec.project.files import read_source
from shapespec.responses.contract import contract_by_path
from tests.support import run_shapespec

SHOP = """
shapespec: 1
package: shop
imports: {money: shared/money.yaml, pets: pets.yaml, units: shared/units.yaml}
operations:
  GetOrder: {outputs: {200: Order, 404: pets.Pet}}
shapes:
  Order:
    type: structure
    members:
      Price: {target: money.Amount, required: true}
      Prices: {type: list, member: money.Amount}
      Kind: Kind
  Kind: {type: enum, grouped_by: units.Unit, values: {a: {under: EUR}}}
"""
MONEY = """
shapespec: 1
package: money
closed: true
imports: {main: ../shop.yaml, units: units.yaml}
shapes:
  Amount:
    type: structure
    members:
      Value: {type: double, required: true}
      Unit: units.Unit
      Of: main.Order
  Unused: {type: structure, members: {a: string}}
"""
UNITS = """
shapespec: 1
package: units
shapes:
  Unit: {type: enum, values: [EUR, USD]}
"""
PETS = """
shapespec: 1
package: pets
imports: {units: shared/units.yaml}
shapes:
  Pet: {one_of: [Cat, Dog], discriminator: kind}
  Cat: {type: structure, members: {kind: string, price: units.Unit}}
  Dog: {type: structure, members: {kind: string}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    (tmp_path / "pets.yaml").write_text(PETS, "utf-8")
    (tmp_path / "shared" / "money.yaml").write_text(MONEY, "utf-8")
    (tmp_path / "shared" / "units.yaml").write_text(UNITS, "utf-8")
    return tmp_path / "shop.yaml"


def test_shapes_are_called_by_namespace_and_name(shop: Path) -> None:
    """Of an imported file what is used is taken, and a file is one, however reached."""
    schema = compile_spec(read_source(shop))

    assert [
        "Order",
        "Kind",
        "MoneyAmount",
        "PetsPet",
        "PetsCat",
        "PetsDog",
        "UnitsUnit",
    ] == [one.id for one in schema.named_shapes()]
    assert ("Order", "PetsPet") == schema.roots


def test_what_an_imported_file_says_of_itself_holds(shop: Path) -> None:
    """Its structures are closed as it says, and tags are names of its own."""
    contract = contract_by_path(shop)

    found = contract.validate(
        {"Price": {"Value": 1, "Extra": 2}, "More": 3}, shape="Order"
    )
    pets = contract.validate({"kind": "PetsCat"}, shape="PetsPet")

    assert [
        ("unknown-member", "error", "/Price/Extra"),
        ("unknown-member", "warning", "/More"),
    ] == [(one.rule, one.severity, one.pointer) for one in found]
    assert ["enum"] == [one.rule for one in pets]
    assert contract.is_valid({"kind": "Cat", "price": "EUR"}, shape="PetsPet")


def test_a_fault_is_where_it_is(shop: Path) -> None:
    """A diagnostic about an imported shape points into its file."""
    money = shop.parent / "shared" / "money.yaml"
    money.write_text(MONEY.replace("Value: {", "Value: {range: {min: 2, max: 1}, "))

    with pytest.raises(Faults) as caught:
        compile_spec(read_source(shop))

    (fault,) = caught.value.diagnostics
    assert "min-above-max" == fault.rule
    assert fault.primary is not None
    assert f"{money}:10:" in str(fault.primary.span)


def test_generate_notices_imported_files(shop: Path) -> None:
    """What is imported is part of what a run read, and of what is current."""
    folder = shop.parent

    def run(*options: str) -> str:
        done = run_shapespec(
            "generate", "shop.yaml", "--out", "out", *options, cwd=folder
        )
        return f"{done.returncode} {done.stdout.splitlines()[0]}"

    first, again = run(), run()
    units = folder / "shared" / "units.yaml"
    units.write_text(UNITS.replace("USD", "GBP"), "utf-8")
    stale, changed, current = run("--check"), run(), run("--check")

    assert (True, True) == (first.startswith("0 shop: "), again.endswith("all current"))
    assert stale.startswith("1 --- ")
    assert changed.endswith(" changed")
    assert current == "0 all generated files are current"


def test_nothing_outside_of_the_project_is_read(tmp_path: Path, shop: Path) -> None:
    """A path may climb within a project, and no further; a link may not lead out."""
    project = tmp_path / "project"
    (project / "api").mkdir(parents=True)
    (project / "units.yaml").write_text(UNITS, "utf-8")
    spec = project / "api" / "spec.yaml"
    spec.write_text(
        "shapespec: 1\npackage: api\nimports: {units: ../units.yaml}\n"
        "shapes:\n  A: {type: structure, members: {u: units.Unit}}\n"
    )

    def said() -> str:
        try:
            compile_spec(read_source(spec))
        except Faults as faults:
            return faults.diagnostics[0].message
        return ""

    alone = said()
    (project / "pyproject.toml").write_text("", "utf-8")
    within = said()
    (project / "units.yaml").unlink()
    (project / "units.yaml").symlink_to(shop.parent / "shared" / "units.yaml")
    linked = said()

    assert alone.endswith("units.yaml: it leads out of the project")
    assert "" == within
    assert linked.endswith("units.yaml: it leads out of the project")


def test_files_without_end_are_refused(tmp_path: Path) -> None:
    """A chain of imports ends at a limit."""
    for number in range(MOST + 5):
        (tmp_path / f"s{number}.yaml").write_text(
            f"shapespec: 1\npackage: p\nimports: {{n: s{number + 1}.yaml}}\n"
            "shapes:\n  A: {type: structure, members: {n: n.A}}\n"
        )

    with pytest.raises(Faults) as caught:
        compile_spec(read_source(tmp_path / "s0.yaml"))

    assert f"over {MOST} files are imported" in caught.value.diagnostics[0].message
