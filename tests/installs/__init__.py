"""Installs shapespec into environments of their own and runs tests in each.

`make lowest`: the oldest releases that pyproject.toml says will do, on the oldest
Python. `make pythons`: every Python that is present, with the newest releases.
"""
