"""An invalid response that another command line would find valid says so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import run_shapespec

JOB: dict[str, Any] = json.loads(run_shapespec("sample", "--form", "wire").stdout)
FORMS = ("paws", "eventbridge", "datadog-ddsql", "aws-sdk-ruby", "aws-cli", "boto3")


def validate(text: str, *words: str) -> tuple[int, str]:
    """The exit code, and the last line, which is the help where there is one."""
    done = run_shapespec("validate", "-", *words, stdin=text)
    return done.returncode, done.stdout.splitlines()[-1]


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_another_system(form: str) -> None:
    """What one system writes is valid, or the help names the form that makes it so."""
    text = run_shapespec("sample", "--form", form).stdout

    code, last = validate(text)
    assert code == 0 or last == (
        f"help: this is what {form} writes; with --form {form} it is valid"
    )
    assert 0 == validate(text, "--form", form)[0]
    code, last = validate(text, "--form", "paws" if form != "paws" else "wire")
    assert code == 0 or last.startswith("help: this is what ")


def test_another_form_with_faults_of_its_own() -> None:
    """A form that leaves few errors of many is named, too."""
    job = json.loads(run_shapespec("sample", "--form", "paws").stdout)
    job["RoleArn"] = "no role"

    code, last = validate(json.dumps(job))

    assert 1 == code
    assert (
        "help: this looks like what paws writes; with --form paws it has 1 error"
        == last
    )


@pytest.mark.parametrize(
    ("wrapped", "words", "help_"),
    [
        (
            {"status_code": 200, "data": JOB},
            ("--at", "/data"),
            "the response is within; with --at /data it is valid",
        ),
        (
            {"data": JOB, "errors": None},
            ("--at", "/data"),
            "the response is within; with --at /data it is valid",
        ),
        (
            {"a": {"b/c": JOB}},
            ("--at", "/a/b~1c"),
            "the response is within; with --at /a/b~1c it is valid",
        ),
        (
            [JOB, JOB],
            ("--rows",),
            "this is a list of responses; with --rows each is read",
        ),
        (
            {"Items": [JOB]},
            ("--rows",),
            "/Items is a list of responses; with --rows each is read",
        ),
        (
            JOB["ResourceConfig"],
            ("--shape", "ResourceConfig"),
            "it has another shape; with --shape ResourceConfig it is valid",
        ),
    ],
    ids=[
        "envelope",
        "no errors",
        "deep envelope",
        "list",
        "list in an envelope",
        "shape",
    ],
)
def test_help_that_helps(wrapped: object, words: tuple[str, ...], help_: str) -> None:
    """What the help says makes the response valid."""
    text = json.dumps(wrapped)

    assert (1, f"help: {help_}") == validate(text)
    assert 0 == validate(text, *words)[0]


@pytest.mark.parametrize(
    "error",
    [
        {"__type": "com.amazon#ValidationException", "message": "no"},
        {"Error": {"Code": "ValidationException", "Message": "no"}},
    ],
)
def test_an_error_of_aws(error: object) -> None:
    """What AWS answers to a request that failed is called so."""
    expected = "help: this is an error of AWS (ValidationException), not a response"

    assert (1, expected) == validate(json.dumps(error))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"__type": "ThrottlingException"}, " of AWS (ThrottlingException)"),
        ({"__type": "a#B", "Message": "no", "retry": 1}, " of AWS (B)"),
        ({"message": "Rate exceeded"}, ""),
        ({"Message": "not authorized", "Type": "User"}, ""),
        ({"code": "AccessDenied", "message": "no"}, " (AccessDenied)"),
        ({"code": "gh7Zp0Xq2", "message": "no"}, ""),
        (
            {"errorType": "KeyError", "errorMessage": "x", "stackTrace": []},
            " (KeyError)",
        ),
        ({"errors": [{"message": "no such field"}], "data": None}, ""),
        ({"title": "Gone", "status": 410, "detail": "no"}, " (Gone)"),
        ({"error": "invalid_grant", "error_description": "x"}, " (invalid_grant)"),
        ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "no"}}, ""),
        ({"timestamp": "x", "status": 404, "error": "Not Found", "path": "/"}, ""),
    ],
    ids=lambda one: one if isinstance(one, str) else "+".join(one),
)
def test_an_error_of_another_protocol(body: object, code: str) -> None:
    """What says that a call failed is called so, and no text of it is shown."""
    assert (1, f"help: this is an error{code}, not a response") == validate(
        json.dumps(body)
    )


QUEUES = "aws:sqs:ListQueues"


@pytest.mark.parametrize(
    ("document", "help_"),
    [
        ({"data": {"QueueUrls": ["https://x"]}}, "with --at /data it is valid"),
        ({"pages": [{"QueueUrls": ["https://x"]}]}, "with --rows each is read"),
        ({"__type": "AccessDenied", "message": "no"}, "an error of AWS (AccessDenied)"),
        ({"queue_urls": ["https://x"]}, "the contract has QueueUrls, not queue_urls"),
    ],
    ids=["envelope", "pages", "error", "names"],
)
def test_what_is_valid_because_nothing_is_known(document: object, help_: str) -> None:
    """Of a service model no member need be there; help is needed all the same."""
    code, last = validate(json.dumps(document), "--spec", QUEUES)

    assert 0 == code
    assert last.startswith("help: ")
    assert help_ in last


@pytest.mark.parametrize(
    "document", [{}, {"QueueUrls": []}, {"QueueUrls": [], "New": 1}, {"New": 1}]
)
def test_what_is_new_is_no_riddle(document: object) -> None:
    """A member that a service has added is a warning, and that is all."""
    code, last = validate(json.dumps(document), "--spec", QUEUES)

    assert 0 == code
    assert last.startswith("<stdin>:1: valid")


MAIL = """
shapespec: 1
package: mail
shapes:
  R: {type: structure, members: {message: string, To: {type: string, required: true}}}
