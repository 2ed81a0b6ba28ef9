"""From the fast path as it is generated to Cython, check by check.

Nothing is judged anew here: a function becomes a C function, the members of a response
are looked up in what is known to be a dict, and two kinds of test have a twin in C, the
patterns (see `matchers.py`) and the question whether a text is one line of ASCII.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeGuard

from shapespec.accelerate.matchers import matcher

RULES = "_rules.py"
"""The module whose patterns are wanted, but whose functions stay what they are."""

DEEPEST = 400
"""How deep shapes that contain themselves are followed; the stack of C is short."""

_HEAD = '''\
SOURCES = {sources!r}


def _check_source():
    """Refuse to stand in for modules that are not those that this was made from."""
    import os.path

    for name, source in SOURCES.items():
        with open(os.path.join(os.path.dirname(__file__), name), "rb") as stream:
            if stream.read() != source:
                raise ImportError(f"{{name}} has changed; run `shapespec accelerate`")


_check_source()

from libc.math cimport floor

cdef extern from *:
    """
    #include <string.h>

    static int one_line(PyObject *text) {{
      if (!PyUnicode_Check(text)) {{
        PyErr_SetString(PyExc_TypeError, "expected text");
        return -1;
      }}
      if (!PyUnicode_IS_ASCII(text)) return 0;
      const void *data = PyUnicode_1BYTE_DATA(text);
      Py_ssize_t size = PyUnicode_GET_LENGTH(text);
      return !memchr(data, '\\\\n', size) && !memchr(data, '\\\\r', size);
    }}

    static Py_ssize_t colons_between(const char *at, const char *end) {{
      Py_ssize_t found = 0;
      while ((at = memchr(at, ':', end - at)) != NULL) {{
        found++;
        at++;
      }}
      return found;
    }}

    static Py_ssize_t colons_in_bytes(PyObject *text) {{
      const char *data = PyBytes_AS_STRING(text);
      return colons_between(data, data + PyBytes_GET_SIZE(text));
    }}

    static Py_ssize_t colons_in_ascii(PyObject *text) {{
      if (!PyUnicode_IS_ASCII(text)) return -1;
      const char *data = PyUnicode_DATA(text);
      return colons_between(data, data + PyUnicode_GET_LENGTH(text));
    }}
{matchers}
    """
    bint one_line(object text) except -1
    Py_ssize_t colons_in_bytes(object text)
    Py_ssize_t colons_in_ascii(object text)
    Py_ssize_t PY_SSIZE_T_MAX
{declarations}

from ._kinds import ONE_LINE

cdef int _depth = 0
cdef Py_ssize_t ENDLESS = PY_SSIZE_T_MAX
ctypedef bint (*Check)(object, object) except -1


cdef bint whole(object value) except -1:
    return type(value) is float and (<double>value) == floor(<double>value)


cdef bint line(object text, Py_ssize_t most=ENDLESS) except -1:
    if len(text) > most:
        return False
    return True if one_line(text) else ONE_LINE(text) is not None


cdef bint lines(object given, Py_ssize_t most=ENDLESS, Py_ssize_t least=0) except -1:
    for text in given:
        if len(text) < least or not line(text, most):
            return False
    return True


cdef bint texts(object given, Py_ssize_t most=ENDLESS, Py_ssize_t least=0) except -1:
    for text in given:
        if not isinstance(text, str) or not least <= len(text) <= most:
            return False
    return True


cdef bint line_map(
    object given,
    Py_ssize_t entries,
    Py_ssize_t item,
    Py_ssize_t key,
    Py_ssize_t least=0,
) except -1:
    if type(given) is not dict or len(<dict>given) > entries:
        return False
    for name, text in (<dict>given).items():
        if len(name) < least or not line(name, key) or not line(text, item):
            return False
    return True


cdef bint all_are(Check test, object items, object known) except -1:
    for item in items:
        if not test(item, known):
            return False
    return True


cdef bint list_of(
    Check test,
    object items,
    object known,
    Py_ssize_t most=ENDLESS,
    Py_ssize_t least=0,
) except -1:
    if type(items) is not list or not least <= len(<list>items) <= most:
        return False
    for item in <list>items:
        if not test(item, known):
            return False
    return True


cdef bint all_within(frozenset names, dict value) except -1:
    for name in value:
        if name not in names:
            return False
    return True


cdef inline object member_of(object value, str name):
    return (<dict?>value).get(name)


cdef Py_ssize_t _colons(object value, int left) except -1:
    cdef Py_ssize_t found
    kind = type(value)
    if kind is str:
        found = colons_in_ascii(value)
        return found if found >= 0 else value.count(":")
    if kind is not dict and kind is not list:
        return 0
    if left == 0:
        raise RecursionError
    found = 0
    if kind is dict:
        found = len(<dict>value)
        for name, item in (<dict>value).items():
            found += _colons(name, left) + _colons(item, left - 1)
        return found
    for item in <list>value:
        found += _colons(item, left - 1)
    return found


def holds_whole(bytes text, object value, int deepest):
    """Whether JSON without escaped colons holds what a value does, not too deep."""
    return colons_in_bytes(text) == _colons(value, deepest)
'''
_OF_RUN_TIME = """\
from libc.math cimport INFINITY

