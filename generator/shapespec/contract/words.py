"""Texts with words in braces, as the `samples` of a spec have them.

    arn:aws:sagemaker:{region}:{account}:training-job/{job}
    {time:95}       a moment, 95 seconds after the response's first one
    {seconds:390}   a number of whole seconds

Each word is chosen once for a response, so what shares a word belongs together. Times
are drawn out or pressed together by one factor for a whole response.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from shapespec.contract import schema as ir
from shapespec.ground.values import Json

_WORD = re.compile(r"\{([a-z][a-z0-9-]*)\}")
_MEASURE = re.compile(r"\{(time|seconds):([0-9]+(?:\.[0-9]+)?)\}")
_FIRST_DAY = datetime(2025, 1, 6, 8, tzinfo=UTC)
_DAYS = 300
_PACES = (0.5, 3.0)


class Words:
    """The words that were chosen for one response.

    Attributes:
        start: The moment that times are counted from.
    """

    def __init__(self, samples: ir.Samples, random: Random) -> None:
        """Choose with `random`."""
        self.start = _FIRST_DAY + timedelta(
            days=random.randrange(_DAYS), milliseconds=random.randrange(36_000_000)
        )
        self._pace = random.uniform(*_PACES)
        self._chosen: dict[str, str] = {}
        for name, texts in samples.words.items():
            self._chosen[name] = self._filled(random.choice(texts).value)

    def fill(self, text: str) -> str | int | datetime:
        """A text with what its words stand for; a moment or a number where it is one.

        A word that is not known stays as it is.
        """
        measure = _MEASURE.fullmatch(text)
        if measure is None:
            return self._filled(text)
        seconds = float(measure[2]) * self._pace
        if measure[1] == "seconds":
            return round(seconds)
        return self.start + timedelta(milliseconds=round(seconds * 1000))

    def _filled(self, text: str) -> str:
        return _WORD.sub(lambda found: self._chosen.get(found[1], found[0]), text)


def words_in(value: Json) -> Iterator[str]:
    """The names of the words in a value."""
    match value:
        case str():
            yield from _WORD.findall(value)
        case list():
            for item in value:
                yield from words_in(item)
        case dict():
            for name, item in value.items():
                yield from _WORD.findall(name)
                yield from words_in(item)
        case _:
            return
