"""OpenAPI descriptions that others publish, and the examples that are in them."""
