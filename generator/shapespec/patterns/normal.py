"""Rewrites a pattern into one that matches the same texts in fewer ways.

What stands in a loop is taken apart until nothing in it repeats for itself or may be
empty: `(a*b?)*` is `[ab]*`. That is the star normal form of A. Brüggemann-Klein,
"Regular expressions into finite automata" (1993). Counts in counts become one, equal
neighbours become one repetition, and what options begin with in common stands before
them. What gives nothing back, and what only looks, is left as it is: there it matters
which of several matches is found first.
"""

from __future__ import annotations

from collections.abc import Iterable

from shapespec.patterns.ast import (
    EMPTY,
    Atomic,
    Chars,
    Choice,
    Edge,
    Greed,
    Look,
    Regex,
    Repeat,
    Sequence,
    choice,
    sequence,
)
from shapespec.patterns.charset import CharSet


def normal(regex: Regex) -> Regex:
    """The pattern in star normal form, with what is common before what differs."""
    match regex:
        case Sequence(parts):
            return sequence(_merged([normal(part) for part in parts]))
        case Choice(options):
            return alternatives([normal(option) for option in options])
        case Repeat(greed=Greed.POSSESSIVE) | Atomic() | Look() | Chars() | Edge():
            return regex
        case Repeat(part, low, high):
            return _repeated(normal(part), low, high)


def nullable(regex: Regex) -> bool:
    """Whether a pattern matches the empty text."""
    match regex:
        case Chars():
            return False
        case Sequence(parts):
            return all(map(nullable, parts))
        case Choice(options):
            return any(map(nullable, options))
        case Repeat(part, low):
            return low == 0 or nullable(part)
        case Atomic(part):
            return nullable(part)
        case Look() | Edge():
            return True


def is_plain(regex: Regex) -> bool:
    """Whether a pattern neither looks around nor keeps what it took."""
    match regex:
        case Chars():
            return True
        case Sequence(parts) | Choice(parts):
            return all(map(is_plain, parts))
        case Repeat(part, _, _, greed):
            return greed is not Greed.POSSESSIVE and is_plain(part)
        case Atomic() | Look() | Edge():
            return False


def repeat(part: Regex, low: int, high: int | None) -> Regex:
    """A part so many times, without needless repetition."""
    match part:
        case _ if high == 0 or part == EMPTY:
            return EMPTY
        case Repeat(inner, 0 | 1, None) if (low, high) == (0, 1) and is_plain(part):
            return Repeat(inner, 0, None)
        case _:
            return part if (low, high) == (1, 1) else Repeat(part, low, high)


def _repeated(part: Regex, low: int, high: int | None) -> Regex:
    if high == 0 or part == EMPTY:
        return EMPTY
    if not is_plain(part):
        return repeat(part, low, high)
    if nullable(part):
        low = 0
    if high is None:
        if low <= 1:
            part = _in_a_loop(part)
        elif isinstance(part, Repeat) and part.high is None and part.low == 1:
            part = part.part
    match part:
        case Repeat(inner, least, most) if (
            bounds := _product((least, most), (low, high))
        ) is not None:
            return repeat(inner, *bounds)
        case _:
            return repeat(part, low, high)


def _product(
    inner: tuple[int, int | None], outer: tuple[int, int | None]
) -> tuple[int, int | None] | None:
    """How often what is repeated in a repetition is, if that leaves nothing out."""
    (a, b), (c, d) = inner, outer
    if c == 0 and a > 1:
        return None
    if b is not None and c != d and max(c, 1) * (b - a) < a - 1:
        return None
    most = None if b is None or d is None else b * d
    return a * c, most


def _in_a_loop(part: Regex) -> Regex:
    """What makes the same loop as a part, with nothing in it that loops or is empty."""
    match part:
        case Choice(options):
            return alternatives([_in_a_loop(option) for option in options])
        case Sequence(parts) if parts and all(map(nullable, parts)):
            return alternatives([_in_a_loop(one) for one in parts])
        case Repeat(inner, low) if low <= 1 or nullable(inner):
            return _in_a_loop(inner)
        case _:
            return part


