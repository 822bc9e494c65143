"""The day that stands on a board of which nothing is known yet. Pure."""

import datetime as dt
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from vision.proposal.days import (
    largest,
    month_day_of,
    runs_of,
    title_among,
    weekday_of,
)
from vision.proposal.words import Word

YEAR = re.compile(r"\b20\d\d\b")

HALF_WEEK = 3
"""Days before and after a photo's own in which a day of the week is sought."""


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day as it stands on a board: a day of the week, of a year, or both.

    Parameters
    ----------
    weekday : int or None
        0 for Monday.
    month_day : (int, int) or None
    year : int or None
    """

    weekday: int | None = None
    month_day: tuple[int, int] | None = None
    year: int | None = None

    def near(self, day: dt.date) -> dt.date | None:
        """Return the date that is meant: of all such days the nearest to another.

        None if there is none: "Saturday, 13 May" of a year in which that is a Monday.
        """
        if self.month_day is None:
            if self.weekday is None:
                return None
            away = (self.weekday - day.weekday() + HALF_WEEK) % 7 - HALF_WEEK
            with suppress(OverflowError):  # a camera's first year, or its last
                return day + dt.timedelta(days=away)
            return None
        years = (self.year,) if self.year else range(day.year - 1, day.year + 2)
        of_years = (_date(year, *self.month_day) for year in years)
        there = (date for date in of_years if date)
        nearest = min(there, key=lambda date: abs(date - day), default=None)
        fits = nearest and self.weekday in {None, nearest.weekday()}
        return nearest if fits else None


def day_said(words: Sequence[Word]) -> SaidDay:
    """Return the day that headings name, whatever the boards; empty if none or several do.

    Takes the words of the headings, level. Of several dates the largest one counts. A day
    of the week is spelt right and in full: "So" is a word, too.
    """
    runs = list(runs_of(words))
    month_day = largest((month_day_of(text), height) for text, height in runs)
    years = {
        int(match[0])
        for text, _ in runs
        if month_day_of(text) == month_day and (match := YEAR.search(text))
    }
    title = title_among(words)
    return SaidDay(
        weekday_of(title.text) if title else None,
        month_day,
        years.pop() if month_day and len(years) == 1 else None,
    )


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
