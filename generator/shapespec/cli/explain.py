"""`shapespec explain`."""

from __future__ import annotations

from pathlib import Path

import click

from shapespec.api import spec_of
from shapespec.cli.common import chosen_specs, stop_on_faults
from shapespec.cli.names import RuleId
from shapespec.ground.sinks.json_text import dumps
from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import lines, say
from shapespec.project.settings import find_settings


@click.command()
@click.argument(
    "name", required=False, metavar="[RULE|PATH]", type=RuleId(diagnostics=True)
)
@click.option(
    "--spec",
    type=click.Path(path_type=Path),
    help="The contract; default: those of the project.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print what is known of a member; json is for programs.",
)
def command(name: str | None, spec: Path | None, output: str) -> None:
    """Explain a finding, a rule, a diagnostic, or a member of a response.

    RULE is the id in brackets in a message, such as `required` in error[required]. PATH
    is a member: InputDataConfig[].ChannelName, the JSON Pointer of a finding, the
    attribute in Python, or Channel.ChannelName. For a member, everything that is known
    is printed: type and constraints, its name in every system, rules, which source
    states it on which line, since when, what was observed and decided, and an example.

    Without an argument, all rules are listed; with --spec, also the rules of that
    contract.

    \b
    Exit codes:
      0  explained
      2  there is no such rule or member, or the spec cannot be used

    \b
    Examples:
      shapespec explain pattern
      shapespec explain InputDataConfig[].ChannelName
      shapespec explain /ResourceConfig/InstanceType --format json
    """
    rule = name
    from shapespec.diagnostics.suggest import nearest
    from shapespec.tools.explain import page, rules
    from shapespec.tools.members import Members, as_data, as_text
    from shapespec.tools.rule_pages import RulePages

    known = rules()
    if rule in known:
        put(lines(page(rule)), nl=False)
        return
    settings = find_settings(Path.cwd())
    own = RulePages(map(spec_of, chosen_specs(spec, settings)), settings)
    if rule is None:
        if spec is not None:
            with stop_on_faults("nothing was explained"):
                known = {**known, **own.rules()}
        width = max(map(len, known))
        for one, summary in known.items():
            say(f"{one:<{width}}  {summary}")
        return
    with stop_on_faults("nothing was explained"):
        known = {**known, **own.rules()}
    if rule in known:
        put(lines(own.page(rule)))
        return
    paths: list[str] = []
    for schema in own.schemas:
        members = Members(schema)
        found = members.find(rule)
        if found is not None:
            if output == "json":
                put(dumps(as_data(members, found)))
            else:
                for line in as_text(members, found):
                    say(line)
            return
        paths += members.paths()
    for schema in own.schemas:
        for form in schema.forms:
            if rule in form.extra_members:
                kind = form.extra_types.get(rule)
                say(f"{rule}")
                say(f"    Not part of the response: the form {form.name} adds it.")
                say(f"    Type: {kind}" if kind else "    Its type is not known.")
                return
    near = nearest(rule, [*known, *paths])
    hint = f" Did you mean '{near}'?" if near else ""
    what = "rule" if rule.replace("-", "").islower() else "member"
    raise click.UsageError(f"Unknown {what} '{rule}'.{hint}")
