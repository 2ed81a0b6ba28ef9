"""Texts made to slow a pattern down, and an engine that counts what they cost."""
