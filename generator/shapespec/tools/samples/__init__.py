"""Responses made from a spec alone, right ones and broken ones, and what they prove."""

from __future__ import annotations

from shapespec.contract.places import Place
from shapespec.tools.samples.draw import Amount, NoSample
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.settle import Wish
from shapespec.tools.samples.shown import Sample
from shapespec.tools.samples.sites import PlacedConstraint
from shapespec.tools.samples.written import SampleWriter

__all__ = [
    "Amount",
    "NoSample",
    "Place",
    "PlacedConstraint",
    "Sample",
    "SampleWriter",
    "Sampler",
    "Wish",
]
