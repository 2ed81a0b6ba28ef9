"""What a team makes of findings: what it ignores, weighs otherwise, knows already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import TypeAlias

from shapespec.ground.pointer import unescaped
from shapespec.records import dataclass
from shapespec.responses.finding import AnyFinding
from shapespec.responses.fingerprints import fingerprint_of
from shapespec.responses.read import Clean, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A finding as a team weighs it.

    Attributes:
        place: The pointer, with `*` for each index of a list.
        fingerprint: What tells this kind of finding from others, in every run alike.
    """

    rule: str
    severity: str
    pointer: str
    message: str
    shape: str
    got: str
    place: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say about a response.

    Attributes:
        accepted: Findings that are known and do not count.
        help: What would make it valid.
    """

    response: Response
    findings: Sequence[AnyFinding]
    accepted: Sequence[Weighed] = ()
    help: str | None = None

    @property
    def valid(self) -> bool:
        """Whether it could be read and has no error."""
        return self.response.unreadable is None and not any(
            finding.severity == "error" for finding in self.findings
        )


Judged: TypeAlias = "Verdict | Clean"
"""A verdict, or many responses of which there is nothing to say."""


def unclean(verdicts: Iterable[Judged]) -> Iterator[Verdict]:
    """The verdicts on responses of which there may be something to say."""
    return (verdict for verdict in verdicts if not isinstance(verdict, Clean))


def each(verdicts: Iterable[Judged]) -> Iterator[Verdict]:
    """A verdict for each response."""
    for verdict in verdicts:
        if isinstance(verdict, Clean):
            yield from (Verdict(response, ()) for response in verdict.responses())
        else:
            yield verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a team weighs findings.

    Attributes:
        ignored: Rules whose findings are dropped.
        severities: For a rule, what its findings weigh instead.
        baseline: Fingerprints of findings that are known and do not count.
        accepts_all: Whether all findings are known; so it is while a baseline is made.
    """

    ignored: frozenset[str] = frozenset()
    severities: Mapping[str, str] = field(default_factory=dict)
    baseline: frozenset[str] = frozenset()
    accepts_all: bool = False

    def judge(self, response: Response, findings: Iterable[AnyFinding]) -> Verdict:
        """The verdict on a response, of which a validator says so much."""
        counted: list[AnyFinding] = []
        accepted: list[Weighed] = []
        for finding in findings:
            if finding.rule in self.ignored:
                continue
            one = weigh(finding, response.value)
            severity = self.severities.get(one.rule, one.severity)
            if severity != one.severity:
                one = replace(one, severity=severity)
            known = self.accepts_all or one.fingerprint in self.baseline
            if known:
                accepted.append(one)
            else:
                counted.append(one)
        return Verdict(response, counted, accepted)


def weigh(finding: AnyFinding, response: object) -> Weighed:
    """A finding of a response with its fingerprint.

    That depends on the rule, the shape and the place, whichever item of a list it is
    in; not on the message, the severity, the file or the line.
    """
    if isinstance(finding, Weighed):
        return finding
    place = "/".join(_general(finding.pointer, response))
    return Weighed(
        rule=finding.rule,
        severity=finding.severity,
        pointer=finding.pointer,
        message=finding.message,
        shape=finding.shape,
        got=finding.got,
        place=place,
        fingerprint=fingerprint_of(finding.rule, finding.shape, place),
    )


def _general(pointer: str, value: object) -> Iterable[str]:
    """The steps of a pointer, with `*` for each index of a list."""
    for step in pointer.split("/"):
        if isinstance(value, list):
            yield "*"
            index = int(step) if step.isdecimal() else 0
            value = value[index] if index < len(value) else None
            continue
        yield step
        if step and isinstance(value, dict):
            value = value.get(unescaped(step))
