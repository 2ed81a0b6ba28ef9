"""`shapespec explain`."""

from __future__ import annotations

import click


@click.command()
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Explain a finding of `validate` or a diagnostic of the compiler.

    RULE is what stands in brackets in their output, such as `required` in
    error[required]. Without it, all rules are listed.

    \b
    Exit codes:
      0  explained
      2  there is no such rule
    """
    from shapespec.diagnostics.suggest import nearest
    from shapespec.explain import page, rules

    known = rules()
    if rule is None:
        width = max(map(len, known))
        for name, summary in known.items():
            click.echo(f"{name:<{width}}  {summary}")
        return
    if rule not in known:
        near = nearest(rule, known)
        hint = f" Did you mean '{near}'?" if near else ""
        raise click.UsageError(f"There is no rule '{rule}'.{hint}")
    click.echo(page(rule), nl=False)
