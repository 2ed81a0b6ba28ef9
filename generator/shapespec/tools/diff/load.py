"""What the user names, read as a side: a spec, evidence, an installed service model."""

from __future__ import annotations

import json
from pathlib import Path

from shapespec.contract.facts import Evidence, Source
from shapespec.ground.errors import Unusable
from shapespec.ground.source import SourceFile
from shapespec.project.files import read_source
from shapespec.tools.diff.evidence_side import evidence_side
from shapespec.tools.diff.imported import is_schema, schema_side
from shapespec.tools.diff.model import Side
from shapespec.tools.diff.spec_side import spec_side

BOTOCORE = "botocore:"


def load(named: str) -> Side:
    """The side that is meant.

    Args:
        named: A file, or `botocore:SERVICE#OPERATION`.

    Raises:
        Unusable: It cannot be read, or is neither of these.
        Faults: A spec is wrong, or evidence was edited by hand.
    """
    if named.startswith(BOTOCORE):
        return _installed(named)
    source = read_source(Path(named))
    match _keys(source):
        case keys if "shapespec" in keys:
            from shapespec.compiler import compile_spec

            return spec_side(compile_spec(source), named)
        case keys if "source" in keys:
            from shapespec.evidence.files import read_evidence

            return evidence_side(read_evidence(source), named)
        case keys if "decisions" in keys:
            raise Unusable(f"{named} contains decisions; name a spec or evidence")
        case keys if is_schema(keys):
            return schema_side(named)
        case _:
            message = "a spec has the key `shapespec`, evidence the key `source`"
            raise Unusable(f"{named} is neither a spec nor evidence: {message}")


def _keys(source: SourceFile) -> frozenset[str]:
    """The keys of a JSON or YAML file."""
    if source.text.lstrip()[:1] == "{":
        try:
            return frozenset(json.loads(source.text))
        except (ValueError, RecursionError):
            pass  # it may be YAML all the same
    from shapespec.language.yaml_tree import Mapping, compose

    match compose(source):
        case Mapping(entries=entries):
            return frozenset(key.text for key, _ in entries)
        case _:
            return frozenset()


def _installed(named: str) -> Side:
    """An operation as the installed botocore has it."""
    from shapespec.importers.botocore import facts, parse

    service, _, operation = named.removeprefix(BOTOCORE).partition("#")
    if not service or not operation:
        message = "write botocore:SERVICE#OPERATION"
        raise Unusable(f"{named} names no service or no operation; {message}")
    model = parse.load(service)
    parse.check_operation(model, operation)
    source = Source(
        id="botocore",
        kind="botocore",
        title=named,
        edition=model.version,
        document=model.document,
        sha256=model.sha256,
    )
    found = (
        *facts.model_facts(model.data, operation),
        *facts.service_facts(model.data, operation, model.paginators),
    )
    evidence = Evidence(source=source, facts=found)
    return evidence_side(evidence, named, operation)
