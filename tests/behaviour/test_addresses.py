"""One address for any contract: specs, services of AWS, generated packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import shapespec
from shapespec.addresses import Aws, Package, cache, read_address
from shapespec.api import spec_of
from shapespec.ground import kept as store
from shapespec.ground.errors import Unusable
from shapespec.ground.resources import FLAGSHIP
from tests.support import run_shapespec

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

QUEUES = "aws:sqs:ListQueues"
POSIX = pytest.mark.skipif(os.name == "nt", reason="folders have no modes there")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of a test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(cache.VARIABLE, str(folder))
    return folder


@pytest.fixture
def run(tmp_path: Path, folder: Path) -> Run:
    """Runs a command of shapespec with a cache of its own."""
    del folder

    def command(*words: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "shapespec", *map(str, words)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


def contracts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.contract"))


@pytest.fixture
def kept(folder: Path) -> Path:
    """The file of a contract that has been compiled."""
    shapespec.load_contract(QUEUES)
    (file,) = contracts(folder)
    return file


@pytest.mark.parametrize(
    ("given", "operation", "expected"),
    [
        ("aws:ec2:DescribeInstances", None, Aws("ec2", "DescribeInstances")),
        ("aws:ec2", "DescribeInstances", Aws("ec2", "DescribeInstances")),
        ("aws:ec2", None, Aws("ec2")),
        ("aws:sagemaker:DescribeTrainingJob", None, FLAGSHIP),
        ("sagemaker_training_job", None, Package("sagemaker_training_job")),
        ("some.yaml", None, Path("some.yaml")),
        ("json", None, Path("json")),
    ],
)
def test_an_address_means_one_thing(
    given: str, operation: str | None, expected: object
) -> None:
    """Each kind of address is told by how it looks; a module is not a contract."""
    assert expected == read_address(given, operation)


@pytest.mark.parametrize(
    ("given", "operation", "said"),
    [
        ("aws:", None, "'aws:' is not aws:SERVICE:OPERATION or aws:SERVICE"),
        ("aws:ec2:", None, "'aws:ec2:' is not aws:SERVICE:OPERATION"),
        ("aws:ec2:A:B", None, "is not aws:SERVICE:OPERATION"),
        ("aws:../x", None, "is not aws:SERVICE:OPERATION"),
        ("aws:ec2:A", "B", "already names an operation; leave out --operation"),
        (
            "sagemaker_training_job",
            "B",
            "--operation is for a service, such as aws:ec2",
        ),
    ],
)
def test_a_wrong_address_is_refused(
    given: str, operation: str | None, said: str
) -> None:
    """What is not an address is refused with what is expected."""
    with pytest.raises(Unusable, match="aws:") as refused:
        read_address(given, operation)

    assert said in str(refused.value)


def test_a_response_of_any_service_is_validated(run: Run) -> None:
    """The output of the AWS CLI is validated with nothing but an address."""
    done = run("validate", "-", "--spec", QUEUES, stdin='{"QueueUrls": ["u", 1]}')

    assert 1 == done.returncode
    assert "error[type] /QueueUrls/1" in done.stdout
    assert "" == done.stderr.partition("1 response")[0]


@pytest.mark.parametrize(
    "words",
    [
        ("--spec", "aws:sqs", "--operation", "ListQueues"),
        ("--spec", "aws:sqs:list-queues"),
        ("--spec", "aws:sqs", "--operation", "list_queues"),
    ],
)
def test_an_operation_is_found_however_it_is_spelt(
    run: Run, words: tuple[str, ...]
) -> None:
    """The spelling of boto3 and of the AWS CLI is right, too."""
    done = run("validate", "-", *words, stdin='{"QueueUrls": []}')

    assert 0 == done.returncode, done.stderr


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("aws:sqss:ListQueues", "botocore has no service 'sqss'; did you mean sqs?"),
        ("aws:sqs:ListQueue", "did you mean ListQueues?"),
        ("aws:zzzzzzzz:A", "`shapespec aws` lists them"),
        ("aws:sqs:DeleteQueue", "a response of DeleteQueue holds nothing to validate"),
    ],
)
def test_an_unknown_address_names_the_nearest(
    run: Run, address: str, said: str
) -> None:
    """A slip in a name costs no search."""
    done = run("validate", "-", "--spec", address, stdin="{}")

    assert 2 == done.returncode
    assert said in done.stderr


def test_the_shipped_contract_has_an_address(run: Run) -> None:
    """`aws:sagemaker:DescribeTrainingJob` is the flagship, with its own rules."""
    contract: Any = shapespec.load_contract("aws:sagemaker:DescribeTrainingJob")

    assert "sagemaker_training_job" == contract.__name__
    done = run("explain", "billed-at-most-training")
    assert 0 == done.returncode


def test_a_package_is_an_address(run: Run) -> None:
    """A generated package that can be imported is named as it is imported."""
    done = run("validate", "-", "--spec", "sagemaker_training_job", stdin="{}")

    assert 1 == done.returncode
    assert "error[required] /TrainingJobName" in done.stdout


def test_a_project_names_services(run: Run, tmp_path: Path) -> None:
    """`specs` of a project may be addresses."""
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.shapespec]\nspecs = ["{QUEUES}"]\n'
    )

    done = run("validate", "-", stdin='{"Queues": []}')

    assert 'has no member "Queues"' in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("sample", "--spec", QUEUES),
        ("convert", "-", "--from", "wire", "--to", "boto3", "--spec", QUEUES),
        ("observe", "-", "--spec", "aws:sqs", "--operation", "ListQueues"),
        ("generate", QUEUES, "--target", "json-schema"),
    ],
)
def test_other_commands_take_addresses(run: Run, words: tuple[str, ...]) -> None:
    """Whatever takes a spec takes an address."""
    done = run(*words, stdin='{"QueueUrls": []}')

    assert 0 == done.returncode, done.stderr


def test_the_dataclasses_come_along() -> None:
    """`load_contract` gives the package, as `generate` writes it."""
    contract: Any = shapespec.load_contract(QUEUES)

    read = contract.ListQueuesResult.from_response({"QueueUrls": ["u"]})

    assert ("u",) == read.queue_urls


def test_a_spec_of_a_service_is_a_file() -> None:
    """What needs a file gets one."""
    assert "ListQueuesResult" in spec_of(QUEUES).read_text("utf-8")


# --- the cache ----------------------------------------------------------------------


def test_a_contract_is_compiled_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time, nothing is compiled."""
    shapespec.load_contract(QUEUES)
    monkeypatch.setattr("shapespec.api._built", None)

    contract: Any = shapespec.load_contract(QUEUES)

    assert contract.is_valid({"QueueUrls": []})
    assert 1 == len(contracts(folder))


