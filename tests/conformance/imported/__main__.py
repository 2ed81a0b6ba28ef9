"""Writes the table of the guide: `python -m tests.conformance.imported`."""

from __future__ import annotations

from tests.conformance.imported.suite import (
    ARCHIVES,
    DRAFTS,
    TABLE,
    Suite,
    outcomes,
    table,
)


def main() -> None:
    """Run all tests of the suite, and write how they end."""
    suite = Suite(ARCHIVES[-1])
    found = {
        draft: outcomes(suite, draft, sorted(suite.files[draft])) for draft in DRAFTS
    }
    TABLE.write_text(table(found), "utf-8")


if __name__ == "__main__":
    main()
