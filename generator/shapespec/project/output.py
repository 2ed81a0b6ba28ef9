"""Generated files and the folder they belong in.

A folder is compared with files or made equal to them. Every file is first written
whole beside its place and then moved there, so that a full disk or a broken run
leaves what was there before. A manifest, one for each package, remembers which files
were generated, so that those no longer wanted are removed and nothing else ever is.

The next manifest is written first, under a name of its own, and moved last. Where a run
was killed it is still there: what it names is ours, whether it is finished, half
written beside its place or not begun, and the next run mends or removes it.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from shapespec.backends.files import OutputFile
from shapespec.ground.errors import Unusable, reason


class Change(NamedTuple):
    """A file that is not as it should be: what is there and what is wanted, if any."""

    path: str
    there: str | None
    wanted: str | None

    def diff(self) -> Iterator[str]:
        """The change as a unified diff, line by line."""
        return difflib.unified_diff(
            (self.there or "").splitlines(keepends=True),
            (self.wanted or "").splitlines(keepends=True),
            self.path if self.there is not None else "/dev/null",
            self.path if self.wanted is not None else "/dev/null",
        )


class Folder:
    """An output folder, seen from one package whose files lie there with others."""

    def __init__(self, root: Path, package: str, spec: str) -> None:
        """The files of `package`, made from a spec of that digest, below `root`."""
        self.root = root
        self.package = package
        self.spec = spec
        self.manifest = PurePosixPath(".shapespec", f"{package}.json")
        self.next_manifest = _beside(self.manifest)

    def changes(
        self, files: Iterable[OutputFile], targets: Iterable[str]
    ) -> tuple[Change, ...]:
        """What has to change for the files to be there and older ones to be gone.

        Args:
            files: All that the targets produce.
            targets: The targets that were asked for; files of others stay.

        Raises:
            Unusable: A file that is there cannot be read.
        """
        asked = set(targets)
        wanted = {file.path: file.text for file in files}
        owners = {file.path: file.target for file in files}
        known = self._known(self.manifest)
        begun = self._known(self.next_manifest)
        kept = {path: owner for path, owner in known.items() if owner not in asked}
        wanted[str(self.manifest)] = self._manifest_text({**kept, **owners})
        current = {*wanted, *kept}
        stale = [path for path in (*known, *begun) if path not in current]
        stale += [str(_beside(path)) for path in begun]
        stale.append(str(self.next_manifest))
        found = []
        for path in sorted({*wanted, *stale}):
            change = Change(path, self._read(path), wanted.get(path))
            if change.there != change.wanted:
                found.append(change)
        return tuple(found)

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes, all or none as far as a file system can promise it.

        One run at a time may do this, and `changes` before it: see `locking.py`.

        Raises:
            Unusable: The folder cannot be written; what was there is still there,
                unless the system refused to move files that it had let us write.
        """
        wanted = {one.path: one.wanted for one in changes}
        if not wanted:
            return
        manifest = wanted.pop(str(self.manifest), None)
        begun = self._place(self.next_manifest)
        moves = [
            (self._place(_beside(path)), self._place(path), text)
            for path, text in wanted.items()
            if text is not None
        ]
        moved = False
        try:
            _write(begun, manifest or self._place(self.manifest).read_text("utf-8"))
            for beside, _, text in moves:
                _write(beside, text)
            for beside, place, _ in moves:
                beside.replace(place)
                moved = True
            for path, after in wanted.items():
                if after is None and path != str(self.next_manifest):
                    self._remove(path)
            begun.replace(self._place(self.manifest))
        except OSError as error:
            left = [beside for beside, _, _ in moves]
            for place in left if moved else [*left, begun]:
                with suppress(OSError):
                    place.unlink(missing_ok=True)
            at = error.filename or self.root
            raise Unusable(f"cannot write {at}: {reason(error)}") from error

    def _place(self, path: str | PurePosixPath) -> Path:
        """The place of a file, which no manifest can lead out of the folder."""
        if not is_plain_path(str(path)):
            raise Unusable(f"{self.root / self.manifest} names a file outside: {path}")
        return self.root.joinpath(*PurePosixPath(path).parts)

    def _remove(self, path: str) -> None:
        place = self._place(path)
        place.unlink(missing_ok=True)
        _remove_empty(place.parent, self.root)

    def _read(self, path: str) -> str | None:
        place = self._place(path)
        try:
            return place.read_bytes().decode()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            return ""
        except OSError as error:
            raise Unusable(f"cannot read {place}: {reason(error)}") from error

    def _manifest_text(self, owners: Mapping[str, str]) -> str:
        files = {path: {"target": owners[path]} for path in sorted(owners)}
        return json.dumps({"spec": self.spec, "files": files}, indent=1) + "\n"

    def _known(self, manifest: PurePosixPath) -> Mapping[str, str]:
        """The files that a manifest names, each with its target."""
        text = self._read(str(manifest))
        if text is None:
            return {}
        try:
            known = json.loads(text)["files"]
            return {str(path): str(entry["target"]) for path, entry in known.items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}


def _beside(path: str | PurePosixPath) -> PurePosixPath:
    """Where a file is written before it is moved to its place."""
    place = PurePosixPath(path)
    return place.with_name(f".{place.name}.new")


def is_plain_path(path: str) -> bool:
    """Whether a path leads into the folder that it is taken from, on every system."""
    parts = path.split("/")
    return all(part not in ("", ".", "..") for part in parts) and not any(
        sign in path for sign in "\\:\0"
    )


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
