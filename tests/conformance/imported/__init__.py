"""The official test suite of JSON Schema, put through the importer."""
