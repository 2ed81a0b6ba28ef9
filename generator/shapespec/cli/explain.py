"""`shapespec explain`."""

from __future__ import annotations

from pathlib import Path

import click

from shapespec.cli.common import chosen_specs, stop_on_faults
from shapespec.project.settings import find_settings


@click.command()
@click.argument("rule", required=False)
@click.option(
    "--spec",
    type=click.Path(path_type=Path),
    help="The contract whose rules are meant; default: those of the project.",
)
def command(rule: str | None, spec: Path | None) -> None:
    """Explain a finding of `validate`, a rule of a contract, or a diagnostic.

    RULE is what stands in brackets in their output, such as `required` in
    error[required]. Without it, all rules are listed; with --spec, those of that
    contract, too.

    \b
    Exit codes:
      0  explained
      2  there is no such rule, or the spec cannot be used
    """
    from shapespec.diagnostics.suggest import nearest
    from shapespec.tools.explain import page, rules
    from shapespec.tools.rule_pages import RulePages

    known = rules()
    if rule in known:
        click.echo(page(rule), nl=False)
        return
    settings = find_settings(Path.cwd())
    own = RulePages(chosen_specs(spec, settings), settings)
    if rule is None:
        if spec is not None:
            with stop_on_faults("nothing was explained"):
                known = {**known, **own.rules()}
        width = max(map(len, known))
        for name, summary in known.items():
            click.echo(f"{name:<{width}}  {summary}")
        return
    with stop_on_faults("nothing was explained"):
        known = {**known, **own.rules()}
    if rule not in known:
        near = nearest(rule, known)
        hint = f" Did you mean '{near}'?" if near else ""
        raise click.UsageError(f"There is no rule '{rule}'.{hint}")
    click.echo(own.page(rule))