"""


def test_what_the_contract_knows_is_no_error(tmp_path: Any) -> None:
    """A contract may have a member that is called as those of errors are."""
    spec = tmp_path / "s.yaml"
    spec.write_text(MAIL)

    code, last = validate('{"message": "hello"}', "--spec", str(spec))

    assert (1, False) == (code, last.startswith("help:"))


@pytest.mark.parametrize(
    ("document", "jq"),
    [
        ({"pages": [{"items": [JOB, JOB]}]}, ".pages[].items[]"),
        ({"Records": [{"body": json.dumps(JOB)}]}, ".Records[].body | fromjson"),
        ([{"response": JOB}, {"response": JOB}], ".[].response"),
        ([[JOB]], ".[][]"),
        ({"first": JOB, "second": JOB}, ".[]"),
        ({"by name": {"a": JOB, "b": JOB}}, '.["by name"][]'),
        ({"a": {"b": {"c": [{"d": {"e": JOB}}]}}}, ".a.b.c[].d.e"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_responses_deep_in_an_envelope(document: object, jq: str) -> None:
    """The way to all of them is said as jq has it."""
    expected = f"help: the responses are within; jq -c '{jq}' takes them out"

    assert (1, expected) == validate(json.dumps(document))


@pytest.mark.parametrize(
    ("document", "command"),
    [
        ({"a b": JOB}, "--at '/a b' it"),
        ({"'; rm -r ~; '": JOB}, """--at '/'"'"'; rm -r ~0; '"'"'' it"""),
        ({"it's": [{"x": JOB}]}, """jq -c '.["it'\\''s"][].x' takes"""),
        ({"a": {"b": {"c": {"d": JOB}}}}, "--at /a/b/c/d it"),
    ],
    ids=["space", "command", "quote", "depth"],
)
def test_a_name_does_not_leave_its_word(document: object, command: str) -> None:
    """What is told to be run has names of others as one word of the shell."""
    assert command in validate(json.dumps(document))[1]


def _spelt(value: object, spell: Callable[[str], str]) -> object:
    match value:
        case dict():
            return {spell(name): _spelt(item, spell) for name, item in value.items()}
        case list():
            return [_spelt(item, spell) for item in value]
        case _:
            return value


