# The run time of packages that shapespec generates, copied.
"""What `validate` gives: a list of findings, which notebooks show as a table."""
# pyright: basic

from __future__ import annotations

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._report import Finding

_MOST_ROWS = 100
_COLUMNS = ("severity", "rule", "where", "message")


class Findings(list["Finding"]):
    """The findings about a response; a list in all respects."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        if not self:
            return "<p>no findings</p>"
        left = len(self) - _MOST_ROWS
        more = f"<p>and {left} more</p>" if left > 0 else ""
        return as_table(self[:_MOST_ROWS]) + more


def as_table(findings: Iterable[Finding]) -> str:
    """Findings as an HTML table."""
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    body = "".join(map(_row, findings))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(finding: Finding) -> str:
    """A finding as a row; nothing that a response held becomes markup."""
    return f"<tr>{''.join(_cells(finding))}</tr>"


def _cells(finding: Finding) -> Iterator[str]:
    from html import escape

    from ._report import visible

    for text in (finding.severity, finding.rule, finding.where, finding.message):
        yield f'<td style="text-align: left">{escape(visible(text))}</td>'
