"""What a smoke test needs beyond a plain install."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pytest

ALL = "SHAPESPEC_SMOKE_ALL"
"""Set where every extra is installed: then none may be missed."""


def needs(*modules: str) -> pytest.MarkDecorator:
    """Skip a test where a module of an extra is absent."""
    absent = [name for name in modules if find_spec(name) is None]
    return pytest.mark.skipif(
        bool(absent) and ALL not in os.environ,
        reason=f"an extra is not installed: no {', '.join(absent)}",
    )


needs_compiler = pytest.mark.skipif(
    not any(map(shutil.which, ("cc", "gcc", "clang", "cl"))),
    reason="there is no C compiler",
)
