"""What an expression gives, as statements: a reader goes down, and not inwards.

Compiled CEL is one expression. What it decides first becomes an `if` that returns, and
what it computes first becomes a variable. Nothing is computed earlier, later or more
often than in the expression.
"""

from __future__ import annotations

import ast
from collections.abc import Generator, Iterator

_RIGHT = "right"
"""What the right side of `&&` or `||` is called, where it is computed by itself."""


def statements(text: str, *, truth: bool = False) -> list[str]:
    """A function's lines, the last of which returns what an expression is.

    Args:
        text: The expression, on one line.
        truth: Whether it is true, false or none, and type checkers are to know that.
    """
    try:
        return [*_Writer(text, truth=truth).returned(ast.parse(text, mode="eval").body)]
    except RecursionError:
        return [f"return {text}"]


class _Writer:
    def __init__(self, text: str, *, truth: bool) -> None:
        self._text = text.encode("utf-8", "surrogatepass")
        self._truth = truth

    def _written(self, node: ast.expr) -> str:
        """An expression as it was written, without parentheses around it."""
        found = self._text[node.col_offset : node.end_col_offset]
        return found.decode("utf-8", "surrogatepass")

    def returned(self, node: ast.expr) -> Iterator[str]:
        """The lines that return what an expression is."""
        while isinstance(node, ast.IfExp):
            condition = yield from self._decided(node.test)
            yield f"if {condition}:"
            for line in self.returned(node.body):
                yield f"    {line}"
            node = node.orelse
        match node:
            case ast.Call(
                ast.Name("both" | "either" as name), [left, ast.IfExp() as right]
            ):
                yield from self._assigned(_RIGHT, right)
                yield f"return {name}({self._written(left)}, {_RIGHT})"
            case ast.Compare(
                ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]
            ) | ast.Call(ast.Attribute(attr="get")):
                yield f"return {self._written(node)}"
            case ast.Compare() | ast.Call(ast.Attribute()) if self._truth:
                yield f"return bool({self._written(node)})"
            case _:
                yield f"return {self._written(node)}"

    def _assigned(self, name: str, node: ast.expr) -> Iterator[str]:
        """The lines that give a variable what an expression is."""
        if isinstance(node, ast.IfExp):
            condition = yield from self._decided(node.test)
            yes, no = self._written(node.body), self._written(node.orelse)
            yield f"{name} = {yes} if {condition} else {no}"
        else:
            yield f"{name} = {self._written(node)}"

    def _decided(self, test: ast.expr) -> Generator[str, None, str]:
        """The lines before a condition, which is what is given back."""
        match test:
            case ast.NamedExpr(target=ast.Name(name), value=value):
                yield from self._assigned(name, value)
                return name
            case ast.Compare(
                ast.NamedExpr(target=ast.Name(name), value=value),
                [ast.Is()],
                [ast.Constant(False)],
            ):
                yield from self._assigned(name, value)
                return f"{name} is False"
            case ast.Compare(
                ast.NamedExpr(target=ast.Name(name), value=ast.IfExp() as value),
                [ast.Is()],
                [ast.Constant(None)],
            ):
                yield from self._assigned(name, value)
                return f"{name} is None"
            case _:
                return self._written(test)
