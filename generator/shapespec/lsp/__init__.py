"""A language server for specs: what an editor shows while one types."""
