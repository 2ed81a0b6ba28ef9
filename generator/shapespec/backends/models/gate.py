"""The gate for code that another program wrote from a spec.

Names and sentences of a spec may come from anywhere, and that program is not ours. So
what it writes is read before anybody runs it: a module of types may import a few
modules, define classes and names, and use what it imported or defined.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapespec.ground.errors import Unusable
from shapespec.ground.sinks.python import shown

_MODULES = frozenset(
    (
        "__future__",
        "datetime",
        "msgspec",
        "pydantic",
        "re",
        "typing",
        "typing_extensions",
    )
)
_BUILT_IN = frozenset(("bool", "bytes", "dict", "float", "int", "list", "str", "tuple"))
_STATEMENTS = (
    ast.AnnAssign,
    ast.Assign,
    ast.ClassDef,
    ast.Expr,
    ast.ImportFrom,
    ast.Module,
    ast.Pass,
)
_EXPRESSIONS = (
    ast.BinOp,
    ast.Call,
    ast.Constant,
    ast.Dict,
    ast.List,
    ast.Name,
    ast.Subscript,
    ast.Tuple,
    ast.UnaryOp,
)


def check(text: str) -> str:
    """Pass a module of types, and nothing else; each of its characters shows.

    Raises:
        Unusable: It holds something else, or is no Python at all.
    """
    try:
        text = shown(text)
        module = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise _refused(f"what is not Python: {error}") from error
    known = {*_BUILT_IN, *_given(module)}
    for node in ast.walk(module):
        if (said := _forbidden(node, known)) is not None:
            raise _refused(f"{said} in line {getattr(node, 'lineno', 1)}")
    return text


def _refused(what: str) -> Unusable:
    return Unusable(
        f"datamodel-code-generator wrote {what}; types hold no such thing, and so "
        "nothing was generated: please report the spec"
    )


def _given(module: ast.Module) -> Iterator[str]:
    """The names that a module imports or defines."""
    for node in module.body:
        match node:
            case ast.ImportFrom(names=names):
                yield from (one.asname or one.name for one in names)
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case _:
                continue


def _forbidden(node: ast.AST, known: set[str]) -> str | None:
    """What a part of a module holds that types do not."""
    match node:
        case ast.ImportFrom(module=module, level=level):
            return "an import" if level or module not in _MODULES else None
        case ast.Name(id=name, ctx=ast.Load()):
            return None if name in known else f"the name {name!r}"
        case ast.Call(func=function):
            return None if isinstance(function, ast.Name | ast.Attribute) else "a call"
        case ast.Attribute(attr="model_rebuild", value=ast.Name()):
            return None
        case ast.Expr(value=ast.Constant(value=str()) | ast.Call()):
            return None
        case ast.Expr():
            return "an expression"
        case ast.ClassDef(decorator_list=[_, *_]):
            return "a decorator"
        case ast.stmt():
            return None if isinstance(node, _STATEMENTS) else "a statement"
        case ast.expr():
            return None if isinstance(node, _EXPRESSIONS) else "an expression"
        case _:
            return None
