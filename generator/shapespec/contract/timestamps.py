"""How moments in time are written: the encodings that a form may name.

Text is RFC 3339 with what real systems make of it: a space for the `T`, an offset
without a colon or after a space, no offset at all (then UTC), lower-case letters. A
day must exist in its month. There is no leap second and no hour 24, because Python's
`datetime` has neither.
"""

from __future__ import annotations

from shapespec.runtime._form import END, FIRST

EPOCH_FIRST = FIRST
"""The first second of the year 1, in epoch seconds."""

EPOCH_END = END
"""The first second past the year 9999, in epoch seconds."""

_YEAR = "(?!0000)[0-9]{4}"
_LEAP_YEAR = (
    "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
)
DATE = (
    f"(?:{_YEAR}-(?:"
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8])"
    f")|(?!0000){_LEAP_YEAR}-02-29)"
)
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
OFFSET = "(?:[Zz]| ?(?:UTC|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?))"
MOMENT = f"{DATE}[Tt ]{TIME}{OFFSET}?"

TEXT = f"{DATE}(?:[Tt ]{TIME}{OFFSET}?)?"
"""Text in any spelling that any encoding knows, to be matched whole."""

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_LONGER = _MONTHS.replace("Feb|", "")
_LONGEST = "Jan|Mar|May|Jul|Aug|Oct|Dec"
HTTP_DATE = (
    "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?:"
    f"(?:(?:0[1-9]|1[0-9]|2[0-8]) (?:{_MONTHS})|(?:29|30) (?:{_LONGER})"
    f"|31 (?:{_LONGEST})) {_YEAR}|29 Feb (?!0000){_LEAP_YEAR}) {TIME} GMT"
)
"""Text as HTTP writes it (RFC 9110, IMF-fixdate); the day of the week may be any."""

USUAL = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,9}+)?+(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
"""The spelling that most systems use, without regard to the calendar; cheaper."""


def text_pattern(encodings: frozenset[str]) -> str | None:
    """What text may be under these encodings, to be matched whole; none for no text."""
    found = HTTP_DATE if "http-date" in encodings else None
    match "iso-8601" in encodings, "date" in encodings:
        case True, True:
            iso = TEXT
        case True, False:
            iso = MOMENT
        case False, True:
            iso = DATE
        case _:
            return found
    return iso if found is None else f"{iso}|{found}"