@pytest.mark.parametrize(
    ("spell", "first"),
    [
        (lambda name: name[:1].lower() + name[1:], "trainingJobName"),
        (lambda name: re.sub("(?<!^)(?=[A-Z])", "-", name), "Training-Job-Name"),
        (str.upper, "TRAININGJOBNAME"),
    ],
    ids=["camel", "hyphens", "capitals"],
)
def test_names_in_other_letters(spell: Callable[[str], str], first: str) -> None:
    """What a program has renamed is told from what lacks the members."""
    said = "its names are written in another way: the contract has TrainingJobName"

    assert (1, f"help: {said}, not {first}") == validate(json.dumps(_spelt(JOB, spell)))


def test_a_name_that_is_mistyped_is_no_spelling() -> None:
    """Its finding has the right name, and the others are as they should be."""
    name = JOB["TrainingJobName"]
    job = {"trainingJobName": name, **JOB}
    del job["TrainingJobName"]

    code, last = validate(json.dumps(job))

    assert (1, False) == (code, last.startswith("help:"))


def _typed(value: object) -> object:
    match value:
        case dict():
            return {"M": {name: _typed(item) for name, item in value.items()}}
        case list():
            return {"L": [*map(_typed, value)]}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case _:
            return {"N": f"{value}"}


@pytest.mark.parametrize("outer", ["{}", '{"Item": {}}'])
def test_an_item_of_a_table(outer: str) -> None:
    """DynamoDB writes the type of each value beside it."""
    item = {name: _typed(value) for name, value in JOB.items()}

    code, last = validate(outer.replace("{}", json.dumps(item)))

    assert 1 == code
    assert "an item of DynamoDB" in last


def test_moments_of_python() -> None:
    """`default=repr` writes what nobody can read back."""
    job = JOB | {"CreationTime": "datetime.datetime(2024, 1, 2, tzinfo=tzlocal())"}

    assert "json.dumps(response, default=str)" in validate(json.dumps(job))[1]


@pytest.mark.parametrize(
    ("document", "help_"),
    [
        ({"shapespec": 1, "shapes": {}}, "this is a spec, not a response"),
        ({"$schema": "https://json-schema.org/x", "type": "object"}, "a schema, not a"),
        ({"openapi": "3.1.0", "paths": {}}, "--spec takes it as the contract"),
    ],
)
def test_what_describes_responses(document: object, help_: str) -> None:
    """A spec or a schema that lies in the folder of the responses is called so."""
    code, last = validate(json.dumps(document))

    assert 1 == code
    assert help_ in last


def test_help_with_statistics() -> None:
    """A table of a thousand findings ends with what all of them come from."""
    lines = f"{json.dumps({'data': JOB})}\n" * 3
    words = ("validate", "-", "--input", "ndjson", "--statistics")

    shown = run_shapespec(*words, stdin=lines)
    as_json = run_shapespec(*words, "--format", "json", stdin=lines)

    said = "the response is within; with --at /data it is valid"
    assert f"help: {said}" == shown.stdout.splitlines()[-1]
    assert [said] == [
        found["help"]
        for line in as_json.stdout.splitlines()
        if "help" in (found := json.loads(line))
    ]


def _boxed(value: object) -> object:
    match value:
        case dict():
            return {name: _boxed(item) for name, item in value.items()}
        case list():
            return [_boxed(item) for item in value]
        case _:
            return [value]


def test_what_r_writes_when_it_is_not_told() -> None:
    """Each value in a list is what jsonlite makes of R's vectors."""
    code, last = validate(json.dumps(_boxed(JOB)))

    assert 1 == code
    assert "auto_unbox = TRUE" in last


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ({"$date": 1700000000000}, 'its timestamps are objects with "$date"'),
        (1700000000000, "its timestamps are milliseconds since 1970"),
    ],
)
@pytest.mark.parametrize("boxed", [True, False])
def test_moments_of_r(moment: object, said: str, *, boxed: bool) -> None:
    """Written with POSIXt = "mongo" or "epoch"; an event has milliseconds, too."""
    times = [name for name, value in JOB.items() if name.endswith("Time") and value]
    job = {
        name: item
        for name, item in JOB.items()
        if name not in ("SecondaryStatusTransitions", "FinalMetricDataList")
    } | dict.fromkeys(times, moment)
    code, last = validate(json.dumps(_boxed_values(job) if boxed else job))

    assert 1 == code
    if isinstance(moment, int) and not boxed:
        assert "with --form eventbridge it is valid" in last
    else:
        assert said in last