@POSIX
def test_the_cache_is_for_its_owner_alone(folder: Path, kept: Path) -> None:
    """Nobody else can read or write the code that will run."""
    assert 0o700 == folder.stat().st_mode & 0o777
    assert 0o600 == kept.stat().st_mode & 0o777


@pytest.mark.parametrize("change", [b"", b"shapespec kept 2\n", None])
def test_a_corrupt_file_is_made_anew(
    folder: Path, kept: Path, change: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is cut or changed is not believed; a warning says so."""
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + b"?" if change is None else change)

    contract: Any = shapespec.load_contract(QUEUES)

    assert contract.is_valid({"QueueUrls": []})
    assert "is corrupt; it is made again" in caplog.text
    assert len(whole) == len(kept.read_bytes())
    assert 1 == len(contracts(folder))


@POSIX
def test_what_others_can_write_is_not_believed(
    folder: Path, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that others can write to is not used; the contract is compiled."""
    folder.chmod(0o777)
    before = kept.read_bytes()
    kept.write_bytes(b"anything")

    contract: Any = shapespec.load_contract(QUEUES)

    assert contract.is_valid({"QueueUrls": []})
    assert "it must belong to you, with mode 0700" in caplog.text
    assert before != kept.read_bytes()


@POSIX
def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    """A link in the place of the folder leads nowhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    folder.symlink_to(elsewhere)

    shapespec.load_contract(QUEUES)

    assert [] == list(elsewhere.iterdir())


def test_a_cache_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file is in the place of the folder, contracts are compiled each time."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file" / "cache"))

    contract: Any = shapespec.load_contract(QUEUES)

    assert contract.is_valid({"QueueUrls": []})


def test_the_cache_can_be_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `SHAPESPEC_CACHE=off`, nothing is kept."""
    monkeypatch.setenv(cache.VARIABLE, "off")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    shapespec.load_contract(QUEUES)

    assert [] == list(tmp_path.iterdir())


def test_old_contracts_are_removed(folder: Path, kept: Path) -> None:
    """What was not used for long makes room when another contract is kept."""
    old = time.time() - cache.MAX_AGE - 1
    os.utime(kept, (old, old))

    shapespec.load_contract("aws:sqs:ListQueueTags")

    (left,) = contracts(folder)
    assert left != kept


def test_the_oldest_contracts_make_room(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder does not grow without bound."""
    os.utime(kept, (1, time.time() - 60))
    whole = sum(file.stat().st_size for file in folder.iterdir())
    monkeypatch.setattr(store, "MAX_BYTES", whole + kept.stat().st_size // 3)

    shapespec.load_contract("aws:sqs:ListQueueTags")

    (left,) = contracts(folder)
    assert left != kept


# --- shapespec aws ------------------------------------------------------------------


MODELS = {
    "ec2": ("Amazon Elastic Compute Cloud", ["DescribeInstances", "RunInstances"]),
    "sqs": ("Amazon Simple Queue Service", ["ListQueues"]),
}


@pytest.fixture
def aws(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Runs `shapespec aws` over two services."""
    from click.testing import CliRunner

    from shapespec.cli.aws import command
    from shapespec.importers.botocore import listing

    del folder

    def model(name: str) -> dict[str, Any]:
        title, operations = MODELS[name]
        return {
            "metadata": {"serviceFullName": title},
            "operations": {key: {} for key in operations},
        }

    monkeypatch.setattr(listing, "services", lambda: tuple(MODELS))
    monkeypatch.setattr(listing, "raw_model", model)

    def run(*words: str) -> list[str]:
        done = CliRunner().invoke(command, words)
        return done.output.splitlines() or [str(done.exception)]

    return run


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            (),
            [
                "aws:ec2  Amazon Elastic Compute Cloud",
                "aws:sqs  Amazon Simple Queue Service",
            ],
        ),
        (("ec2",), ["aws:ec2:DescribeInstances", "aws:ec2:RunInstances"]),
        (("ec2", "run"), ["aws:ec2:RunInstances"]),
        (("aws:ec2:run-instances",), ["aws:ec2:RunInstances"]),
        (("list", "queue"), ["aws:sqs:ListQueues"]),
        (("ecs2",), ["no operation has all of: ecs2; did you mean ec2?"]),
        (("ec2", "fly"), ["no operation has all of: ec2 fly"]),
    ],
)
def test_services_and_operations_are_listed(
    aws: Callable[..., list[str]], words: tuple[str, ...], expected: list[str]
) -> None:
    """A service lists its operations; words search through all of them."""
    assert expected == aws(*words)
    assert expected == aws(*words), "the list that was kept"


