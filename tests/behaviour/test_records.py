"""Generated dataclasses: cheap to import, and dataclasses to everyone who asks."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module, reload
from threading import Barrier
from typing import Any, get_type_hints

import pytest

from tests.support import ROOT, compile_text

FOLDER = str(ROOT / "generated" / "python")
SPEC = """\
shapespec: 1
package: shelf
shapes:
  book_v2:
    type: structure
    members:
      Title: {type: string, required: true}
      ISBNCode: {type: string}
      PIN: {type: string, sensitive: true}
      Enums: State
      Field: {type: integer}
      Loan: Loan
      Sold: {type: timestamp}
    derived:
      double_field: {type: integer, cel: this.Field * 2}
  Loan:
    type: structure
    members: {State: State}
  State: {type: enum, values: {lent: , lost: }, open: true}
  Nothing: {type: structure, members: {}}
"""


@pytest.fixture
def shelf() -> Any:
    """The package, of which nothing has been used."""
    return compile_text(SPEC).package


def test_importing_the_classes_loads_little() -> None:
    """No class is completed, and nothing that only some programs need is loaded."""
    program = f"""\
import sys
sys.path.insert(0, {FOLDER!r})
from sagemaker_training_job import models, DescribeTrainingJobResponse
print(*sorted(sys.modules), sep="\\n")
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        check=True,
        capture_output=True,
        text=True,
    )

    loaded = done.stdout.split()
    assert {"dataclasses", "enum", "re", "typing", "inspect"}.isdisjoint(loaded)
    prefix = "sagemaker_training_job."
    ours = [one.removeprefix(prefix) for one in loaded if one.startswith(prefix)]
    assert ["_record", "_structure", "models"] == ours


def test_they_are_dataclasses(shelf: Any) -> None:
    """The functions of the standard library work with a class that nobody has used."""
    assert shelf.Book_v2.__dataclass_params__.frozen
    assert dataclasses.is_dataclass(shelf.Loan)
    names = ["title", "isbn_code", "pin", "enums_", "field", "loan", "sold"]
    fields = dataclasses.fields(shelf.Loan)
    assert ["state", "extra_members"] == [one.name for one in fields]
    fields = dataclasses.fields(shelf.Book_v2)
    assert [*names, "extra_members"] == [one.name for one in fields]
    wires = ["Title", "ISBNCode", "PIN", "Enums", "Field", "Loan", "Sold"]
    assert wires == [one.metadata["wire"] for one in fields[:-1]]
    assert {} == fields[-1].metadata
    assert [False, True] == [fields[2].repr, fields[3].repr]
    assert all(one.kw_only for one in fields)
    assert dataclasses.MISSING is fields[0].default
    assert None is fields[1].default
    assert dict is fields[-1].default_factory
    assert ["extra_members"] == [one.name for one in dataclasses.fields(shelf.Nothing)]


def test_a_signature_is_there_before_an_object(shelf: Any) -> None:
    """Editors and notebooks show what a class that was never called is called with."""
    signature = inspect.signature(shelf.Book_v2)

    assert ["title", "isbn_code"] == [*signature.parameters][:2]
    assert inspect.Parameter.empty is signature.parameters["title"].default
    kinds = {one.kind for one in signature.parameters.values()}
    assert {inspect.Parameter.KEYWORD_ONLY} == kinds
    with pytest.raises(TypeError, match="title"):
        shelf.Book_v2(isbn_code="1")
    with pytest.raises(TypeError, match="unexpected keyword argument 'State'"):
        shelf.Loan(State="lent")


def test_types_are_found(shelf: Any) -> None:
    """What annotations name is there, enums too, for pydantic and its like."""
    models = sys.modules[shelf.Book_v2.__module__]
    hints = get_type_hints(shelf.Book_v2, vars(models))

    assert shelf.State | str | None == hints["enums_"]
    assert shelf.Loan | None == hints["loan"]
    assert {one.name for one in dataclasses.fields(shelf.Book_v2)} == hints.keys()


def test_they_cannot_be_changed(shelf: Any) -> None:
    """Neither a member nor anything else, as in a frozen dataclass with slots."""
    book = shelf.Book_v2(title="Walden")

    frozen = dataclasses.FrozenInstanceError
    with pytest.raises(frozen, match="assign to field 'title'"):
        book.title = "x"
    with pytest.raises(frozen, match="delete field 'title'"):
        del book.title
    with pytest.raises(frozen, match="assign to field 'other'"):
        book.other = 1
    assert not hasattr(book, "__dict__")
    assert "Walden" == book.title