def _boxed_values(job: dict[str, object]) -> object:
    """Each value in a list, but for a moment that is an object."""
    return {
        name: [item]
        if isinstance(item, str | int | float) or "$date" in str(item)
        else _boxed(item)
        for name, item in job.items()
    }


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("", "there is nothing in it; did the command that writes it fail?"),
        ("{'a': 1, 'b': None}", "json.dumps(response, default=str)"),
        ("Name,Status,Arn\nx,y,z\n", "this looks like CSV"),
        ("--------\n|  DescribeTrainingJob  |\n+----+\n", "this is a table"),
        ("TRAININGJOB\tx\ty\n", "--output json"),
        ('{\n"a": 1\n}\n{\n"a": 2\n}\n', "jq -c . writes them so"),
        ('"a","b"\n"1","2"\n', "--input csv"),
        ("a;b;c\n1;2;3\n", "--input csv"),
        ('#<struct Aws::X training_job_name="j">', "JSON.generate(resp.to_h)"),
        ("--- !ruby/struct:Aws::X\na: 1\n", "JSON.generate(resp.to_h)"),
        ('{:training_job_name=>"j"}', "JSON.generate(resp.to_h)"),
        ('{"training_job_name" => "j"}', "JSON.generate(resp.to_h)"),
        ('list(TrainingJobName = "j")', "jsonlite::toJSON"),
        ('$TrainingJobName\n[1] "j"\n', "jsonlite::toJSON"),
        ("Name,Arn\nx,y\n", "this looks like CSV"),
        ("defaultdict(<class 'dict'>, {'a': 1})", "how Python prints an object"),
        ("models.Job(training_job_name='j')", "how Python prints an object"),
        ("<?xml version='1.0'?>\n<Error><Code>x</Code></Error>", "this is XML"),
        ("<!DOCTYPE html>\n<html><body>502</body></html>", "this is a web page"),
        (
            "\nAn error occurred (ValidationException) when calling the X operation: x",
            "an error of the AWS CLI (ValidationException), not a response",
        ),
        ("Unable to locate credentials. You can configure", "error of the AWS CLI,"),
        ("usage: aws [options] <command>\naws: error: x", "error of the AWS CLI,"),
        ("The config profile (dev) could not be found\n", "error of the AWS CLI,"),
        ("<Error><Code>NoSuchKey</Code></Error>", "an error of AWS (NoSuchKey), not"),
        (
            "<?xml version='1.0'?>\n<Response><Errors><Error><Code>Denied</Code>",
            "an error of AWS (Denied), not",
        ),
        ("Completed\tarn:aws:x:y:1:z/a\t1571078391.0\n", "--output json"),
        ("Name\tArn\nx\ty\n", "a table with tabs"),
        ("\u250c\u2500\u2500\u2510\n\u2502 a \u2502\n", "this is a table"),
        (" name | arn\n------+------\n x | y\n", "this is a table"),
        ("{'a': datetime.datetime(2024, 1, 2, tzinfo=tzlocal())}", "default=str"),
        ("OrderedDict([('a', 1)])", "how Python prints an object"),
        ("DescribeJobResponse(JobName=x, Tags=[])", "how Java prints an object"),
        ("{JobName:0xc00012 Tags:[]}", "how Go prints a value"),
        ("map[JobName:x Tags:[]]", "how Go prints a value"),
        ("{u'JobName': u'x'}", "default=str"),
        ("@{JobName=x; Tags=System.Object[]}", "ConvertTo-Json"),
        ("JobName : x\nTags    : {}\n", "ConvertTo-Json"),
        ('Response { job_name: Some("x") }', "how a program prints an object"),
        ("curl: (7) Failed to connect to x", "an error message, not"),
        ("Traceback (most recent call last):\n  File x\nKeyError: 'a'\n", "an error"),
        ("botocore.exceptions.NoCredentialsError: Unable to", "an error message, not"),
        ("None\n", "that it has nothing"),
        ("Array\n(\n    [JobName] => x\n)\n", "how PHP prints an array"),
        ("{ JobName: 'x', At: 2024-01-01T00:00:00.000Z }", "JSON.stringify"),
        ('List of 2\n $ Name: chr "x"\n', "jsonlite::toJSON"),
        (f"```json\n{json.dumps(JOB)}\n```\n", "between the fences"),
        (f"HTTP/1.1 200 OK\r\nA: b\r\n\r\n{json.dumps(JOB)}", "leave out curl's -i"),
        (f"$ aws x\n\n{json.dumps(JOB, indent=1)}", "the JSON begins in line 3;"),
        (f"12:00 INFO got {json.dumps(JOB)}\n", "before the JSON of a line; sed"),
        (f"{json.dumps(JOB)},\n{json.dumps(JOB)}", "without commas between them"),
        (f"\x1e{json.dumps(JOB)}\n\x1e{json.dumps(JOB)}\n", "tr -d"),
        ('{"a": 1,\n "b": [1, 2,]}', "JSON has no comma behind the last"),
        ('{"a": "x, ]", "b" 1}', "is not JSON: Expecting ':' delimiter"),
        (json.dumps(json.dumps(JOB)), "jq fromjson unpacks it"),
        (json.dumps({"statusCode": 200, "body": json.dumps(JOB)}), "jq '.body | "),
    ],
    ids=[
        *("nothing", "python", "csv", "table", "text", "several documents"),
        *("quoted csv", "semicolons", "inspect", "struct", "hash", "new hash"),
        *("list", "print of R", "two columns", "defaultdict", "object", "XML", "page"),
        *("failed call", "no credentials", "usage", "profile", "S3", "EC2"),
        *("one line", "tabs", "box", "psql", "datetime", "OrderedDict", "Java", "Go"),
        *("Go map", "Python 2", "PowerShell", "list of PowerShell", "Rust", "curl"),
        *("traceback", "exception", "None", "PHP"),
        *("Node", "str of R", "Markdown", "headers", "prompt", "log"),
        *("commas", "JSON sequence", "late comma", "comma in a string"),
        *("JSON twice", "JSON in a member"),
    ],
)
def test_what_is_no_json(text: str, help_: str) -> None:
    """Text that people paste in place of JSON is recognised."""
    code, last = validate(text)

    assert code > 0
    assert help_ in last


