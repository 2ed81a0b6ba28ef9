"""Specs that importers write: what a schema of another kind means, in this language.

An importer makes a `Draft`: shapes under the ids that the source gives them, with a
note wherever something could not be carried over. `finish` makes the draft one that the
compiler accepts and writes it as YAML.
"""

from __future__ import annotations

from typing import NamedTuple

from shapespec.drafts.mend import mended
from shapespec.drafts.model import Draft, Noted, all_notes
from shapespec.drafts.names import named
from shapespec.drafts.reach import pruned
from shapespec.drafts.rules import with_right_rules
from shapespec.drafts.values import with_right_values
from shapespec.drafts.write import written


class Finished(NamedTuple):
    """A spec made of a schema.

    Attributes:
        text: The spec.
        shapes: How many shapes it names.
        operations: How many operations it has.
        notes: What was not carried over as the source has it, with its place.
    """

    text: str
    shapes: int
    operations: int
    notes: tuple[Noted, ...]


def finish(draft: Draft) -> Finished:
    """The spec of a draft.

    Raises:
        Unusable: Nothing in the source can be the root of a spec, an operation has
            something that is no structure, or something leads nowhere.
    """
    ready = with_right_values(with_right_rules(named(pruned(mended(draft)))))
    notes = tuple(all_notes(ready))
    return Finished(
        written(ready, notes), len(ready.shapes), len(draft.operations), notes
    )
