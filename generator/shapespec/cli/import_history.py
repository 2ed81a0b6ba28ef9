"""What `shapespec import botocore --history` writes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click

from shapespec.contract.history import Point, history_of
from shapespec.evidence.history.files import write_history
from shapespec.ground.errors import Unusable
from shapespec.ground.terminal import Progress, warn
from shapespec.importers.botocore.releases import (
    Index,
    WantedHistory,
    order,
    searched,
    wheels_in,
)
from shapespec.importers.botocore.types import DESCRIBES, KIND


class Written(NamedTuple):
    """A file of history: its text, and what is said of it."""

    text: str
    said: str


def import_history(
    service: str,
    operation: str,
    source: str | None,
    title: str | None,
    *,
    wheels: Path | None,
    releases: str | None,
) -> Written:
    """The history of an operation in releases of botocore.

    Args:
        service: The service, as botocore calls it.
        operation: One of its operations.
        source: The id of the source, where it is not `botocore`.
        title: What it is called, where that is not said by the two names.
        wheels: A folder of wheels; the package index where left out.
        releases: Which releases; all where left out.

    Raises:
        Unusable: No release can be had, or none has the operation.
    """
    wanted = WantedHistory(service, operation)
    chosen = _Chosen(releases)
    with Progress("releases") as progress:
        points = (
            _from_folder(wanted, wheels, chosen)
            if wheels
            else _from_index(wanted, chosen, progress)
        )
    try:
        history = history_of(
            source or KIND, title or f"{DESCRIBES}, {service} {operation}", points
        )
    except ValueError:
        raise Unusable(
            f"none of {len(points)} releases has {operation} of {service}"
        ) from None
    called = f"shapespec import {KIND} {service} --operation {operation} --history"
    said = f"{history.read} releases read, {len(history.steps)} state something new"
    return Written(write_history(history, called), said)


class _Chosen:
    """Which releases are asked for."""

    def __init__(self, text: str | None) -> None:
        """Read a list, `1.8.5,1.40.0`, or a range, `1.8.5..1.40.0`.

        Raises:
            UsageError: It is neither.
        """
        self.listed: frozenset[tuple[int, ...]] | None = None
        self.first: tuple[int, ...] = ()
        self.last: tuple[int, ...] | None = None
        try:
            if text is not None and ".." in text:
                first, _, last = text.partition("..")
                self.first = order(first) if first else ()
                self.last = order(last) if last else None
            elif text is not None:
                self.listed = frozenset(order(one.strip()) for one in text.split(","))
        except ValueError:
            raise click.UsageError(
                f"--releases {text}: expected 1.8.5,1.40.0 or 1.8.5..1.40.0"
            ) from None

    def __contains__(self, version: str) -> bool:
        number = order(version)
        if self.listed is not None:
            return number in self.listed
        return self.first <= number and (self.last is None or number <= self.last)


def _from_folder(wanted: WantedHistory, folder: Path, chosen: _Chosen) -> list[Point]:
    return [
        wanted.point(path)
        for version, path in wheels_in(folder).items()
        if version in chosen
    ]


def _from_index(
    wanted: WantedHistory, chosen: _Chosen, progress: Progress
) -> list[Point]:
    """The releases of an index: those that are listed, or where something changes."""
    index = Index()

    def point(version: str) -> Point | None:
        progress.advance()
        try:
            return index.point(wanted, version)
        except Unusable as error:
            warn(f"{version} is left out: {error}")
            return None

    versions = [one for one in index.versions() if one in chosen]
    if not versions:
        raise Unusable("the index has none of those releases")
    if chosen.listed is not None:
        return list(filter(None, map(point, versions)))
    return searched(versions, point)
