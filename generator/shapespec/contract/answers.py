"""Which shape an answer of an operation has, by its HTTP status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from shapespec.diagnostics.suggest import meant
from shapespec.ground.errors import Unusable

if TYPE_CHECKING:
    from shapespec.contract import schema as ir

DEFAULT = "default"
REQUEST = "request"


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


class Asked(NamedTuple):
    """What responses are: those of an operation, with a status."""

    operation: str | None = None
    status: str | None = None

    def of(self, schema: ir.Schema) -> ir.Schema:
        """The same schema, in which this is the only output.

        Raises:
            Unusable: There is no such operation or status, or an operation has to be
                named.
        """
        if self == ANY_ANSWER:
            return schema
        one = find_operation(schema, self.operation)
        alone = replace(one, output=answer(one, self.status))
        return replace(schema, operations=(alone,))


ANY_ANSWER = Asked()


def answer(operation: ir.Operation, status: str | None) -> str:
    """The shape of an answer: by its status, by its class of statuses, or by default.

    Args:
        operation: The operation.
        status: Such as `404`, `4XX` or `default`, or `request` for what is sent; where
            left out, all is well.

    Raises:
        Unusable: The operation says nothing of such an answer; with what it says.
    """
    if status is None:
        if operation.output is None:
            raise Unusable(f"{operation.name} has no output")
        return operation.output
    if status == REQUEST:
        if operation.input is None:
            raise Unusable(f"{operation.name} has no input")
        return operation.input
    by_status = dict(operation.outputs)
    http = operation.http
    if http is not None and http.status is not None and operation.output is not None:
        by_status.setdefault(f"{http.status}", operation.output)
    for one in (status, f"{status[:1]}XX", DEFAULT):
        if one in by_status:
            return by_status[one]
    known = ", ".join(by_status) or "none"
    raise Unusable(
        f"{operation.name} has no output for status {status}; it has: {known}"
    )


def find_operation(schema: ir.Schema, name: str | None) -> ir.Operation:
    """An operation by name; the only one where none is named.

    Raises:
        Unusable: There is no such one; with the names.
    """
    known = ", ".join(one.name for one in schema.operations) or "none"
    if name is None and len(schema.operations) != 1:
        raise Unusable(f"name an operation of the spec; there are: {known}")
    for one in schema.operations:
        if name in (None, one.name):
            return one
    near = meant(name, (one.name for one in schema.operations))
    raise Unusable(f"no operation is called {name!r}; there are: {known}{near}")
