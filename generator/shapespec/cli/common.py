"""What several commands share: which spec is meant, and what to do if it is wrong."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shapespec.addresses import read_address
from shapespec.contract.schema import Schema
from shapespec.diagnostics.model import Faults
from shapespec.diagnostics.suggest import meant
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.out import Escaped, ended, put
from shapespec.ground.terminal import Progress, style_for, warn
from shapespec.ground.writing import write_file
from shapespec.project.settings import Settings
from shapespec.responses.bulk import Inputs, Run
from shapespec.responses.contract import Contract
from shapespec.responses.hints import forms_of, shapes_of
from shapespec.responses.works import SayingWork

_MOST_NAMES = 10


def say_waiting(files: Iterable[str]) -> None:
    """Say what is waited for where standard input is a terminal."""
    if "-" in files and sys.stdin is not None and sys.stdin.isatty():
        warn("reading from the terminal; end with Ctrl-D (on Windows: Ctrl-Z, Enter)")


class Saying:
    """Gives what there is to say of all responses, line by line.

    Attributes:
        code: The exit code, once all lines were given.
        lost: How many responses lost what.
    """

    def __init__(self, inputs: Inputs, work: SayingWork) -> None:
        """Say what `work` makes of the responses of `inputs`."""
        self._inputs = inputs
        self._work = work
        self.code = 0
        self.lost: Counter[str] = Counter()

    def lines(self) -> Iterator[Escaped]:
        """The lines for standard output; what is for standard error is printed."""
        with (
            Progress("responses", self._inputs.total()) as progress,
            Run(self._inputs, self._work, progress).items() as found,
        ):
            for said in found:
                self.code = max(self.code, said.code)
                self.lost.update(said.lost)
                for line in said.err:
                    put(line, err=True)
                yield from said.out


def report_said(inputs: Inputs, work: SayingWork, out: Path | None) -> int:
    """Report what there is to say of all responses; gives the exit code.

    Raises:
        Unusable: The file cannot be written.
    """
    saying = Saying(inputs, work)
    report(saying.lines(), out)
    return saying.code


def report(lines: Iterable[Escaped], out: Path | None) -> None:
    """Print lines as they come, or write them to a file.

    Raises:
        Unusable: The file cannot be written.
    """
    if out is None:
        for one in ended(lines):
            put(one, nl=False)
    else:
        write_file(out, ended(lines))


def chosen_specs(spec: Path | None, settings: Settings) -> tuple[Path, ...]:
    """The spec that is named, or else those of the project."""
    return settings.specs if spec is None else (spec,)


def chosen_address(spec: Path | None, settings: Settings) -> Path:
    """The address of the contract that is meant.

    Raises:
        Unusable: Several could be.
    """
    return settings.only_spec() if spec is None else spec


def chosen_spec(
    spec: Path | None,
    settings: Settings,
    operation: str | None = None,
    status: str | None = None,
) -> Path:
    """The spec that is meant, as a file: that of another address is made.

    Raises:
        Unusable: Several could be, or there is none.
    """
    from shapespec.api import spec_of

    return spec_of(chosen_address(spec, settings), operation, status)


@contextmanager
def stop_on_faults(consequence: str) -> Iterator[None]:
    """Show the faults of a spec that is only used, and say what follows from them.

    Raises:
        Unusable: There are faults.
    """
    try:
        yield
    except Faults as faults:
        from shapespec.diagnostics.render import render

        put(render(faults.diagnostics, style_for(sys.stderr)), err=True)
        raise Unusable(f"the spec is wrong; {consequence}") from None


def need_one(address: Path, schema: Schema, shape: str | None) -> None:
    """See to it that it is known which responses are meant, for making or counting.

    Raises:
        Unusable: The contract has several, and none is named.
    """
    from shapespec.api import operations_of
    from shapespec.backends.python_package import main_root

    if shape is not None or main_root(schema) is not None:
        return
    if isinstance(read_address(address), Path):  # its `--operation` is not taken there
        outputs = [one.output for one in schema.operations if one.output is not None]
        shapes = [*dict.fromkeys(outputs or schema.roots)]
        raise Unusable(which(address, (), shapes))
    raise Unusable(which(address, operations_of(address), schema.roots))


def which(address: Path, operations: Sequence[str], shapes: Sequence[str]) -> str:
    """What to say where a contract has several responses, and none was named.

    Args:
        address: The address of the contract.
        operations: What can be named with `--operation`.
        shapes: The shapes that can be named otherwise.
    """
    if not operations:
        return f"{address} has several roots; name one with --shape: {_some(shapes)}"
    text = str(address)
    listed = f"; `shapespec aws {text[4:]}` lists all" if text[:4] == "aws:" else ""
    return (
        f"{address} has several operations; name one with --operation, or a shape with"
        f" --shape: {_some(operations)}{listed}"
    )


def _some(names: Sequence[str]) -> str:
    """The first names, and how many there are."""
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def judging_options(
    contract: Contract,
    address: Path,
    shape: str | None,
    form: str | None,
    *,
    strict: bool | str,
    as_of: str | None = None,
) -> dict[str, object]:
    """The keyword arguments for `validate`, tried out once.

    Args:
        contract: The contract.
        address: Its address.
        shape: The shape that is named, if any.
        form: The form that is named, if any.
        strict: Whether warnings are errors; with "all", notes too.
        as_of: The day that is meant, if any.

    Raises:
        Unusable: There is no such shape or form, or a shape has to be named.
    """
    from shapespec.api import operations_of

    options: dict[str, object] = {"form": form, "strict": strict}
    if shape is not None:
        options["shape"] = shape
    if as_of is not None:
        options["as_of"] = as_of
    try:
        contract.validate(None, **options)
    except TypeError:
        operations = operations_of(address)
        raise Unusable(which(address, operations, shapes_of(contract))) from None
    except ValueError as error:
        raise Unusable(f"{error}{meant(form, forms_of(contract))}") from None
    return options
