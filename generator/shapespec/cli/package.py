"""`shapespec package`."""

from __future__ import annotations

from pathlib import Path

import click

from shapespec.api import spec_of
from shapespec.cli.common import chosen_address
from shapespec.cli.options import out_option
from shapespec.ground.terminal import say
from shapespec.ground.writing import write_file
from shapespec.project.files import read_source, siblings
from shapespec.project.settings import find_settings
from shapespec.tools.wheel import Wheel

_TARGETS = ("dataclasses", "validators")


@click.command()
@click.argument(
    "spec", metavar="[SPEC]", required=False, type=click.Path(path_type=Path)
)
@out_option("The folder to write into; default: dist/.", folder=True)
@click.option("--name", help="Name for pip; default: that of the package, with `-`.")
@click.option(
    "--version",
    default="0.1.0",
    show_default=True,
    help="The version of the distribution.",
)
@click.option(
    "--slim",
    is_flag=True,
    help="Write shapespec-slim, too: `watch`, the pytest fixture and validate_file for"
    " generated packages, without the compiler.",
)
def command(
    spec: Path | None, out: Path | None, name: str | None, version: str, *, slim: bool
) -> None:
    """Build a wheel of one contract: its dataclasses and validators.

    The wheel needs no other distribution, not even shapespec. SPEC is any address of a
    contract. The same spec gives the same wheel, byte for byte. Install shapespec-slim
    instead of shapespec, not together with it.

    \b
    Exit codes:
      0  the wheel is written
      1  the spec has errors
      2  it cannot be read or written, or wrong usage

    \b
    Examples:
      shapespec package weather.yaml --version 1.2
      shapespec package aws:sqs:ReceiveMessage --slim --out wheels
      pip install --no-index wheels/*.whl
    """
    settings = find_settings(Path.cwd())
    found = spec_of(chosen_address(spec, settings))
    wheels = [_contract(found, settings.shown(found), name, version)]
    if slim:
        from shapespec.tools.slim import slim_wheel

        wheels.append(slim_wheel())
    folder = Path("dist") if out is None else out
    made = [(wheel, wheel.contents()) for wheel in wheels]
    for wheel, contents in made:
        path = folder / wheel.file_name
        write_file(path, contents, named=False)
        number = len(wheel.files)
        size = (len(contents) + 999) // 1000
        say(f"{path}: {number} file{'' if number == 1 else 's'}, {size} kB")


def _contract(spec: Path, shown: str, name: str | None, version: str) -> Wheel:
    """The wheel of a contract."""
    from shapespec.compiler import compile_spec, generate

    schema = compile_spec(read_source(spec, name=shown), siblings(spec, shown))
    prefix = "python/"
    files = {
        file.path.removeprefix(prefix): file.text.encode()
        for file in generate(schema, _TARGETS)
        if file.path.startswith(prefix)
    }
    return Wheel(
        name=schema.package.replace("_", "-") if name is None else name,
        version=version,
        summary=schema.title,
        files=files,
    )
