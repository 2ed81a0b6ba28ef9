"""Dataclasses that cost little to make: a run of the compiler makes hundreds.

`@dataclass` here takes what the one of the standard library takes. Type checkers see
that one, so `frozen=True` forbids assignments there. At run time nothing is frozen.
The standard library makes the fields. It also compiles the text of six methods for
every class, which takes several times as long as all the rest: here those that compare
and show are shared, and `__init__` is compiled once for each number of fields, since
that of another class is the same code with other names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses
    from functools import cache, partial
    from operator import attrgetter
    from reprlib import recursive_repr
    from types import CodeType, FunctionType
    from typing import Any

    _MISSING = dataclasses.MISSING

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
            _define(cls, "__reduce_ex__", _reduced)
        if not cls.__doc__:
            cls.__doc__ = cls.__name__  # where there is none, a signature is looked for
        own = _is_plain(cls)
        made = dataclasses.dataclass(cls, eq=False, repr=False, init=not own, **options)
        if own:
            made.__init__ = _init(made)
        return made

    def _define(cls: Any, name: str, method: Any) -> None:
        # A class that has `__eq__` and no `__hash__` gets None for it from Python.
        if cls.__dict__.get(name) is None:
            setattr(cls, name, method)

    def _is_plain(cls: Any) -> bool:
        """Whether each field of an object is what is given for it, or its default."""
        inherited = getattr(cls, "__dataclass_fields__", {}).values()
        return not hasattr(cls, "__post_init__") and all(
            one.init and one.default_factory is _MISSING
            for one in (*inherited, *cls.__dict__.values())
            if isinstance(one, dataclasses.Field)
        )

    def _init(cls: Any) -> Any:
        """The `__init__` that sets the fields of a class, all of which are plain."""
        fields = cls.__dataclass_fields__.values()
        by_place = [one for one in fields if not one.kw_only]
        by_name = [one for one in fields if one.kw_only]
        names = tuple(one.name for one in (*by_place, *by_name))
        code = _setting(len(names)).replace(
            co_argcount=1 + len(by_place),
            co_kwonlyargcount=len(by_name),
            co_names=names,
            co_qualname=f"{cls.__qualname__}.__init__",
            co_varnames=("self", *names),
        )
        made = FunctionType(code, {"__name__": cls.__module__})
        made.__defaults__ = tuple(_defaults(by_place).values())
        made.__kwdefaults__ = _defaults(by_name)
        types = {one.name: one.type for one in fields}
        made.__annotations__ = {**types, "return": None}
        return made

    @cache
    def _setting(number: int) -> CodeType:
        """The code of an `__init__` that sets so many fields."""
        names = [f"field_{index}" for index in range(number)]
        body = ";".join([f"self.{name} = {name}" for name in names] or ["pass"])
        text = f"def __init__({', '.join(['self', *names])}): {body}"
        made: dict[str, Any] = {}
        exec(text, made)  # noqa: S102 - the names above alone
        return made["__init__"].__code__

    def _defaults(fields: list[Any]) -> dict[str, Any]:
        return {one.name: one.default for one in fields if one.default is not _MISSING}

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

    def _reduced(self: Any, protocol: int) -> Any:
        # The oldest protocols of pickle do not know of slots.
        return object.__reduce_ex__(self, max(protocol, 2))

    @recursive_repr()
    def _shown(self: Any) -> str:
        fields = (one for one in dataclasses.fields(self) if one.repr)
        parts = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields)
        return f"{type(self).__qualname__}({parts})"


__all__ = ["dataclass"]
