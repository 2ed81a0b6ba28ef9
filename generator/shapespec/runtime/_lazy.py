"""Tables whose entries stand in several files, each loaded when it is first needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any


class Lazy(Mapping["Any", "Any"]):
    """A table by name; a class is looked up by its own name."""

    __slots__ = ("_found", "_module", "_places", "_table")

    def __init__(self, module: str, table: str, places: Mapping[str, str]) -> None:
        """The entries of `table` in the files of `module` where `places` says."""
        self._module = module
        self._table = table
        self._places = places
        self._found: dict[Any, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        if key not in self._found:
            place = self._places[getattr(key, "__name__", key)]
            part = import_module(f"{self._module}.{place}")
            self._found[key] = vars(part)[self._table][key]
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
