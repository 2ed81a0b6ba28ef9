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

    PACKAGE is the folder of a generated package, or its name in Python. One file is
    written beside its modules, `_compiled…`, for this version of Python. The package
    works without it, and after the next `shapespec generate` that changes the validator
    the file is passed over until it is made anew.

    Needs a C compiler, and: pip install "shapespec[accelerate]"

    \b
    Exit codes:
      0  compiled, or removed
      2  there is no such package, no Cython, one that is too old, or no compiler
    """
    from shapespec import accelerate

    folder = accelerate.find_package(package)
    if undo:
        for path in accelerate.undo(folder):
            say(f"removed {path}")
        return
    say(f"compiled {accelerate.accelerate(folder)}")
