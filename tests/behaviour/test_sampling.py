"""Made-up responses: right ones that fit together, and precisely broken ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner

from shapespec.cli import shapespec
from shapespec.compiler import compile_spec
from shapespec.ground.source import SourceFile
from shapespec.project.files import read_source
from shapespec.tools.samples import Amount, NoSample, Sample, Sampler, SampleWriter
from shapespec.tools.samples.coverage import coverage
from tests.support import FLAGSHIP

ROOT = "DescribeTrainingJobResponse"

EVERYTHING = r"""
shapespec: 1
package: zoo
roots: [Zoo, Medium, Any, Route, Guest]
shapes:
  Zoo:
    type: structure
    members:
      Name: {type: string, length: {min: 3, max: 5}, pattern: '[a-z]+'}
      Kind: {target: Kind, required: true}
      Weight: {type: double, range: {min: 0, max: 99.5}}
      Depth: {type: double, range: {min: -1.5, max: -0.5}}
      Count: {type: long, range: {min: -5, max: -2}}
      Rate: {type: double, range: {above: 0, below: 1}}
      Boxes: {type: integer, multiple_of: 6, range: {min: 4, max: 20}}
      Fee: {type: double, multiple_of: 0.01, range: {min: 0.005, max: 9}}
      Tags: {type: list, member: string, length: {min: 1, max: 3}, unique_items: true}
      Kinds: {type: list, member: Kind, unique_items: true}
      Sparse: {type: list, member: integer, sparse: true}
      Scan: {type: blob, length: {min: 2, max: 3}}
      Notes: document
      Medium: Medium
      Tree: Tree
      ByKind: {type: map, key: Kind, value: Tree, length: {max: 2}}
      From: {target: timestamp, required: true}
      Until: timestamp
      Fees: {type: list, member: double}
      Word: {type: string, pattern: '(?!ab)\w{2,4}(?<!z)'}
      Letters: {type: string, length: {min: 2}, pattern: 'a|bb|ccc'}
      Any: {type: string, pattern: '[\s\S]*'}
      Hatched: {type: string, format: date}
      Tag: {type: string, format: uuid}
      Species: {type: string, const: owl}
      Grade: {type: integer, values: [1, 2, 5]}
      Tame: {type: boolean, values: [true]}
      Ring: {type: document, values: [none, 1, [2]]}
      Keeper: {target: string, required: true, nullable: true}
      Heir: {target: Tree, nullable: false}
      Born: {target: timestamp, nullable: false}
      Mail: {type: string, format: email, pattern: '.*@example\.net'}
      Visitor: {one_of: [Person, School]}
      Guest: Guest
      Size: {one_of: [string, integer]}
      Place: {type: list, prefix: [double, {type: double, range: {min: -90, max: 90}}]}
    rules:
      ends-after-start: {cel: '!has(this.Until) || this.Until >= this.From', message: A}
      fee-not-negative: {cel: item >= 0.0, message: B, each: Fees, severity: advice}
      one-high-fee: {cel: 'this.Fees.filter(f, f > 10.0).size() <= 1', message: C}
      name-is-no-kind: {cel: this.Name != this.Kind, message: D}
      short: {cel: 'size(this.Name) + size(this.Tags) < 7', message: E}
      scan-with-notes: {cel: has(this.Scan) == has(this.Notes), message: F}
  Kind: {type: enum, values: {big: , small: , odd: {retired: true}}}
  Any: {one_of: [string, integer, boolean, Route, Person]}
  Route: {type: list, prefix: [string, Kind], member: integer, length: {min: 1, max: 4}}
  Person:
    type: structure
    members: {First: {type: string, required: true}, Age: double}
  School:
    type: structure
    members:
      School: {type: string, required: true}
      Town: {type: string, required: true}
  Guest:
    one_of: [Owl, Fox]
    discriminator: Kind
    mapping: {owl: Owl, bird: Owl, fox: Fox}
    otherwise: Fox
  Owl:
    type: structure
    members: {Kind: string, Wings: {type: integer, range: {max: 2}}}
  Fox: {type: structure, members: {Kind: string, Name: {type: string, required: true}}}
  Medium:
    type: union
    members: {Pages: integer, Minutes: {type: integer, range: {min: 1}}, Sub: Tree}
  Tree:
    type: structure
    closed: true
    members:
      Name: {target: string, required: true}
      Parts: {type: list, member: Tree}
      Next: Tree
