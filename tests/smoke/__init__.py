"""What an installed shapespec has to do, with any dependencies that it says it takes.

These tests need pytest and what is installed; they run in environments of their own:
see `tests/installs`.
"""
