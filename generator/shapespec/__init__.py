"""One YAML spec per API contract, compiled into everything that people use."""

from __future__ import annotations

__version__ = "0.1.0"
