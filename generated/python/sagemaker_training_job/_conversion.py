# The run time of packages that shapespec generates, copied.
"""Between responses and dataclasses: what reads and writes each shape.

A function for each structure and each way, with a line for each member. It is made of
the table of the contract when it is first needed, as `dataclasses` makes `__init__`:
most members are absent from most responses, and nothing asks for them as fast as
straight-line code. Names in that code are those of the classes' own fields; names of
members stand in it as literals.
"""
# pyright: basic

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from itertools import count
from operator import attrgetter

from ._contract import SHAPES
from ._form import read_bytes, read_moment

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ._part import Option, Part

_NAMES: dict[str, Any] = {
    "datetime": datetime,
    "read_bytes": read_bytes,
    "read_moment": read_moment,
}
"""What functions that are made here know: helpers, classes, and each other."""
_made: dict[str, Callable[..., Any]] = {}
"""Those that are made; of others, what makes them is called in their place."""
_numbers: dict[str, int] = {}
_count = count()
_readers: dict[str, Callable[[Any], Any]] = {}
_writers: dict[str, Callable[[Any, Any], Any]] = {}

_READ = {
    "string": "isinstance(data, str)",
    "bytes": "isinstance(data, (bytes, bytearray))",
    "moment": "isinstance(data, datetime)",
    "number": "isinstance(data, (int, float)) and not isinstance(data, bool)",
    "boolean": "isinstance(data, bool)",
    "array": "isinstance(data, list)",
    "object": "isinstance(data, dict)",
}
"""What is true of values of each type in a response."""


shape_of: Callable[[type[Any]], str] = attrgetter("_shape")
"""The shape that a class is made of."""


def class_of(shape: str) -> type[Any]:
    """The class of a structure or a union, or an enum."""
    part = SHAPES[shape]
    module = import_module(
        f"{__package__}.{'enums' if part.kind == 'enum' else 'models'}"
    )
    found: type[Any] = getattr(module, part.python or shape)
    return found


def reader(shape: str) -> Callable[[Any], Any]:
    """What makes a value of a shape from one of a response, which has been checked."""
    return _readers.get(shape) or _readers.setdefault(shape, _found("read", shape))


def writer(shape: str) -> Callable[[Any, Any], Any]:
    """What makes a value of a response, as a form writes it, from one of a shape."""
    return _writers.get(shape) or _writers.setdefault(shape, _found("write", shape))


def _found(way: str, shape: str) -> Callable[..., Any]:
    """The function that reads or writes a shape; made if it is not there yet."""
    name = _name(way, shape)
    if name not in _made:
        code = compile(source(way, shape), f"<{way} {shape}>", "exec")
        exec(code, _NAMES)  # noqa: S102 - of the table alone; see above
        _made[name] = _NAMES[name]
    return _made[name]


def source(way: str, shape: str) -> str:
    """The function that reads or writes a shape, as code."""
    lines = _reading(shape) if way == "read" else _writing(shape)
    return "\n".join((f"def {_name(way, shape)}{next(lines)}", *lines))


def _name(way: str, shape: str) -> str:
    """How functions call what is about a shape."""
    return f"{way}_{_numbers.setdefault(shape, next(_count))}"


def _call(way: str, shape: str) -> str:
    """The name of a function that others call; it is made when they first do."""
    name = _name(way, shape)
    if name not in _NAMES:

        def first(*given: Any) -> Any:
            return _found(way, shape)(*given)

        _NAMES.setdefault(name, first)  # another thread may have made it since
    return name


def _class(shape: str) -> str:
    name = _name("class", shape)
    if name not in _NAMES:
        _NAMES[name] = class_of(shape)
    return name


def _by_value(shape: str) -> str:
    """The table from a text to the enum's member."""
    name = _name("by_value", shape)
    if name not in _NAMES:
        enum: Any = class_of(shape)
        _NAMES[name] = {one.value: one for one in enum}
    return name


def _fields(shape: str) -> Iterator[tuple[str, str]]:
    """The members of a structure, each with the name of its field."""
    fields: tuple[str, ...] = vars(class_of(shape))["__slots__"]
    return zip(SHAPES[shape].members, fields[:-1], strict=True)


# --- reading --------------------------------------------------------------------------


def _reading(shape: str) -> Iterator[str]:
    """The function that reads a shape, behind its name."""
    part = SHAPES[shape]
    yield "(data):"
    if part.kind == "structure":
        known = _name("members", shape)
        _NAMES[known] = frozenset(part.members)
        yield " get = data.get"
        yield f" return {_class(shape)}("
        for name, field in _fields(shape):
            yield f"  {field}={_read_member(part, name)},"
        yield "  extra_members={"
        yield f"   name: item for name, item in data.items() if name not in {known}}})"
    elif part.kind == "one_of":
        for option in part.options:
            if option.tags or option.needs:
                gives = _read(option.shape, "data")
                yield f" if {_told(part, option)}: return {gives}"
        for option in part.options:
            gives = _read(option.shape, "data")
            if gives != "data" and not (option.tags or option.needs):
                yield f" if {_of_type(option)}: return {gives}"
        yield " return data"
    else:
        yield f" return {_read(shape, 'data')}"


