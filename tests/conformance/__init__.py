"""Tables of values, judged by every validator."""
