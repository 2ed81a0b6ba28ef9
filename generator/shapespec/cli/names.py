"""Arguments and options whose values a shell can complete: files, forms, shapes, rules.

Completion looks at the contract that the rest of the line names. Where that cannot be
had, nothing is offered, and nothing is said: somebody is typing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from shapespec.cli.param_type import ParamType

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from shapespec.responses.contract import Contract


class FileName(ParamType[str]):
    """A file, or another name."""

    name = "file"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Have the shell complete the names of files."""
        from click.shell_completion import CompletionItem

        del ctx, param
        return [CompletionItem(incomplete, type="file")]


class ResponseFile(FileName):
    """A file, a folder, a pattern or `-`."""

    def get_missing_message(
        self, param: click.Parameter, ctx: click.Context | None = None
    ) -> str:
        """What can be named."""
        del param, ctx
        return "Name files or folders, or `-` for standard input."


class _Name(ParamType[str]):
    """A name out of a list that is made when somebody completes it."""

    name = "text"

    def names(self, ctx: click.Context) -> Iterable[str]:
        """All names."""
        raise NotImplementedError

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that begin so."""
        from click.shell_completion import CompletionItem

        del param
        try:
            names = list(self.names(ctx))
        except Exception:  # noqa: BLE001 - whatever is wrong, it is said when it is run
            return []
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class FormName(_Name):
    """The name of a form of the contract."""

    def names(self, ctx: click.Context) -> Iterable[str]:
        """The forms of the contract that is meant."""
        from shapespec.responses.hints import forms_of

        return forms_of(_contract(ctx.params))


class ShapeName(_Name):
    """The name of a shape of the contract."""

    def names(self, ctx: click.Context) -> Iterable[str]:
        """The shapes that a response of the contract may have."""
        from shapespec.responses.hints import shapes_of

        return shapes_of(_contract(ctx.params))


class OperationName(_Name):
    """The name of an operation of the contract."""

    def names(self, ctx: click.Context) -> Iterable[str]:
        """The operations of the contract that is meant."""
        from shapespec.api import operations_of

        return operations_of(_address(ctx.params))


class AwsWord(_Name):
    """A word of an address of AWS: a service, and then its operations."""

    def names(self, ctx: click.Context) -> Iterable[str]:
        """The services; after one, its operations."""
        from shapespec.importers.botocore.listing import listed, search

        services = {service.name: service for service in listed()}
        words = ctx.params.get("words") or ("",)
        name = words[0].removeprefix("aws:")
        if name not in services:
            return services
        return [one.rpartition(":")[2] for one in search([services[name]], [])]


class RuleId(_Name):
    """The id of a rule: of all contracts, of a spec, or of a diagnostic."""

    def __init__(self, *, diagnostics: bool = False) -> None:
        """With `diagnostics`, what can be wrong with a spec, too."""
        self.diagnostics = diagnostics

    def names(self, ctx: click.Context) -> Iterable[str]:
        """The rules that there are pages of."""
        return _rules(ctx.params.get("spec"), diagnostics=self.diagnostics)


class _Listing(click.Option):
    """An option that prints names, a line each, and ends."""

    def listed(self, given: Mapping[str, Any]) -> Iterable[str]:
        """The names, by the options of the command line."""
        raise NotImplementedError

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Print them where the option is given, whatever else is missing."""
        if opts.get(self.name or "") and not ctx.resilient_parsing:
            from shapespec.cli.common import stop_on_faults
            from shapespec.ground.terminal import say

            with stop_on_faults("nothing can be listed"):
                names = [*self.listed(opts)]
            for name in names:
                say(name)
            ctx.exit()
        return super().handle_parse_result(ctx, opts, args)


class ListForms(_Listing):
    """`--list-forms`: the forms of the contract."""

    def listed(self, given: Mapping[str, Any]) -> Iterable[str]:
        """The forms of the contract that is meant."""
        from shapespec.responses.hints import forms_of

        return forms_of(_contract(given))


class ListRules(_Listing):
    """`--list-rules`: the rules that findings may have."""

    def listed(self, given: Mapping[str, Any]) -> Iterable[str]:
        """The rules of all contracts, and those of the specs that are meant."""
        return _rules(given.get("spec"))


def _rules(spec: str | Path | None, *, diagnostics: bool = False) -> Iterable[str]:
    from pathlib import Path

    from shapespec.contract.findings import FINDINGS
    from shapespec.project.settings import find_settings
    from shapespec.tools.explain import rules
    from shapespec.tools.rule_pages import RulePages

    settings = find_settings(Path.cwd())
    specs = settings.specs if spec is None else (Path(spec),)
    own = RulePages(specs, settings).rules()
    return sorted({*(rules() if diagnostics else FINDINGS), *own})


def _address(given: Mapping[str, Any]) -> Path:
    """The address that the options of a command line name."""
    from pathlib import Path

    from shapespec.cli.common import chosen_address
    from shapespec.project.settings import find_settings

    spec = given.get("spec")
    spec = None if spec is None else Path(spec)
    return chosen_address(spec, find_settings(Path.cwd()))


def _contract(given: Mapping[str, Any]) -> Contract:
    """The contract that the options of a command line name."""
    from shapespec.api import load_contract

    return load_contract(
        _address(given),
        operation=given.get("operation"),
        status=given.get("answer"),
        target="validators",
    )
