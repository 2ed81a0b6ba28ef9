"""Responses made from a spec alone, right ones and broken ones, and what they prove."""

from __future__ import annotations

from shapespec.tools.samples.draw import NoSample, Size
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.settle import Wish
from shapespec.tools.samples.shown import Sample
from shapespec.tools.samples.sites import Constraint, Site
from shapespec.tools.samples.written import Writer

__all__ = [
    "Constraint",
    "NoSample",
    "Sample",
    "Sampler",
    "Site",
    "Size",
    "Wish",
    "Writer",
]
