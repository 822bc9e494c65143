"""The day that headings say, where no board is known."""

import datetime as dt

import pytest

from calibration.geometry import Rect
from vision.proposal.said_day import day_said
from vision.proposal.words import Word

TAKEN = dt.date(2024, 5, 16)


def line(text, y=0, height=20):
    """The words of a line of text, side by side."""
    words, x = [], 0
    for part in text.split():
        width = height * len(part) / 2
        words.append(Word(part, 1.0, Rect(x, y, x + width, y + height).to_quad()))
        x += width + height / 2
    return words


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Saturday, 18 May", (2024, 5, 18)),
        ("Open Spaces Saturday 18 May", (2024, 5, 18)),
        ("Samstag, 18. Mai 2024", (2024, 5, 18)),
        ("18.5.", (2024, 5, 18)),
        ("5月18日", (2024, 5, 18)),
        ("18 May 2026", (2026, 5, 18)),
        # Of the days of the week the nearest: a board is hung up the evening before.
        ("Friday", (2024, 5, 17)),
        ("Montag", (2024, 5, 13)),
        # Misread: that is a Monday.
        ("Saturday, 13 May", None),
        ("30 February", None),
        # Two days, and words that only look like one.
        ("18 May 19 May", None),
        ("So what Room 9 10:00", None),
        ("", None),
    ],
)
def test_a_heading_says_a_day(text, day):
    assert day_said(line(text)).near(TAKEN) == (day and dt.date(*day))


def test_a_day_without_a_year_is_the_nearest():
    assert day_said(line("2 January")).near(dt.date(2023, 12, 30)) == dt.date(
        2024, 1, 2
    )


def test_the_larger_of_two_dates_is_the_headings():
    words = line("18 May", height=40) + line("Notes of 3 May", y=90)

    assert day_said(words).near(TAKEN) == dt.date(2024, 5, 18)


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
@pytest.mark.parametrize("text", ["Saturday", "31 December", "1 January"])
def test_camera_s_first_and_last_day_break_nothing(text, day):
    found = day_said(line(text)).near(day)

    assert found is None or found.year == day.year
