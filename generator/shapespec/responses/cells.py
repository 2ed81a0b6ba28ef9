"""Cells of tables: each a response, as JSON text or as a value.

`shapespec.spark` sends this module to machines where shapespec is not installed, so it
imports the standard library only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zipimport import zipimporter

FIELDS = ("rule", "severity", "pointer", "message", "shape")
"""What is said of a finding, in the order of the columns; each a text."""

UNREADABLE = "unreadable"
"""The rule of a cell whose text is not JSON."""


class NoValue(NamedTuple):
    """Stands for a cell whose value Python cannot hold, such as a day of year 20000.

    Attributes:
        why: What is said of it.
    """

    why: str


def in_python(array: Any) -> list[Any]:
    """The cells of an array of Arrow, each as Python has it, or a `NoValue`."""
    try:
        cells: list[Any] = array.to_pylist()
    except (ValueError, OverflowError):  # the others are to be judged all the same
        return [_in_python(cell) for cell in array]
    return cells


def _in_python(cell: Any) -> Any:
    try:
        return cell.as_py()
    except (ValueError, OverflowError) as error:
        return no_value(error)


def no_value(error: Exception) -> NoValue:
    """What stands for a cell that could not be read, by what was raised."""
    if isinstance(error, UnicodeDecodeError):
        return NoValue(f"it is not UTF-8: byte {error.start} is invalid")
    return NoValue(f"it has a value that cannot be read: {error}")


class Said(NamedTuple):
    """A finding of a cell that could not be read, with what each finding has."""

    message: str
    rule: str = UNREADABLE
    severity: str = "error"
    pointer: str = ""
    shape: str = ""
    got: str = ""


@dataclass(slots=True)
class CellJudge:
    """Validates cells of one column, or rows.

    Attributes:
        validate: That of a generated package.
        options: Its keyword arguments: shape, form, strict.
        read_frame: What reads a value of a frame as one of JSON's; none where the
            values are JSON's already.
        shape: The shape of the responses, for that.
        read_json: What reads a text; raises ValueError with a message for people.
    """

    validate: Callable[..., Iterable[Any]]
    options: dict[str, Any]
    read_frame: Callable[[Any, str], Any] | None
    shape: str
    read_json: Callable[[str], object]

    def of_value(self, value: Any) -> Iterable[Any]:
        """The findings of a row, or of a cell that holds a structure."""
        if self.read_frame is not None:
            value = self.read_frame(value, self.shape)
        return self.validate(value, **self.options)

    def of_cell(self, cell: Any) -> Iterable[Any]:
        """The findings of a cell: JSON text, as text or bytes, or a value."""
        if isinstance(cell, NoValue):
            return (Said(cell.why),)
        if isinstance(cell, str | bytes | bytearray):
            try:
                text = cell if isinstance(cell, str) else cell.decode("utf-8")
                value = self.read_json(text)
            except UnicodeDecodeError as error:
                return (Said(f"it is not UTF-8: byte {error.start} is invalid"),)
            except ValueError as error:
                return (Said(str(error)),)
            return self.validate(value, **self.options)
        return self.of_value(cell)


def is_valid(findings: Iterable[Any]) -> bool:
    """Whether no finding is an error."""
    return not any(finding.severity == "error" for finding in findings)


def as_rows(findings: Iterable[Any]) -> Iterator[dict[str, str]]:
    """Each finding by the names of `FIELDS`."""
    for finding in findings:
        yield {name: whole(getattr(finding, name)) for name in FIELDS}


def whole(text: str) -> str:
    """A text without halves of characters, which no column of text can hold."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def judged(package: str, cells: Any, options: dict[str, Any]) -> Any:
    """The verdicts of a series of pandas, as a frame: what executors of Spark run.

    Args:
        package: The generated package, by the name that it has there.
        cells: Texts, as text or bytes, or null.
        options: Keyword arguments of `validate`; `frame` is whether the texts stand
            for structures of a frame.
    """
    import pandas as pd

    validate = _compiled(package).validate
    options = dict(options)
    reader = import_module(f"{package}._frame") if options.pop("frame", False) else None
    compiled = sys.modules.get(f"{package}._compiled")
    is_whole = getattr(compiled, "holds_whole", None)
    read = quick(import_module(f"{package}._sure").sure_reader(is_whole), parse)
    plain = read
    if reader is not None:
        shape = options["shape"]

        def read(text: str) -> object:
            return reader.read_frame(plain(text), shape)

    judge = CellJudge(validate, options, None, options["shape"], read)
    valid: list[bool] = []
    said: list[list[dict[str, str]]] = []
    nothing: list[dict[str, str]] = []
    for cell in cells:
        findings = judge.of_cell(cell if isinstance(cell, str | bytes) else None)
        valid.append(not findings or is_valid(findings))
        said.append([*as_rows(findings)] if findings else nothing)
    return pd.DataFrame({"valid": valid, "findings": said})


def _compiled(package: str) -> Any:
    """A package, with the module that was compiled of it where that is in its archive.

    Python imports compiled modules from files only, and only beside what they are made
    from. One that is for other machines is as good as none.
    """
    found = import_module(package)
    archive = found.__loader__
    if f"{package}._compiled" in sys.modules or not isinstance(archive, zipimporter):
        return found
    inside = Path(archive.archive, package)
    with suppress(OSError, ImportError), TemporaryDirectory() as folder:
        for suffix in EXTENSION_SUFFIXES:
            with suppress(OSError):
                name = f"_compiled{suffix}"
                Path(folder, name).write_bytes(archive.get_data(str(inside / name)))
        if any(Path(folder).iterdir()):
            for name in ("_accept.py", "_rules.py"):
                with suppress(OSError):  # a contract without rules has no last one
                    Path(folder, name).write_bytes(archive.get_data(str(inside / name)))
            found.__path__.append(folder)
            try:
                import_module(f"{package}._compiled")
            finally:
                found.__path__.remove(folder)
    return found


def quick(
    sure: Callable[[bytes], object] | None, parse: Callable[[str], object]
) -> Callable[[str], object]:
    """What reads a JSON text as `parse` does, and sooner where it can.

    Args:
        sure: What raises where it is not sure, as `sure_reader` makes it; none where
            there is no library for that.
        parse: What reads all other texts.
    """
    if sure is None:
        return parse

    def read(text: str) -> object:
        try:
            return sure(text.encode())
        except Exception:  # noqa: BLE001 - whatever it is, the text is read with care
            return parse(text)

    return read


def parse(text: str) -> object:
    """The value of a JSON text, by the rules of `shapespec.responses.parse`.

    Raises:
        ValueError: It is not JSON, has a name twice in an object, or numbers or
            nesting beyond what can be read; without a word of the text.
    """
    try:
        # `loads` would make a decoder each time, but it knows byte order marks.
        return json.loads(text) if text.startswith("\ufeff") else _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        problem = error.msg.removesuffix(" at")
        raise ValueError(f"it is not JSON: {problem} at {where}") from None
    except RecursionError:
        raise ValueError("it is nested deeper than can be read") from None
    except _Refused as refused:
        raise ValueError(str(refused)) from None
    except ValueError:
        raise ValueError("it contains a number too long to be read") from None


class _Refused(Exception):
    """JSON of Python, but not of the standard."""


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("an object has the same name twice")
    return found


def _refuse_constant(word: str) -> object:
    raise _Refused(f"it contains {word}, which is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _Refused("it contains a number beyond what can be read")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_duplicates,
    parse_constant=_refuse_constant,
    parse_float=_finite,
)
