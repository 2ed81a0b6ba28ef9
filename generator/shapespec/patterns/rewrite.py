"""Rewrites a pattern into one that means exactly the same and cannot backtrack badly.

Matching takes time in proportion to the text where a repetition never has to give back
what it took. That is so when what follows cannot begin with what is repeated: then the
repetition is made possessive, which changes no verdict. A few equivalences bring common
patterns into that shape first.
"""

from __future__ import annotations

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
    sequence,
)
from shapespec.patterns.charset import EVERYTHING, NOTHING, CharSet
from shapespec.patterns.emit import fixed_width


def simplify(regex: Regex) -> Regex:
    """The pattern with needless choices taken out.

    - `B?X+` is `X+` where X holds all of B;
    - `A+B?C*` is `A+(?:BC*)?` where A and B share nothing and together hold all of C;
    - `(?:A*B)*` is `(?:[AB]*B)?` where A and B share nothing;
    - `(?:(?=A))+` is `(?=A)`: what has no width holds as often as one likes.
    """
    match regex:
        case Sequence(parts):
            return sequence(_simplified([simplify(part) for part in parts]))
        case Choice(options):
            return Choice(tuple(simplify(option) for option in options))
        case Repeat(part, low) if fixed_width(part) == 0:
            return simplify(part) if low else EMPTY
        case Repeat(part):
            return _runs(regex._replace(part=simplify(part)))
        case Atomic(part):
            return Atomic(simplify(part))
        case Look(part):
            return regex._replace(part=simplify(part))
        case _:
            return regex


def _simplified(parts: list[Regex]) -> list[Regex]:
    index = 0
    while index < len(parts) - 1:
        match parts[index : index + 3]:
            case [
                Repeat(Chars(b), 0, 1, Greed.GREEDY),
                Repeat(Chars(x), low, None, Greed.GREEDY),
                *_,
            ] if low >= 1 and (b - x) == NOTHING:
                del parts[index]
                continue
            case [
                Repeat(Chars(a), _, None, Greed.GREEDY),
                Repeat(Chars(b), 0, 1, Greed.GREEDY) as optional,
                Repeat(Chars(c), 0, None, Greed.GREEDY) as rest,
            ] if a.isdisjoint(b) and (c - (a | b)) == NOTHING:
                tail = Repeat(Sequence((optional.part, rest)), 0, 1)
                parts[index + 1 : index + 3] = [tail]
        index += 1
    return parts


def _runs(repeat: Repeat) -> Regex:
    """`(?:A*B)*` as `(?:[AB]*B)?`: any run of both that ends with B."""
    match repeat:
        case Repeat(
            Sequence((Repeat(Chars(a), 0, None, Greed.GREEDY), Chars(b))),
            0,
            None,
            Greed.GREEDY,
        ) if a.isdisjoint(b):
            both = Repeat(Chars(a | b), 0, None)
            return Repeat(Sequence((both, Chars(b))), 0, 1)
        case _:
            return repeat


def possessive(regex: Regex) -> Regex:
    """The pattern with every repetition possessive that never has to give back."""
    return _possessive(regex, NOTHING)


def first(regex: Regex) -> tuple[CharSet, bool]:
    """The characters a match may begin with, and whether it may be empty."""
    match regex:
        case Chars(chars):
            return chars, False
        case Sequence(parts):
            found = NOTHING
            for part in parts:
                begins, empty = first(part)
                found |= begins
                if not empty:
                    return found, False
            return found, True
        case Choice(options):
            firsts = [first(option) for option in options]
            return CharSet.union(one for one, _ in firsts), any(e for _, e in firsts)
        case Repeat(part, low):
            begins, empty = first(part)
            return begins, empty or low == 0
        case Atomic(part):
            return first(part)
        case Look() | Edge():
            return NOTHING, True


def _possessive(regex: Regex, follows: CharSet) -> Regex:
    """The same, given the characters that may stand behind a match."""
    match regex:
        case Sequence(parts):
            made: list[Regex] = []
            for part in reversed(parts):
                if isinstance(part, Look | Edge):
                    # What stands before may have to be shorter for it to hold.
                    made.append(part)
                    follows = EVERYTHING
                    continue
                made.append(_possessive(part, follows))
                begins, empty = first(part)
                follows = begins | follows if empty else begins
            return sequence(made[::-1])
        case Choice(options):
            return Choice(tuple(_possessive(option, follows) for option in options))
        case Repeat(part, low, high, greed):
            begins, empty = first(part)
            again = follows if high == 1 else follows | begins
            made_part = _possessive(part, again)
            sure = (
                greed is Greed.GREEDY
                and low != high
                and not empty
                and begins.isdisjoint(follows)
                and is_deterministic(part, again)
            )
            return Repeat(made_part, low, high, Greed.POSSESSIVE if sure else greed)
        case _:
            return regex


def is_deterministic(regex: Regex, follows: CharSet = NOTHING) -> bool:
    """Whether each next character leaves one way on, at most.

    Args:
        regex: A pattern.
        follows: The characters that may stand behind a match.
    """
    match regex:
        case Chars():
            return True
        case Sequence(parts):
            for part in reversed(parts):
                if not is_deterministic(part, follows):
                    return False
                begins, empty = first(part)
                follows = begins | follows if empty else begins
            return True
        case Choice(options):
            seen = NOTHING
            for option in options:
                begins, empty = first(option)
                if empty or not begins.isdisjoint(seen):
                    return False
                seen |= begins
            return all(is_deterministic(option, follows) for option in options)
        case Repeat(part, low, high):
            begins, empty = first(part)
            again = follows if high == 1 else follows | begins
            if empty or (low != high and not begins.isdisjoint(follows)):
                return False
            return is_deterministic(part, again)
        case _:
            return False
