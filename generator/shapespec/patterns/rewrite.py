"""Rewrites a pattern into one that means exactly the same and cannot backtrack badly.

Matching takes time in proportion to the text where a repetition never has to give back
what it took. That is so when what follows cannot begin with what is repeated: then the
repetition is made possessive, which changes no verdict. A few equivalences bring common
patterns into that shape first.
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
    sequence,
)
from shapespec.patterns.charset import EVERYTHING, NOTHING, CharSet
from shapespec.patterns.emit import fixed_width
from shapespec.patterns.normal import is_plain, nullable


def simplify(regex: Regex) -> Regex:
    """The pattern with needless choices taken out.

    - `B?X+` is `X+` where X holds all of B;
    - `A+B?C*` is `A+(?:BC*)?` where A and B share nothing and together hold all of C;
    - `(?:A*B)*` is `(?:[AB]*B)?`, and `B*` where B holds all of A;
    - `(?:A+)*` is `A*`, and `(?:A|B+)*` is `[AB]*`;
    - `(?:BA*)*` is `(?:BA*)?` where A holds all of B, whatever B is;
    - `(?:A?){2,9}` is `(?:A?){0,9}`, whatever A is, and that is `A{0,9}`: what may be
      empty need not be there;
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
            return _runs(_optional(regex._replace(part=simplify(part))))
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


def _optional(repeat: Repeat) -> Repeat:
    """A repetition without the empty ones that there would have to be."""
    match repeat:
        case Repeat(part, low, high, Greed.GREEDY | Greed.LAZY as greed) if (
            low > 0 and is_plain(part) and nullable(part)
        ):
            match part:
                case Repeat(inner, 0, 1, one) if one is greed:
                    return Repeat(inner, 0, high, greed)
                case _:
                    return Repeat(part, 0, high, greed)
        case _:
            return repeat


def _runs(repeat: Repeat) -> Regex:
    """A repetition of repetitions as one: see `simplify`."""
    match repeat:
        case Repeat(Choice(options), 0 | 1 as low, None, Greed.GREEDY) if all(
            isinstance(option, Chars)
            or (isinstance(option, Repeat) and option[1:] == (1, None, Greed.GREEDY))
            for option in options
        ):
            held = alphabet(Choice(options))
            return (
                repeat
                if held is None or not _singles(options)
                else Repeat(Chars(held), low, None)
            )
        case Repeat(
            Repeat(Chars() as part, 0 | 1 as inner, None, Greed.GREEDY),
            0 | 1 as low,
            None,
            Greed.GREEDY,
        ):
            return Repeat(part, inner * low, None)
        case Repeat(
            Sequence(
                (
                    Repeat(Chars(a), 0, None, Greed.GREEDY),
                    Chars(b) | Repeat(Chars(b), 1, None, Greed.GREEDY),
                )
            ),
            0 | 1 as low,
            None,
            Greed.GREEDY,
        ):
            if (a - b) == NOTHING:
                return Repeat(Chars(b), low, None)
            ending = Sequence((Repeat(Chars(a | b), 0, None), Chars(b)))
            return ending if low else Repeat(ending, 0, 1)
        case Repeat(
            Sequence((*head, Repeat(Chars(a), _, None, Greed.GREEDY))) as part,
            0 | 1 as low,
            None,
            Greed.GREEDY,
        ) if head and _is_within(head, a):
            return part if low else Repeat(part, 0, 1)
        case _:
            return repeat


def _singles(options: Iterable[Regex]) -> bool:
    """Whether each option is a character, or a run of one."""
    return all(
        isinstance(option.part if isinstance(option, Repeat) else option, Chars)
        for option in options
    )


def alphabet(regex: Regex) -> CharSet | None:
    """The characters that a match may hold; none where it also looks around itself."""
    match regex:
        case Chars(chars):
            return chars
        case Sequence(parts) | Choice(parts):
            found = [alphabet(part) for part in parts]
            known = [chars for chars in found if chars is not None]
            return CharSet.union(known) if len(known) == len(found) else None
        case Repeat(part) | Atomic(part):
            return alphabet(part)
        case Look() | Edge():
            return None


def _is_within(parts: Iterable[Regex], chars: CharSet) -> bool:
    held = alphabet(Sequence(tuple(parts)))
    return held is not None and (held - chars) == NOTHING


def committed(regex: Regex) -> Regex:
    """The pattern with the first place taken where the first is as good as any.

    In `A*LB*`, where L has one length and B holds all of A and L, what stands behind
    the first L is right if what stands behind any other is. So `.*:.*` goes on behind
    the first colon, and never comes back; and `A+B*` is `AB*` where B holds A.
    """
    match regex:
        case Sequence(parts):
            return sequence(_committed([committed(part) for part in parts]))
        case Choice(options):
            return Choice(tuple(committed(option) for option in options))
        case Repeat(part) | Atomic(part) | Look(part):
            return regex._replace(part=committed(part))
        case _:
            return regex


def _committed(parts: list[Regex]) -> list[Regex]:
    made: list[Regex] = []
    index = 0
    while index < len(parts):
        end = _as_good_behind(parts, index)
        part = parts[index]
        if end is None or not isinstance(part, Repeat):
            made.append(part)
            index += 1
            continue
        least = _exactly(part.part, part.low)
        match parts[index + 1 : end], part.part:
            case [], _:
                made += least
            case [Chars(mark)], Chars(chars):
                before = Repeat(Chars(chars - mark), 0, None, Greed.POSSESSIVE)
                made += [*least, before, Chars(mark)]
            case between, _:
                lazy = Repeat(part.part, 0, None, Greed.LAZY)
                made.append(Atomic(sequence([*least, lazy, *between])))
        index = end
    return made


def _exactly(part: Regex, count: int) -> list[Regex]:
    """A part so many times."""
    return [part] * count if count < 2 else [Repeat(part, count, count)]


def _as_good_behind(parts: list[Regex], start: int) -> int | None:
    """Where the B* stands of an A*LB* that begins at an index; none if none does."""
    match parts[start]:
        case Repeat(Chars(a), _, None, Greed.GREEDY):
            pass
        case _:
            return None
    for end in range(start + 1, len(parts)):
        match parts[end]:
            case Repeat(Chars(b), _, None, Greed.GREEDY):
                between = parts[start + 1 : end]
                begins, _ = first(Sequence(tuple(between)))
                if between and begins.isdisjoint(a):
                    return None
                whole = _is_within(between, b) and (a - b) == NOTHING
                return end if whole else None
        if fixed_width(parts[end]) is None or alphabet(parts[end]) is None:
            return None
    return None


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
