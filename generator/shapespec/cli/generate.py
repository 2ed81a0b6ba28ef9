"""`shapespec generate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from shapespec.cli.common import Size
from shapespec.diagnostics.model import Diagnostic, Faults
from shapespec.files import MAX_SPEC_BYTES, read_source, siblings
from shapespec.output import Change, Folder, OutputFile
from shapespec.settings import find_settings
from shapespec.targets import TARGETS


@click.command()
@click.argument("specs", metavar="[SPEC]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into; default: generated/.",
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    type=click.Choice(TARGETS),
    help="What to generate; may be given several times. Default: all but sql.",
)
@click.option("--check", is_flag=True, help="Write nothing; show what is stale.")
@click.option(
    "--max-size",
    type=Size(),
    default=MAX_SPEC_BYTES,
    show_default="16MB",
    help="How large a spec may be.",
)
def command(
    specs: tuple[Path, ...],
    out: Path | None,
    targets: tuple[str, ...],
    *,
    check: bool,
    max_size: int,
) -> None:
    """Compile specs into JSON Schema, dataclasses, validators and a reference.

    Nothing is written unless all specs are right, and each file is written whole.
    Files that an earlier run generated and that are no longer wanted are removed.

    \b
    Exit codes:
      0  written, or with --check: all is current
      1  a spec is wrong, or with --check: something is stale
      2  wrong usage, or a folder that cannot be written

    \b
    Examples:
      shapespec generate
      shapespec generate api.yaml --out build --target json-schema
      shapespec generate --check
    """
    from shapespec.compiler import compile_spec, generate

    settings = find_settings(Path.cwd())
    wanted = targets or settings.targets
    root = out or settings.out
    faults: list[Diagnostic] = []
    built: list[tuple[Folder, tuple[OutputFile, ...]]] = []
    for spec in specs or settings.specs:
        try:
            shown = settings.shown(spec)
            source = read_source(spec, name=shown, limit=max_size)
            schema = compile_spec(source, siblings(spec, shown))
            folder = Folder(root, schema.package, source.digest)
            built.append((folder, generate(schema, wanted)))
        except Faults as found:
            faults += found.diagnostics
    if faults:
        raise Faults(faults)
    _refuse_same_package([folder.package for folder, _ in built])
    pending = []
    for folder, files in built:
        asked = {*wanted, *(file.target for file in files)}
        pending.append((folder, folder.changes(files, asked)))
    if check:
        _show_stale([change for _, changes in pending for change in changes])
        return
    for (folder, changes), (_, files) in zip(pending, built, strict=True):
        folder.apply(changes)
        state = f"{len(changes)} changed" if changes else "all current"
        click.echo(f"{folder.package}: {len(files)} files in {root}, {state}")


def _refuse_same_package(packages: list[str]) -> None:
    for package in packages:
        if packages.count(package) > 1:
            raise click.UsageError(f"two specs have the same package name: {package}")


def _show_stale(changes: list[Change]) -> None:
    if not changes:
        click.echo("all generated files are current")
        return
    for change in changes:
        for line in change.diff():
            click.echo(line, nl=not line.endswith("\n"))
    number = f"{len(changes)} file{'' if len(changes) == 1 else 's'}"
    click.echo(f"{number} stale; run `shapespec generate` to update", err=True)
    sys.exit(1)
