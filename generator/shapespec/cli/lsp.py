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
    """Run the language server for specs, which an editor starts.

    It shows errors as you type, completes and explains shapes, members and traits,
    finds and renames shapes, and formats specs. spec/editors.md says how to set up VS
    Code, Neovim and Helix.

    \b
    Exit codes:
      0  the editor has ended it
      2  pygls is not installed: pip install 'shapespec[lsp]'
    """
    need("pygls", "lsp")
    from shapespec.lsp.server import make_server

    make_server().start_io()
