"""Lines in a log of Python, which others read on terminals and in files."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from shapespec.ground.sinks.visible import visible


def note(
    logger: logging.Logger,
    level: int,
    text: str,
    extra: Mapping[str, object] | None = None,
) -> None:
    """Log one line; `extra` becomes attributes of the record."""
    logger.log(level, "%s", visible(text), extra=extra)


def failure(logger: logging.Logger, text: str, error: BaseException) -> None:
    """Log one line, and the traceback of an exception."""
    logger.error("%s", visible(text), exc_info=error)
