"""Options that are alike in all commands: one name each, and older ones that go on."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

Command = TypeVar("Command", bound="Callable[..., Any]")


class Named(click.Path):
    """A file or a folder that is named; `pathlib` is loaded once there is one."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        """The path.

        Raises:
            BadParameter: It is a file where a folder is meant, or a folder.
        """
        from pathlib import Path

        return Path(os.fsdecode(super().convert(value, param, ctx)))


class NewFile(Named):
    """A file to write beside standard output, which has the summary."""

    def __init__(self) -> None:
        """A type of files; folders are refused."""
        super().__init__(dir_okay=False)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        """The path of the file.

        Raises:
            BadParameter: It is a folder, or `-`.
        """
        if value == "-":
            self.fail(
                "standard output has the summary; name a file, or /dev/stdout",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


class Aliased(click.Option):
    """An option with names that go on working, and that its help does not show."""

    def __init__(self, *names: Any, shown: tuple[str, ...], **given: Any) -> None:
        """The option as `click.option` makes it, of which `shown` are shown."""
        super().__init__(*names, **given)
        self.shown = shown

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line of the help."""
        every, self.opts = self.opts, [*self.shown]
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = every


def out_option(
    help_text: str, *, folder: bool = False, printed: bool = True
) -> Callable[[Command], Command]:
    """The option that names the file or the folder to write, alike in all commands.

    Args:
        help_text: What is written, and where if nothing is named.
        folder: Whether it is a folder.
        printed: Whether a file can be standard output, which `-` stands for.
    """
    return click.option(
        "-o",
        "--out",
        "--output",
        "--output-file",
        "out",
        cls=Aliased,
        shown=("-o", "--out"),
        type=Named(dir_okay=folder, file_okay=not folder)
        if folder or printed
        else NewFile(),
        callback=_printed if printed and not folder else None,
        help=help_text,
    )


def _printed(
    context: click.Context, option: click.Parameter, file: Path | None
) -> Path | None:
    """A file to write, or none where `-` stands for standard output."""
    del context, option
    return None if str(file) == "-" else file
