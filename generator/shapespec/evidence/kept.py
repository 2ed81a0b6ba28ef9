"""The ledger of a spec, kept once it was read: evidence is large and rarely changes.

What is kept was found right. Its key is the digest of every file and of the compiler,
so that a change of any of them reads all anew.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable

from shapespec.contract.facts import Ledger
from shapespec.evidence.ledger import Sibling, read_ledger
from shapespec.ground import kept
from shapespec.ground.errors import Unusable
from shapespec.language.surface import Spec


def kept_ledger(spec: Spec, sibling: Sibling, state: Iterable[str]) -> Ledger:
    """What is on record about a spec, from the user's cache folder where it is there.

    Args:
        spec: The spec.
        sibling: Reads the files that it names.
        state: All that decides what is made of a file: the compiler.

    Raises:
        Faults: A file is missing or wrong; see `read_ledger`.
    """
    names = [one.value for one in spec.evidence or ()]
    if spec.decisions is not None:
        names.append(spec.decisions.value)
    if not names:
        return read_ledger(spec, sibling)
    try:
        files = {name: sibling(name) for name in names}
    except Unusable:
        return read_ledger(spec, sibling)  # which says where the name is
    parts = (part for file in files.values() for part in (file.name, file.digest))
    key = kept.key_of(*state, *names, *parts)
    held = kept.read(key, kept.LEDGER)
    if held is not None:
        found = pickle.loads(held)  # noqa: S301 - verified, and the user's alone
        if isinstance(found, Ledger):
            return found
    ledger = read_ledger(spec, files.__getitem__)
    kept.write(key, kept.LEDGER, pickle.dumps(ledger, protocol=5))
    return ledger
