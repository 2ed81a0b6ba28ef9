"""What `tests/behaviour/test_spark.py` asks of a real Spark, in one session of it.

It runs in an environment that has PySpark and not shapespec, whose code is on the path
of this process alone: `python spark_runs.py FOLDER`, with the rows to read there. It
prints what it found as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOANS = """
shapespec: 1
package: loans
shapes:
  Loan:
    type: structure
    members:
      Days: {target: integer, required: true}
      Settings: {type: map, key: string, value: string}
      Notes: document
      Paid: {type: list, member: integer}
      Next: Loan
"""


def session() -> Any:
    from pyspark.sql import SparkSession

    made = SparkSession.builder.master("local[2]").appName("shapespec")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
    }.items():
        made = made.config(name, value)
    found = made.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


def texts(spark: Any, folder: Path) -> dict[str, Any]:
    """A column of text, with other columns beside it."""
    from pyspark.sql import functions

    from shapespec.spark import with_contract_summary, with_verdicts

    lines = (folder / "rows.ndjson").read_text("utf-8").splitlines()
    cells = [*lines, "{", None, '{"TrainingJobName": "c_n"}', '{"a": 1, "a": 2}']
    given = spark.createDataFrame([*enumerate(cells)], "id int, response string")
    before = len(spark.sparkContext.statusTracker().getJobIdsForGroup())
    judged = with_verdicts(given, "response")
    jobs = len(spark.sparkContext.statusTracker().getJobIdsForGroup()) - before
    rows = [row.asDict(recursive=True) for row in judged.orderBy("id").collect()]
    by_bytes = given.select(functions.col("response").cast("binary").alias("raw"))
    again = with_verdicts(
        by_bytes, functions.col("raw"), into="`odd` name", strict=True
    )
    summary = with_contract_summary(judged).collect()
    return {
        "jobs": jobs,
        "columns": judged.columns,
        "kept": [row["response"] for row in rows] == cells,
        "schema": json.loads(judged.schema["verdict"].json()),
        "bad": {
            row["id"]: [one["rule"] for one in row["verdict"]["findings"]]
            for row in rows
            if not row["verdict"]["valid"]
        },
        "strict": again.where(
            again["`odd`` name`" if False else "```odd`` name`.valid"]
        ).count(),
        "summary": [row.asDict() for row in summary],
    }


def structures(spark: Any, folder: Path) -> dict[str, Any]:
    """Columns of structures, inferred, by our schema, and as variants."""
    from pyspark.sql import functions, types

    from shapespec.spark import with_verdicts

    def valid(df: Any, **options: Any) -> int:
        whole = df.select(functions.struct("*").alias("response"))
        judged = with_verdicts(whole, "response", **options)
        return int(judged.where("verdict.valid").count())

    def ours(name: str) -> Any:
        file = folder / "spark" / "sagemaker_training_job" / name
        return types.StructType.fromJson(json.loads(file.read_text("utf-8")))

    rows, wire = str(folder / "rows.ndjson"), str(folder / "wire.ndjson")
    response = "DescribeTrainingJobResponse"
    inferred = spark.read.json(rows)
    variants = spark.read.text(rows).select(
        functions.expr("parse_json(value)").alias("v")
    )
    return {
        "inferred": valid(inferred),
        "text schema": valid(
            spark.read.schema(ours(f"{response}.text.json")).json(rows)
        ),
        "wire schema": valid(
            spark.read.schema(ours(f"{response}.json")).json(wire), form="wire"
        ),
        "wire schema is not of text": valid(
            spark.read.schema(ours(f"{response}.json")).json(wire), form="aws-sdk-ruby"
        ),
        "variants": int(with_verdicts(variants, "v").where("verdict.valid").count()),
        "settings": inferred.schema["HyperParameters"].dataType.typeName(),
        "maps": ours(f"{response}.json")["HyperParameters"].dataType.typeName(),
    }


def loans(spark: Any, folder: Path) -> dict[str, Any]:
    """A contract by the path of its spec; our schema of it, which ends in text."""
    from pyspark.sql import types

    from shapespec.spark import with_verdicts

    file = folder / "spark" / "loans" / "Loan.json"
    schema = types.StructType.fromJson(json.loads(file.read_text("utf-8")))
    cells = [
        '{"Days": 3, "Settings": {"a": "b"}, "Notes": {"x": [1]}, "Next": {"Days": 1}}',
        '{"Days": 3, "Next": {"Next": {}}}',
    ]
    lines = spark.createDataFrame([(one,) for one in cells], "line string")
    read = lines.select(_from_json("line", schema).alias("loan"))
    judged = with_verdicts(read, "loan", contract=folder / "loans.yaml")
    return {
        "pointers": [
            [one["pointer"] for one in row.verdict["findings"]]
            for row in judged.collect()
        ]
    }


def odd(spark: Any, folder: Path) -> dict[str, Any]:
    """Cells that no text of Python holds, and numbers that are none."""
    from shapespec.spark import with_contract_summary, with_verdicts

    def found(sql: str) -> list[list[list[str]]]:
        judged = with_verdicts(spark.sql(sql), "r", contract=folder / "loans.yaml")
        return [
            [[one["rule"], one["pointer"]] for one in row.verdict["findings"]]
            for row in judged.collect()
        ]

    raw = """select {} as r from values (X'7B2244617973223A337D'),
             (X'7B2244617973223A33FF7D'), (X'7B7D') as cells(cell)"""
    summary = with_contract_summary(
        with_verdicts(
            spark.createDataFrame([('{"Days": "x", "Paid": [1, "a", "b", "c"]}',)]),
            "_1",
            contract=folder / "loans.yaml",
        )
    )
    half = r"""select '{"Days": 1, "a\\ud800": 2}' as r"""
    return {
        "bytes": found(raw.format("cell")),
        "text": found(raw.format("cast(cell as string)")),
        "half": found(half),
        "nan": found("""
            select named_struct(
                'Days', double('NaN'), 'Next', named_struct('Days', 1),
                'Notes', array(double('NaN')), 'Settings', map('a', float('NaN'))
            ) as r
            union all select named_struct(
                'Days', 2.0d, 'Next', null, 'Notes', array(1.5d), 'Settings', null
            )
        """),
        "twice": found(
            "select named_struct('Days', 1, 'x', 1.0d, 'Days', double('NaN')) as r"
        ),
        "summary": [
            [row.rule, row.pointer, row.findings, row.responses]
            for row in summary.collect()
        ],
    }


def _from_json(column: str, schema: Any) -> Any:
    from pyspark.sql import functions

    return functions.from_json(column, schema)


def refused(spark: Any, _: Path) -> list[str]:
    """What cannot be meant, in words."""
    from shapespec.ground.errors import Unusable
    from shapespec.spark import with_contract_summary, with_verdicts

    given = spark.createDataFrame([(1, "{}")], "id int, response string")
    said = []
    for call in (
        lambda: with_verdicts(given, "respons"),
        lambda: with_verdicts(given, "id"),
        lambda: with_verdicts(given, "response", into="id"),
        lambda: with_verdicts(given, "response", into="ID"),
        lambda: with_verdicts(given, "response", form="nosuch"),
        lambda: with_contract_summary(given),
    ):
        try:
            call()
        except Unusable as error:
            said.append(str(error))
    return said


def nothing_there(spark: Any, _: Path) -> bool:
    """Whether executors have neither shapespec nor a package of ours."""
    from pyspark.sql import functions

    @functions.udf("boolean")
    def absent(_: int) -> bool:
        from importlib.util import find_spec

        return not (find_spec("shapespec") or find_spec("sagemaker_training_job"))

    return bool(spark.range(1).select(absent("id")).first()[0])


def main(folder: Path) -> None:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = session()
    sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "generated" / "python")]
    found = {
        run.__name__: run(spark, folder)
        for run in (nothing_there, texts, structures, loans, odd, refused)
    }
    sys.stdout.write(f"{json.dumps(found)}\n")
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
