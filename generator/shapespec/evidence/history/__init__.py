"""When each fact of a contract was first stated, changed or went, by release."""

from shapespec.evidence.history.model import Change, History, Release, Step

__all__ = ["Change", "History", "Release", "Step"]