from ._cel import at as read_at, instant as read_instant


cdef object item_of(object items, object place):
    cdef Py_ssize_t index
    if type(items) is not list or type(place) is not int:
        return read_at(items, place)
    index = place
    return (<list>items)[index] if 0 <= index < len(<list>items) else None



cdef list instants_in_c(object items, str name):
    cdef list found = []
    for item in items:
        value = (<dict?>item).get(name)
        if value is not None and not (type(value) is float and 0.0 <= value < 4e9):
            value = read_instant(value)
        found.append(value)
    return found


cdef double earliest_in_c(list times) except? 0.0:
    cdef double found = INFINITY, one
    for time in times:
        one = time
        if one != one:
            return one
        found = one if one < found else found
    return found


cdef double latest_in_c(list times) except? 0.0:
    cdef double found = -INFINITY, one
    for time in times:
        one = time
        if one != one:
            return one
        found = one if one > found else found
    return found
"""
_TWINS = {
    "at": "item_of",
    "earliest": "earliest_in_c",
    "instants": "instants_in_c",
    "latest": "latest_in_c",
}
"""Functions of the run time, and what does the same here for what is found clean."""
_CHOOSE = """\
cdef bint {name}_matches(object text) except -1:
    cdef int known = {name}_in_c(text)
    return {name}(text) is not None if known == 2 else known
"""
_ALL = """\
cdef bint {name}_all(object texts) except -1:
    for text in texts:
        if not {name}_matches(text):
            return False
    return True
"""
_NESTED = """\
cdef bint {name}(object value, object known, object left=None) except -1:
    global _depth
    if _depth > {deepest}:
        raise RecursionError
    _depth += 1
    try:
        return {name}_here(value, known, left)
    finally:
        _depth -= 1
