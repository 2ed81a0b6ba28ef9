"""Generated Python as ruff would leave it.

Templates place text and leave to ruff what it does better: the order of imports and of
`__all__`, parentheses that nothing needs, and the layout of long lines, which is
stable within a year. A run of ruff formats many modules, in a folder of their own; what
it holds at once is what stands in that folder, so the modules of a big package take
several runs. What ruff made of a module is kept in the user's cache, and ruff is not
asked again.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from shapespec.backends.files import OutputFile
from shapespec.ground import kept
from shapespec.ground.errors import Unusable, reason

TIDIED = ("F401", "I001", "RUF022", "SIM114", "UP034")
"""The rules of ruff whose safe fixes are applied."""

_OPTIONS = ("--isolated", "--no-cache", "--target-version=py311")
_MOST_KEPT = 8 * 1024 * 1024
"""How many bytes of modules of a package are kept; a service may have more."""

MOST = 4_000_000
"""How many characters one run of ruff is given, unless a module has more."""


def formatted(files: Iterable[OutputFile]) -> tuple[OutputFile, ...]:
    """The files in their order, the Python ones formatted."""
    given = list(files)
    modules = {
        at: file
        for at, file in enumerate(given)
        if file.path.endswith(".py") and file.text
    }
    before = _Kept(modules.values())
    digests = {at: _digest(file) for at, file in modules.items()}
    texts = {
        at: text
        for at, digest in digests.items()
        if (text := before.texts.get(digest)) is not None
    }
    for batch in _batches(given, [at for at in modules if at not in texts]):
        texts |= _laid_out({at: given[at] for at in batch})
    before.keep({digests[at]: text for at, text in texts.items()})
    for at, text in texts.items():
        given[at] = given[at]._replace(text=text)
    return tuple(given)


class _Kept:
    """The modules of a package as they were laid out before, in the user's cache.

    Attributes:
        texts: Each as ruff left it, by the digest of what ruff was given.
    """

    def __init__(self, files: Iterable[OutputFile]) -> None:
        """Read what is kept of the package whose files these are."""
        self.texts: dict[str, str] = {}
        self._key = ""
        first = next(iter(files), None)
        if first is None or kept.cache_folder() is None:
            return
        program = Path(_find_ruff())
        try:
            seen = program.stat()
        except OSError:
            return
        release = f"{program} {seen.st_size} {seen.st_mtime_ns} {_OPTIONS} {TIDIED}"
        package = "/".join(first.path.split("/")[:2])
        self._key = kept.key_of("laid out", release, package)
        found = json.loads(kept.read(self._key, kept.LAYOUT) or b"{}")
        if isinstance(found, dict):
            self.texts = found

    def keep(self, texts: Mapping[str, str]) -> None:
        """Keep the texts of all modules, and of no others."""
        if not self._key or texts == self.texts:
            return
        contents = json.dumps(texts, ensure_ascii=False).encode("utf-8")
        if len(contents) <= _MOST_KEPT:
            kept.write(self._key, kept.LAYOUT, contents)


def _digest(file: OutputFile) -> str:
    return hashlib.sha256(file.text.encode("utf-8")).hexdigest()


def _batches(
    given: Sequence[OutputFile], modules: Iterable[int]
) -> Iterator[list[int]]:
    batch: list[int] = []
    size = 0
    for at in modules:
        if batch and size + len(given[at].text) > MOST:
            yield batch
            batch, size = [], 0
        batch.append(at)
        size += len(given[at].text)
    if batch:
        yield batch


def _laid_out(files: Mapping[int, OutputFile]) -> dict[int, str]:
    """The text of each file as ruff leaves it."""
    modules = {f"{at}.py": file for at, file in files.items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, file in modules.items():
            Path(folder, name).write_text(file.text, "utf-8", newline="\n")
        _run_ruff(folder, "check", "--fix-only", f"--select={','.join(TIDIED)}")
        said = _run_ruff(folder, "format")
        if said is not None:
            raise RuntimeError(f"the Python made is wrong: {_named(said, modules)}")
        return {at: Path(folder, f"{at}.py").read_text("utf-8") for at in files}


def _run_ruff(folder: str, command: str, *more: str) -> str | None:
    """Run a command of ruff on a folder; what it says where it cannot."""
    try:
        done = subprocess.run(
            [_find_ruff(), command, *more, *_OPTIONS, "."],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        message = f"ruff cannot be run ({reason(error)}); run: pip install ruff"
        raise Unusable(message) from error
    return None if done.returncode == 0 else done.stderr


def _find_ruff() -> str:
    """Where ruff's program is; before ruff 0.15.6 only its `__main__` knows."""
    try:
        from ruff import find_ruff_bin
    except ImportError:
        from ruff.__main__ import find_ruff_bin
    return str(find_ruff_bin())


def _named(said: str, modules: Mapping[str, OutputFile]) -> str:
    """What ruff says, by the names that the files are to have."""
    return re.sub(
        r"\b\d+\.py\b",
        lambda found: modules[found[0]].path if found[0] in modules else found[0],
        said.strip(),
    )
