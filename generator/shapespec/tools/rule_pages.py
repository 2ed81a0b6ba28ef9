"""The pages of a contract's own rules, as its spec and its evidence tell them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from shapespec.addresses import read_address
from shapespec.contract import schema as ir
from shapespec.contract.findings import FINDINGS
from shapespec.project.files import read_source, siblings
from shapespec.project.settings import Settings

_WEIGHT = {
    "error": "an error: no response that breaks it can be right",
    "advice": "a note: the service is known to bend it, so the response stays valid",
}


class RulePages:
    """The rules of the specs that are meant; they are read when first asked for."""

    def __init__(self, specs: Iterable[Path], settings: Settings) -> None:
        """The rules of these specs, of which the first comes first."""
        # Services have no rules of their own, and packages no spec to read them in.
        self._specs = tuple(
            spec
            for spec in map(read_address, dict.fromkeys(specs))
            if isinstance(spec, Path)
        )
        self._settings = settings

    @cached_property
    def schemas(self) -> tuple[ir.Schema, ...]:
        """The contracts, compiled with their evidence."""
        from shapespec.compiler import compile_spec

        found = []
        for spec in self._specs:
            shown = self._settings.shown(spec)
            source = read_source(spec, name=shown)
            found.append(compile_spec(source, siblings(spec, shown)))
        return tuple(found)

    def rules(self) -> dict[str, str]:
        """Every rule and every note of the specs, and what it says.

        Raises:
            Unusable: A spec cannot be read.
            Faults: A spec is wrong.
        """
        found: dict[str, str] = {}
        for schema in self.schemas:
            for shape in _structures(schema):
                found |= {rule.id: rule.message for rule in shape.rules}
                found |= {note.id: note.doc.partition("\n")[0] for note in shape.notes}
        return found

    def page(self, rule: str) -> str:
        """The page of a rule that `rules` lists, as Markdown."""
        for schema in self.schemas:
            for shape in _structures(schema):
                stated: tuple[ir.Rule | ir.Note, ...] = (*shape.rules, *shape.notes)
                for one in stated:
                    if one.id == rule:
                        return "\n".join(_page(schema, shape, one))
        raise KeyError(rule)


def known_rules(settings: Settings) -> tuple[str, ...]:
    """The rules that findings of a project may have: usual ones, and its specs' own.

    Raises:
        Unusable: A spec cannot be read.
        Faults: A spec is wrong.
    """
    return (*FINDINGS, *RulePages(settings.specs, settings).rules())


def _structures(schema: ir.Schema) -> Iterator[ir.Structure]:
    for shape in schema.shapes.values():
        if isinstance(shape, ir.Structure):
            yield shape


def _page(
    schema: ir.Schema, shape: ir.Structure, rule: ir.Rule | ir.Note
) -> Iterator[str]:
    summary = rule.message if isinstance(rule, ir.Rule) else rule.doc
    yield f"# {rule.id}\n"
    yield f"{summary[:1].upper()}{summary[1:].rstrip('.')}.\n"
    yield "## What it means\n"
    if isinstance(rule, ir.Rule):
        yield from _meaning(schema, shape, rule)
    else:
        place = f" about `{rule.at}`" if rule.at else ""
        yield f"It is a note{place} of `{shape.id}`, in the contract"
        yield f"`{schema.package}`."
        yield "No response can show whether it is kept, so nothing is judged by it.\n"
    yield from _sources(schema, rule)
    yield "## What to do\n"
    yield from _advice(schema, rule)


def _meaning(schema: ir.Schema, shape: ir.Structure, rule: ir.Rule) -> Iterator[str]:
    each = f", for each item of `{rule.each}`" if rule.each else ""
    yield f"It is a rule of `{shape.id}`{each}, in the contract `{schema.package}`."
    yield f"Where it is broken, that is {_WEIGHT[rule.severity]}."
    if rule.at:
        yield f"The finding points at `{rule.at}`."
    yield "\nAll is well where this is true (CEL), or cannot be answered, because a"
    yield "member that it needs is absent:\n"
    yield f"```text\n{rule.cel.strip()}\n```\n"


def _sources(schema: ir.Schema, rule: ir.Rule | ir.Note) -> Iterator[str]:
    """Who states it, with edition and line as far as they are on record."""
    if not rule.sources:
        return
    yield "## Who states it\n"
    evidence = {one.source.id: one for one in schema.ledger.evidence}
    for source in rule.sources:
        record = evidence.get(source)
        if record is None:
            yield f"- {source}"
            continue
        facts = [
            fact
            for fact in record.facts
            if fact.kind == "rule" and fact.value == rule.id
        ]
        stated = sorted({one.line for one in facts if one.line is not None})
        premises = sorted({line for one in facts for line in one.follows_from})
        where = f", line {_listed(stated)}" if stated else ""
        if premises:
            where += f"; follows from line {_listed(premises)}"
        title, edition = record.source.title, record.source.edition
        yield f"- {source}: {title}, {edition}{where}"
    yield ""


def _listed(lines: Iterable[int]) -> str:
    return ", ".join(map(str, lines))


def _advice(schema: ir.Schema, rule: ir.Rule | ir.Note) -> Iterator[str]:
    yield f"The rule is defined in {schema.source}, line {rule.span.position.line}."
    if isinstance(rule, ir.Note):
        yield "Keep to it where you write requests or mocks."
        return
    yield "In a mock or a fixture, correct the members that the rule names."
    if rule.severity == "error":
        yield "If the service itself sent the response, the contract is wrong there:"
        yield "change the rule, or make it `severity: advice`."
    yield "A project can live with it:\n"
    yield f"```console\n$ shapespec validate FILE --ignore {rule.id}"
    yield f"$ shapespec validate FILE --severity {rule.id}=warning\n```"
