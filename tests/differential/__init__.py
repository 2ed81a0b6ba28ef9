"""Five validators on the same responses: they agree, or a list says why one cannot."""
