"""The command line: one module for each command, loaded when it is called."""

from __future__ import annotations

import gc
import keyword
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

from shapespec.ground.version import __version__

_MANY = 200_000
"""After how many objects Python looks for cycles; alone it does so after 700."""

COMMANDS: Mapping[str, str] = {
    "generate": "Compile specs into code, schemas and a reference.",
    "package": "Build a wheel of one contract.",
    "check": "Check specs for errors; write nothing.",
    "validate": "Validate responses against a contract.",
    "convert": "Convert responses between forms.",
    "import": "Import evidence from a page, or a spec from a service model or schema.",
    "date": "Show when responses could have been written, and why.",
    "observe": "Count what real responses contain, and find what the spec lacks.",
    "audit": "Compare the spec with the facts that its sources state.",
    "diff": "Show what changed between two contracts, and which code it breaks.",
    "accelerate": "Compile a generated validator in place.",
    "sample": "Generate sample responses, valid or with exactly one violation.",
    "coverage": "List every constraint with the samples that show it.",
    "explain": "Explain a finding or a diagnostic.",
    "aws": "List the services and operations of AWS; each has a contract.",
    "lsp": "Run the language server for specs, for editors.",
    "meta-schema": "Print the spec language as JSON Schema, for editors.",
}
"""Every command and what it does, in the order of the help."""


class Commands(click.Group):
    """A group that loads a command's module only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which one needs them."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        name += "_" * keyword.iskeyword(name)
        module = import_module(f"shapespec.cli.{name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; with a suggestion where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from shapespec.diagnostics.suggest import nearest

            near = nearest(args[0], COMMANDS)
            hint = f" Did you mean '{near}'?" if near else ""
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[CompletionItem]:
        """The commands that begin so, without loading any of them."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=says)
            for name, says in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return found or super(click.Group, self).shell_complete(ctx, incomplete)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The list of commands, without loading any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="shapespec")
def shapespec() -> None:
    """Validate API responses, and compile contracts into code, schemas and docs.

    A contract is a YAML file, the spec, which describes what an API response may look
    like. shapespec compiles it into JSON Schema, typed Python dataclasses, validators
    and a reference, and validates responses against it. Without a named spec, commands
    use the specs of the nearest pyproject.toml ([tool.shapespec] specs = [...]), or
    else the contract that ships with shapespec: Amazon SageMaker DescribeTrainingJob.

    \b
    Try:
      shapespec validate response.json      does this response match the contract?
      shapespec generate my-api.yaml        compile a spec of your own
      shapespec explain required            what a finding means

    \b
    Exit codes of all commands, besides their own 0 and 1:
      2    wrong usage, or something that cannot be read or written
      70   a bug in shapespec; SHAPESPEC_TRACEBACK=1 shows where
      130  interrupted
      141  the program that read the output has stopped
    """


def main() -> NoReturn:
    """Run the command line, and end with its exit code; see `ending.py`.

    A run begins with modules and ends with a contract, all of which stays. So cycles
    are looked for less often than Python does, and not once more at the end.
    """
    gc.set_threshold(_MANY)
    from shapespec.cli.ending import exit_code

    code = exit_code(shapespec)
    gc.freeze()
    sys.exit(code)
