"""How long it takes from an import to the first verdict, in a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from shapespec.contract import schema as ir
from tests.benchmarks import models, peers
from tests.benchmarks.measure import Candidate, Row, compare
from tests.support import ROOT

ROUNDS = 9
_PROGRAM = """\
import json, sys, time
response = json.load(sys.stdin)
sys.path[:0] = {path!r}
started = time.process_time()
{body}
seconds = time.process_time() - started
assert verdict
print(seconds)
"""
_BODIES = {
    "shapespec is_valid": """\
from sagemaker_training_job import is_valid
verdict = is_valid(response)""",
    "shapespec validate": """\
from sagemaker_training_job import validate
verdict = isinstance(validate(response), list)""",
    "shapespec dataclass": """\
from sagemaker_training_job import DescribeTrainingJobResponse
verdict = DescribeTrainingJobResponse.from_response(response)""",
    "jsonschema-rs": """\
import jsonschema_rs
schema = json.load(open({schema!r}))
verdict = jsonschema_rs.validator_for(schema).is_valid(response)""",
    "msgspec": """\
import msgspec, msgspec_models
verdict = msgspec.convert(response, msgspec_models.T_DescribeTrainingJobResponse)""",
    "pydantic": """\
import tuned_pydantic_models as models
verdict = models.T_DescribeTrainingJobResponse.model_validate(response)""",
    "jsonschema": """\
import jsonschema
schema = json.load(open({schema!r}))
verdict = jsonschema.Draft202012Validator(schema).is_valid(response)""",
    "fastjsonschema": """\
import fastjsonschema
verdict = fastjsonschema.compile(json.load(open({schema!r})))(response)""",
}


def rows(schema: ir.Schema, response: object) -> list[Row]:
    """Every candidate, measured in turn in processes of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for dialect in (models.MSGSPEC, models.PYDANTIC):
            peers.model_file(schema, dialect, Path(folder))
        path = [str(ROOT / "generated" / "python"), folder]
        plain = Path(folder, "schema.json")
        plain.write_text(json.dumps(peers.plain_ends(peers.json_schema())), "utf-8")
        given = json.dumps(response)
        candidates = []
        for name, body in _BODIES.items():
            filled = body.format(schema=str(plain))
            program = _PROGRAM.format(path=path, body=filled)
            call = _runner(program)
            candidates.append(Candidate(name, call, [given], clocked=True))
        return compare("import", candidates, rounds=ROUNDS)


def _runner(program: str) -> Callable[[str], float]:
    """Runs a program in a fresh interpreter; gives back the time that it tells."""

    def run(given: str) -> float:
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=given,
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    return run
