"""What goes wrong outside of a spec: files, folders, settings."""

from __future__ import annotations


class Unusable(Exception):
    """Something the user named cannot be used; the message says what and why."""


def reason(error: OSError) -> str:
    """Why the system refused, in its own words."""
    return error.strerror or type(error).__name__
