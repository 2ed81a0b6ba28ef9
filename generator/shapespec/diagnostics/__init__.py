"""Faults in specs: what they are, every one of them in words, and how they look."""
