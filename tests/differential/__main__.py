"""`make prove`: five validators judge thousands of responses.

    python -m tests.differential [--responses N] [--seed S]

Rounds of trials of the flagship and of a contract with every construct, until there are
as many responses as were asked for, with their progress on a terminal. Then a table:
how many responses each stream had, how many of them are wrong, and how many each peer
judged as we do. Exit 1 unless every disagreement is explained, and every explanation
needed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import click

from tests.differential.judges import Contract, contracts
from tests.differential.proof import Proof
from tests.differential.trials import STREAMS, Trial, trials

_SHOWN = 10


@click.command(help=__doc__)
@click.option("--responses", default=10_000, show_default=True, help="How many.")
@click.option("--seed", default=1, show_default=True, help="Other responses.")
def main(responses: int, seed: int) -> None:
    """Judge, and print what came of it."""
    proof = Proof()
    heard = _rounds(contracts(), seed)
    with click.progressbar(
        length=responses, label="judging", show_pos=True, file=sys.stderr
    ) as bar:
        for contract, trial in heard:
            proof.hear(contract, trial)
            bar.update(1)
            if sum(proof.judged.values()) >= responses:
                break
    for line in _table(proof):
        click.echo(line)
    for line in _faults(proof):
        click.echo(line)
    sys.exit(not proof.holds)


def _rounds(
    judged: tuple[Contract, ...], seed: int
) -> Iterator[tuple[Contract, Trial]]:
    """Rounds of all contracts, without end."""
    while True:
        for contract in judged:
            for trial in trials(contract.sampler, contract.root, seed, each=400):
                yield contract, trial
        seed += 1


def _table(proof: Proof) -> Iterator[str]:
    peers = list(dict.fromkeys(peer for _, _, peer in proof.agreed))
    names = list(dict.fromkeys(name for name, _ in proof.judged))
    yield _row("contract", "responses", "judged", "refused", *peers)
    for name in names:
        for stream in STREAMS:
            at = (name, stream)
            agreed = (proof.agreed[*at, peer] for peer in peers)
            yield _row(name, stream, proof.judged[at], proof.refused[at], *agreed)
    agreed = (
        sum(count for (_, _, one), count in proof.agreed.items() if one == peer)
        for peer in peers
    )
    judged, refused = sum(proof.judged.values()), sum(proof.refused.values())
    yield _row("all", "", judged, refused, *agreed)


def _row(contract: str, stream: str, *cells: object) -> str:
    return f"{contract:<24}{stream:<11}" + "".join(f"{cell!s:>15}" for cell in cells)


def _faults(proof: Proof) -> Iterator[str]:
    yield (
        f"{len(proof.unexplained)} disagreements unexplained, "
        f"{len(proof.stale)} of {len(proof.excuses)} explanations stale, "
        f"{len(proof.wrong)} responses not as they were made to be"
    )
    for peer in proof.unexplained[:_SHOWN]:
        verb = "accepts" if peer.accepts else "refuses"
        yield f"{peer.peer} {verb}; we find {peer.errors}; {_told(peer.trial)}"
    for trial in proof.wrong[:_SHOWN]:
        yield f"not as made: {_told(trial)}"
    for entry in proof.stale:
        yield f"stale: {entry}"


def _told(trial: Trial) -> str:
    done = f"{trial.stream} {trial.action} {trial.path}".strip()
    return f"{done}: {json.dumps(trial.response)}"


main()