"""


class _Pattern(NamedTuple):
    """A pattern, as a module has it, and the method of `re` that tests it."""

    node: ast.Assign
    pattern: str
    method: str


def translate(sources: Mapping[str, bytes]) -> str:
    """The module `_compiled` for the text of modules, each under its name.

    What one of them imports from another stands beside it here: of `_rules.py`, that is
    the patterns alone, and of `_kinds.py`, which all packages have, the same in C.
    """
    beside = {f".{name.removesuffix('.py')}" for name in sources} | {"._kinds"}
    patterns = dict(_patterns(ast.parse(sources.get(RULES, b""))))
    tree = ast.Module([], [])
    for name, text in sources.items():
        if name == RULES:
            continue
        for node in _as_checked(ast.parse(text).body[1:]):
            if _is_from(node, {"._rules"}):
                tree.body += _without(node, patterns)
            elif not _is_from(node, beside):
                tree.body.append(node)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    matchers = dict(_matchers(tree))
    nested = _nested(functions)
    rewrite = _Rewrite(frozenset(matchers))
    body = [part for node in tree.body for part in _statement(rewrite, node, nested)]
    head = _HEAD.format(
        sources=dict(sources),
        matchers="\n".join(matchers.values()),
        declarations="\n".join(
            f"    int {name}_in_c(object text) except -1" for name in matchers
        ),
    )
    chosen = [
        (_CHOOSE + _ALL if f"{name}_all(" in "\n".join(body) else _CHOOSE).format(
            name=name
        )
        for name in matchers
    ]
    imports = [part for part in body if part.startswith(("import ", "from "))]
    rest = [part for part in body if part not in imports]
    future = [part for part in imports if "__future__" in part]
    others = [part for part in imports if part not in future]
    twins = [_OF_RUN_TIME] * any(
        name in part for name in _TWINS.values() for part in rest
    )
    return "\n".join([*future, head, *others, *twins, *chosen, *rest, ""])


def _as_checked(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements as type checkers see them: what these import has to be known here."""
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name("TYPE_CHECKING")]):
                pass
            case ast.If(test=ast.Name("TYPE_CHECKING"), body=inner):
                yield from inner
            case _:
                yield node


def _is_from(node: ast.stmt, modules: set[str]) -> TypeGuard[ast.ImportFrom]:
    """Whether a statement imports from one of some modules."""
    return isinstance(node, ast.ImportFrom) and (
        f"{'.' * node.level}{node.module}" in modules
    )


def _patterns(tree: ast.Module) -> Iterator[tuple[str, _Pattern]]:
    """The patterns of a module, by the constant that holds them."""
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(name)],
                value=ast.Attribute(
                    value=ast.Call(args=[ast.Constant(str(pattern))]), attr=method
                ),
            ):
                yield name, _Pattern(node, pattern, method)
            case _:
                pass


def _without(
    node: ast.ImportFrom, patterns: Mapping[str, _Pattern]
) -> Iterator[ast.stmt]:
    """An import without the patterns among its names, which stand here instead."""
    kept = [one for one in node.names if one.name not in patterns]
    yield from (patterns[one.name].node for one in node.names if one not in kept)
    if kept:
        yield ast.ImportFrom(node.module, kept, node.level)


