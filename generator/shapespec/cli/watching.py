"""Runs a command again whenever the files change that it has read.

Three times a second, it looks at them: a spec, the files that it names and
pyproject.toml. These are a few dozen at most, so looking costs next to nothing. It also
sees a file that is replaced, is not there yet, or is on a disk of the network.
`watchfiles`, the usual library, watches folders, of which it reports far more than was
read, and has to look as often itself where the system tells nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import click

from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.out import put
from shapespec.ground.terminal import style_for, warn

PAUSE = 0.3
"""Seconds between two looks at the files."""


State: TypeAlias = "tuple[int, int, int] | None"
"""What changes when a file does; none for one that is not there."""


def go_on(
    run: Callable[[Callable[[Path], None]], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Run, and run again after each change, until somebody interrupts.

    What a run fails for is shown, and waits to be mended as any other change.

    Args:
        run: The command; it tells what it is given of each file before it reads it.
        sleep: Waits for some seconds.

    Raises:
        KeyboardInterrupt: Somebody has ended it.
    """
    while True:
        seen: dict[Path, State] = {}
        _run(run, seen)
        warn("watching for changes; end with Ctrl-C")
        while all(_state(file) == was for file, was in seen.items()):
            sleep(PAUSE)


def _run(
    run: Callable[[Callable[[Path], None]], None], seen: dict[Path, State]
) -> None:
    def note(file: Path) -> None:
        seen.setdefault(file, _state(file))

    try:
        run(note)
    except Faults as faults:
        from shapespec.diagnostics.render import render

        put(render(faults.diagnostics, style_for(sys.stderr)), err=True)
    except Unusable as error:
        warn(f"error: {error}")
    except click.UsageError as error:
        warn(f"error: {error.format_message()}")
    except SystemExit:  # it has said what is wrong
        pass
    sys.stdout.flush()


def _state(file: Path) -> State:
    try:
        seen = file.stat()
    except OSError:
        return None
    return (seen.st_mtime_ns, seen.st_size, seen.st_ino)
