"""Five validators judge the same responses: ours, and four by other people.

`make prove` does the same with many more.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

from tests.differential.judges import Contract, contracts
from tests.differential.proof import Excuse, Proof, excuses
from tests.differential.trials import BENT, BROKEN, STREAMS, Trial, trials
from tests.support import ROOT


@pytest.fixture(scope="module")
def proof() -> Proof:
    """A round of trials, the same every time."""
    found = Proof()
    for one, each in zip(contracts(), (400, 80), strict=True):
        found.judge(one, trials(one.sampler, one.root, 0, each=each))
    return found


def test_all_agree_or_it_is_said_why_not(proof: Proof) -> None:
    """No peer says otherwise than we do, but for what the list explains."""
    assert [] == proof.unexplained


def test_no_explanation_is_stale(proof: Proof) -> None:
    """Every entry explains a disagreement that there is; `make prove` meets all."""
    assert [] == [one for one in proof.stale if not one.rare]


def test_responses_are_what_they_were_made_to_be(proof: Proof) -> None:
    """Right ones are right, broken ones are broken, and both of our paths say so."""
    assert [] == proof.wrong


def test_every_stream_has_its_share(proof: Proof) -> None:
    """Right and wrong responses of both contracts were judged, of each kind."""
    names = [one.name for one in contracts()]

    assert {(name, stream) for name in names for stream in STREAMS} == set(proof.judged)
    for name in names:
        assert 0 < proof.refused[name, BENT] < proof.judged[name, BENT]
        assert 0 < proof.refused[name, BROKEN]


PARCEL: dict[str, Any] = {
    "Id": "HI677",
    "Sent": 0,
    "State": "sent",
    "Weight": 5,
    "Sender": None,
    "Due": "2026-11-30",
    "Stickers": ["a"],
    "Marks": {"a": 1},
    "Address": {"Box": 1},
}


def hear(response: Any, *entries: Excuse, peer: bool = True) -> Proof:
    """What comes of a response, with one peer who always says the same."""
    parcel = contracts()[0]
    peers = {"parrot": lambda _: peer}
    found = Proof(entries)
    found.hear(
        Contract(parcel.root, parcel.sampler, peers),
        Trial(BENT, "bent", "", response, right=None),
    )
    return found


def test_a_disagreement_needs_an_entry_for_all_that_is_wrong() -> None:
    """Who accepts what breaks two rules is not excused by knowing one of them."""
    response = {**PARCEL, "Weight": -1, "Stickers": ["a", "a"]}
    first = Excuse(("parrot",), "knows no bounds", rule="range")
    second = Excuse(("parrot",), "knows no sets", rule="unique-items")

    assert 1 == len(hear(response, first).unexplained)
    assert hear(response, first, second).holds


def test_an_entry_is_about_its_places() -> None:
    """It says nothing of a finding that stands elsewhere."""
    response = {**PARCEL, "Weight": -1}

    assert hear(response, Excuse(("parrot",), "", rule="range", path="/Wei*")).holds
    assert not hear(response, Excuse(("parrot",), "", rule="range", path="/Net")).holds


def test_who_refuses_what_is_right_needs_an_entry_for_what_was_done() -> None:
    """An entry for a rule explains nothing there, since no rule is broken."""
    entry = Excuse(("parrot",), "", actions=("bent",))

    assert hear(PARCEL, entry, peer=False).holds
    assert not hear(PARCEL, Excuse(("parrot",), "", rule="range"), peer=False).holds


def test_the_list_gives_reasons() -> None:
    """Every entry has one, and speaks of a rule or of actions, not of both."""
    for entry in excuses():
        assert entry.reason
        assert (entry.rule is None) == bool(entry.actions)


def test_the_run_counts_and_says_what_is_stale() -> None:
    """`make prove` prints a table; so few responses do not need every explanation."""
    command = [sys.executable, "-m", "tests.differential", "--responses", "60"]

    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert 1 == done.returncode
    assert "0 disagreements unexplained" in done.stdout
    assert "stale: " in done.stdout
    assert re.search(r"^all +60 ", done.stdout, re.MULTILINE)
