"""Responses to judge: right ones, ones broken on purpose, and ones bent at random."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from itertools import chain, islice
from random import Random
from typing import Any, NamedTuple

from shapespec.tools.samples import Amount, Sample, Sampler

VALID, BROKEN, AT_BOUND, BENT = "valid", "broken", "at a bound", "bent"
STREAMS = (VALID, BROKEN, AT_BOUND, BENT)


class Trial(NamedTuple):
    """A response to judge.

    Attributes:
        stream: Which of the streams it comes from.
        action: What was done to a right response: a keyword broken, a bend.
        path: Where that was done, as far as it is told.
        response: The response, of JSON's types.
        right: Whether it is to be right, where that is known beforehand.
    """

    stream: str
    action: str
    path: str
    response: Any
    right: bool | None


def trials(sampler: Sampler, root: str, seed: int, *, each: int) -> Iterator[Trial]:
    """One round: every constraint broken, every bound met, and others beside.

    Args:
        sampler: Makes the responses.
        root: The shape that they have.
        seed: Another number gives another round.
        each: How many right responses, and how many bent ones.
    """
    random = Random(seed)  # noqa: S311 - the same seed gives the same trials
    made = [
        sampler.valid(root, seed=seed, size=size, wild=wild)
        for wild in (False, True)
        for size in Amount
    ]
    for right in islice(chain.from_iterable(zip(*made, strict=True)), each):
        response = as_json(right, random)
        yield Trial(VALID, "", "", response, right=True)
        yield _bent(response, random)
    shown = chain(sampler.invalid(root, seed=seed), sampler.boundary(root, seed=seed))
    for sample in shown:
        yield _shown(sample, as_json(sample.response, random))


def _shown(sample: Sample, response: Any) -> Trial:
    constraint = sample.constraint
    stream = AT_BOUND if sample.accepted else BROKEN
    breaks = not sample.accepted and constraint.severity == "error"
    right = None if sample.entails and not breaks else not breaks
    return Trial(stream, constraint.keyword, constraint.site.path, response, right)


def as_json(value: Any, random: Random) -> Any:
    """The same in JSON's types: moments as text or as epoch seconds."""
    match value:
        case datetime():
            if random.random() < 0.5:
                return value.timestamp()
            return value.isoformat().replace("+00:00", "Z")
        case dict():
            return {key: as_json(item, random) for key, item in value.items()}
        case list():
            return [as_json(item, random) for item in value]
        case _:
            return value


# --- bending ------------------------------------------------------------------------


def _text(bend: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda value: bend(value) if isinstance(value, str) else None


def _number(bend: Callable[[float], Any]) -> Callable[[Any], Any]:
    def bent(value: Any) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return bend(value) if is_number else None

    return bent


_BENDS: dict[str, Callable[[Any], Any]] = {
    "null": lambda _: None,
    "true": lambda _: True,
    "0": lambda _: 0,
    "-1": lambda _: -1,
    "1.5": lambda _: 1.5,
    "a huge integer": lambda _: 10**30,
    "a huge float": lambda _: 1e308,
    "empty text": lambda _: "",
    "empty list": lambda _: [],
    "empty object": lambda _: {},
    "in a list": lambda value: [value],
    "as text": _number(str),
    "as a float": _number(float),
    "the next float": _number(lambda value: math.nextafter(value, math.inf)),
    "line feed behind": _text(lambda text: f"{text}\n"),
    "line feed before": _text(lambda text: f"\n{text}"),
    "carriage return behind": _text(lambda text: f"{text}\r"),
    "line separator behind": _text(lambda text: f"{text}\u2028"),
    "no-break space behind": _text(lambda text: f"{text}\u00a0"),
    "NUL behind": _text(lambda text: f"{text}\0"),
    "beyond the BMP": _text(lambda text: text[:-1] + "\U0001d4b3"),
    "only beyond the BMP": _text(lambda text: "\U0001d4b3" * len(text)),
    "Arabic digit": _text(lambda text: text.replace("1", "\u0661", 1)),
    "other case": _text(str.swapcase),
    "twice": _text(lambda text: text * 2),
    "first half": _text(lambda text: text[: len(text) // 2]),
}
_NULL = "null"
_LEFT_OUT, _RENAMED, _REPEATED = "left out", "renamed", "repeated"


def _bent(response: Any, random: Random) -> Trial:
    """A right response with one place bent."""
    bent = deepcopy(response)
    while True:
        holder, key = random.choice(list(_places(bent)))
        action = random.choice((*_BENDS, _LEFT_OUT, _RENAMED, _REPEATED))
        if action == _LEFT_OUT:
            del holder[key]
        elif action == _RENAMED and isinstance(holder, dict):
            holder[f"{key}\n"] = holder.pop(key)
        elif action == _REPEATED and isinstance(holder, list):
            holder.append(deepcopy(holder[key]))
        elif action in _BENDS:
            value = _BENDS[action](holder[key])
            if value is None and action != _NULL:
                continue
            holder[key] = value
        else:
            continue
        return Trial(BENT, action, str(key), bent, right=None)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place below a value: what holds it, and its name or number there."""
    keys: Any = ()
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    for key in keys:
        yield value, key
        yield from _places(value[key])
