"""Holds what the validators say of responses against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from tests.differential.judges import Contract
from tests.differential.trials import Trial

LIST = Path(__file__).with_name("disagreements.yaml")


class Excuse(NamedTuple):
    """An entry of the list: what peers say otherwise, and why.

    Attributes:
        peers: Those who disagree.
        reason: Why.
        rule: Where they accept what we refuse: the rule of our finding.
        actions: Where they refuse what we accept: what was done to the response.
        path: The places of our findings, as a pattern of pointers; or of what was done,
            as the trial tells it.
        rare: Whether thousands of responses must be judged to meet it.
    """

    peers: tuple[str, ...]
    reason: str
    rule: str | None = None
    actions: tuple[str, ...] = ()
    path: str = "*"
    rare: bool = False


class Disagreement(NamedTuple):
    """A response of which a peer says something else, and no entry says why.

    Attributes:
        contract: The contract that the response is one of.
        peer: Who disagrees.
        accepts: What the peer says.
        trial: The response, and how it was made.
        errors: What we find: rules and pointers.
    """

    contract: str
    peer: str
    accepts: bool
    trial: Trial
    errors: tuple[tuple[str, str], ...]


def excuses() -> tuple[Excuse, ...]:
    """The list of disagreements that are explained."""
    entries: list[dict[str, Any]] = YAML(typ="safe").load(LIST.read_text("utf-8"))
    return tuple(
        Excuse(**{key: _frozen(value) for key, value in entry.items()})
        for entry in entries
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass
class Proof:
    """What came of the trials so far.

    Attributes:
        excuses: The list.
        judged: How many responses, by contract and stream.
        refused: How many of them are wrong, by contract and stream.
        agreed: How many of them a peer judges as we do, by contract, stream and peer.
        used: The entries of the list that explain something.
        unexplained: Disagreements that none explains.
        wrong: Responses that are not what they were made to be, or of which `is_valid`
            and `validate` say different things.
    """

    excuses: tuple[Excuse, ...] = field(default_factory=excuses)
    judged: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    agreed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    used: set[Excuse] = field(default_factory=set)
    unexplained: list[Disagreement] = field(default_factory=list)
    wrong: list[Trial] = field(default_factory=list)

    @property
    def stale(self) -> list[Excuse]:
        """Entries that explain nothing any more."""
        return [one for one in self.excuses if one not in self.used]

    @property
    def holds(self) -> bool:
        """Whether all is as it should be."""
        return not (self.unexplained or self.wrong or self.stale)

    def judge(self, contract: Contract, trials: Iterable[Trial]) -> None:
        """Have every validator judge every response."""
        for trial in trials:
            self.hear(contract, trial)

    def hear(self, contract: Contract, trial: Trial) -> None:
        """Have every validator judge a response."""
        findings = contract.sampler.findings(trial.response, contract.root)
        errors = tuple(
            (one.rule, one.pointer) for one in findings if one.severity == "error"
        )
        at = (contract.name, trial.stream)
        self.judged[at] += 1
        self.refused[at] += bool(errors)
        again = contract.sampler.package.is_valid(trial.response, shape=contract.root)
        if again is bool(errors) or trial.right is bool(errors):
            self.wrong.append(trial)
        for peer, judge in contract.peers.items():
            accepts = judge(trial.response)
            if accepts is not bool(errors):
                self.agreed[*at, peer] += 1
            elif reasons := self.explain(peer, trial, errors):
                self.used.update(reasons)
            else:
                one = Disagreement(contract.name, peer, accepts, trial, errors)
                self.unexplained.append(one)

    def explain(
        self, peer: str, trial: Trial, errors: Iterable[tuple[str, str]]
    ) -> list[Excuse]:
        """The entries that explain a disagreement; none unless nothing is left over.

        A peer may accept a response if it cannot know any of the rules that it breaks.
        """
        ours = [one for one in self.excuses if peer in one.peers]
        if not errors:
            return [
                one
                for one in ours
                if trial.action in one.actions and fnmatchcase(trial.path, one.path)
            ][:1]
        reasons = [
            next(
                (
                    one
                    for one in ours
                    if one.rule == rule and fnmatchcase(pointer, one.path)
                ),
                None,
            )
            for rule, pointer in errors
        ]
        known = [one for one in reasons if one is not None]
        return known if len(known) == len(reasons) else []
