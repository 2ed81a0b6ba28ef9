"""Baselines: files that remember what was found, so that only what is new counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapespec.ground.sinks.visible import visible
from shapespec.responses.policy import Judged, Weighed
from shapespec.responses.read import Clean

_HEAD = """\
# Findings that are known, by their fingerprints: rule, shape and place, but not the
# message, the file or the line. Written by `shapespec validate --write-baseline`.
"""


class Baseline:
    """Notes findings, each kind once, to be written down."""

    def __init__(self) -> None:
        """Begin with none."""
        self._labels: dict[str, str] = {}

    @property
    def size(self) -> int:
        """How many fingerprints there are."""
        return len(self._labels)

    def noted(self, verdicts: Iterable[Judged]) -> Iterator[Judged]:
        """The verdicts, while the findings that they accept are noted."""
        for verdict in verdicts:
            for finding in () if isinstance(verdict, Clean) else verdict.accepted:
                self._labels.setdefault(finding.fingerprint, _label(finding))
            yield verdict

    def text(self) -> str:
        """What a baseline file holds, in an order that does not change."""
        order = sorted(self._labels.items(), key=lambda item: (item[1], item[0]))
        return _HEAD + "".join(f"{one}  # {label}\n" for one, label in order)


def _label(finding: Weighed) -> str:
    place = visible(finding.place) or "(the whole response)"
    return f"{finding.rule} {place} ({finding.shape})"
