"""Many responses: divided into parts, and done by several processes where that pays.

What a part becomes is another matter for each command. Here is only who does it, and
that the results come in the order of the files, whoever did them.
"""

from __future__ import annotations

import gc
import itertools
import os
import stat
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from shapespec.ground.terminal import Progress
from shapespec.records import dataclass
from shapespec.responses.files import FoundFile, response_files
from shapespec.responses.limits import MOST_JOBS
from shapespec.responses.read import Chunk, ReadOptions, Response, file_parts
from shapespec.responses.remote import is_url
from shapespec.responses.stream import BLOCK_BYTES

Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)

_QUOTA = Path("/sys/fs/cgroup/cpu.max")

_SMALL = BLOCK_BYTES
_BATCH_BYTES = 256 * 1024
_BATCH_FILES = 64
WORTH_BYTES = 4 * 1024 * 1024
"""How many bytes one process reads before others are started to help it."""


def cores() -> int:
    """How many processors this process may use, as the system limits it."""
    if hasattr(os, "sched_getaffinity"):
        found = len(os.sched_getaffinity(0))
    else:
        found = os.cpu_count() or 1
    found = min(found, MOST_JOBS)
    with suppress(OSError, ValueError):
        quota, period = _QUOTA.read_text("ascii").split()
        if quota != "max":
            found = min(found, max(1, int(quota) // int(period)))
    return found


@contextmanager
def calm() -> Iterator[None]:
    """Keep the collector of cycles from looking at what is read: it has none.

    Whoever uses it collects now and then, since exceptions leave some behind.
    """
    was = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was:
            gc.enable()


class Work(Protocol[Item_co]):
    """What is done with a part; it can be pickled."""

    def count(self, item: Any) -> int:
        """How many responses an item stands for."""
        ...

    def items(self, part: Chunk) -> Iterator[Item_co]:
        """What the part becomes, as it is read."""
        ...

    def packed(self, part: Chunk) -> Sequence[Any]:
        """The same to be sent to another process, so without what is not needed."""
        ...

    def unpacked(self, part: Chunk, packed: Sequence[Any]) -> Iterable[Item_co]:
        """What another process sent, as `items` gives it."""
        ...

    def lost(self, part: Chunk, how: str) -> Item_co:
        """What is there in place of a part whose process died."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What is to be read, and by how many.

    Attributes:
        named: The names of files, folders and patterns.
        exclude: Patterns of files that are passed over.
        reading: How they are read.
        jobs: By how many processes; where left out, by as many as there are processors,
            as soon as there is enough to read.
    """

    named: tuple[str, ...]
    reading: ReadOptions
    exclude: tuple[str, ...] = ()
    jobs: int | None = None
    _found: list[int] = field(default_factory=lambda: [0])

    @property
    def files(self) -> int:
        """How many files were found so far."""
        return self._found[0]

    def parts(self) -> Iterator[Chunk]:
        """All parts, in order; several small files are one."""
        batch: list[FoundFile] = []
        size = 0
        for file in response_files(
            self.named, exclude=self.exclude, tables=self.reading.column is not None
        ):
            self._found[0] += file.problem is None
            small = _size_of(file)
            if small is None or small > _SMALL or self.reading.column is not None:
                if batch:
                    yield _batch(batch, size)
                    batch, size = [], 0
                yield from file_parts(file, self.reading)
                continue
            batch.append(file)
            size += small
            if size >= _BATCH_BYTES or len(batch) >= _BATCH_FILES:
                yield _batch(batch, size)
                batch, size = [], 0
        if batch:
            yield _batch(batch, size)

    def total(self) -> int | None:
        """How many bytes there are to read, where that is known before."""
        sizes = [_size_of(FoundFile(name)) for name in self.named]
        return None if None in sizes else sum(filter(None, sizes))


def _batch(files: list[FoundFile], size: int) -> Chunk:
    return Chunk(files[0].path, size=size, cost=size, files=tuple(files))


def _size_of(file: FoundFile) -> int | None:
    """The size of a file; none of what is something else."""
    if file.path == "-" or file.problem is not None or is_url(file.path):
        return None
    try:
        status = Path(file.path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


class Run(Generic[Item]):
    """Does the work for all parts, alone or with others."""

    def __init__(self, inputs: Inputs, work: Work[Item], progress: Progress) -> None:
        """Do `work` with all that is read of `inputs`, and count it."""
        self._inputs = inputs
        self._work = work
        self._progress = progress
        self._last: Chunk | None = None
        self._until = 0
        self._items = self._done_in_order()

    @contextmanager
    def items(self) -> Iterator[Iterator[Item]]:
        """What all parts become, in their order.

        Raises:
            KeyboardInterrupt: Somebody interrupted it; with how far it came.
        """
        try:
            yield self._items
        except KeyboardInterrupt:
            raise KeyboardInterrupt(self._how_far()) from None
        finally:
            self._items.close()

    def _done_in_order(self) -> Generator[Item, None, None]:
        jobs = self._inputs.jobs or cores()
        parts = self._inputs.parts()
        with calm():
            if self._inputs.jobs is None or jobs == 1:
                yield from self._alone(parts, jobs)
            if jobs > 1:
                yield from self._together(parts, jobs)

    def _how_far(self) -> str:
        last, count = self._last, self._until
        if last is None:
            count = self._progress.count
            return f"after {count:,} responses" if count else ""
        said = f"after {count:,} responses"
        if last.files:
            return said
        return f"{said}, at {last.name}:{last.number + last.lines - 1}"

    def _alone(self, parts: Iterator[Chunk], jobs: int) -> Iterator[Item]:
        """All parts; or as many as are done until others would have begun to help."""
        spent = 0
        for part in parts:
            for item in self._work.items(part):
                self._progress.advance(self._work.count(item))
                yield item
            self._done(part)
            gc.collect(0)
            spent += part.size
            if jobs > 1 and spent >= WORTH_BYTES:
                return

    def _together(self, parts: Iterator[Chunk], jobs: int) -> Iterator[Item]:
        self._inputs.reading.pace.size = BLOCK_BYTES
        first = next(parts, None)
        if first is None:
            return
        from shapespec.responses.pool import Died, Pool

        prepare = partial(_packing, self._work)
        send = Chunk.apart
        with Pool[Chunk, "Sequence[Any]"](jobs, prepare, send) as pool:
            for part, result in pool.run(itertools.chain([first], parts)):
                for item in (
                    (self._work.lost(part, result.how),)
                    if isinstance(result, Died)
                    else self._work.unpacked(part, result)
                ):
                    self._progress.advance(self._work.count(item))
                    yield item
                self._done(part)
                gc.collect(0)

    def _done(self, part: Chunk) -> None:
        self._last = part
        self._until = self._progress.count
        self._progress.advance(0, part.cost)


def _packing(work: Work[Any]) -> Callable[[Chunk], Sequence[Any]]:
    """What a worker does with a part."""
    return work.packed


def lost(part: Chunk, how: str) -> Response:
    """What is there in place of responses whose process died."""
    last = part.number + part.lines - 1
    what = f"lines {part.number} to {last}"
    if part.files:
        what = f"{len(part.files)} files, the last of which is {part.files[-1].path},"
    problem = (
        f"the process that read {what} died ({how}), and nothing is known of them;"
        " --jobs 1 reads them without another process"
    )
    return Response(source=f"{part.name}:{part.number}", unreadable=problem)
