"""One service of the published examples: its contract, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from shapespec.compiler import compile_spec, generate
from shapespec.drafts import finish
from shapespec.drafts.reach import claiming
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.importers.botocore import parse, spec
from shapespec.responses.contract import load_modules, unload
from tests.published.examples import Example

FORM = "aws-cli"


class Verdict(NamedTuple):
    """What there is to say about an example.

    Attributes:
        errors: The rule and the pointer of each error, with its message.
        warned: Whether there are warnings.
        agreed: Whether `is_valid` says the same.
    """

    name: str
    errors: tuple[tuple[str, str, str], ...]
    warned: bool
    agreed: bool


def judged(service: str, given: Iterable[Example]) -> list[Verdict]:
    """The verdicts on examples of operations that the service has, with an output."""
    try:
        model = parse.load(service)
    except Unusable:  # a command that is not a service
        return []
    operations = model.data["operations"]
    by_command = {_plain(name): name for name in operations}
    known = [
        (one, by_command[_plain(one.command)])
        for one in given
        if one.is_json and _plain(one.command) in by_command
    ]
    known = [(one, name) for one, name in known if "output" in operations[name]]
    names = tuple(dict.fromkeys(name for _, name in known))
    if not names:
        return []
    made = finish(claiming(spec.draft(service, model, names)))
    schema = compile_spec(SourceFile(f"{service}.yaml", made.text))
    contract: Any = load_modules(
        schema.package, generate(schema, ("validators",), layout=False)
    )
    outputs = {one.name: one.output for one in schema.operations}
    found = [*_verdicts(contract, [(one, outputs[name]) for one, name in known])]
    unload(contract)
    return found


def _plain(name: str) -> str:
    return name.replace("-", "").casefold()


def _verdicts(
    contract: Any, given: Iterable[tuple[Example, str | None]]
) -> Iterator[Verdict]:
    for one, output in given:
        options = {"shape": output, "form": FORM}
        found = contract.validate(one.value, **options)
        errors = tuple(
            (finding.rule, finding.pointer, finding.message)
            for finding in found
            if finding.severity == "error"
        )
        agreed = contract.is_valid(one.value, **options) == (not errors)
        yield Verdict(one.name, errors, len(found) > len(errors), agreed)
