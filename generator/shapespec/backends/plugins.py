"""Targets of other distributions, found through entry points; see spec/extending.md.

A plug-in is loaded when its target is asked for, and a faulty one is in nobody's way
but of those who ask for it.
"""

from __future__ import annotations

import ast
import re
import traceback
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points

from shapespec.backends.files import OutputFile
from shapespec.backends.protocol import Backend
from shapespec.backends.targets import PLUGINS, TARGETS
from shapespec.contract.schema import Schema
from shapespec.ground.errors import Unusable
from shapespec.ground.writing import is_plain_path

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def load_plugin(name: str) -> Backend:
    """The backend of a target that is not built in.

    Raises:
        Unusable: No distribution has such a target, or the one that has it is faulty;
            with its name and what is wrong.
    """
    found = [entry for entry in entry_points(group=PLUGINS) if entry.name == name]
    if not found:
        raise Unusable(f"no target is called {name!r}")
    if len(found) > 1:
        owners = " and ".join(sorted(map(_owner, found)))
        raise Unusable(f"several distributions have a target {name!r}: {owners}")
    return _loaded(found[0])


def plugins() -> Iterator[tuple[str, str, Unusable | None]]:
    """Each target of another distribution: its name, its owner, and what is wrong."""
    for entry in sorted(entry_points(group=PLUGINS)):
        try:
            if entry.name in TARGETS:
                raise _fault(entry, "a built-in target has that name")
            load_plugin(entry.name)
        except Unusable as fault:
            yield entry.name, _owner(entry), fault
        else:
            yield entry.name, _owner(entry), None


def run_plugin(backend: Backend, schema: Schema) -> tuple[OutputFile, ...]:
    """The files of a plug-in, which are looked at before anything is done with them.

    Raises:
        Unusable: It fails, or gives what cannot be written into the output folder.
    """
    try:
        files = tuple(backend.generate(schema))
    except Exception as error:
        message = f"the target {backend.name!r} failed: {_told(error)}"
        raise Unusable(message) from error
    for file in files:
        wrong = _wrong_file(file)
        if wrong:
            raise Unusable(f"the target {backend.name!r} gave {wrong}")
    return files


def _loaded(entry: EntryPoint) -> Backend:
    if not _NAME.fullmatch(entry.name):
        raise _fault(entry, "a target's name is kebab-case, such as `type-script`")
    try:
        found: object = entry.load()
        if isinstance(found, type):
            found = found()
    except (Exception, SystemExit) as error:
        raise _fault(entry, f"it cannot be loaded: {_told(error)}") from error
    wrong = _wrong_backend(found, entry.name)
    if wrong or not isinstance(found, Backend):
        raise _fault(entry, wrong or "it is not a backend")
    return found


def _wrong_backend(found: object, name: str) -> str | None:
    """What keeps an object from being the backend of a name, in words."""
    if not isinstance(found, Backend):
        return f"{_kind(found)} lacks `name`, `requires` or `generate`"
    if found.name != name:
        return f"the backend calls itself {found.name!r}"
    if type(found.requires) is not tuple or not all(map(_is_text, found.requires)):
        return "its `requires` is not a tuple of target names"
    return None


def _kind(found: object) -> str:
    return f"`{type(found).__name__}`"


def _wrong_file(file: object) -> str | None:
    """What keeps something from being a file of the output folder, in words."""
    if not isinstance(file, OutputFile):
        return f"{_kind(file)} where an `OutputFile` is due"
    if not _is_text(file.path) or not _is_text(file.text):
        return f"a file whose path or text is not Unicode text: {file.path!r}"
    if not is_plain_path(file.path) or file.path.split("/")[0] == ".shapespec":
        return f"a path that may not be written: {file.path!r}"
    if file.path.endswith(".py"):
        try:
            ast.parse(file.text)
        except (SyntaxError, ValueError) as error:
            return f"a file that is not Python: {file.path!r}: {error}"
    return None


def _is_text(value: object) -> bool:
    """Whether a value is text that UTF-8 can encode."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _owner(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _fault(entry: EntryPoint, wrong: str) -> Unusable:
    return Unusable(f"the target {entry.name!r} of {_owner(entry)}: {wrong}")


def _told(error: BaseException) -> str:
    """An exception in a line, with the place that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}{': ' * bool(said)}{said}{at}"
