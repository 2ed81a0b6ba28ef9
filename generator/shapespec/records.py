"""Dataclasses that cost little to make: a run of the compiler makes hundreds.

`@dataclass` here takes what the one of the standard library takes. Type checkers see
that one, so `frozen=True` forbids assignments there. At run time nothing is frozen,
and the methods that compare and show are shared: the standard library compiles the
text of six methods for every class, and here it does so for `__init__` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses
    from functools import partial
    from operator import attrgetter
    from reprlib import recursive_repr
    from typing import Any

    def dataclass(cls: Any = None, /, **options: Any) -> Any:
        """A class with the methods of a dataclass.

        Args:
            cls: The class; left out where there are options.
            options: `frozen`, `slots`, `kw_only`, `eq`; those of the standard library.
        """
        if cls is None:
            return partial(dataclass, **options)
        frozen = options.pop("frozen", False)
        if options.pop("eq", True):
            _define(cls, "__eq__", _equal)
            _define(cls, "__hash__", _hash if frozen else None)
        _define(cls, "__repr__", _shown)
        if options.get("slots"):
            # The oldest protocols of pickle keep only what is said to be kept.
            _define(cls, "__getstate__", _state)
            _define(cls, "__setstate__", _restore)
        return dataclasses.dataclass(cls, eq=False, repr=False, **options)

    def _define(cls: Any, name: str, method: Any) -> None:
        # A class that has `__eq__` and no `__hash__` gets None for it from Python.
        if cls.__dict__.get(name) is None:
            setattr(cls, name, method)

    _readers: dict[type, Any] = {}

    def _reader(cls: type) -> Any:
        """What reads the fields that count in comparisons."""
        names = [one.name for one in dataclasses.fields(cls) if one.compare]
        found = _readers[cls] = attrgetter(*names) if names else lambda _: ()
        return found

    def _equal(self: Any, other: object) -> Any:
        cls = type(self)
        if type(other) is not cls:
            return NotImplemented
        read = _readers.get(cls) or _reader(cls)
        return read(self) == read(other)

    def _hash(self: Any) -> int:
        cls = type(self)
        return hash((_readers.get(cls) or _reader(cls))(self))

    def _state(self: Any) -> list[Any]:
        return [getattr(self, one.name) for one in dataclasses.fields(self)]

    def _restore(self: Any, state: list[Any]) -> None:
        for one, value in zip(dataclasses.fields(self), state, strict=True):
            setattr(self, one.name, value)

    @recursive_repr()
    def _shown(self: Any) -> str:
        fields = (one for one in dataclasses.fields(self) if one.repr)
        parts = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields)
        return f"{type(self).__qualname__}({parts})"


__all__ = ["dataclass"]