@pytest.mark.parametrize(
    "value",
    [{}, {"a": 1}, [], 5, None, "text", {"TrainingJobName": "x"}, [[]], {"a": [{}]}],
    ids=json.dumps,
)
def test_nothing_is_made_up(value: object) -> None:
    """Where nothing would make it valid, nothing is said."""
    code, last = validate(json.dumps(value))

    assert 1 == code
    assert "help:" not in last


def test_help_in_json() -> None:
    """Programs get the help, too."""
    done = run_shapespec("validate", "-", "--format", "json", stdin=json.dumps([JOB]))

    assert (
        "this is a list of responses; with --rows each is read"
        == (json.loads(done.stdout)["help"])
    )


def test_help_costs_little() -> None:
    """Of many invalid responses only the first few are looked at."""
    lines = f"{json.dumps({'data': JOB})}\n" * 20

    done = run_shapespec("validate", "-", "--input", "ndjson", stdin=lines)

    assert 5 == done.stdout.count("help: ")


def test_a_contract_without_forms(tmp_path: Any) -> None:
    """A spec that has no forms has other help."""
    spec = tmp_path / "s.yaml"
    spec.write_text(
        "shapespec: 1\npackage: p\nshapes:\n"
        "  R: {type: structure, members: {A: {type: string, required: true}}}\n"
    )
    done = run_shapespec("validate", "-", "--spec", spec, stdin='{"x": {"A": "a"}}')

    assert "help: the response is within; with --at /x it is valid" in done.stdout
