"""Validates the rows of a data frame.

    from shapespec import frames

    findings = frames.validate(df)  # rows whose columns are members
    findings = frames.validate(df, column="response")  # a column of JSON or structs

A frame of pandas, polars, pyarrow or DuckDB is read through narwhals, which
`pip install shapespec[frames]` adds. NaN, NaT, NA and null are absent members.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shapespec.api import contract_at
from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need
from shapespec.ground.sinks.visible import visible
from shapespec.responses.cells import CellJudge, NoValue, no_value, whole
from shapespec.responses.contract import Contract, judge_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

COLUMNS = ("row", "rule", "severity", "pointer", "message")
"""The columns of a frame of findings."""

_BLOCK = 4096
"""How many rows are held as Python objects at a time."""


def validate(
    df: Any,
    contract: str | Path | Contract | None = None,
    *,
    column: str | None = None,
    shape: str | None = None,
    form: str | None = None,
    strict: bool | Literal["all"] = False,
    operation: str | None = None,
) -> Any:
    """The findings of all rows, as a frame of the same library.

    It has the columns `row`, `rule`, `severity`, `pointer` and `message`; a row without
    findings does not occur in it. `row` is the label that the index of pandas has, in
    other libraries the number of the row, from 0.

    Args:
        df: A frame, a lazy frame, a relation of DuckDB, or a series.
        contract: The address of a contract, or a generated package; the shipped
            contract of SageMaker where left out.
        column: The column that holds the responses, as JSON text or as structures;
            left out, each row is a response, and its columns are the members.
        shape: The shape of the responses; that of the operation where left out.
        form: The system that wrote the responses, where they have to be of one.
        strict: Whether warnings count as errors; with "all", notes do, too.
        operation: The operation, where the address names a service.

    Raises:
        Unusable: narwhals is not installed; this is not a frame; there is no such
            column, contract, shape or form.
        Faults: The spec is wrong.
    """
    need("narwhals", "frames")
    judge = judge_of(
        contract_at(contract, operation),
        shape=shape,
        form=form,
        strict=strict,
        frame=True,
    )
    import narwhals as nw

    try:
        given: Any = nw.from_native(df, allow_series=True)
        frame = given.collect() if isinstance(given, nw.LazyFrame) else given
        if isinstance(frame, nw.Series):
            frame, column = frame.alias("value").to_frame(), "value"
        names: list[Any] = frame.columns
    except nw.exceptions.DuplicateError:
        message = "several columns have the same name; rename them, or select others"
        raise Unusable(message) from None
    except (TypeError, nw.exceptions.NarwhalsError) as error:
        raise Unusable(
            f"this is not a frame that can be read: {_short(error)}"
        ) from None
    if column is not None and column not in names:
        known = ", ".join(visible(str(name)) for name in names[:20])
        raise Unusable(f"there is no column {visible(column)!r}; there are: {known}")
    return _native(given, frame, [*_found(frame, column, judge)])


def _found(
    frame: Any, column: str | None, judge: CellJudge
) -> Iterator[tuple[int | str, ...]]:
    """The findings, each with the number of its row."""
    for number, findings in enumerate(_judged(frame, column, judge)):
        for one in findings:
            texts = one.rule, one.severity, one.pointer, one.message
            yield number, *map(whole, texts)


def _judged(
    frame: Any, column: str | None, judge: CellJudge
) -> Iterator[Iterable[Any]]:
    if column is not None:
        cells = frame.get_column(column)
        for start in range(0, len(cells), _BLOCK):
            for cell in _held(cells, start, start + _BLOCK, list):
                yield judge.of_cell(cell)
        return
    for start in range(0, len(frame), _BLOCK):
        for row in _held(frame, start, start + _BLOCK, _rows):
            yield (
                judge.of_cell(row) if isinstance(row, NoValue) else judge.of_value(row)
            )


def _rows(frame: Any) -> list[Any]:
    return [*frame.iter_rows(named=True)]


def _held(
    given: Any, start: int, end: int, read: Callable[[Any], list[Any]]
) -> list[Any]:
    """Some rows or cells as Python has them; `NoValue` for each that it cannot hold."""
    part = given[start:end]
    try:
        return read(part)
    except (ValueError, OverflowError) as error:
        if len(part) > 1:  # the others are to be judged all the same
            return [
                one
                for at in range(start, start + len(part))
                for one in _held(given, at, at + 1, read)
            ]
        return [no_value(error)]


def _native(given: Any, frame: Any, found: list[tuple[Any, ...]]) -> Any:
    """The findings as a frame of the library that the rows came in."""
    import narwhals as nw

    numbers = [one[0] for one in found]
    texts = {name: [one[at] for one in found] for at, name in enumerate(COLUMNS) if at}
    schema: dict[str, Any] = {"row": nw.Int64, **dict.fromkeys(texts, nw.String)}
    made: Any = nw.from_dict(
        {"row": numbers, **texts}, schema, backend=frame.implementation
    ).to_native()
    index = nw.maybe_get_index(frame)
    if index is not None:
        made["row"] = index.take(numbers)  # labels by place, whatever their type is
    if given.implementation.is_duckdb():
        relation = nw.to_native(given)
        return relation.query("given", "select * from made")
    return made


def _short(error: Exception) -> str:
    return visible(str(error).strip().partition("\n")[0])
