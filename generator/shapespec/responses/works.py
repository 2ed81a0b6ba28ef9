"""What is done with the responses of a part, in any process: said, or converted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from shapespec.ground.sinks.out import Escaped
from shapespec.responses.bulk import lost
from shapespec.responses.contract import Contract
from shapespec.responses.fast import fast_reader
from shapespec.responses.read import Chunk, Once, ReadOptions, Response, read_part


class ContractWork:
    """Work with a contract, which another process loads itself."""

    def __init__(
        self, load: Callable[[], Contract], contract: Contract, reading: ReadOptions
    ) -> None:
        """Work with a contract.

        Args:
            load: Gives the contract to another process; it can be pickled.
            contract: The contract.
            reading: How responses are read.
        """
        self._load = load
        self._contract = contract
        self._reading = reading

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs: all that does not come from the contract."""
        made = {
            name
            for kind in type(self).__mro__
            for name, value in vars(kind).items()
            if isinstance(value, cached_property)
        }
        left_out = {"_contract", *made}
        return {
            name: value for name, value in vars(self).items() if name not in left_out
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._contract = self._load()

    @cached_property
    def _fast(self) -> Once[Any]:
        return Once(fast_reader)

    def responses(self, part: Chunk) -> Iterator[Response]:
        """The responses of a part, with their values."""
        for one in read_part(part, self._reading, fast=self._fast):
            if isinstance(one, Response):  # nothing is looked at that could be clean
                yield one


class Said(NamedTuple):
    """What is to be printed of a response.

    Attributes:
        out: Lines for standard output.
        err: Lines for standard error.
        code: What the command ends with: 2 unreadable, 1 invalid, 0 neither.
        lost: What could not be said, to be counted over all responses.
    """

    out: tuple[Escaped, ...] = ()
    err: tuple[Escaped, ...] = ()
    code: int = 0
    lost: tuple[str, ...] = ()


class SayingWork(ContractWork):
    """Says something of each response by itself."""

    def count(self, item: Said) -> int:
        """How many responses an item is about."""
        del item
        return 1

    def items(self, part: Chunk) -> Iterator[Said]:
        """What there is to say of the responses of a part."""
        return map(self.said, self.responses(part))

    def packed(self, part: Chunk) -> Sequence[Said]:
        """The same at once."""
        return [*self.items(part)]

    def unpacked(self, part: Chunk, packed: Sequence[Said]) -> Sequence[Said]:
        """What another process sent."""
        del part
        return packed

    def lost(self, part: Chunk, how: str) -> Said:
        """What there is to say in place of what nobody knows."""
        return self.said(lost(part, how))

    def said(self, response: Response) -> Said:
        """What there is to say of a response."""
        raise NotImplementedError
