"""The names of the targets, where asking for them loads no backend."""

from __future__ import annotations

DEFAULT_TARGETS = ("json-schema", "dataclasses", "validators", "docs")
TARGETS = (
    *DEFAULT_TARGETS,
    "json-schema-types",
    "strategies",
    "sql",
    "pydantic",
    "typed-dict",
    "msgspec",
    "typescript",
    "spark-schema",
    "openapi",
    "site",
    "ir",
)

PLUGINS = "shapespec.backends"
"""The group of entry points under which other distributions have targets."""


def unknown_target(name: str) -> str | None:
    """Why a name is no target, in words; none where it is one.

    Other distributions are only looked at for a name that is not built in.
    """
    if name in TARGETS:
        return None
    from importlib.metadata import entry_points

    from shapespec.diagnostics.suggest import nearest

    known = [*TARGETS, *sorted(entry_points(group=PLUGINS).names)]
    if name in known:
        return None
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
    return f"no target is called {name!r}; {hint}"
