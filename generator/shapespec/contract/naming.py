"""Names in one language from names in another; the words stay the same."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from shapespec.runtime._names import snake_case

if TYPE_CHECKING:
    from shapespec.contract.schema import Form, Member

__all__ = [
    "attribute",
    "class_name",
    "constant",
    "rule_function",
    "snake_case",
    "spelt",
    "title_words",
]

DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""What no file or folder may be called on Windows, in lower case."""

TYPES = frozenset(
    (
        "bool",
        "bytes",
        "datetime",
        "dict",
        "float",
        "int",
        "list",
        "object",
        "property",
        "str",
        "tuple",
        "type",
    )
)
"""Names that the bodies of generated classes use."""

METHODS = frozenset(("extra_members", "from_response", "to_response", "validate"))
"""What every generated class has beside its members."""

MODULES = frozenset(("enums",))
"""What the annotations in generated classes name beside types."""

CLASSES = frozenset(
    ("Any", "Finding", "InvalidResponse", "Mapping", "Structure", "StrEnum")
)
"""Names that generated modules take for themselves."""


def spelt(member: Member, form: Form) -> str:
    """What a form calls a member."""
    if form.keys == "snake_case":
        return snake_case(member.name)
    if form.keys == "named":
        return dict(member.names).get(form.name, member.name)
    return member.name


def attribute(name: str) -> str:
    """A name as a Python attribute: never a keyword, a type or a method."""
    found = snake_case(name).strip("_") or "member"
    if found[0].isdigit():
        found = f"n{found}"
    taken = keyword.iskeyword(found) or found in TYPES | METHODS | MODULES
    return f"{found}_" if taken else found


def constant(value: str) -> str:
    """A text as a Python constant: `ml.m5.xlarge` as `ML_M5_XLARGE`."""
    found = snake_case(value).strip("_").upper() or "EMPTY"
    return f"N{found}" if found[0].isdigit() else found


def class_name(shape: str) -> str:
    """A shape as a Python class: never a keyword or a name in use."""
    plain = shape.strip("_") or "Shape"
    if plain[0].isdigit():
        plain = f"N{plain}"
    found = plain[0].upper() + plain[1:]
    taken = keyword.iskeyword(found) or found in CLASSES or found.lower() in TYPES
    return f"{found}_" if taken else found


def title_words(name: str) -> str:
    """A package's name for people: `training_job` as `Training job`."""
    return name.replace("_", " ").strip().capitalize()


def rule_function(rule: str) -> str:
    """A rule's id as a Python function."""
    return "rule_" + re.sub(r"[^a-z0-9_]", "_", rule.lower())