def test_copies(shelf: Any) -> None:
    """`replace`, `asdict`, `copy` and each protocol of pickle do what they should."""
    loan = shelf.Loan(state="lent")
    book = shelf.Book_v2(title="Walden", loan=loan, extra_members={"New": [1]})

    assert "Emma" == dataclasses.replace(book, title="Emma").title
    assert "Emma" == book.__replace__(title="Emma").title
    assert {"state": "lent", "extra_members": {}} == dataclasses.asdict(book)["loan"]
    assert book == copy.copy(book) == copy.deepcopy(book)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert book == pickle.loads(pickle.dumps(book, protocol))
    assert 8 == book.__class__(title="a", field=4).double_field


def test_objects_that_were_pickled_elsewhere() -> None:
    """A process that has made no object yet reads one, and hands it on."""
    program = f"""\
import pickle, sys
sys.path.insert(0, {FOLDER!r})
from sagemaker_training_job import VpcConfig
given = sys.stdin.buffer.read()
if given:
    found = pickle.loads(given)
    assert found.subnets == ("a",), found
else:
    found = VpcConfig(security_group_ids=("b",), subnets=("a",))
sys.stdout.buffer.write(pickle.dumps(found))
"""
    written = b""
    for _ in range(2):
        written = subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            input=written,
        ).stdout
    assert written


def test_patterns(shelf: Any) -> None:
    """`match` takes a class apart by the names of its members."""
    match shelf.Book_v2(title="Walden", field=3):
        case shelf.Book_v2(title=title, field=3):
            assert "Walden" == title
        case other:
            pytest.fail(f"{other}")


def test_classes_of_ones_own(shelf: Any) -> None:
    """A class may inherit from one that nobody has used, as a dataclass or not."""

    class Plain(shelf.Book_v2):  # type: ignore[misc, name-defined, unused-ignore]
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self.note = "own"

    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Priced(shelf.Loan):  # type: ignore[misc, name-defined, unused-ignore]
        price: int = 0

    plain, priced = Plain(title="Walden"), Priced(state="lent", price=2)

    assert ("own", "Walden") == (plain.note, plain.title)
    with pytest.raises(dataclasses.FrozenInstanceError):
        plain.title = "x"
    assert ("lent", 2) == (priced.state, priced.price)
    names = [one.name for one in dataclasses.fields(Priced)]
    assert ["state", "extra_members", "price"] == names
    assert ["title"] == [one.name for one in dataclasses.fields(Plain)][:1]

    read = Priced.from_response({"State": "lost", "Note": 1})
    assert (Priced, "lost", 0) == (type(read), read.state, read.price)
    assert {"State": "lost", "Note": 1} == read.to_response()


def test_threads_that_come_together() -> None:
    """Each of several threads that are the first to use a class gets an object."""
    for _ in range(20):
        made = together(compile_text(SPEC).package)
        assert made == [made[0]] * 8
        assert 8 == len(dataclasses.fields(made[0]))


def test_threads_that_read_and_write_together() -> None:
    """Threads that are the first to convert responses have what one alone has."""
    import sagemaker_training_job as package

    conversion = import_module("sagemaker_training_job._conversion")
    text = (ROOT / "spec/sagemaker/examples/valid.json").read_text("utf-8")
    response = json.loads(text)
    made = package.DescribeTrainingJobResponse.from_response(response)
    written = made.to_response()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(200):
            reload(conversion)  # which knows nothing then
            read = package.DescribeTrainingJobResponse.from_response
            assert [made] * 6 == at_once(partial(read, response))
            assert [written] * 6 == at_once(made.to_response)
    finally:
        sys.setswitchinterval(usual)


def at_once(work: Callable[[], Any]) -> list[Any]:
    """What six threads get that begin together."""
    gate = Barrier(6)

    def begin(_: int) -> Any:
        gate.wait()
        return work()

    with ThreadPoolExecutor(6) as pool:
        return [*pool.map(begin, range(6))]


def together(package: Any) -> list[Any]:
    """The same object, made in eight threads."""
    with ThreadPoolExecutor(8) as pool:
        return [*pool.map(lambda _: package.Book_v2(title="a", field=1), range(8))]
