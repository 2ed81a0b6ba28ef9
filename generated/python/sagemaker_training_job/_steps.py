# The run time of packages that shapespec generates, copied.
"""How many items the loops of rules may look at, so that no response takes for ever."""
# pyright: basic

from __future__ import annotations

from _thread import _local

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any

MOST_STEPS = 2_000_000
"""How many items may be looked at again and again for one rule of one structure."""


class TooManySteps(ArithmeticError):
    """A rule would look at more than there is time for; the message says at what."""


class _Steps(_local):
    """What is left to the rule that is asked, in each thread.

    Attributes:
        left: So many items.
        asked: How many rules are being asked, one for the sake of the other.
    """

    left = MOST_STEPS
    asked = 0


STEPS = _Steps()


def begin() -> None:
    """Count anew: what follows is another rule or value."""
    STEPS.left = MOST_STEPS


def limited(items: Any) -> Any:
    """Items that a loop looks at for each item of another one; they are counted.

    Raises:
        TooManySteps: There have been too many; what knows of the answer says so.
    """
    _spend(len(items))
    return items


def weighed(value: Any) -> Any:
    """A value that is looked at as a whole for each item; all that is in it is counted.

    Raises:
        TooManySteps: See `limited`.
    """
    pending = [value]
    for one in pending:
        if isinstance(one, (str, bytes)):
            _spend(1 + len(one) // _A_STEP)
        elif isinstance(one, (dict, list)):
            _spend(1 + len(one))
            pending += one.values() if isinstance(one, dict) else one
    return value


_A_STEP = 16
"""So many characters are searched as soon as an item is looked at."""


def _spend(steps: int) -> None:
    STEPS.left -= steps
    if STEPS.left < 0:
        begin()
        raise TooManySteps(f"its loops would look at more than {MOST_STEPS:,} items")
