"""The version of shapespec, apart from the package itself, which may load all of it."""

__version__ = "0.1.0"
