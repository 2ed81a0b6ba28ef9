"""What the schema itself says of a value, by python-jsonschema.

It is asked where an answer has to be exact and is about one value: whether null is
right, and which values of an enum are, whatever else the schema says.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote

from shapespec.importers.json_schema.document import Node


@cache
def _validators() -> dict[int, Any]:
    import jsonschema

    return {
        4: jsonschema.Draft4Validator,
        6: jsonschema.Draft6Validator,
        7: jsonschema.Draft7Validator,
        2019: jsonschema.Draft201909Validator,
        2020: jsonschema.Draft202012Validator,
    }


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
