"""Judges the responses of a part: what `shapespec validate` does, in any process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from shapespec.responses.bulk import lost
from shapespec.responses.contract import Contract
from shapespec.responses.fast import Quick, quick_check
from shapespec.responses.finding import AnyFinding
from shapespec.responses.hints import MOST_TRIED
from shapespec.responses.places import positions
from shapespec.responses.policy import Judged, Policy, Verdict
from shapespec.responses.read import Chunk, Clean, Once, ReadOptions, read_part
from shapespec.responses.works import ContractWork


class Judge(ContractWork):
    """Turns parts into verdicts."""

    def __init__(
        self,
        load: Callable[[], Contract],
        options: Mapping[str, object],
        policy: Policy,
        reading: ReadOptions,
        contract: Contract,
    ) -> None:
        """Judge by a contract, which `load` gives to another process.

        Args:
            load: Gives the contract, and can be pickled.
            options: What its validator is called with.
            policy: How findings are weighed.
            reading: How responses are read.
            contract: The contract.
        """
        super().__init__(load, contract, reading)
        self._options = dict(options)
        self._policy = policy

    @cached_property
    def _quick(self) -> Once[Quick]:
        reading = self._reading

        def make() -> Quick | None:
            validate = self._contract.validate
            return quick_check(
                validate, self._options, at=reading.at, rows=reading.rows
            )

        return Once(make)

    def count(self, item: Judged) -> int:
        """How many responses a verdict is about."""
        return item.many if isinstance(item, Clean) else 1

    def items(self, part: Chunk) -> Iterator[Judged]:
        """The verdicts on the responses of a part."""
        validate, judge = self._contract.validate, self._policy.judge
        for response in read_part(part, self._reading, self._quick):
            if isinstance(response, Clean):
                yield response
                continue
            findings: Sequence[AnyFinding] = ()
            if response.unreadable is None:
                findings = validate(response.value, **self._options)
            yield judge(response, findings)

    def unpacked(self, part: Chunk, packed: Sequence[Judged]) -> Sequence[Judged]:
        """What another process sent."""
        del part
        return packed

    def packed(self, part: Chunk) -> Sequence[Judged]:
        """The same without texts and values, but of those that hints may be about."""
        found: list[Judged] = []
        left = MOST_TRIED
        for verdict in self.items(part):
            if isinstance(verdict, Clean):
                found.append(verdict)
                continue
            is_invalid = verdict.response.unreadable is None and not verdict.valid
            found.append(_light(verdict, whole=is_invalid and left > 0))
            left -= is_invalid
        return found

    def lost(self, part: Chunk, how: str) -> Judged:
        """A verdict in place of those that nobody knows."""
        return Verdict(lost(part, how), ())


def _light(verdict: Verdict, *, whole: bool) -> Verdict:
    """A verdict that knows the places of its findings, without text and value."""
    response = verdict.response
    findings = (*verdict.findings, *verdict.accepted)
    places = positions(response, findings)
    known = {
        finding.pointer: place for finding, place in zip(findings, places, strict=True)
    }
    if whole:
        return replace(verdict, response=replace(response, places=known))
    value: object = [] if isinstance(response.value, list) else None
    light = replace(response, places=known, text="", value=value)
    return replace(verdict, response=light)