def _matchers(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The functions in C of the patterns that it can test."""
    for name, (_, pattern, method) in _patterns(tree):
        code = matcher(f"{name}_in_c", pattern, method)
        if code is not None:
            yield name, code


def _statement(rewrite: _Rewrite, node: ast.stmt, nested: set[str]) -> Iterator[str]:
    """A statement of the module in Cython."""
    match node:
        case ast.FunctionDef(name=name, body=body, returns=ast.Subscript()):
            yield f"cdef object {name}(object value, object known):"
            yield from _body(rewrite, body)
        case ast.FunctionDef(name=name, body=body, args=arguments):
            given = ", ".join(_parameters(arguments))
            inner = f"{name}_here" if name in nested else name
            yield f"cdef bint {inner}({given}) except -1:"
            yield from _body(rewrite, body)
            if name in nested:
                yield _NESTED.format(name=name, deepest=DEEPEST)
        case ast.Assign(
            targets=[ast.Name("CHECKS" | "KEPT" as table)],
            value=ast.Dict(keys, values),
        ):
            entries = []
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Name):
                    yield f"def root_{value.id}(value, known=None):"
                    yield f"    return {value.id}(value, known)"
                    entries.append(f"{key.value!r}: root_{value.id}")
            yield f"{table} = {{{', '.join(entries)}}}"
        case _:
            yield rewrite.text(node)


def _body(rewrite: _Rewrite, body: list[ast.stmt]) -> Iterator[str]:
    """The statements of a function, which looks members up in what is a dict."""
    texts = [_indented(rewrite.text(statement)) for statement in body]
    if any("members" in text for text in texts):
        yield "    cdef dict members = <dict>value"
    yield from texts


def _parameters(given: ast.arguments) -> Iterator[str]:
    """The parameters of a function in Cython; what counts places may be left out."""
    for one in given.args:
        yield f"object {one.arg}{'=None' if one.arg == 'left' else ''}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _nested(functions: list[ast.FunctionDef]) -> set[str]:
    """The functions that come back to themselves."""
    calls = {
        function.name: {
            node.func.id
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        for function in functions
    }
    return {name for name in calls if name in _reached(calls, name)}


def _reached(calls: dict[str, set[str]], name: str) -> set[str]:
    found: set[str] = set()
    pending = [*calls[name]]
    while pending:
        following = pending.pop()
        if following in calls and following not in found:
            found.add(following)
            pending.extend(calls[following])
    return found


class _Rewrite(ast.NodeTransformer):
    """Says in Cython what has a faster way there."""

    def __init__(self, matchers: frozenset[str]) -> None:
        self.matchers = matchers

    def text(self, node: ast.stmt) -> str:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "get":
            return "pass"
        return ast.unparse(ast.fix_missing_locations(self.visit(node)))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node.func:
            case ast.Name("get") | ast.Attribute(ast.Name("value"), "get"):
                members = ast.Name("members", ast.Load())
                node.func = ast.Attribute(members, "get", ast.Load())
            case ast.Name(name) if name in _TWINS:
                node.func = ast.Name(_TWINS[name], ast.Load())
            case ast.Attribute(value, "get") if _is_name(node.args):
                node.func = ast.Name("member_of", ast.Load())
                node.args = [value, *node.args]
            case ast.Name(name) if name in self.matchers:
                node.func = ast.Name(f"{name}_matches", ast.Load())
            case ast.Name("all"):
                match node.args:
                    case [ast.Call(ast.Name("map"), [ast.Name(name), texts])] if (
                        name in self.matchers
                    ):
                        node.func = ast.Name(f"{name}_all", ast.Load())
                        node.args = [texts]
                    case _:
                        pass
            case ast.Attribute(names, "issuperset") if (
                ast.unparse(node.args[0]) == "value"
            ):
                node.func = ast.Name("all_within", ast.Load())
                node.args = [names, *node.args]
            case _:
                pass
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        match node:
            case ast.Subscript(ast.Name("value"), ast.Constant(str())):
                node.value = ast.Name("members", ast.Load())
                return node
            case _:
                return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        match node:
            case ast.Compare(
                left=ast.Call(func=ast.Name(name)),
                ops=[ast.Is()],
                comparators=[ast.Constant(None)],
            ) if name in self.matchers:
                return ast.UnaryOp(ast.Not(), self.visit(node.left))
            case _:
                return self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        kept: list[ast.expr] = []
        index = 0
        while index < len(node.values):
            name = _one_line(node.values[index : index + 3])
            if name is None or not isinstance(node.op, ast.And):
                kept.append(node.values[index])
                index += 1
            else:
                kept.append(ast.parse(f"one_line({name})", mode="eval").body)
                index += 3
        node.values = kept
        return node if len(kept) > 1 else kept[0]


def _is_name(given: list[ast.expr]) -> bool:
    """Whether a call is given one text, written out: the name of a member."""
    match given:
        case [ast.Constant(str())]:
            return True
        case _:
            return False


def _one_line(tests: list[ast.expr]) -> str | None:
    """The variable that three tests in a row ask to be one line of ASCII."""
    match tests:
        case [
            ast.Call(func=ast.Attribute(value=ast.Name(name), attr="isascii")),
            *rest,
        ]:
            wanted = [f"'\\n' not in {name}", f"'\\r' not in {name}"]
            return name if [ast.unparse(one) for one in rest] == wanted else None
        case _:
            return None
