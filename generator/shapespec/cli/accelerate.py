"""`shapespec accelerate`."""

from __future__ import annotations

import click

from shapespec.cli.names import FileName
from shapespec.ground.terminal import say


@click.command()
@click.argument("package", type=FileName())
@click.option("--undo", is_flag=True, help="Remove what was compiled.")
def command(package: str, *, undo: bool) -> None:
    """Compile a generated validator in place; its verdicts stay the same.

    PACKAGE is the folder of a generated package, or its name in Python. The command
    writes one file, `_compiled…`, next to the modules of the package, for this version
    of Python. The package also works without it. If a later `shapespec generate`
    changes the validator, Python ignores the file until you compile again.

    Needs a C compiler, and: pip install "shapespec[accelerate]"

    \b
    Exit codes:
      0  compiled, or removed
      2  no such package, no Cython or too old a one, or no C compiler
    """
    from shapespec import accelerate

    folder = accelerate.find_package(package)
    if undo:
        for path in accelerate.undo(folder):
            say(f"removed {path}")
        return
    say(f"compiled {accelerate.accelerate(folder)}")