"""


@cache
def sampler() -> Sampler:
    return Sampler(compile_spec(read_source(FLAGSHIP)))


@cache
def broken() -> tuple[Sample, ...]:
    return tuple(sampler().invalid(ROOT))


def made(text: str) -> Sampler:
    return Sampler(compile_spec(SourceFile("spec.yaml", text)))


def run(*arguments: str) -> list[Any]:
    """What a command prints, a JSON value a line."""
    done = CliRunner().invoke(shapespec, arguments, catch_exceptions=False)
    assert 0 == done.exit_code
    return [json.loads(line) for line in done.stdout.splitlines()]


def texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from texts(item)
        case list():
            for item in value:
                yield from texts(item)


# --- right ones -----------------------------------------------------------------------


@pytest.mark.parametrize("size", Amount)
@pytest.mark.parametrize("wild", [False, True])
def test_responses_are_right(size: Amount, *, wild: bool) -> None:
    """Nothing is to be said of a made-up response: no error, warning or note."""
    responses = [*sampler().valid(ROOT, size=size, wild=wild, count=12)]

    assert 12 == len(responses)
    for response in responses:
        assert [] == sampler().package.validate(response, strict=True)


def test_sizes_differ() -> None:
    """Minimal is what has to be there; full is more than typical."""
    sizes = [
        sum(len(str(one)) for one in sampler().valid(ROOT, size=size, count=20))
        for size in (Amount.MINIMAL, Amount.TYPICAL, Amount.FULL)
    ]

    assert sizes == sorted(sizes)
    assert sampler().schema.shapes[ROOT].id == ROOT
    for response in sampler().valid(ROOT, size=Amount.MINIMAL, count=20):
        assert "ResourceConfig" not in response


def test_what_belongs_together_fits_together() -> None:
    """The name ends the ARN, one account holds everything, times are in order."""
    for response in sampler().valid(ROOT, count=40):
        name = response["TrainingJobName"]
        arn = response["TrainingJobArn"]
        account = arn.split(":")[4]

        assert arn.endswith(f":training-job/{name}")
        accounts = {text.split(":")[4] for text in texts(response) if "arn:" in text}
        assert accounts <= {account, "", "aws"}
        steps = response["SecondaryStatusTransitions"]
        assert response["SecondaryStatus"] == steps[-1]["Status"]
        times = [step["StartTime"] for step in steps]
        assert [response["CreationTime"], *times] == sorted(
            [response["CreationTime"], *times]
        )
        if "TrainingEndTime" in response:
            took = response["TrainingEndTime"] - response["TrainingStartTime"]
            assert abs(took.total_seconds() - response["TrainingTimeInSeconds"]) < 1
            assert response["TrainingEndTime"] == steps[-1]["StartTime"]


def test_a_seed_is_a_response() -> None:
    """The same seed gives the same responses, however many; another gives others."""
    first = [*sampler().valid(ROOT, seed=7, count=5)]

    assert first[:3] == [*sampler().valid(ROOT, seed=7, count=3)]
    assert first != [*sampler().valid(ROOT, seed=8, count=5)]


@pytest.mark.parametrize("kind", ["--full", "--invalid"])
def test_a_seed_is_a_response_everywhere(kind: str) -> None:
    """Nothing depends on the process, such as the order of its sets."""
    command = [sys.executable, "-m", "shapespec", "sample", kind, "--count", "12"]

    one, other = (
        subprocess.run(
            command,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )

    assert one == other


def test_responses_come_one_at_a_time() -> None:
    """However many are asked for, only those are made that are looked at."""
    endless = sampler().valid(ROOT, size=Amount.MINIMAL)

    assert isinstance(next(endless), dict)
    assert next(endless) != next(endless)


def test_examples_and_names_serve_without_samples() -> None:
    """Without samples, texts come from examples, then from the member's name."""
    spec = """
shapespec: 1
package: library
shapes:
  Book:
    type: structure
    members:
      Title: {target: string, required: true, examples: [Walden]}
      Reader: {target: string, required: true}
      Isbn: {type: string, required: true, pattern: '[0-9]{13}'}
"""
    (book,) = made(spec).valid("Book", count=1)

    assert "Walden" == book["Title"]
    assert book["Reader"].startswith("reader-")
    assert 13 == len(book["Isbn"])


