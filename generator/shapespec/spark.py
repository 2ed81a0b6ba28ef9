"""Validates a column of a Spark DataFrame where its rows are, lazily.

    from shapespec.spark import with_contract_summary, with_verdicts

    judged = with_verdicts(df, "response")
    bad = judged.where("not verdict.valid").selectExpr("id", "inline(verdict.findings)")
    with_contract_summary(judged).show()

The generated package of the contract goes to the executors, which need neither it nor
shapespec, only pandas and pyarrow, as every pandas UDF does. Nothing imports Spark
here: a DataFrame brings its session.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib
import inspect
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, cast

from shapespec.api import load_contract
from shapespec.ground.errors import Unusable
from shapespec.ground.resources import FLAGSHIP
from shapespec.ground.sinks.visible import visible
from shapespec.responses import cells, sure
from shapespec.responses.contract import Contract, judge_of, modules_of

_FIELDS = ", ".join(f"{name}: string" for name in cells.FIELDS)
VERDICT = f"valid: boolean, findings: array<struct<{_FIELDS}>>"
"""The fields of a verdict, as Spark writes a schema; all of them may be null."""

_TEXTS = ("string", "binary")
_STRUCTURED = ("struct<", "map<", "variant", "array<")
_FLOATS = ("float", "double")
_ANY_INDEX = "/[0-9]+(?=/|$)"
_archives: dict[str, Path] = {}


def with_verdicts(
    df: Any,
    column: Any,
    *,
    contract: str | Path | Contract | None = None,
    shape: str | None = None,
    form: str | None = None,
    strict: bool | Literal["all"] = False,
    into: str = "verdict",
    operation: str | None = None,
) -> Any:
    """The same DataFrame with a verdict for each row in a new column; nothing runs yet.

    A verdict is a structure with `valid` and `findings`, an array of structures with
    `rule`, `severity`, `pointer`, `message` and `shape`. No verdict is null: a null
    cell is an invalid response, and a text that is not JSON has the finding
    `unreadable`.

    Args:
        df: A DataFrame of PySpark, 4.0 or newer.
        column: The column with the responses, by name or as an expression: JSON text,
            bytes, or structures, maps and variants, which become JSON by `to_json`. A
            null in a structure is an absent member.
        contract: The address of a contract, or a generated package; the shipped
            contract of SageMaker where left out.
        shape: The shape of the responses; that of the operation where left out.
        form: The system that wrote the responses, where they have to be of one.
        strict: Whether warnings count as errors; with "all", notes do, too.
        into: The name of the new column.
        operation: The operation, where the address names a service.

    Raises:
        Unusable: There is no such column, contract, shape or form; a column of this
            type holds no responses; or the new column is there already.
        Faults: The spec is wrong.
    """
    if isinstance(contract, ModuleType):
        package = cast("Contract", contract)
    else:
        given = FLAGSHIP if contract is None else contract
        package = load_contract(cast("str | Path", given), operation=operation)
    judge = judge_of(package, shape=shape, form=form, strict=strict, frame=True)
    if _spelt(df, into) in {_spelt(df, name) for name in df.columns}:
        message = f"the column {visible(into)!r} is there already; name another: into="
        raise Unusable(message)
    text, structured = _as_text(df, column)
    options = dict(judge.options)
    if structured and judge.read_frame is not None:
        # A structure that an explicit schema read holds JSON text where that ended.
        options["frame"] = True
    verdict = _function(sent_to(df.sparkSession, package), options)
    return df.withColumn(into, verdict(text))


def with_contract_summary(df: Any, *, into: str = "verdict") -> Any:
    """How often each rule is broken: a DataFrame, the most frequent first.

    It has the columns `rule`, `severity`, `pointer` (with `*` for an index), `findings`
    (how many), `responses` (in how many), and `example`, a message. All of it is
    computed by Spark.

    Args:
        df: What `with_verdicts` gave.
        into: The column with the verdicts.

    Raises:
        Unusable: There is no such column.
    """
    functions = importlib.import_module("pyspark.sql.functions")
    if into not in df.columns:
        message = f"there is no column {visible(into)!r}; call with_verdicts first"
        raise Unusable(message)
    quoted = f"`{into.replace('`', '``')}`"
    # In one step, Spark would number the findings, not the responses.
    numbered = df.select(
        functions.monotonically_increasing_id().alias("response"),
        functions.col(f"{quoted}.findings").alias("all"),
    )
    rows = numbered.select("response", functions.explode("all").alias("one"))
    place = functions.regexp_replace("one.pointer", _ANY_INDEX, "/*")
    return (
        rows.groupBy("one.rule", "one.severity", place.alias("pointer"))
        .agg(
            functions.count("*").alias("findings"),
            functions.count_distinct("response").alias("responses"),
            functions.min("one.message").alias("example"),
        )
        .orderBy(functions.desc("findings"), "rule", "pointer")
    )


def _spelt(df: Any, name: str) -> str:
    """The name of a column so that those are equal which are one to Spark."""
    exact = df.sparkSession.conf.get("spark.sql.caseSensitive") == "true"
    return name if exact else name.lower()


def _as_text(df: Any, column: Any) -> tuple[Any, bool]:
    """A column as JSON text in bytes, and whether it was a structure.

    Bytes, since Spark's texts can be other than UTF-8, and pandas' cannot.
    """
    functions = importlib.import_module("pyspark.sql.functions")
    if isinstance(column, str):
        if column not in df.columns:
            known = ", ".join(visible(name) for name in df.columns[:20])
            message = f"there is no column {visible(column)!r}; there are: {known}"
            raise Unusable(message)
        column = functions.col(f"`{column.replace('`', '``')}`")
    found = df.select(column).schema.fields[0].dataType
    kind: str = found.simpleString()
    if kind in _TEXTS:
        return column.cast("binary"), False
    if kind.startswith(_STRUCTURED):
        bare = _without_nan(functions, column, found)
        return functions.to_json(bare).cast("binary"), True
    raise Unusable(f"a column of type {kind} holds no responses; text or structures do")


def _without_nan(functions: Any, column: Any, kind: Any) -> Any:
    """A column with null in place of NaN, which `to_json` would make a text of."""
    if not any(name in kind.simpleString() for name in _FLOATS):
        return column
    match kind.typeName():
        case "float" | "double":
            return functions.when(~functions.isnan(column), column)
        case "struct" if len({name.lower() for name in kind.names}) == len(kind.names):
            fields = [
                _without_nan(functions, column.getField(at.name), at.dataType).alias(
                    at.name
                )
                for at in kind.fields
            ]
            return functions.when(column.isNotNull(), functions.struct(*fields))
        case "array":
            return functions.transform(
                column, lambda item: _without_nan(functions, item, kind.elementType)
            )
        case "map":
            return functions.transform_values(
                column, lambda _, item: _without_nan(functions, item, kind.valueType)
            )
    return column


def _function(package: str, options: Mapping[str, Any]) -> Callable[[Any], Any]:
    """What judges a column on the executors.

    Spark sends the inner function as it is, since no module has its name; all that it
    uses is in the archive.
    """
    functions = importlib.import_module("pyspark.sql.functions")
    pandas = importlib.import_module("pandas")

    def judge(texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        from importlib import import_module

        return import_module(f"{package}._cells").judged(package, texts, options)

    judge.__annotations__ = {"texts": pandas.Series, "return": pandas.DataFrame}
    return cast("Callable[[Any], Any]", functions.pandas_udf(judge, VERDICT))


def sent_to(session: Any, contract: Contract) -> str:
    """The name by which executors import a contract, which is sent to them once."""
    files = modules_of(contract)
    files |= {"_cells.py": _source(cells), "_sure.py": _source(sure)}
    found = hashlib.sha256(sys.version.encode())
    for name, contents in sorted(files.items()):
        found.update(b"%s\0%d\0%s" % (name.encode(), len(contents), contents))
    package = f"_shapespec_{found.hexdigest()[:20]}"
    if package not in _archives:
        _archives[package] = _archive(package, files)
    archive = str(_archives[package])
    if ".connect." in type(session).__module__:
        session.addArtifacts(archive, pyfile=True)
    elif archive not in _paths(session):
        session.sparkContext.addPyFile(archive)
    return package


def _paths(session: Any) -> list[str]:
    """The archives that a session has sent already."""
    listed = session.sparkContext.listFiles
    return [path.removeprefix("file:") for path in listed]


def _archive(package: str, files: Mapping[str, bytes]) -> Path:
    """An archive that Python imports a package from; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="shapespec-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / f"{package}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, contents in sorted(files.items()):
            made.writestr(f"{package}/{name}", contents)
    return path


def _source(module: ModuleType) -> bytes:
    return Path(inspect.getfile(module)).read_bytes()
