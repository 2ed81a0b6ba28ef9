"""Responses made from a spec alone, right ones and broken ones, and what they prove."""

from __future__ import annotations

from shapespec.contract.places import Place
from shapespec.tools.samples.draw import NoSample, Size
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.settle import Wish
from shapespec.tools.samples.shown import Sample
from shapespec.tools.samples.sites import PlacedConstraint
from shapespec.tools.samples.written import Writer

__all__ = [
    "NoSample",
    "Place",
    "PlacedConstraint",
    "Sample",
    "Sampler",
    "Size",
    "Wish",
    "Writer",
]