def test_what_has_no_right_value_is_left_out() -> None:
    """Where no text is found, what may be absent is, and what may be empty is."""
    text = """
        shapespec: 1
        package: library
        shapes:
          Book:
            type: structure
            members:
              Title: {target: string, required: true}
              Sign: Sign
              Signs: {type: list, member: Sign}
              Shelves: {type: map, key: string, value: Sign}
              Either: Either
          Sign: {type: string, pattern: '[a-z]{9}', length: {max: 8}}
          Either: {type: union, members: {Sign: Sign, Signs: Signs, Place: integer}}
          Signs: {type: list, member: Sign, length: {min: 1}}
    """
    sampler = made(text)

    (book,) = sampler.valid("Book", size=Amount.FULL, count=1)

    assert ["Title", "Signs", "Shelves", "Either"] == [*book]
    assert ([], {}, ["Place"]) == (book["Signs"], book["Shelves"], [*book["Either"]])
    with pytest.raises(NoSample, match="no text was found that Sign allows"):
        next(sampler.valid("Signs"))


def test_what_cannot_be_kept_is_said() -> None:
    """A rule that no response keeps is named, and nothing is shown."""
    spec = """
shapespec: 1
package: library
shapes:
  Book:
    type: structure
    members: {Pages: {type: integer, required: true, range: {max: 3}}}
    rules: {thick: {cel: this.Pages > 3, message: it is thin}}
"""

    with pytest.raises(NoSample, match="no Book was found that keeps every rule"):
        next(made(spec).valid("Book"))


# --- forms ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", [one.name for one in sampler().schema.forms])
def test_every_form_is_written(form: str) -> None:
    """Responses in a form are right in it, and are the same job."""
    package = sampler().package
    writer = SampleWriter(sampler(), ROOT, form)

    for response in sampler().valid(ROOT, count=5):
        written = writer.valid(response)
        job = package.DescribeTrainingJobResponse.from_response(written, form=form)

        assert written == json.loads(json.dumps(written))
        assert [] == package.validate(written, form=form, strict=True)
        assert without_empty(response) == without_empty(job.to_response())


def without_empty(value: Any) -> Any:
    """The same without empty lists and objects: to some forms they are absent."""
    match value:
        case dict():
            kept = {name: without_empty(item) for name, item in value.items()}
            return {name: one for name, one in kept.items() if one not in ([], {})}
        case list():
            return [without_empty(item) for item in value]
        case _:
            return value


@pytest.mark.parametrize("form", ["paws", "aws-sdk-ruby"])
def test_broken_responses_are_written(form: str) -> None:
    """A broken response is broken in a form, too, or the form hides it."""
    writer = SampleWriter(sampler(), ROOT, form)
    written = [(one, writer.shown(one)) for one in broken()]
    shown = [(sample, response) for sample, response in written if response is not None]

    assert 0.9 * len(broken()) < len(shown)
    for sample, response in shown[::10]:
        rules = {one.rule for one in sampler().package.validate(response, form=form)}
        assert sample.constraint.rule in rules


# --- one constraint at a time ---------------------------------------------------------


def test_the_flagship_is_covered() -> None:
    """Every constraint is shown kept and broken, but for those that cannot be."""
    shown = [*coverage(sampler(), sampler().schema.roots)]
    reasons = {one.constraint.unbreakable for one in shown} - {None}

    assert [] == [one.path for one in shown if not one.is_covered]
    assert 700 < len(shown)
    assert {
        "every text matches it",
        "it is documentation: no response can show it",
        "the keys of a JSON object are strings",
        "there are never fewer than 0 code points",
        "there are never fewer than 0 entries",
        "there are never fewer than 0 items",
    } == reasons


@pytest.mark.parametrize("head", ["", "closed: true\nnulls: invalid\n"])
def test_every_construct_is_covered(head: str) -> None:
    """So is a spec with every construct of the language."""
    zoo = made(EVERYTHING.replace("roots:", f"{head}roots:"))

    shown = [*coverage(zoo, zoo.schema.roots)]

    assert [] == [one.constraint.id for one in shown if not one.is_covered]
    assert [] == [one.constraint.id for one in shown if one.accepted is None]


def test_broken_responses_are_broken_as_they_say() -> None:
    """The finding is there, with its weight, and all others are entailed."""
    for sample in broken():
        findings = sampler().package.validate(sample.response)
        found = {(one.rule, one.pointer) for one in findings}
        errors = [one for one in findings if one.severity == "error"]

        assert found == {(sample.constraint.rule, sample.pointer), *sample.entails}
        assert bool(errors) is not sampler().package.is_valid(sample.response)


