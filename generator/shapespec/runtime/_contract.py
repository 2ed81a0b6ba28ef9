"""Stands in for the table of a contract, which each generated package has."""

from __future__ import annotations

from ._part import Part

SHAPES: dict[str, Part] = {}