def _merged(parts: Iterable[Regex]) -> list[Regex]:
    """Parts in a row, equal neighbours as one repetition."""
    made: list[Regex] = []
    for part in parts:
        if made and (both := _together(made[-1], part)) is not None:
            made[-1] = both
        else:
            made.append(part)
    return made


def _together(one: Regex, other: Regex) -> Regex | None:
    (part, low, high), (same, least, most) = _counted(one), _counted(other)
    if part != same or part == EMPTY or (low, high, least, most) == (1, 1, 1, 1):
        return None
    return Repeat(
        part, low + least, None if high is None or most is None else high + most
    )


def _counted(part: Regex) -> tuple[Regex, int, int | None]:
    match part:
        case Repeat(inner, low, high, greed) if greed is not Greed.POSSESSIVE:
            return inner, low, high
        case _:
            return part, 1, 1


# --- options --------------------------------------------------------------------------


def alternatives(options: Iterable[Regex]) -> Regex:
    """Options, each once; what they begin with in common stands before them."""
    rows = dict.fromkeys(tuple(row) for option in options for row in _rows(option))
    return _factored(list(rows))


def _rows(option: Regex) -> Iterable[tuple[Regex, ...]]:
    match option:
        case Choice(options):
            for one in options:
                yield from _rows(one)
        case Sequence(parts):
            yield parts
        case _:
            yield (option,)


def _factored(rows: list[tuple[Regex, ...]]) -> Regex:
    """Rows of parts as one pattern; the order of the rows makes no difference."""
    single = [row[0] for row in rows if len(row) == 1]
    held = [one.set for one in single if isinstance(one, Chars)]
    merged: list[tuple[Regex, ...]] = [(Chars(CharSet.union(held)),)] if held else []
    groups: dict[Regex, list[tuple[Regex, ...]]] = {}
    empty = False
    for row in [*merged, *rows]:
        if not row:
            empty = True
        elif (
            merged
            and len(row) == 1
            and isinstance(row[0], Chars)
            and row is not merged[0]
        ):
            continue
        else:
            groups.setdefault(row[0], []).append(row[1:])
    options: list[Regex] = []
    for head, rests in groups.items():
        rest = _factored(rests) if len(rests) > 1 else sequence(list(rests[0]))
        options.append(sequence(_merged([head, *_parts(rest)])))
    if not options:
        return EMPTY
    whole = options[0] if len(options) == 1 else Choice(tuple(options))
    if not empty or _surely_nullable(whole):
        return whole
    return repeat(whole, 0, 1)


def _surely_nullable(regex: Regex) -> bool:
    """Whether a pattern matches the empty text wherever it stands."""
    return is_plain(regex) and nullable(regex)


def _parts(regex: Regex) -> tuple[Regex, ...]:
    return regex.parts if isinstance(regex, Sequence) else (regex,)


def tailed(regex: Regex) -> Regex:
    """The pattern with what options end with in common behind them."""
    match regex:
        case Sequence(parts):
            return sequence(_merged([tailed(part) for part in parts]))
        case Repeat(part) if is_plain(regex):
            return regex._replace(part=tailed(part))
        case Choice(options) if is_plain(regex):
            rows = [list(_parts(tailed(option))) for option in options]
            groups: dict[Regex, list[list[Regex]]] = {}
            for row in rows:
                groups.setdefault(row[-1], []).append(row[:-1])
            made = [
                sequence([*_parts(_any_of(heads)), tail])
                for tail, heads in groups.items()
            ]
            return made[0] if len(made) == 1 else Choice(tuple(made))
        case _:
            return regex


def _any_of(rows: list[list[Regex]]) -> Regex:
    """One of several rows, as they are."""
    if len(rows) == 1:
        return sequence(rows[0])
    found = [sequence(row) for row in rows if row]
    whole = tailed(choice(found)) if len(found) > 1 else found[0]
    return whole if len(found) == len(rows) or nullable(whole) else repeat(whole, 0, 1)
