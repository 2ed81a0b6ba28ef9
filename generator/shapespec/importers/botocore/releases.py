"""Releases of botocore: their service models, from wheels or the package index."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from shapespec.contract.facts import Value
from shapespec.contract.history import Place, Point, Release
from shapespec.ground.errors import Unusable, reason
from shapespec.importers.botocore.facts import model_facts

MAX_MODEL_BYTES: Final = 64 * 1024 * 1024
"""How large a service model may be; that of EC2 has some 5 MB."""

STRIDE: Final = 16
"""How many releases are skipped at first, when all of an index are searched."""

_WHEEL = re.compile(r"botocore-(\d+(?:\.\d+)*)-.+\.whl")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_AVAILABLE = re.compile(r"^Available versions: (.*)$", re.MULTILINE)


class WantedHistory:
    """The operation that is looked for in releases."""

    def __init__(self, service: str, operation: str) -> None:
        """An operation of a service, as botocore calls them."""
        self.service = service
        self.operation = operation
        folder = re.escape(f"botocore/data/{service}/")
        self._model = re.compile(rf"{folder}([\d-]+)/service-2\.json(\.gz)?")

    def point(self, wheel: Path) -> Point:
        """What a wheel states of the operation; nothing where it has no such one.

        Raises:
            Unusable: It is no wheel of botocore, or cannot be read.
        """
        found = _WHEEL.fullmatch(wheel.name)
        if found is None:
            raise Unusable(f"{wheel} is not named like a wheel of botocore")
        try:
            with zipfile.ZipFile(wheel) as archive:
                return self._point(archive, found[1])
        except OSError as error:
            raise Unusable(f"cannot read {wheel}: {reason(error)}") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise Unusable(f"cannot read {wheel}: {error}") from error
        except (AttributeError, LookupError, TypeError):
            raise Unusable(
                f"cannot read {wheel}: its model of {self.service} is not built as"
                " service models are"
            ) from None

    def _point(self, archive: zipfile.ZipFile, version: str) -> Point:
        models = {
            match[1]: info
            for info in archive.infolist()
            if (match := self._model.fullmatch(info.filename))
        }
        states: dict[Place, Value] = {}
        if models:
            info = models[max(models)]
            states = self._states(_json(archive, info))
        else:
            info = max(archive.infolist(), key=lambda one: one.date_time)
        year, month, day = info.date_time[:3]
        return Point(Release(version, f"{year:04}-{month:02}-{day:02}"), states)

    def _states(self, model: Any) -> dict[Place, Value]:
        if self.operation not in model["operations"]:
            return {}
        facts = model_facts(model, self.operation)
        return {(fact.path, fact.kind): fact.value for fact in facts}


def _json(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    """What a file of an archive holds, compressed or not."""
    with archive.open(info) as stream:
        if info.filename.endswith(".gz"):
            with gzip.open(stream) as unpacked:
                data = unpacked.read(MAX_MODEL_BYTES + 1)
        else:
            data = stream.read(MAX_MODEL_BYTES + 1)
    if len(data) > MAX_MODEL_BYTES:
        raise ValueError(f"{info.filename} is larger than {MAX_MODEL_BYTES} bytes")
    return json.loads(data)


def order(version: str) -> tuple[int, ...]:
    """What puts releases in order."""
    return tuple(map(int, version.split(".")))


def wheels_in(folder: Path) -> dict[str, Path]:
    """The wheels of botocore in a folder by release, oldest first.

    Raises:
        Unusable: It holds none.
    """
    found = {
        match[1]: path
        for path in folder.glob("*.whl")
        if (match := _WHEEL.fullmatch(path.name))
    }
    if not found:
        raise Unusable(f"{folder} contains no wheel of botocore")
    return {version: found[version] for version in sorted(found, key=order)}


class Index:
    """The package index, by way of pip, one release at a time."""

    def __init__(self) -> None:
        """See to it that there is a pip.

        Raises:
            Unusable: There is none.
        """
        if find_spec("pip") is None:
            raise Unusable(
                "pip is not installed; name a folder of wheels with --wheels instead"
            )

    def versions(self) -> list[str]:
        """All releases, oldest first; no release candidates.

        Raises:
            Unusable: The index does not answer.
        """
        said = _pip("index", "versions", "botocore")
        found = _AVAILABLE.search(said)
        if found is None:
            raise Unusable("pip lists no versions of botocore")
        listed = found[1].replace(" ", "").split(",")
        return sorted(filter(_NUMBER.fullmatch, listed), key=order)

    def point(self, wanted: WantedHistory, version: str) -> Point:
        """What a release states; its wheel is fetched, read and deleted.

        Raises:
            Unusable: There is no wheel of it, or it cannot be fetched or read.
        """
        with tempfile.TemporaryDirectory() as folder:
            options = ("--no-deps", "--only-binary", ":all:", "--dest", folder)
            _pip("download", *options, f"botocore=={version}")
            (wheel,) = wheels_in(Path(folder)).values()
            return wanted.point(wheel)


def _pip(*arguments: str) -> str:
    """What pip prints.

    Raises:
        Unusable: It fails; with the last line of its complaint.
    """
    command = [sys.executable, "-m", "pip", *arguments, "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        why = said[-1] if said else f"exit code {done.returncode}"
        raise Unusable(f"pip {arguments[0]} failed: {why}")
    return done.stdout


def searched(
    versions: Sequence[str],
    point: Callable[[str], Point | None],
    *,
    stride: int = STRIDE,
) -> list[Point]:
    """The releases between which something changes, found by halving.

    Between two releases that state the same, none is read: what came and went again
    within a stride is not seen.

    Args:
        versions: In order.
        point: What a release states; none where it cannot be had.
        stride: How many releases to skip at first.

    Returns:
        Those that were read, oldest first.
    """
    read: dict[int, Point | None] = {}

    def get(number: int) -> Point | None:
        if number not in read:
            read[number] = point(versions[number])
        return read[number]

    def halve(low: int, high: int) -> None:
        left, right = get(low), get(high)
        if high - low < 2 or (left and right and left.states == right.states):
            return
        middle = (low + high) // 2
        halve(low, middle)
        halve(middle, high)

    last = len(versions) - 1
    for low, high in pairwise([*range(0, last, stride), last]):
        halve(low, high)
    if last == 0:
        get(0)
    return [found for number in sorted(read) if (found := read[number])]
