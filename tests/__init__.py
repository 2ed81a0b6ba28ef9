"""The tests: cases a reader can follow, and how they are run."""
