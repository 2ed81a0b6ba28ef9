"""A project's settings and files: what is written, where, and whether it is current."""
