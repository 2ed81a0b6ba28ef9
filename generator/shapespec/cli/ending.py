"""How a run of the command line ends: its exit code, and a word where something failed.

0, 1   what the command says of them
2      wrong usage, or something that cannot be read or written
70     a fault of shapespec (EX_SOFTWARE of sysexits.h)
130    interrupted (128 + SIGINT)
141    whoever read standard output has stopped (128 + SIGPIPE); nothing is said
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from io import StringIO, TextIOWrapper
from typing import IO

import click

from shapespec.ground.errors import Unusable, reason
from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import lines, style_for, warn

UNUSABLE, FAULT, INTERRUPTED, BROKEN_PIPE = 2, 70, 130, 141
TRACEBACK = "SHAPESPEC_TRACEBACK"
"""The variable that asks for the traceback of a fault."""


def exit_code(command: click.Command) -> int:
    """Run a command line; what the process is to end with."""
    _mend_streams()
    try:
        if sys.stdout is None:
            return _failed("error: standard output is closed", UNUSABLE)
        code = _run(command)
        sys.stdout.flush()
    except BrokenPipeError:
        code = BROKEN_PIPE
    except OSError as error:
        code = _failed(_problem(error), UNUSABLE)
    except KeyboardInterrupt as error:
        code = _failed(f"interrupted {error}".strip(), INTERRUPTED)
    _let_go(sys.stdout)
    _let_go(sys.stderr)
    return code


def _run(command: click.Command) -> int:
    """Run a command line; OSError and KeyboardInterrupt are left to the caller."""
    before = sys.stdout
    try:
        done = command.main(prog_name="shapespec", standalone_mode=False)
    except SystemExit as end:
        if sys.stdout is not before:  # so click hides a broken pipe
            return BROKEN_PIPE
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except click.Abort as error:
        far = error.__cause__.args if error.__cause__ is not None else ()
        raise KeyboardInterrupt(*far) from None
    except click.ClickException as error:
        said = StringIO()
        error.show(said)
        put(lines(said.getvalue()), err=True, nl=False)
        return UNUSABLE
    except Unusable as error:
        return _failed(f"error: {error}", UNUSABLE)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours
        return _faults(error) or _fault(error)
    return done if isinstance(done, int) else 0


def _faults(error: Exception) -> int:
    """Show what is wrong with a spec, and give 1; 0 for another error.

    Most runs raise none, and need not know of diagnostics.
    """
    from shapespec.diagnostics.model import Faults

    if not isinstance(error, Faults):
        return 0
    from shapespec.diagnostics.render import render

    put(render(error.diagnostics, style_for(sys.stderr)), err=True)
    return 1


def _fault(error: Exception) -> int:
    """Ask for a report of a fault, and show where it is to who wants to know."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    what = " ".join(traceback.format_exception_only(error)[-1].split())
    _failed(f"error: shapespec failed: {what}", FAULT)
    text = "help: this is a bug in shapespec; please report it, with the command and"
    if os.environ.get(TRACEBACK):
        return _failed(f"{text} the lines above", FAULT)
    return _failed(f"{text} what {TRACEBACK}=1 makes it print", FAULT)


def _problem(error: OSError) -> str:
    """What the system refused, and for which file."""
    if error.filename is not None:
        return f"error: {error.filename}: {reason(error)}"
    if _raised_in(error) in ("click.utils", __name__):
        return f"error: cannot write to standard output: {reason(error)}"
    try:
        os.getcwd()  # noqa: PTH109 - it is asked whether there is one
    except OSError:
        return "error: the current folder no longer exists"
    return f"error: {reason(error)}"


def _raised_in(error: OSError) -> str | None:
    """The module that called the system when it refused; that of click prints."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return None if at is None else at.tb_frame.f_globals.get("__name__")


def _failed(text: str, code: int) -> int:
    with suppress(OSError):
        warn(text)
    return code


def _mend_streams() -> None:
    """See that no stream fails for what it is to show, and none is a file of ours.

    A file that is opened takes the lowest number that is free. Where a standard stream
    is closed that would be the stream's, and whatever is printed would end up in it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - it stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _let_go(stream: IO[str]) -> None:
    """Flush a stream; where that fails, Python must not try again and complain."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
