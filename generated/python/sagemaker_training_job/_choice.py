# The run time of packages that shapespec generates, copied.
"""What is said of values that have one of several shapes, where it is none of them."""
# pyright: basic

from __future__ import annotations

from ._report import At, Report, quote

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any


def which(value: dict[Any, Any], needs: tuple[tuple[str, ...], ...]) -> int | None:
    """The only option whose members are all there; else the only one begun."""
    given = {name for name, item in value.items() if item is not None}
    whole = [at for at, names in enumerate(needs) if given.issuperset(names)]
    if not whole:
        whole = [at for at, names in enumerate(needs) if not given.isdisjoint(names)]
    return whole[0] if len(whole) == 1 else None


def misfit(
    report: Report,
    value: dict[Any, Any],
    at: At,
    needs: tuple[tuple[str, ...], ...],
    names: tuple[str, ...],
    shape: str,
) -> None:
    """The members of an object are those of no option, or of several."""
    given = {name for name, item in value.items() if item is not None}
    whole = [
        name
        for name, wanted in zip(names, needs, strict=True)
        if given.issuperset(wanted)
    ]
    if whole:
        found = f"all that {' and '.join(whole)} require"
        message = f"expected exactly one of {', '.join(names)}, got {found}"
    else:
        said = [
            f"{name} ({', '.join(quote(report.spelt(at, one)) for one in wanted)})"
            for name, wanted in zip(names, needs, strict=True)
        ]
        message = f"expected the required members of one of {', '.join(said)}"
    report.add("union", at, message, shape)


def unknown_tag(
    report: Report,
    tag: Any,
    at: At,
    name: str,
    known: tuple[str, ...],
    shape: str,
    *,
    closed: bool,
) -> None:
    """The tag of an object is absent, or is that of no option."""
    if tag is None:
        report.missing(at, name, shape)
    elif not issubclass(type(tag), str):
        report.wrong_type(tag, (at, name), "a string", shape)
    else:
        report.unknown_value(tag, (at, name), known, shape, closed=closed)
