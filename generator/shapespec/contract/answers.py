"""Which shape an answer of an operation has, by its HTTP status."""

from __future__ import annotations

from collections.abc import Iterable

from shapespec.contract import schema as ir
from shapespec.ground.errors import Unusable

DEFAULT = "default"


def answers(
    outputs: Iterable[tuple[str, str]],
) -> tuple[str | None, tuple[str, ...]]:
    """What comes back where all is well, and what comes back where it is not.

    The first success is the one with the lowest status; `2XX` is behind those with a
    number, and `default` is meant where there is no other.
    """
    by_status = dict(outputs)
    success = sorted(one for one in by_status if one.startswith("2"))
    usual = by_status[success[0]] if success else by_status.get(DEFAULT)
    failed = [
        shape
        for status, shape in by_status.items()
        if status[0] in "45" or (status == DEFAULT and success)
    ]
    return usual, tuple(dict.fromkeys(failed))


def answer(operation: ir.Operation, status: str | None) -> str:
    """The shape of an answer: by its status, by its class of statuses, or by default.

    Args:
        operation: The operation.
        status: Such as `404`, `4XX` or `default`; where left out, all is well.

    Raises:
        Unusable: The operation says nothing of such an answer; with what it says.
    """
    if status is None:
        if operation.output is None:
            raise Unusable(f"{operation.name} has no output")
        return operation.output
    by_status = dict(operation.outputs)
    for one in (status, f"{status[:1]}XX", DEFAULT):
        if one in by_status:
            return by_status[one]
    known = ", ".join(by_status) or "none"
    raise Unusable(
        f"{operation.name} has no output for status {status}; it has: {known}"
    )


def find_operation(schema: ir.Schema, name: str) -> ir.Operation:
    """An operation by name.

    Raises:
        Unusable: There is no such one; with the names.
    """
    for one in schema.operations:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in schema.operations) or "none"
    raise Unusable(f"no operation is called {name!r}; there are: {known}")
