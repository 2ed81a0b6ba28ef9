"""Which contract of one side is compared with which of the other."""

from __future__ import annotations

from collections.abc import Iterator

from shapespec.ground.errors import Unusable
from shapespec.tools.diff.model import Side, Stated, StatedContract, Unclassified
from shapespec.tools.diff.spec_side import ABOUT


def pairs(old: Side, new: Side) -> list[tuple[StatedContract, StatedContract]]:
    """The contracts of two sides that are about the same thing.

    Raises:
        Unusable: One side is about an operation that the other does not have.
    """
    if not old.whole:
        return [(old.contracts[0], _same(new, old.contracts[0]))]
    if not new.whole:
        return [(_same(old, new.contracts[0]), new.contracts[0])]
    found = []
    for first, second in _groups(old, new):
        if len(first) == len(second) == 1:
            found.append((first[0], second[0]))
            continue
        by_name = {contract.name: contract for contract in second}
        found += [(one, by_name[one.name]) for one in first if one.name in by_name]
    return found


def _groups(
    old: Side, new: Side
) -> Iterator[tuple[tuple[StatedContract, ...], tuple[StatedContract, ...]]]:
    """What can be paired: operations, other roots, and what specs say of themselves.

    An only one is paired with an only one, whatever they are called.
    """

    def group(side: Side, key: tuple[bool, bool]) -> tuple[StatedContract, ...]:
        return tuple(one for one in side.contracts if _key(one) == key)

    for key in ((True, False), (False, False), (False, True)):
        yield group(old, key), group(new, key)


def _key(contract: StatedContract) -> tuple[bool, bool]:
    return contract.operation, contract.name == ABOUT


def _same(side: Side, other: StatedContract) -> StatedContract:
    """The contract of a side that is about the same as a single other one."""
    contracts = [one for one in side.contracts if one.name != ABOUT]
    for contract in contracts:
        if contract.name == other.name:
            return contract
    operations = [one.name for one in contracts if one.operation]
    if other.name and len(operations) > 1:
        names = ", ".join(operations)
        raise Unusable(f"{side.name} has no operation {other.name}; it has: {names}")
    if not contracts:
        raise Unusable(f"{side.name} has neither an operation nor a root")
    return contracts[0]


def unpaired(old: Side, new: Side) -> Iterator[Unclassified]:
    """Operations and roots that only one of two specs has."""
    if not (old.whole and new.whole):
        return
    paired = {id(contract) for pair in pairs(old, new) for contract in pair}
    for side, other, what in ((old, new, "removed"), (new, old, "added")):
        for contract in side.contracts:
            if id(contract) in paired:
                continue
            kind = "operation" if contract.operation else "root"
            stated = Stated(contract.name, place(contract))
            nothing = Stated(None, place(other.contracts[-1]))
            values = (stated, nothing) if side is old else (nothing, stated)
            yield Unclassified(f"{kind}-{what}", contract.name, kind, *values)


def place(contract: StatedContract) -> str:
    """Where a contract is stated."""
    return next(iter(contract.nodes.values())).place
