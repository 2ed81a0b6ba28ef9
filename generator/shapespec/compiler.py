"""The whole compiler on one screen: a file in, a schema, then files out.

    source ──read_spec──▶ as written ──checks, resolve, compile_rules──▶ schema
    schema ──backends──▶ files ──format──▶ files, ready to write or to compare

A step that checks yields diagnostics, and the run stops behind the first step that
has any; a step that transforms cannot fail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from shapespec.backends import python_package
from shapespec.backends.files import OutputFile, refuse_clashes
from shapespec.backends.python_format import formatted
from shapespec.backends.run import run_backends
from shapespec.backends.targets import TARGETS
from shapespec.backends.units import in_files
from shapespec.contract.choices import told_apart
from shapespec.contract.schema import Schema
from shapespec.diagnostics.model import stop_on
from shapespec.evidence.kept import kept_ledger
from shapespec.evidence.ledger import Sibling
from shapespec.ground.source import SourceFile
from shapespec.language import read_spec
from shapespec.passes.check_forms import check_forms
from shapespec.passes.check_names import check_names
from shapespec.passes.check_samples import check_samples
from shapespec.passes.check_schema import check_schema
from shapespec.passes.check_traits import check_traits
from shapespec.passes.compile_rules import compile_rules
from shapespec.passes.imports import with_imports
from shapespec.passes.resolve import resolve
from shapespec.passes.settle import settle
from shapespec.project.files import siblings
from shapespec.project.stamp import compiler_state


def compile_spec(source: SourceFile, sibling: Sibling | None = None) -> Schema:
    """The schema that a spec describes.

    Args:
        source: The spec.
        sibling: Reads the evidence and the decisions that the spec names; where left
            out, they are. It also reads imports, which are read from the source's own
            folder where it is left out.

    Raises:
        Faults: The spec is wrong; with every diagnostic of the first step that found
            any, in source order.
    """
    reader = sibling
    if reader is None and source.path is not None:
        reader = siblings(source.path, source.name)
    spec = with_imports(read_spec(source), source, reader)
    stop_on(chain(check_names(spec), check_traits(spec), check_forms(spec)))
    schema = told_apart(resolve(spec, source.name))
    if sibling is not None:
        ledger = kept_ledger(spec, sibling, compiler_state())
        schema = settle(replace(schema, ledger=ledger))
    schema, faults = compile_rules(schema)
    stop_on(chain(check_schema(schema), faults, check_samples(schema)))
    return schema


def generate(
    schema: Schema, targets: Iterable[str], *, layout: bool = True
) -> tuple[OutputFile, ...]:
    """The files of the targets, and of those that they require.

    Args:
        schema: The schema that they are about.
        targets: Names of targets.
        layout: Whether Python is laid out for people; what is only run need not be.

    Raises:
        Unusable: A target of another distribution is faulty.
    """
    files = [*run_backends(schema, targets)]
    ours = [file for file in files if file.target in TARGETS]
    theirs = [file for file in files if file.target not in TARGETS]
    if theirs:
        refuse_clashes(files)
    lay_out = formatted if layout else tuple
    ours, units = in_files(schema, ours)
    package = f"python/{schema.package}/"
    modules = [
        file for file in (*ours, *units, *theirs) if file.path.startswith(package)
    ]
    if modules:
        ours.append(python_package.package_init(schema, modules))
    return (*lay_out((*ours, *units)), *theirs)
