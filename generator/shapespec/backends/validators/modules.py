"""The quick check as a module: its definitions, as data."""

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

_ACCEPT = "validators/accept.py.jinja"
_PRAGMAS = ("# pyright: basic",)
_REMARKS = (
    "# ruff: noqa: SIM103, RUF100 - a statement for each rule, whatever comes last",
)
_ANY = Import("typing", ("Any",), checked=True)

_KINDS = (
    "ENDLESS",
    "all_are",
    "line",
    "line_map",
    "lines",
    "list_of",
    "texts",
    "whole",
)

_ABOUT = """\
The quick check: which responses have surely no error, or are surely clean?

Without `known` a function says yes to a value without errors. With the members and
values that are known, by shape, it says yes where there is nothing to say at all. It
says no, or raises, where it is not sure: then `_findings` judges, which knows every
case and every reason. Types are exact; an operation that raises on the wrong type
stands in for a test of that type.
"""
_ABOUT_KEPT = """\
What finds the rules that a structure breaks, where there are many.

With the name of a member behind it: what asks about all before the next one of these.
"""


def accept(lowered: AcceptLowering) -> Module:
    """The module `_accept`."""
    tables = [
        Lookup(
            name="CHECKS",
            doc="The check of every shape that is not judged in place.",
            entries=_entries(lowered.roots()),
        )
    ]
    if lowered.kept:
        tables.append(
            Lookup(
                name="KEPT", doc=_ABOUT_KEPT, entries=_entries(lowered.kept_tables())
            )
        )
    return Module(
        doc=_ABOUT,
        remarks=_REMARKS,
        pragmas=_PRAGMAS,
        imports=(
            Import("re"),
            Import("datetime", ("datetime",)),
            Import("._cel", tuple(sorted(lowered.cel))),
            Import("._kinds", _KINDS),
            Import(
                "._report", ("all_differ", "byte_count", "canonical", "is_multiple")
            ),
            Import("._rules", tuple(sorted(lowered.from_rules))),
            _ANY,
        ),
        definitions=tuple(_accepts(lowered)),
        tables=tuple(tables),
    )


def _accepts(lowered: AcceptLowering) -> Iterator[Definition]:
    if "MOST_PLACES" in lowered.words:
        yield defined(_ACCEPT, "most_places", name="MOST_PLACES")
    if ABSENT in lowered.words:
        yield defined(_ACCEPT, "absent", name=ABSENT, uses=("Any",))
    for closed in lowered.closed:
        yield defined(_ACCEPT, "closed", closed, name=closed.name)
    for constant in lowered.patterns.values():
        yield defined(_ACCEPT, "pattern", constant, name=constant.name, uses=("re",))
    if lowered.moment is not None:
        yield from _moment(lowered.moment)
    for one in (*lowered.functions, *lowered.kept.values()):
        macro = "doubts" if one.finds else "check"
        yield defined(
            _ACCEPT, macro, one, name=one.function, uses=one.uses, shape=one.shape
        )


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
    yield defined(_ACCEPT, "moment_check", moment, name="sure_moment", uses=uses)


def _entries(roots: Iterable[view.NamedCheck]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(key=one.key, name=one.shape, value=one.function, leads_to=one.function)
        for one in roots
    )
