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
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from shapespec.backends.files import OutputFile
from shapespec.ground.errors import Unusable
from shapespec.ground.writing import Root, is_plain_path, open_root, why
from shapespec.project.settings import Settings

_FOLDER = ".shapespec"
_ATTRIBUTES = f"{_FOLDER}/.gitattributes"
_MERGE = b"*.files merge=union\n"
_HEAD = """\
# What shapespec generated here: digest, target and path of each file. Keep this file in
# version control: by it, files that are no longer generated are found and removed.
"""
_LINE = re.compile(r"^([0-9a-f]{64}) (\S+) (.+)$", re.MULTILINE)


class FileChange(NamedTuple):
    """A file that is not as it should be: what is there and what is wanted, if any.

    Attributes:
        path: With `/` between its parts.
        there: What it holds.
        wanted: What it should hold; none if it should not be there.
        sha256: Of a file that goes: the digest of what it must hold to be removed.
    """

    path: str
    there: str | None
    wanted: str | None
    sha256: str | None = None

    def diff(self) -> Iterator[str]:
        """The change as a unified diff, line by line."""
        return difflib.unified_diff(
            (self.there or "").splitlines(keepends=True),
            (self.wanted or "").splitlines(keepends=True),
            self.path if self.there is not None else "/dev/null",
            self.path if self.wanted is not None else "/dev/null",
        )


class Left(NamedTuple):
    """A file that is no longer wanted, and stays since it is not as we wrote it."""

    path: str
    why: str


class _Entry(NamedTuple):
    """What a manifest knows of a file: its target, and the digests of what it held.

    There is one, or where git has merged two branches, one for each.
    """

    target: str
    digests: tuple[str, ...]


