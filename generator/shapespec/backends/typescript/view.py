"""What the template of TypeScript gets: finished text, in its order."""

from __future__ import annotations

from typing import NamedTuple


class Declaration(NamedTuple):
    """One exported type.

    Attributes:
        doc: Its comment.
        text: The declaration, behind `export`.
    """

    doc: str
    text: str


class TypesModule(NamedTuple):
    """One module of types.

    Attributes:
        header: The comment at its head.
        declarations: In the spec's order.
    """

    header: str
    declarations: tuple[Declaration, ...]
