"""Responses made from a spec alone, right ones and broken ones, and what they prove."""

from __future__ import annotations

from shapespec.samples.draw import NoSample, Size
from shapespec.samples.sampler import Sampler
from shapespec.samples.settle import Wish
from shapespec.samples.shown import Sample
from shapespec.samples.sites import Constraint, Site
from shapespec.samples.written import Writer

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
