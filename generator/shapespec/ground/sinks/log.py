"""Lines in a log of Python, which others read on terminals and in files."""

from __future__ import annotations

import logging

from shapespec.ground.sinks.visible import visible


def note(logger: logging.Logger, level: int, text: str) -> None:
    """Log one line."""
    logger.log(level, "%s", visible(text))


def failure(logger: logging.Logger, text: str, error: BaseException) -> None:
    """Log one line, and the traceback of an exception."""
    logger.error("%s", visible(text), exc_info=error)
