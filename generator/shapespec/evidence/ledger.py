"""The ledger of a spec: the evidence and the decisions that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from shapespec.contract.facts import Decision, Evidence, Ledger
from shapespec.contract.history import History
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Diagnostic, Faults, stop_on
from shapespec.evidence.files import read_decisions, read_evidence
from shapespec.evidence.history.files import SUFFIX, read_history
from shapespec.ground.errors import Unusable
from shapespec.ground.source import Located, SourceFile
from shapespec.language.surface import Spec

Sibling: TypeAlias = Callable[[str], SourceFile]
"""Reads a file that a spec names, by its path from the spec's folder."""


def read_ledger(spec: Spec, sibling: Sibling) -> Ledger:
    """What is on record about a spec.

    Raises:
        Faults: A file is missing, is not what it should be, or two of them are about
            the same source.
    """
    evidence: list[Evidence] = []
    histories: list[History] = []
    decisions: tuple[Decision, ...] = ()
    faults: list[Diagnostic] = []
    for name in spec.evidence or ():
        try:
            if name.value.endswith(SUFFIX):
                histories.append(read_history(_read(name, sibling)))
            else:
                evidence.append(read_evidence(_read(name, sibling)))
        except Faults as found:
            faults += found.diagnostics
    if spec.decisions is not None:
        try:
            decisions = read_decisions(_read(spec.decisions, sibling))
        except Faults as found:
            faults += found.diagnostics
    stop_on(faults)
    return Ledger(
        evidence=tuple(evidence), decisions=decisions, histories=tuple(histories)
    )


def _read(name: Located[str], sibling: Sibling) -> SourceFile:
    try:
        return sibling(name.value)
    except Unusable as error:
        raise Faults([catalogue.unreadable_file(name, str(error))]) from None
