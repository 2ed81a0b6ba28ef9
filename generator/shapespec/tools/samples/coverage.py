"""Which constraints of a spec are shown: one sample keeps each, another breaks it."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.contract.places import REQUEST
from shapespec.records import dataclass
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.shown import Sample
from shapespec.tools.samples.sites import PlacedConstraint


@dataclass(frozen=True, slots=True)
class Shown:
    """A constraint, and the samples that show it.

    Attributes:
        root: The shape of the samples.
        path: Where the constraint stands; the request's places begin with `(request)`.
        accepted: A sample that keeps it; at its bound, where it is one.
        refused: A sample that breaks it.
    """

    root: str
    path: str
    constraint: PlacedConstraint
    accepted: Sample | None
    refused: Sample | None

    @property
    def is_covered(self) -> bool:
        """Whether both sides are shown, or no response could show the other."""
        if self.constraint.unbreakable is not None:
            return True
        return self.accepted is not None and self.refused is not None


def coverage(
    sampler: Sampler, roots: tuple[str, ...], seed: int = 0
) -> Iterator[Shown]:
    """Every constraint of the roots, in the order of the spec."""
    for root in roots:
        for constraint in sampler.constraints(root):
            refused = None
            if constraint.unbreakable is None:
                refused = sampler.refused(root, constraint, seed=seed)
            accepted = sampler.accepted(root, constraint, seed=seed)
            path = _path(sampler, root, constraint)
            yield Shown(root, path, constraint, accepted, refused)


def _path(sampler: Sampler, root: str, constraint: PlacedConstraint) -> str:
    """A path that tells the roots of a contract apart."""
    operations = sampler.schema.operations
    first = operations[0] if operations else None
    main = first.output if first is not None else sampler.schema.roots[0]
    path = constraint.site.path
    if root == main:
        return path
    prefix = REQUEST if first is not None and first.input == root else f"({root})"
    return f"{prefix}.{path}" if path else prefix