class Folder:
    """An output folder, seen from one package whose files lie there with others."""

    def __init__(self, root: Root, package: str, *, before: str = "") -> None:
        """The files of `package` below `root`.

        Args:
            root: The folder.
            package: The package, as the spec names it.
            before: The folder below which they were, until the project gave targets
                folders of their own.
        """
        self.root = root
        self.before = before
        self.package = package
        self.manifest = f"{_FOLDER}/{package}.files"
        self.next_manifest = _beside(self.manifest)
        self.left: tuple[Left, ...] = ()

    def known(self) -> Iterable[str]:
        """The files that the manifest names, and the manifest.

        Raises:
            Unusable: It names a file outside of the folder.
        """
        return (*self._known(self.manifest), self.manifest)

    def changes(
        self, files: Iterable[OutputFile], targets: Iterable[str]
    ) -> tuple[FileChange, ...]:
        """What has to change for the files to be there and older ones to be gone.

        Afterwards `left` has the older ones that stay, because they were edited.

        Args:
            files: All that the targets produce.
            targets: The targets that were asked for; files of others stay.

        Raises:
            Unusable: A file that is there cannot be read, or there is a link on the
                way to it.
        """
        asked = set(targets)
        made = {file.path: file for file in files}
        known = {**self._earlier(), **self._known(self.manifest)}
        begun = self._known(self.next_manifest)
        kept = {
            path: entry
            for path, entry in known.items()
            if entry.target not in asked and path not in made
        }
        owners = {
            path: _Entry(
                file.target, (_digest(file.text.encode("utf-8", "surrogatepass")),)
            )
            for path, file in made.items()
        }
        wanted = {path: file.text for path, file in made.items()}
        wanted[self.manifest] = self._manifest_text({**kept, **owners})
        found = [
            FileChange(path, _text(there), text)
            for path, text in wanted.items()
            if (there := self._read(path)) != text.encode("utf-8", "surrogatepass")
        ]
        older = [f"{_FOLDER}/{self.package}.json"]  # as it was called at first
        if self.before:
            older.append(f"{self.before}/{self.manifest}")
        for path in (*map(_beside, begun), self.next_manifest, *older):
            there = self._read(path)
            if there is not None:
                found.append(FileChange(path, _text(there), None))
        self.left = ()
        for path in dict.fromkeys((*known, *begun)):
            if path not in wanted and path not in kept:
                entries = [one[path] for one in (known, begun) if path in one]
                digests = [digest for entry in entries for digest in entry.digests]
                found += self._removal(path, digests)
        return tuple(sorted(found, key=lambda change: change.path))

    def stale(
        self, files: Iterable[OutputFile], targets: Iterable[str]
    ) -> tuple[FileChange, ...]:
        """The changes, but for digests that alone are out of date in the manifest.

        So they are once git has merged two branches, whose files are right.

        Raises:
            Unusable: A file that is there cannot be read.
        """
        found = self.changes(files, targets)
        for change in found:
            if change.path == self.manifest and change.there is not None:
                there, wanted = _parsed(change.there), _parsed(change.wanted or "")
                if _targets(there) == _targets(wanted):
                    return tuple(one for one in found if one is not change)
        return found

    def _removal(self, path: str, digests: list[str]) -> Iterator[FileChange]:
        """The removal of a file that is no longer wanted, if it is as we wrote it."""
        try:
            there = self._read(path)
        except Unusable as error:
            self.left += (Left(path, str(error)),)
            return
        if there is None:
            return
        if _digest(there) in digests:
            yield FileChange(path, _text(there), None, _digest(there))
        else:
            self.left += (Left(path, "shapespec did not write what it holds"),)

    def apply(self, changes: Iterable[FileChange]) -> None:
        """Make the changes, all or none as far as a file system can promise it.

        One run at a time may do this, and `changes` before it: see `locking.py`.

        Raises:
            Unusable: The folder cannot be written; what was there is still there,
                unless the system refused to move files that it had let us write.
        """
        changed = {one.path: one for one in changes}
        if not changed:
            return
        manifest = changed.pop(self.manifest, None)
        try:
            begun = self._encoded(manifest) if manifest else None
            texts = {
                path: self._encoded(one)
                for path, one in changed.items()
                if one.wanted is not None
            }
            self._apply(begun, texts, changed)
        except OSError as error:
            raise Unusable(f"cannot write {why(error)}") from error

    def _apply(
        self,
        begun: bytes | None,
        texts: Mapping[str, bytes],
        changed: Mapping[str, FileChange],
    ) -> None:
        """Write beside, then move, then remove; the manifest is begun first."""
        root = self.root
        moved = False
        begun = root.read(self.manifest) if begun is None else begun
        if root.read(_ATTRIBUTES) is None:
            root.write(_ATTRIBUTES, _MERGE)
        try:
            root.stage(self.manifest, self.next_manifest, begun or b"")
            for path, text in texts.items():
                root.stage(path, _beside(path), text)
            for path in texts:
                root.settle(path, _beside(path))
                moved = True
            for path, one in changed.items():
                if one.wanted is None and path != self.next_manifest:
                    self._remove(one)
            root.settle(self.manifest, self.next_manifest)
        except OSError:
            left = map(_beside, texts)
            for path in left if moved else (*left, self.next_manifest):
                with suppress(OSError):
                    root.discard(path)
            raise

    def _remove(self, change: FileChange) -> None:
        if change.sha256 is None:
            self.root.discard(change.path)
        else:
            self.root.remove(change.path, change.sha256)

    def _encoded(self, change: FileChange) -> bytes:
        try:
            return (change.wanted or "").encode()
        except UnicodeEncodeError as error:
            code = ord(error.object[error.start])
            place = self.root.place(change.path)
            raise Unusable(
                f"{place} cannot be written: it would hold the lone surrogate"
                f" U+{code:04X}, which UTF-8 cannot hold"
            ) from None

    def _read(self, path: str) -> bytes | None:
        """What a file holds; none where there is no file, or a link in its place."""
        try:
            return self.root.read(path)
        except OSError as error:
            raise Unusable(f"cannot read {why(error)}") from error

    def _manifest_text(self, entries: Mapping[str, _Entry]) -> str:
        """A line for each file, so that git can merge what two branches changed."""
        lines = [
            f"{digest} {entries[path].target} {path}\n"
            for path in sorted(entries)
            for digest in entries[path].digests
        ]
        return f"{_HEAD}{''.join(lines)}"

    def _earlier(self) -> Mapping[str, _Entry]:
        """The files from when all of them were below one folder."""
        if not self.before:
            return {}
        known = self._known(f"{self.before}/{self.manifest}")
        return {f"{self.before}/{path}": entry for path, entry in known.items()}

    def _known(self, manifest: str) -> Mapping[str, _Entry]:
        """The files that a manifest names.

        Raises:
            Unusable: It names a file outside of the folder.
        """
        known = _parsed(_text(self._read(manifest)) or "")
        for path in known:
            if not is_plain_path(path):
                place = self.root.place(manifest)
                raise Unusable(f"{place} names a file outside: {path!r}")
        return known


def generated_files(settings: Settings) -> Iterator[str]:
    """The files that were generated for a project, by their path from its root.

    Raises:
        Unusable: A manifest names a file outside of its folder.
    """
    outputs = (settings.output, *settings.outputs.values())
    for top in dict.fromkeys(one.placed(settings.root)[0] for one in outputs):
        with open_root(top, within=settings.root) as root:
            for manifest in sorted((top / _FOLDER).glob("*.files")):
                package = manifest.name.removesuffix(".files")
                known = Folder(root, package).known()
                above = Path(os.path.relpath(top, settings.root))
                yield from ((above / path).as_posix() for path in known)


def _parsed(manifest: str) -> dict[str, _Entry]:
    """The files that a manifest names; lines that are not its own say nothing."""
    known: dict[str, _Entry] = {}
    for digest, target, path in _LINE.findall(manifest):
        digests = known[path].digests if path in known else ()
        known[path] = _Entry(target, (*digests, digest))
    return known


def _targets(known: Mapping[str, _Entry]) -> Mapping[str, str]:
    return {path: entry.target for path, entry in known.items()}


def _beside(path: str) -> str:
    """Where a file is written before it is moved to its place."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{name}.shapespec-new"


def _digest(held: bytes) -> str:
    return hashlib.sha256(held).hexdigest()


def _text(held: bytes | None) -> str | None:
    """What a file holds, to be shown."""
    return None if held is None else held.decode("utf-8", "backslashreplace")