def _read_member(part: Part, name: str) -> str:
    member, key = part.members[name], repr(name)
    read = _read(member.shape, "item")
    given = f"data[{key}]" if member.required else f"get({key})"
    if read == "item" or (member.required and member.null != "value"):
        return _read(member.shape, given)
    return f"None if (item := {given}) is None else {read}"


def _told(part: Part, option: Option) -> str:
    """The condition that an object is of an option."""
    tests = ["isinstance(data, dict)"]
    if part.tag:
        tests.append(f"data.get({part.tag!r}) in {option.tags!r}")
    else:
        tests += [f"data.get({one!r}) is not None" for one in option.needs]
    return " and ".join(tests)


def _of_type(option: Option) -> str:
    """The condition that a value is of one of the types of an option."""
    return " or ".join(_READ[kind] for kind in _READ if kind in option.types)


def _read(shape: str, value: str, depth: int = 0) -> str:
    """The expression for a value of a shape, given that for a value of a response."""
    part = SHAPES[shape]
    match part.kind:
        case "enum":
            return f"{_by_value(shape)}.get({value}, {value})"
        case "integer":
            return f"int({value})"
        case "timestamp":
            return f"read_moment({value})"
        case "blob" if part.streaming:
            kinds = "(str, bytes, bytearray)"
            return f"read_bytes({value}) if isinstance({value}, {kinds}) else {value}"
        case "blob":
            return f"read_bytes({value})"
        case "list" | "tuple" | "map" if not part.streaming:
            return _each(part, value, depth, _read, ("tuple(", ")"))
        case "structure" | "one_of":
            return f"{_call('read', shape)}({value})"
        case _:
            return value


# --- writing --------------------------------------------------------------------------


def _writing(shape: str) -> Iterator[str]:
    """The function that writes a shape, behind its name."""
    part = SHAPES[shape]
    yield "(value, form):"
    if part.kind == "structure":
        yield " found = {}"
        for name, field in _fields(shape):
            member, held = part.members[name], f"value.{field}"
            written = _write(member.shape, held)
            if not member.required:
                yield f" if {held} is not None: found[{name!r}] = {written}"
            elif member.null == "value" and written != held:
                yield f" found[{name!r}] = None if {held} is None else {written}"
            else:
                yield f" found[{name!r}] = {written}"
        yield " if value.extra_members:"
        yield "  found.update(form.carried(value.extra_members))"
        yield " return found"
    elif part.kind == "one_of":
        for option in part.options:
            tests = [*_kinds(option.shape)]
            if tests:
                test = " or ".join(tests)
                yield f" if {test}: return {_write(option.shape, 'value')}"
        yield " return value"
    else:
        yield f" return {_write(shape, 'value')}"


def _kinds(shape: str) -> Iterator[str]:
    """What is true of the values of a shape that are not written as they are."""
    part = SHAPES[shape]
    match part.kind:
        case "structure":
            yield f"isinstance(value, {_class(shape)})"
        case "list" | "tuple":
            yield "isinstance(value, tuple)"
        case "map":
            yield "isinstance(value, dict)"
        case "enum":
            yield "isinstance(value, str)"
        case "timestamp":
            yield "isinstance(value, datetime)"
        case "blob":
            yield "isinstance(value, bytes)"
        case "one_of":
            for option in part.options:
                yield from _kinds(option.shape)


def _write(shape: str, value: str, depth: int = 0) -> str:
    """The expression for a value of a response, given that for a value of a shape."""
    part = SHAPES[shape]
    match part.kind:
        case "document":
            return f"form.carried({value})"
        case "enum":
            return f"str({value})"
        case "timestamp":
            return f"form.write({value})"
        case "blob" if part.streaming:
            written = f"form.write_bytes({value})"
            return f"{written} if isinstance({value}, bytes) else {value}"
        case "blob":
            return f"form.write_bytes({value})"
        case "list" | "tuple" | "map" if not part.streaming:
            return _each(part, value, depth, _write, ("[", "]"))
        case "structure" | "one_of":
            return f"{_call('write', shape)}({value}, form)"
        case _:
            return value


# --- parts ----------------------------------------------------------------------------


def _each(
    part: Part,
    value: str,
    depth: int,
    convert: Callable[[str, str, int], str],
    around: tuple[str, str],
) -> str:
    """The expression for what has parts, each of which is converted."""
    item, key = f"item{depth}", f"key{depth}"
    begin, end = around
    plain = "dict" if part.kind == "map" else "list" if begin == "[" else "tuple"

    def converted(shape: str) -> str:
        given = item if part.hollow else convert(shape, item, depth + 1)
        sparse = part.sparse and given != item
        return f"None if {item} is None else {given}" if sparse else given

    if part.kind == "tuple" and not part.hollow:
        parts = [
            f"*({converted(one)} for {item} in {value}[{at}:{at + 1}])"
            for at, one in enumerate(part.prefix)
        ]
        if part.target:
            rest = converted(part.target)
            others = f"{value}[{len(part.prefix)}:]"
            found = f"({rest} for {item} in {others})"
            parts.append(f"*{others if rest == item else found}")
        return f"[{', '.join(parts)}]" if begin == "[" else f"({', '.join(parts)},)"
    inner = converted(part.target)
    if inner == item:
        return f"{plain}({value})"
    if part.kind == "map":
        return f"{{{key}: {inner} for {key}, {item} in {value}.items()}}"
    return f"{begin}{inner} for {item} in {value}{end}"
