"""The fast path and the silent check as modules: their definitions, as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapespec.backends.definitions import (
    Definition,
    Import,
    Lookup,
    Module,
    TableRow,
    defined,
)
from shapespec.backends.validators import view
from shapespec.backends.validators.accept import ABSENT, AcceptLowering
from shapespec.backends.validators.clean import CleanLowering

_ACCEPT = "validators/accept.py.jinja"
_CLEAN = "validators/clean.py.jinja"
_PRAGMAS = ("# pyright: basic",)
_REMARKS = (
    "# ruff: noqa: SIM103, RUF100 - a statement for each member, whatever comes last",
)
_ANY = Import("typing", ("Any",), checked=True)
_DATETIME = Import("datetime", ("datetime",))

_ABOUT_ACCEPT = """\
The fast path: says yes to a response without errors, and no where it is not sure.

Straight-line checks, in the order of the members; exact types only. What this module
does not accept is judged by `_findings`, which knows every case and every reason. An
operation that raises on the wrong type stands in for a test of that type; `is_valid`
takes such an exception for a no.
"""
_ABOUT_CLEAN = """\
The silent check: says yes to a response of which there is nothing to say.

It asks what `_accept` asks, and also whether all members and values are known, and
whether what only warns or advises is kept. It knows the timestamps of no form in
particular. What it does not call clean is judged by `_findings`.
"""

_ABOUT_KEPT = """\
What finds the rules that a structure breaks, where there are many.

With the name of a member behind it: what asks about all before the next one of these.
"""


def accept(lowered: AcceptLowering, clean: CleanLowering) -> Module:
    """The module `_accept`, with the constants that `_clean` takes from it."""
    return Module(
        doc=_ABOUT_ACCEPT,
        remarks=_REMARKS,
        pragmas=_PRAGMAS,
        imports=(
            Import("re"),
            _DATETIME,
            Import("._cel", ("places",)),
            Import("._rules", tuple(lowered.rule_functions)),
            _ANY,
        ),
        definitions=tuple(_accepts(lowered, clean)),
        tables=(
            Lookup(
                name="ROOTS",
                doc="What can be asked for by name.",
                entries=_entries(lowered.accept_roots()),
            ),
        ),
    )


def clean(lowered: CleanLowering) -> Module:
    """The module `_clean`."""
    constants = (one.name for one in lowered.constants)
    tables = [
        Lookup(
            name="CLEAN",
            doc="The check of every structure and union.",
            entries=_entries(lowered.all_roots()),
        )
    ]
    if lowered.kept:
        tables.append(
            Lookup(
                name="KEPT",
                doc=_ABOUT_KEPT,
                entries=_entries(lowered.kept_tables()),
            )
        )
    return Module(
        doc=_ABOUT_CLEAN,
        remarks=_REMARKS,
        pragmas=_PRAGMAS,
        imports=(
            _DATETIME,
            Import(
                "._accept",
                (*constants, "are_lines", "is_moment", ABSENT, "MOST_PLACES"),
            ),
            Import("._cel", tuple(sorted(lowered.cel))),
            Import("._contract", ("SHAPES",)),
            Import(
                "._report", ("all_differ", "byte_count", "canonical", "is_multiple")
            ),
            Import("._rules", tuple(lowered.rule_functions)),
            _ANY,
        ),
        definitions=tuple(_cleans(lowered)),
        tables=tuple(tables),
    )


def _accepts(lowered: AcceptLowering, clean: CleanLowering) -> Iterator[Definition]:
    used = lowered.words | clean.words
    if "MOST_PLACES" in used:
        yield defined(_ACCEPT, "most_places", name="MOST_PLACES")
    if ABSENT in used:
        yield defined(_ACCEPT, "absent", name=ABSENT, uses=("Any",))
    for closed in lowered.closed:
        yield defined(_ACCEPT, "closed", closed, name=closed.name)
    for constant in lowered.constants:
        yield defined(_ACCEPT, "pattern", constant, name=constant.name, uses=("re",))
    if "are_lines" in used:
        uses = ("Any", "ONE_LINE_MATCHES")
        yield defined(_ACCEPT, "are_lines", name="are_lines", uses=uses)
    if lowered.moment is not None:
        yield from _moment(lowered.moment)
    yield from _functions(lowered.functions, _ACCEPT, "check")


def _moment(moment: view.Moment) -> Iterator[Definition]:
    """What asks whether a value is a timestamp."""
    uses = {"Any", "FARTHEST_YEARS"}
    for name, literal in (
        ("USUAL_MOMENT", moment.usual if moment.iso else None),
        ("MOMENT", moment.text),
    ):
        if literal is not None:
            uses.add(name)
            constant = view.PatternConstant(name=name, literal=literal)
            yield defined(_ACCEPT, "pattern", constant, name=name, uses=("re",))
    if moment.datetimes or moment.iso:
        uses.add("datetime")
    yield defined(_ACCEPT, "farthest_years", name="FARTHEST_YEARS")
    yield defined(_ACCEPT, "is_moment", moment, name="is_moment", uses=uses)


def _cleans(lowered: CleanLowering) -> Iterator[Definition]:
    for one in lowered.tables:
        yield defined(_CLEAN, "part_of_table", one, name=one.name, uses=("SHAPES",))
    yield from _functions(lowered.functions, _CLEAN, "check")
    yield from _functions(lowered.kept.values(), _CLEAN, "kept")


def _functions(
    functions: Iterable[view.AcceptFunction], template: str, macro: str
) -> Iterator[Definition]:
    for one in functions:
        yield defined(
            template, macro, one, name=one.function, uses=one.uses, shape=one.shape
        )


def _entries(roots: Iterable[view.NamedCheck]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(key=one.key, name=one.shape, value=one.function, leads_to=one.function)
        for one in roots
    )
