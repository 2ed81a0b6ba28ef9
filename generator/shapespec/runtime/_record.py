"""Dataclasses that cost little to import: each is completed when it is first used.

Type checkers see `dataclasses.dataclass`. At run time, a class has only its slots at
first. The standard library makes the fields and `__init__` when they are asked for: for
an object, `fields`, `is_dataclass`, `replace`, `asdict` or a signature. Nothing loads
`dataclasses`, the enums or the table of the contract before that.
"""
# pyright: basic

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

__all__ = ["Record", "dataclass", "enums", "field"]

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field
    from typing import Any

    from . import enums

    @dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
    class Record:
        """A dataclass of the package."""

        extra_members: Mapping[str, object] = field(default_factory=dict, repr=False)
        """What a response held beside the members."""

        def __init_subclass__(cls, *, shape: str = "") -> None: ...

else:

    class Record:
        """A dataclass of the package."""

        __slots__ = ()
        __match_args__ = ()

        def __init_subclass__(cls, *, shape: str = "") -> None:
            if shape:
                cls._shape = shape

        def __setattr__(self, name: str, value: object) -> None:
            _refuse(self, name, "assign to")
            object.__setattr__(self, name, value)

        def __delattr__(self, name: str) -> None:
            _refuse(self, name, "delete")
            object.__delattr__(self, name)

        def __replace__(self, /, **changes: object) -> Any:
            from dataclasses import replace

            return replace(self, **changes)

        def __getstate__(self) -> list[Any]:
            return [getattr(self, name) for name in self.__dataclass_fields__]

        def __setstate__(self, state: list[Any]) -> None:
            for name, value in zip(self.__dataclass_fields__, state, strict=True):
                object.__setattr__(self, name, value)

    def dataclass(**_options: bool) -> Callable[[type], type]:
        """The decorator. All classes have the same options, which are for checkers."""
        return _with_slots

    def field(**options: object) -> _Options:
        """What is said of a field beside its type and its name in responses."""
        return _Options(options)


def _refuse(record: Any, name: str, verb: str) -> None:
    """Nothing of an object can be changed, but what a user's own class adds."""
    if "_defaults" in type(record).__dict__ or name in record.__dataclass_fields__:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot {verb} field {name!r}")


class _Options:
    """The options of a field that is not made yet."""

    __slots__ = ("given",)

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given


class _Later:
    """An attribute that a class has once it is completed."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: Any) -> Any:
        # `inspect` asks for the `__init__` of a class as if the class were an object.
        asked = instance if isinstance(instance, type) else owner
        made = next(one for one in asked.__mro__ if "_defaults" in one.__dict__)
        if made.__dict__[self.name] is self:
            _complete(made)
        found = made.__dict__[self.name]
        return found.__get__(instance, owner) if callable(found) else found


_LATER = {
    name: _Later(name)
    for name in ("__dataclass_fields__", "__dataclass_params__", "__init__")
}


_EXTRA = Mapping[str, object]


def _with_slots(cls: Any) -> Any:
    """The class made anew, since slots cannot be given to one that is there."""
    space: dict[str, Any] = {**cls.__dict__, **_LATER}
    types = {**cls.__annotations__, "extra_members": _EXTRA}
    space["__annotations__"] = types
    space["__slots__"] = tuple(types)
    space["_defaults"] = {name: space.pop(name) for name in types if name in space}
    space.setdefault("_shape", cls.__name__)
    del space["__dict__"], space["__weakref__"]
    return type(cls.__name__, cls.__bases__, space)


def _complete(cls: Any) -> None:
    """Give a class what the standard library makes of its fields."""
    import dataclasses

    space: dict[str, Any] = {
        "__annotations__": cls.__annotations__,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
    }
    for index, name in enumerate(cls.__slots__[:-1]):
        options: dict[str, Any] = {}
        if name in cls._defaults:
            given = cls._defaults[name]
            options = given.given if type(given) is _Options else {"default": given}
        known = _Known(cls._shape, index)
        space[name] = dataclasses.field(metadata=known, **options)
    space["extra_members"] = dataclasses.field(default_factory=dict, repr=False)
    made: Any = dataclasses.dataclass(
        frozen=True, slots=True, kw_only=True, eq=False, repr=False
    )(type(cls.__name__, (), space))
    for name in _LATER:
        setattr(cls, name, made.__dict__[name])


class _Known(Mapping[str, "Any"]):
    """The metadata of a field, of the table of the contract.

    These are its name in responses, and what the service takes where it is absent.
    """

    __slots__ = ("index", "shape")

    def __init__(self, shape: str, index: int) -> None:
        self.shape = shape
        self.index = index

    def known(self) -> dict[str, Any]:
        from ._contract import SHAPES

        name, member = [*SHAPES[self.shape].members.items()][self.index]
        default = {"default": member.default[0]} if member.default else {}
        return {"wire": name, **default}

    def __getitem__(self, key: str) -> Any:
        return self.known()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known())

    def __len__(self) -> int:
        return len(self.known())

    def __repr__(self) -> str:
        return repr(self.known())


class _Enums:
    """The module `enums`, which is loaded when one of the enums is used."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(f"{__package__}.enums"), name)


if not TYPE_CHECKING:
    enums = _Enums()
