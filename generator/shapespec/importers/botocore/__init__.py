"""The service models of botocore: what the installed version says of an operation.

Not a page: the model comes from botocore's own loader, which is imported when it is
needed. Paths and types are those of the wire; there are no lines.
"""

from __future__ import annotations

from shapespec.importers.botocore.types import DESCRIBES, KIND, means
from shapespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Botocore:
    """The importer `botocore`; `parse.load` and `facts.model_facts` do its work."""

    kind: str = KIND
    describes: str = DESCRIBES

    def means(self, word: str) -> frozenset[str]:
        return means(word)


importer = Botocore()
