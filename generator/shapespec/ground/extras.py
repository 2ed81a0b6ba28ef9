"""Libraries that a plain install lacks: whether one is there, and new enough."""

from __future__ import annotations

import re
from importlib.machinery import ModuleSpec
from importlib.util import find_spec

from shapespec.ground.errors import Unusable

_BOUND = re.compile(r"([\w.-]+)>=([\d.]+).*extra == ['\"]([\w-]+)['\"]")


def need(library: str, extra: str, module: str | None = None) -> None:
    """Ask for a library before anything is begun with it.

    Args:
        library: The name under which it is installed.
        extra: The extra of shapespec that adds it, and states the oldest that works.
        module: What is imported of it, where that has another name.

    Raises:
        Unusable: It is not installed, or too old; with what to run.
    """
    ours = f"shapespec[{extra}]"
    if installed(module or library.replace("-", "_")) is None:
        raise Unusable(f"{library} is not installed; `pip install {ours}` adds it")
    oldest = _oldest(library, extra)
    found = _version(library)
    if oldest and found and _numbers(found) < _numbers(oldest):
        raise Unusable(
            f"{library} {found} is too old, {oldest} or newer is needed; "
            f"`pip install --upgrade {ours}` brings it"
        )


def installed(module: str) -> ModuleSpec | None:
    """Where a module is, found without importing it; none where it cannot be had."""
    try:
        return find_spec(module)
    except (ImportError, ValueError):  # somebody forbids it, or left half of it behind
        return None


def need_compiler(what: str) -> None:
    """Ask for the compiler, which `shapespec-slim` leaves out.

    Args:
        what: What needs it.

    Raises:
        Unusable: It is not installed; with what to run.
    """
    if find_spec("shapespec.compiler") is None:
        raise Unusable(
            f"{what} needs the compiler, which `pip install shapespec` adds;"
            " a generated package does without"
        )


def _oldest(library: str, extra: str) -> str | None:
    """The oldest release that works, as our own metadata states it."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        stated = requires("shapespec") or []
    except PackageNotFoundError:  # run from a checkout that is not installed
        return None
    for line in stated:
        found = _BOUND.match(line)
        if found and (found[1].lower(), found[3]) == (library.lower(), extra):
            return found[2]
    return None


def _version(library: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version, by which releases are in order."""
    return tuple(map(int, re.findall(r"\d+", text)[:3]))