def test_what_is_entailed_is_advice() -> None:
    """Hardly anything is broken beside what was meant, and that is advice.

    One rule is not: a job that waits less than a second waits less than it may run.
    """
    entailed = [one for one in broken() if one.entails]
    rules = {rule for one in entailed for rule, _ in one.entails}

    assert len(entailed) < len(broken()) / 20
    assert rules <= {
        "arn-names-job",
        "collection-parameter-keys",
        "debug-status-of-known-rule",
        "image-path-format",
        "last-transition-is-status",
        "output-key-format",
        "profiler-status-of-known-rule",
        "profiling-interval",
        "profiling-parameter-keys",
        "security-group-format",
        "volume-key-format",
        "wait-covers-runtime",
    }


def test_bounds_are_met_exactly() -> None:
    """A response at a bound is right, advice aside."""
    samples = [*sampler().boundary(ROOT)]
    exact = [one for one in samples if one.action.startswith("exactly")]

    assert 100 < len(exact)
    for sample in samples:
        assert sampler().package.is_valid(sample.response, strict=True)


# --- the commands ---------------------------------------------------------------------


def test_the_command_makes_responses() -> None:
    """One JSON document a line, as many as asked for, in the form asked for."""
    found = run("sample", "--count", "3", "--seed", "5", "--form", "wire", "--full")

    assert 3 == len(found)
    assert found == run(
        "sample", "--count", "3", "--seed", "5", "--form", "wire", "--full"
    )
    for response in found:
        assert isinstance(response["CreationTime"], float)
        assert sampler().package.is_valid(response, form="wire")


def test_the_command_makes_broken_responses() -> None:
    """A line has path, rule, action and response; more than there are come round."""
    shape = ("--shape", "DescribeTrainingJobRequest")
    found = run("sample", "--invalid", *shape)
    more = run("sample", "--invalid", *shape, "--count", str(len(found) + 2))

    assert found == more[:-2]
    assert [one["path"] for one in found[:2]] == [one["path"] for one in more[-2:]]
    missing = next(one for one in found if one["rule"] == "required")
    assert {
        "path": "TrainingJobName",
        "rule": "required",
        "keyword": "required",
        "severity": "error",
        "action": "the member is left out",
        "response": {},
    } == missing


def test_the_command_makes_one_for_each_constraint() -> None:
    """Paths are spelt as in evidence: items, values and keys."""
    paths = {sample.constraint.site.path for sample in broken()}

    assert {
        "InputDataConfig[].ChannelName",
        "Environment{}",
        "Environment{key}",
    } < paths
    assert len(broken()) == len({sample.constraint.id for sample in broken()})


def test_the_command_meets_bounds() -> None:
    """`--boundary` gives the accepted side."""
    found = run("sample", "--boundary", "--count", "40")

    for one in found:
        datetime.fromisoformat(one["response"]["CreationTime"])
        assert sampler().package.is_valid(one["response"])


def test_the_command_takes_a_shape() -> None:
    """A shape can be asked for by name."""
    (found,) = run("sample", "--shape", "DescribeTrainingJobRequest")

    assert ["TrainingJobName"] == [*found]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--shape", "Chanel"), "no shape is called Chanel; did you mean Channel?"),
        (("--form", "carrier-pigeon"), "no form is called 'carrier-pigeon'"),
    ],
)
def test_what_is_not_there_is_named(arguments: tuple[str, ...], message: str) -> None:
    """A shape or a form that does not exist is a clear message."""
    done = CliRunner().invoke(shapespec, ["sample", *arguments])

    assert message in str(done.exception)


def test_the_report_lists_every_constraint() -> None:
    """`coverage` prints a line per constraint, with both responses."""
    found = run("coverage", "--shape", "DescribeTrainingJobRequest", "--format", "json")

    assert ["required", "type", "minLength", "maxLength", "pattern"] == [
        one["keyword"] for one in found if one["path"].endswith("TrainingJobName")
    ]
    assert "(request).TrainingJobName" == found[-1]["path"]
    for one in found:
        assert {"accepted", "refused"} <= one.keys()


def test_a_gap_in_the_report_is_a_fault(tmp_path: Any) -> None:
    """A rule that no response can break is a constraint that is not shown."""
    spec = tmp_path / "library.yaml"
    spec.write_text(
        "shapespec: 1\npackage: library\nshapes:\n  Book:\n    type: structure\n"
        "    members: {Pages: integer}\n"
        "    rules: {idle: {cel: 'true', message: never}}\n"
    )

    done = CliRunner().invoke(shapespec, ["coverage", "--spec", str(spec)])

    assert 1 == done.exit_code
    assert "(response) idle: not so: never" in done.stdout
    assert "not shown: no such response was found" in done.stdout
