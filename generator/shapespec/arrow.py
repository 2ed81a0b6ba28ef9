"""Validates an array of Arrow: a column of JSON texts or of structures.

    from shapespec import arrow

    verdicts = arrow.verdicts(table["response"])
    table.append_column("verdict", verdicts).filter(...)

`pip install shapespec[arrow]` adds pyarrow. Any object that offers Arrow's C interface
is taken, such as a series of polars or a column of nanoarrow.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, cast

from shapespec.api import load_contract
from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need
from shapespec.ground.resources import FLAGSHIP
from shapespec.responses.cells import FIELDS, as_rows, in_python, is_valid
from shapespec.responses.contract import Contract, judge_of

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 4096
"""How many cells are held as Python objects at a time."""


def verdicts(
    array: Any,
    contract: str | Path | Contract | None = None,
    *,
    shape: str | None = None,
    form: str | None = None,
    strict: bool | Literal["all"] = False,
    operation: str | None = None,
) -> Any:
    """A verdict for each cell: a `pyarrow.StructArray` of the same length.

    It has the fields `valid`, a boolean, and `findings`, a list of structures with the
    texts `rule`, `severity`, `pointer`, `message` and `shape`. No verdict is null: a
    null cell is an invalid response, and a text that is not JSON has the finding
    `unreadable`.

    Args:
        array: An array or a chunked array, of texts, of bytes, or of structures.
        contract: The address of a contract, or a generated package; the shipped
            contract of SageMaker where left out.
        shape: The shape of the responses; that of the operation where left out.
        form: The system that wrote the responses, where they have to be of one.
        strict: Whether warnings count as errors; with "all", notes do, too.
        operation: The operation, where the address names a service.

    Raises:
        Unusable: pyarrow is not installed; this is not an array; there is no such
            contract, shape or form.
        Faults: The spec is wrong.
    """
    need("pyarrow", "arrow")
    import pyarrow as pa

    if isinstance(contract, ModuleType):
        package = cast("Contract", contract)
    else:
        given = FLAGSHIP if contract is None else contract
        package = load_contract(cast("str | Path", given), operation=operation)
    judge = judge_of(package, shape=shape, form=form, strict=strict, frame=True)
    finding = pa.struct([(name, pa.string()) for name in FIELDS])
    verdict = pa.struct([("valid", pa.bool_()), ("findings", pa.list_(finding))])

    def rows(block: Any) -> Iterator[dict[str, Any]]:
        for cell in in_python(block):
            findings = judge.of_cell(cell)
            yield {"valid": is_valid(findings), "findings": [*as_rows(findings)]}

    cells = _chunked(pa, array)
    made = [
        pa.array(rows(cells.slice(start, BLOCK)), verdict)
        for start in range(0, len(cells), BLOCK)
    ]
    return pa.concat_arrays(made) if made else pa.array([], verdict)


def _chunked(pa: Any, array: Any) -> Any:
    """What was given as an array of pyarrow, in chunks or not."""
    if isinstance(array, pa.Array | pa.ChunkedArray):
        return array
    try:
        if hasattr(array, "__arrow_c_stream__"):
            return pa.chunked_array(array)
        return pa.array(array)
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise Unusable(f"this is not an array of Arrow: {error}") from None
