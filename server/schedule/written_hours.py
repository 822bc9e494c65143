"""Times as people write them: "19:00-20:00", "7pm to 8pm", "from 7 to 8:30 pm". Pure."""

import re
from typing import NamedTuple

from calibration.layout import DAY_MINUTES

CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(a\.?m\.?|p\.?m\.?|uhr|h)?"
SPAN = re.compile(
    rf"(?:from|at|von|um|ab)?\s*{CLOCK}"
    rf"(?:\s*(?:[-\u2010-\u2015~]|to|until|till|bis)\s*{CLOCK})?",
    re.IGNORECASE,
)
NOON = 12
HALF_DAY = NOON * 60
HOUR = 60
"""Minutes; an Open Space takes an hour where nobody says until when."""


EARLIEST = 8 * 60
"""Minutes from midnight: "7" without a half of the day is in the evening."""


class Hours(NamedTuple):
    """Hours as they were written.

    Parameters
    ----------
    starts : int
        Minutes from midnight.
    ends : int or None
        The same; None where it does not say.
    exact : bool
        Whether it says which half of the day; else it may be 12 hours later.
    """

    starts: int
    ends: int | None
    exact: bool

    @property
    def clocks(self) -> tuple[str, str]:
        """Start and end as ``HH:MM``; what does not say which half is of the day."""
        one = self if self.exact or self.starts >= EARLIEST else self.later
        return clock(one.starts), clock(
            one.starts + HOUR if one.ends is None else one.ends
        )

    @property
    def later(self) -> "Hours":
        """The same in the afternoon."""
        ends = None if self.ends is None else self.ends + HALF_DAY
        return Hours(self.starts + HALF_DAY, ends, exact=True)


def hours_of(text: str) -> Hours | None:
    """Return the hours that a text is; None if it is none.

    Raises
    ------
    ValueError
        If it has the form of hours, and there is no such time.
    """
    match = SPAN.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    hour, minute, half, end_hour, end_minute, end_half = match.groups()
    first, last = _half(half), _half(end_half)
    starts, ends = _minutes(hour, minute, first or last), None
    if end_hour:
        ends = _minutes(end_hour, end_minute, last)
        if first and not last and int(end_hour) <= NOON:  # 9am-12, 11pm-1
            ends %= HALF_DAY
            while ends <= starts:
                ends += HALF_DAY
        elif last and not first and starts >= ends:  # 11-1pm
            starts = _minutes(hour, minute, "a" if last == "p" else "p")
    if ends == starts:
        raise ValueError(text)
    exact = bool(first or last) or starts >= HALF_DAY or (ends or 0) > HALF_DAY
    return Hours(starts, ends, exact)


def clock(minutes: int) -> str:
    """Return minutes from midnight as ``HH:MM``; of the next day, too."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _half(word: str | None) -> str:
    """Return the half of the day that a word says: "a", "p", or nothing."""
    first = (word or "").lower()[:1]
    return first if first in {"a", "p"} else ""


def _minutes(hour: str, minute: str | None, half: str) -> int:
    hours, minutes = int(hour), int(minute or 0)
    most = NOON if half else 24
    if hours > most or (half and not hours) or minutes >= 60:  # noqa: PLR2004  (of an hour)
        raise ValueError(hour)
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    if (total := hours * 60 + minutes) > DAY_MINUTES:
        raise ValueError(hour)
    return total
