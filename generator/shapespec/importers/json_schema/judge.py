"""What the schema itself says of a value, by python-jsonschema.

It is asked where an answer has to be exact and is about one value: whether null is
right, and which values of an enum are, whatever else the schema says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from inspect import currentframe
from typing import Any
from urllib.parse import quote

from shapespec.importers.json_schema.document import Node

_DEEPEST = 50
"""How many references are followed about one value; more lead back to themselves."""


@cache
def _validators() -> dict[int, Any]:
    import jsonschema

    found = {
        4: jsonschema.Draft4Validator,
        6: jsonschema.Draft6Validator,
        7: jsonschema.Draft7Validator,
        2019: jsonschema.Draft201909Validator,
        2020: jsonschema.Draft202012Validator,
    }
    return {year: _that_ends(one) for year, one in found.items()}


def _that_ends(validator: Any) -> Any:
    """A validator that gives up on endless references before Python's stack is full.

    What it is built on cannot stand an error of recursion everywhere: it would end the
    process. How much of the stack a reference takes is for the schema to say.
    """
    from jsonschema import validators

    depth = 0

    def counted(follow: Callable[..., Iterator[Any] | None]) -> Any:
        def followed(*given: Any) -> Iterator[Any]:
            nonlocal depth
            if depth >= _DEEPEST or _is_deep():
                raise RecursionError
            depth += 1
            try:
                yield from follow(*given) or ()
            finally:
                depth -= 1

        return followed

    words = ("$ref", "$dynamicRef", "$recursiveRef")
    known = validator.VALIDATORS
    return validators.extend(
        validator,
        {word: counted(known[word]) for word in words if word in known},
        type_checker=validators.validator_for({}).TYPE_CHECKER,  # 1.0 is whole
    )


def _is_deep() -> bool:
    """Whether half of Python's stack is in use."""
    left = sys.getrecursionlimit() // 2
    frame = currentframe()
    while frame is not None and left:
        frame = frame.f_back
        left -= 1
    return not left


def is_right(node: Node, value: Any) -> bool:
    """Whether a schema accepts a value; what it cannot tell, it does not accept."""
    from referencing.exceptions import Unresolvable

    if isinstance(node.value, bool):
        return node.value
    judge = _validators()[node.scope.dialect.year]
    home = node.library.home(node.scope.base)
    fragment = quote(node.pointer.removeprefix(home), safe="/~!$&'()*+,;=:@?")
    reference = {"$ref": f"{node.scope.base}#{fragment}"}
    try:
        found: bool = judge(reference, registry=node.library.registry).is_valid(value)
    except (RecursionError, Unresolvable):
        return False
    return found
