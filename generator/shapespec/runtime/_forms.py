"""Stands in for the forms of a contract, which each generated package has."""

from __future__ import annotations

from ._form import Form, read_bytes, read_milliseconds, read_moment

__all__ = [
    "ANY_FORM",
    "FORMS",
    "Form",
    "find_form",
    "read_bytes",
    "read_milliseconds",
    "read_moment",
]

ANY_FORM = Form(
    name="",
    moments="a timestamp",
    datetimes=True,
    numbers=True,
    milliseconds=False,
    text=None,
    written="datetime",
)
FORMS: dict[str | None, Form] = {None: ANY_FORM}


def find_form(name: str | None) -> Form:
    """The form of that name."""
    return FORMS[name]
