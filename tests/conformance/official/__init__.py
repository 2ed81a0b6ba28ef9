"""The official test suite of JSON Schema, put to our validators."""
