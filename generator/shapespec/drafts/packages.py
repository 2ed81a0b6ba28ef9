"""The name of a package, from what it is about."""

from __future__ import annotations

import keyword
import re
import sys

from shapespec.contract import naming

_NO_PART = re.compile(r"[^a-z0-9]+")
_OUR_OWN = frozenset(("shapespec", "sagemaker_training_job"))


def package_name(subject: str, operations: tuple[str, ...] = ()) -> str:
    """A name that Python can import and none of its own modules has.

    That of a single operation has the operation in it: `s3_get_object`.
    """
    words = [subject]
    if len(operations) == 1:
        words.append(naming.snake_case(operations[0]))
    found = _NO_PART.sub("_", naming.snake_case("_".join(words))).strip("_")
    if not found or not found[0].isalpha():
        found = f"api_{found}".strip("_")
    taken = keyword.iskeyword(found) or found in sys.stdlib_module_names
    return f"{found}_api" if taken or found in _OUR_OWN else found
