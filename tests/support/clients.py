"""The clients that people get responses from, each fed with the same training job.

`tests/fixtures/clients/job.json` is the body that a service would send. Here are the
programs that turn it into what their users hold. `python -m tests.support.clients`
writes it down again, all but what needs a program that is absent.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from shapespec.compiler import compile_spec, generate
from shapespec.project.files import read_source
from tests.support import FLAGSHIP, ROOT
from tests.support.moto_jobs import CREDENTIALS, client_of
from tests.support.postgresql import Absent, postgresql

FOLDER = ROOT / "tests" / "fixtures" / "clients"
BODY = (FOLDER / "job.json").read_bytes()
NAME = "tide-tables-2025-03-11"


class Fixture(NamedTuple):
    """What a client makes of the job.

    Attributes:
        file: Its file in `FOLDER`.
        form: The form that it is in.
        make: Makes it; raises `Absent` where the client is not there.
        exact: Whether the times have their fractions.
    """

    file: str
    form: str
    make: Callable[[], str]
    exact: bool = True


# --- the AWS SDK for Python -----------------------------------------------------------


def parsed() -> dict[str, Any]:
    """What botocore's parser makes of the body."""
    from botocore.parsers import create_parser
    from botocore.session import get_session

    model = get_session().get_service_model("sagemaker")
    output = model.operation_model("DescribeTrainingJob").output_shape
    response = {"status_code": 200, "headers": {}, "body": BODY}
    found: dict[str, Any] = create_parser("json").parse(response, output)
    return found


def stubbed() -> dict[str, Any]:
    """What a client of boto3 returns whose Stubber holds the parsed body."""
    from botocore.stub import Stubber

    client = client_of()
    with Stubber(client) as stubber:
        stubber.add_response("describe_training_job", parsed())
        found: dict[str, Any] = client.describe_training_job(TrainingJobName=NAME)
    return found


def dumped() -> str:
    """The same as people write it down: `json.dumps(response, default=str)`."""
    return json.dumps(stubbed(), default=str)


# --- the AWS CLI ----------------------------------------------------------------------


class _Service(BaseHTTPRequestHandler):
    """Answers every call with the body."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@contextmanager
def service() -> Iterator[str]:
    """The address of a service on loopback that answers with the body."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def aws_cli(endpoint: str, *arguments: str, timestamps: str = "wire") -> str:
    """What the AWS CLI prints when it calls a service.

    Raises:
        Absent: It is not there.
    """
    beside = Path(sys.prefix, "awscli", "bin", "aws")  # where the Makefile puts it
    program = str(beside) if beside.exists() else shutil.which("aws")
    if program is None:
        raise Absent("the AWS CLI is absent")
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config")
        config.write_text(f"[default]\ncli_timestamp_format = {timestamps}\n")
        environment = {**os.environ, **CREDENTIALS, "AWS_CONFIG_FILE": str(config)}
        environment |= {"AWS_ENDPOINT_URL": endpoint, "NO_PROXY": "127.0.0.1"}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [program, "sagemaker", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


def described(timestamps: str) -> str:
    """What `aws sagemaker describe-training-job` prints of the body."""
    asked = ("describe-training-job", "--training-job-name", NAME)
    with service() as endpoint:
        return aws_cli(endpoint, *asked, timestamps=timestamps)


# --- R and Ruby -----------------------------------------------------------------------


def script(program: str, file: str, how: str, **environment: str) -> str:
    """What a script of the folder prints of the job.

    Raises:
        Absent: The program, or a package that the script needs, is not there.
    """
    found = shutil.which(program)
    if found is None:
        raise Absent(f"{program} is absent")
    done = subprocess.run(
        [found, file, "job.json", how],
        cwd=FOLDER,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if "no package called" in done.stderr:
        raise Absent("the R package jsonlite is absent")
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


# --- databases ------------------------------------------------------------------------


def table(dialect: str) -> str:
    """The table for the flagship's response."""
    schema = compile_spec(read_source(FLAGSHIP))
    path = f"sql/{schema.package}/{dialect}.sql"
    files = {file.path: file.text for file in generate(schema, ("sql",))}
    return files[path]


def rows_in_postgresql() -> tuple[str, str]:
    """The job's row, as JSON throughout, and with columns as text.

    Raises:
        Absent: There is no PostgreSQL.
    """
    job = (FOLDER / "aws-cli.json").read_text("utf-8")
    with postgresql() as server:
        server.query(table("postgresql"))
        insert = (FOLDER / "row.postgresql.sql").read_text("utf-8")
        plain, text = server.query(insert, "-v", f"job={job}").splitlines()
    return f"{plain}\n", f"{text}\n"


def row_in_duckdb() -> str:
    """The job's row."""
    import duckdb

    job = (FOLDER / "aws-cli.json").read_text("utf-8")
    database = duckdb.connect()
    database.execute(table("duckdb"))
    database.execute("SET VARIABLE job = $job", {"job": job})
    found = database.execute((FOLDER / "row.duckdb.sql").read_text("utf-8")).fetchone()
    assert found is not None
    return f"{found[0]}\n"


FIXTURES = (
    Fixture("boto3.json", "boto3", dumped),
    Fixture("aws-cli.json", "aws-cli", lambda: described("iso8601")),
    Fixture("aws-cli-wire.json", "aws-cli", lambda: described("wire")),
    Fixture(
        "paws.json", "paws", lambda: script("Rscript", "paws.R", "unbox"), exact=False
    ),
    Fixture(
        "paws-vectors.json",
        "paws",
        lambda: script("Rscript", "paws.R", "vectors"),
        exact=False,
    ),
    Fixture(
        "aws-sdk-ruby.json",
        "aws-sdk-ruby",
        lambda: script("ruby", "hash.rb", "utc"),
        exact=False,
    ),
    Fixture(
        "aws-sdk-ruby-local.json",
        "aws-sdk-ruby",
        lambda: script("ruby", "hash.rb", "local", TZ="Asia/Kolkata"),
        exact=False,
    ),
    Fixture("ddsql-postgresql.json", "datadog-ddsql", lambda: rows_in_postgresql()[0]),
    Fixture(
        "ddsql-postgresql-text.json", "datadog-ddsql", lambda: rows_in_postgresql()[1]
    ),
    Fixture("ddsql-duckdb.json", "datadog-ddsql", row_in_duckdb),
)


def main() -> None:
    """Write every fixture that can be made here."""
    for fixture in FIXTURES:
        try:
            text = fixture.make()
        except Absent as absent:
            sys.stderr.write(f"{fixture.file} is as it was: {absent}\n")
            continue
        (FOLDER / fixture.file).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