def test_without_botocore_the_extra_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing is named with what installs it."""
    del folder
    monkeypatch.setattr(
        "shapespec.ground.extras.find_spec",
        lambda name: None if name == "botocore" else find_spec(name),
    )

    with pytest.raises(Unusable, match=r"pip install shapespec\[botocore\]"):
        shapespec.load_contract(QUEUES)


def test_json_is_one_line_for_each_response(run: Run) -> None:
    """The formats are those of any contract."""
    done = run(
        "validate", "-", "--spec", QUEUES, "--format", "json", stdin='{"QueueUrls": 1}'
    )

    (line,) = done.stdout.splitlines()
    assert "type" == json.loads(line)["findings"][0]["rule"]


@pytest.mark.parametrize("words", ["aws iam", "validate - --spec aws:sqs:ListQueues"])
def test_a_botocore_that_must_not_be_imported_is_none(words: str) -> None:
    """Where an import hook forbids it, the extra is named as where it is not there."""
    code = (
        "import sys\n"
        "class Forbid:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'botocore':\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Forbid())\n"
        "from shapespec.cli import main\n"
        f"sys.argv[1:] = {words.split()}\n"
        "main()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        input="{}",
        capture_output=True,
        text=True,
        check=False,
    )

    assert 2 == done.returncode
    assert "`pip install shapespec[botocore]` adds it" in done.stderr


@POSIX
def test_a_folder_that_is_not_used_is_named_once(
    folder: Path, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """However often something would have been read there."""
    assert kept.is_file()
    folder.chmod(0o777)

    for _ in range(3):
        store.read("a", ".contract")

    assert 1 == caplog.text.count("is not used")


@pytest.mark.parametrize(
    "command",
    [
        ("validate", "-"),
        ("convert", "-", "--from", "wire", "--to", "boto3"),
        ("sample",),
        ("observe", "-"),
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize(
    ("address", "option", "names"),
    [
        ("aws:sqs", "--operation", ("CancelMessageMoveTask", "CreateQueue")),
        ("api.json", "--operation", ("GET /pets", "GET /pets/{id}")),
        ("spec.yaml", "", ("Letter", "Parcel")),
    ],
    ids=["service", "description", "spec"],
)
def test_what_can_be_named_is_listed(
    command: tuple[str, ...],
    address: str,
    option: str,
    names: tuple[str, ...],
    tmp_path: Path,
) -> None:
    """Where an operation has to be named, the message lists operations, not shapes."""
    answer = {"description": "", "content": {"application/json": {"schema": PET}}}
    get = {"get": {"responses": {"200": answer}}}
    paths = {"/pets": get, "/pets/{id}": get}
    info = {"title": "pets", "version": "1"}
    described = {"openapi": "3.1.0", "info": info, "paths": paths}
    (tmp_path / "api.json").write_text(json.dumps(described), "utf-8")
    (tmp_path / "spec.yaml").write_text(MAIL, "utf-8")

    done = run_shapespec(*command, "--spec", address, cwd=tmp_path, stdin="{}")

    assert 2 == done.returncode
    said = done.stderr.splitlines()[-1]
    assert said.startswith(f"error: {address} has several ")
    assert option in said
    assert said.index(names[0]) < said.index(names[1])
    assert "Request" not in said


PET = {"type": "object", "properties": {"name": {"type": "string"}}}
MAIL = """\
shapespec: 1
package: mail
operations:
  Letter: {input: Sent, output: Letter}
  Parcel: {input: Sent, output: Parcel}
shapes:
  Sent: {type: structure, members: {Id: string}}
  Letter: {type: structure, members: {Text: string}}
  Parcel: {type: structure, members: {Size: integer}}
"""


def test_what_has_no_history_is_called_as_it_was_named() -> None:
    """An address that is made into a file is not called by the name of that file."""
    done = run_shapespec("date", "-", "--spec", QUEUES, stdin="{}")

    assert 2 == done.returncode
    assert done.stderr.splitlines()[-1].startswith(f"error: {QUEUES} has no history;")
