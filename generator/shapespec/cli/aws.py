"""`shapespec aws`."""

from __future__ import annotations

import click

from shapespec.cli.names import AwsWord
from shapespec.ground.terminal import say


@click.command()
@click.argument("words", metavar="[WORDS]...", nargs=-1, type=AwsWord())
def command(words: tuple[str, ...]) -> None:
    """List services and operations of the installed botocore.

    Without WORDS, every service with its name. With the name of a service, its
    operations. Otherwise every service and operation with all of the WORDS in its
    address. Each address stands for a contract: `--spec aws:ec2:DescribeInstances`.

    \b
    Exit codes:
      0  listed
      2  nothing has these words, or botocore is not installed

    \b
    Examples:
      shapespec aws
      shapespec aws ec2
      shapespec aws ec2 describe vpc
      shapespec aws training job
    """
    from shapespec.diagnostics.suggest import nearest
    from shapespec.ground.errors import Unusable
    from shapespec.importers.botocore.listing import listed, search

    services = {service.name: service for service in listed()}
    if not words:
        width = max(map(len, services), default=0) + 4
        for name, service in services.items():
            say(f"{f'aws:{name}':<{width}}  {service.title}".rstrip())
        return
    name, *rest = words[0].removeprefix("aws:").split(":")
    if name in services:
        found = search([services[name]], [*rest, *words[1:]])
    else:
        found = search(services.values(), words)
    for address in found:
        say(address)
    if not found:
        near = nearest(name, services)
        hint = f"; did you mean {near}?" if near and name not in services else ""
        raise Unusable(f"no operation has all of: {' '.join(words)}{hint}")
