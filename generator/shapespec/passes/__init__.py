"""From the spec as written to the schema as meant: checks, and one transform."""
