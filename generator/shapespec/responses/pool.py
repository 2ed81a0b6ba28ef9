"""Processes that share work, whose results come in the order of the work.

A worker that dies takes one task with it, which its death is the result of; another
worker takes its place. Nothing here knows what the work is.
"""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, NamedTuple, Self, TypeVar, cast

from shapespec.responses.bulk import calm

Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 4
"""How many tasks, for each worker, may be begun before the first of them is done."""

_MOST_BYTES = 16 * 1024 * 1024
"""How many bytes of tasks, for each worker, may be on the way."""

_FITS = 8 * 1024
"""How many bytes surely fit into a pipe that nobody reads at the moment."""

_PATIENCE = 5.0
"""Seconds that a worker has to end."""


class Died(NamedTuple):
    """The result of a task whose worker died.

    Attributes:
        how: What the system says of its death.
    """

    how: str


class Crashed(Exception):
    """The work failed, which is a fault of ours; with the traceback as text."""


class _Failed(NamedTuple):
    """What a worker sends where the work failed."""

    text: str


class _Worker:
    """A process, the connection to it, and the tasks that it has, by number."""

    def __init__(self, process: Any, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.tasks: deque[int] = deque()


class Pool(Generic[Task, Result]):
    """Workers that do tasks."""

    def __init__(
        self,
        jobs: int,
        prepare: Callable[[], Callable[[Task], Result]],
        send: Callable[[Task], Task],
    ) -> None:
        """Start so many workers.

        Args:
            jobs: How many.
            prepare: Makes what does a task; it is called in each worker once. Where
                processes are not forked, it is sent to them.
            send: What a task is sent as.
        """
        # A fork has all that was loaded already. Only Linux forks without risk.
        method = "fork" if sys.platform == "linux" else "spawn"
        self._context: Any = multiprocessing.get_context(method)
        self._forks = method == "fork"
        self._prepare = prepare
        self._send = send
        self._workers: list[_Worker] = []
        self._jobs = jobs
        self._results: dict[int, Any] = {}
        self._weights: dict[int, int] = {}
        for _ in range(jobs):
            self._hire()

    def _hire(self) -> None:
        ours, theirs = self._context.Pipe()
        inherited = [ours] if self._forks else []
        if self._forks:
            inherited += [worker.connection for worker in self._workers]
        process = self._context.Process(
            target=_serve, args=(theirs, inherited, self._prepare), daemon=True
        )
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """End all workers, at once where something was raised."""
        for worker in self._workers:
            worker.connection.close()
            if exception[0] is not None:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result | Died]]:
        """Do tasks; each comes with its result, in their order.

        Raises:
            Broken: The work failed.
        """
        coming = iter(tasks)
        window: deque[Task] = deque()
        first = 0  # the number of the first task in the window
        again: deque[int] = deque()
        held: tuple[int, bytes] | None = None
        more = True
        while True:
            while held is None and (again or (more and self._has_room(window))):
                if again:
                    number = again.popleft()
                else:
                    try:
                        window.append(self._send(next(coming)))
                    except StopIteration:
                        more = False
                        break
                    number = first + len(window) - 1
                task = window[number - first]
                held = number, pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
                self._weights[number] = len(held[1])
                if self._give(*held):
                    held = None
            while window and first in self._results:
                del self._weights[first]
                yield window.popleft(), self._results.pop(first)
                first += 1
            if not window and not more:
                return
            if held is not None and self._give(*held):
                held = None
            elif held is not None or not (more and self._has_room(window)):
                again.extend(self._receive())

    def _has_room(self, window: deque[Task]) -> bool:
        """Whether another task may begin: what is in memory has a limit."""
        return not window or (
            len(window) < _AHEAD * self._jobs
            and sum(self._weights.values()) < _MOST_BYTES * self._jobs
        )

    def _give(self, number: int, data: bytes) -> bool:
        """Give a task to a worker, unless all have enough to do.

        A second task waits in the pipe, so that its worker does not; it has to fit.
        """
        worker = min(self._workers, key=lambda one: len(one.tasks))
        if len(worker.tasks) > (len(data) <= _FITS):
            return False
        worker.tasks.append(number)
        with suppress(OSError):  # it is dead, and the end of its pipe will say so
            worker.connection.send_bytes(data)
        return True

    def _receive(self) -> list[int]:
        """Wait for results; gives the tasks that have to be given again."""
        by_connection = {
            worker.connection: worker for worker in self._workers if worker.tasks
        }
        lost: list[int] = []
        for ready in wait([*by_connection]):
            worker = by_connection[cast("Connection", ready)]
            try:
                result: Any = pickle.loads(worker.connection.recv_bytes())  # noqa: S301 - our own worker wrote it
            except (EOFError, OSError):
                lost += self._bury(worker)
                continue
            if isinstance(result, _Failed):
                last = result.text.strip().rpartition("\n")[2]
                raise Crashed(last) from Crashed(f"\n{result.text}")
            self._results[worker.tasks.popleft()] = result
        return lost

    def _bury(self, worker: _Worker) -> list[int]:
        """Have another worker in the place of a dead one."""
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join(_PATIENCE)
        code = worker.process.exitcode
        how = f"exit code {code}"
        if code is not None and code < 0:
            with suppress(ValueError):
                how = signal.Signals(-code).name
        self._results[worker.tasks.popleft()] = Died(how)
        self._hire()
        return [*worker.tasks]


def _serve(
    connection: Connection,
    inherited: Iterable[Connection],
    prepare: Callable[[], Callable[[Any], Any]],
) -> None:
    """Do tasks until there are no more: what a worker does.

    An interrupt is for the parent, which then ends its workers. A worker whose parent
    is gone ends, too: nobody else may hold the other end of its pipe.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    with suppress(EOFError, OSError), calm():  # so it is where the parent has no more
        work: Callable[[Any], Any] | None = None
        while True:
            data = connection.recv_bytes()
            try:
                work = work or prepare()
                task = pickle.loads(data)  # noqa: S301 - the parent wrote it
                result: Any = work(task)
            except Exception:  # noqa: BLE001 - whatever it is, the parent says it
                result = _Failed(traceback.format_exc())
            connection.send_bytes(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
            del result
            gc.collect()
