"""The flagship as models of pydantic and of msgspec, with all their constraints.

They are made from the schema in the fastest way that each library's documentation
knows. Rules across members are left out: these libraries would need a function of the
user's for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from shapespec.contract import schema as ir
from shapespec.contract.timestamps import EPOCH_END, EPOCH_FIRST, text_pattern

_EPOCH = {"ge": EPOCH_FIRST, "lt": EPOCH_END}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a library writes what a model needs.

    Attributes:
        name: What the module with its models is called.
        head: The imports.
        base: What a model inherits from.
        constrained: A type, its constraints and its pattern, as an annotation.
    """

    name: str
    head: str
    base: str
    constrained: Callable[[str, dict[str, object], str | None], str]


def _tuned_pydantic(kind: str, limits: dict[str, object], pattern: str | None) -> str:
    parts = [f"{name}={value!r}" for name, value in limits.items()]
    if pattern is not None:
        plain = f"^(?:{pattern})$"
        # Rust's engine is the faster one; it knows no look-behind.
        by_python = re.search(r"\(\?[<=!>]", pattern)
        parts.append(
            f"pattern=re.compile({plain!r})" if by_python else f"pattern={plain!r}"
        )
    make = "StringConstraints" if kind == "str" else "Field"
    return f"Annotated[{kind}, {make}({', '.join(parts)})]" if parts else kind


def _pydantic(kind: str, limits: dict[str, object], pattern: str | None) -> str:
    """Every pattern as our JSON Schema has it, which takes Python's engine."""
    parts = [f"{name}={value!r}" for name, value in limits.items()]
    if pattern is not None:
        whole = f"^(?:{pattern})$(?!\\n)"
        parts.append(f"pattern={whole!r}")
    make = "StringConstraints" if kind == "str" else "Field"
    return f"Annotated[{kind}, {make}({', '.join(parts)})]" if parts else kind


def _msgspec(kind: str, limits: dict[str, object], pattern: str | None) -> str:
    parts = [f"{name}={value!r}" for name, value in limits.items()]
    if pattern is not None:
        anchored = rf"\A(?:{pattern})\Z"
        parts.append(f"pattern={anchored!r}")
    return f"Annotated[{kind}, Meta({', '.join(parts)})]" if parts else kind


PYDANTIC = Dialect(
    name="tuned_pydantic_models",
    head="from __future__ import annotations\nimport re\nfrom typing import Annotated\n"
    "from pydantic import BaseModel, ConfigDict, Field, StringConstraints\n\n"
    "class Strict(BaseModel):\n    model_config = ConfigDict(strict=True)\n",
    base="Strict",
    constrained=_tuned_pydantic,
)
PLAIN_PYDANTIC = replace(
    PYDANTIC,
    name="pydantic_models",
    head=PYDANTIC.head.replace("strict=True", "strict=True, regex_engine='python-re'"),
    constrained=_pydantic,
)
MSGSPEC = Dialect(
    name="msgspec_models",
    head="from __future__ import annotations\nfrom typing import Annotated\n"
    "from msgspec import Meta, Struct\n",
    base="Struct, kw_only=True, gc=False",
    constrained=_msgspec,
)


def source(schema: ir.Schema, dialect: Dialect) -> str:
    """A module with a model for each structure; `T_` stands before each type's name."""
    return "\n".join([dialect.head, *_models(schema, dialect)])


def _models(schema: ir.Schema, dialect: Dialect) -> Iterator[str]:
    for shape in schema.shapes.values():
        if not isinstance(shape, ir.Structure):
            continue
        yield f"class T_{shape.id}({dialect.base}):"
        for member in shape.members:
            kind = _type(schema, member.target, dialect)
            optional = "" if member.required else " | None = None"
            yield f"    {member.name}: {kind}{optional}"
        yield ""


def _type(schema: ir.Schema, target: str, dialect: Dialect) -> str:
    shape = schema.shapes[target]
    match shape:
        case ir.String(length=length, pattern=pattern):
            written = None if pattern is None else _plain(pattern.ecma)
            limits = _limits("min_length", "max_length", length)
            return dialect.constrained("str", limits, written)
        case ir.Enum():
            return "str"
        case ir.Integer(range=span):
            return dialect.constrained("int", _limits("ge", "le", span), None)
        case ir.Float(range=span):
            return dialect.constrained("float", _limits("ge", "le", span), None)
        case ir.Boolean():
            return "bool"
        case ir.Timestamp():
            written = text_pattern(ir.encodings(schema) - {"datetime"})
            number = dialect.constrained("float", dict(_EPOCH), None)
            return f"{number} | {dialect.constrained('str', {}, written)}"
        case ir.List(member=member, length=length):
            inner = f"list[{_type(schema, member, dialect)}]"
            relaxed = {"minItems" for one in shape.relaxed if one.keyword == "minItems"}
            limits = _limits("min_length", "max_length", length)
            kept = {k: v for k, v in limits.items() if not relaxed or k != "min_length"}
            return dialect.constrained(inner, kept, None)
        case ir.Map(key=key, value=value, length=length):
            kinds = (_type(schema, one, dialect) for one in (key, value))
            limits = _limits("min_length", "max_length", length)
            return dialect.constrained(f"dict[{', '.join(kinds)}]", limits, None)
        case ir.Structure():
            return f"T_{target}"
        case ir.Union() | ir.Blob() | ir.Document():
            msg = f"{target}: no such shape is in the flagship"
            raise NotImplementedError(msg)
        case _:
            assert_never(shape)


def _limits(low: str, high: str, bounds: ir.Bounds) -> dict[str, object]:
    both = {low: bounds.min, high: bounds.max}
    return {name: bound for name, bound in both.items() if bound is not None}


def _plain(ecma: str) -> str:
    """The pattern between `^` and `$(?!\\n)`; each library anchors in its own way."""
    return ecma.removeprefix("^").removesuffix("$(?!\\n)")
