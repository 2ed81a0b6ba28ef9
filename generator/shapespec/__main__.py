"""`python -m shapespec`."""

from __future__ import annotations

from shapespec.cli import main

if __name__ == "__main__":
    main()
