"""`shapespec lsp`."""

from __future__ import annotations

import click

from shapespec.ground.extras import need


@click.command()
@click.option(
    "--stdio",
    is_flag=True,
    expose_value=False,
    help="Talk over standard input and output, as it always does; editors add this.",
)
def command() -> None:
    """Run a language server for specs, for an editor to talk to.

    It shows what is wrong as you type, completes shapes, members and traits, explains
    them, finds and renames shapes, and lays specs out. spec/editors.md says how to set
    up VS Code, Neovim and Helix.

    \b
    Exit codes:
      0  the editor has ended it
      2  pygls is not installed: pip install 'shapespec[lsp]'
    """
    need("pygls", "lsp")
    from shapespec.lsp.server import make_server

    make_server().start_io()
