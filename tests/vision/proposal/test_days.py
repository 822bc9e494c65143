"""Which day the headings of a wall name."""

import datetime as dt
from dataclasses import replace

import pytest

from calibration.event import Board
from calibration.geometry import Rect
from calibration.layout import Layout, Slot
from vision.proposal.days import day_named, title_among
from vision.proposal.words import Word

LAYOUT = Layout(("A", "B"), (Slot.parse("10:00-11:00"), Slot.parse("11:00-12:00")))
FRIDAY, SATURDAY, SUNDAY = (dt.date(2024, 5, 17 + number) for number in range(3))


def board(date, title="Open Space", slug=""):
    return Board(slug or f"day-{date.day}", title, date, LAYOUT)


BOARDS = [board(FRIDAY), board(SATURDAY), board(SUNDAY)]


def line(text, y=0, height=20):
    """The words of a line of text, side by side."""
    words, x = [], 0
    for part in text.split():
        width = height * len(part) / 2
        words.append(Word(part, 1.0, Rect(x, y, x + width, y + height).to_quad()))
        x += width + height / 2
    return words


def named(text, boards=BOARDS):
    return day_named(line(text), boards)


@pytest.mark.parametrize(
    "text",
    [
        "Saturday",
        "SATURDAY:",
        "Satunday",
        "Saturdoy",
        "Samstag",
        "Sonnabend",
        "samedi",
        "sábado",
        "sabato",
        "Zaterdag",
        "Sat.",
        "Sa",
        "星期六",
        "週六",
        "Day 2",
        "Tag 2",
        "Día 2",
        "第2天",
        "May 18",
        "18 May 2024",
        "May 18th, 2024",
        "18. Mai",
        "18.5.",
        "18. 5. 2024",
        "18 de mayo",
        "5月18日",
        "2024-05-18",
        "Open Spaces on Saturday 18 May",
    ],
)
def test_a_heading_names_its_day(text):
    assert named(text) == SATURDAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Open Space",  # the title of all days
        "Saturday Sunday",  # a poster with the event's days
        "Day 4",
        "Day 12",
        "Wednesday",  # no board is of that day
        "Sadurnoy",  # too many wrong letters
        "Sot",  # short words are other words with one wrong letter
        "18:05",
        "18.05",
        "May 28",
        "Room 18",
        "Sundae",  # not Sunday's: it may be, and no letter says so
    ],
)
def test_what_names_no_day(text):
    expected = SUNDAY if text == "Sundae" else None

    assert named(text) == expected


def test_short_forms_that_are_words_count_on_a_line_of_their_own():
    boards = [board(FRIDAY - dt.timedelta(days=number)) for number in range(-2, 5)]

    for text in ("What to do", "Do", "DO", "So what", "Mi casa es tu casa"):
        assert named(text, boards) is None, text
    assert named("So", boards) == SUNDAY


def test_a_room_s_name_is_no_day():
    rooms = Layout(("Sun", "Moon"), LAYOUT.slots)
    boards = [replace(one, layout=rooms) for one in BOARDS]

    assert named("Sun Room") is None
    assert named("Sun") == SUNDAY
    assert named("Sun", boards) is None


def test_a_day_misread_for_another_one_without_a_board_names_none():
    tuesday = [board(dt.date(2024, 5, 14)), board(FRIDAY)]

    assert named("Thursday", tuesday) is None
    assert named("Tuesday", tuesday) == dt.date(2024, 5, 14)


def test_a_board_s_own_title_names_its_day():
    boards = [board(FRIDAY, "Unconference"), board(SATURDAY, "Sprints and Space")]

    assert named("Sprints and Space", boards) == SATURDAY
    assert named("Sprimts and Spaze", boards) == SATURDAY
    assert named("Uncomference", boards) == FRIDAY


def test_titles_that_differ_in_a_digit_are_not_taken_for_each_other():
    boards = [board(FRIDAY, "Block 1"), board(SATURDAY, "Block 2")]

    assert named("Block 2", boards) == SATURDAY
    assert named("Block 3", boards) is None


def test_two_boards_of_one_day_are_one_day():
    boards = [board(FRIDAY), board(SATURDAY), board(SATURDAY, slug="upstairs")]

    assert named("Saturday", boards) == SATURDAY


def test_the_same_weekday_a_week_later_names_none():
    boards = [board(FRIDAY), board(FRIDAY + dt.timedelta(days=7))]

    assert named("Friday", boards) is None


def test_small_print_with_another_day_does_not_count():
    heading, small = line("Saturday", height=40), line("until Sunday", y=60)

    assert day_named([*heading, *small], BOARDS) == SATURDAY
    assert day_named([*line("Saturday"), *small], BOARDS) is None


def test_words_of_other_lines_are_not_one_title():
    day, number = line("Day"), line("2", y=200)

    assert day_named([*day, *number], BOARDS) is None


def test_the_title_is_the_largest_day():
    words = [*line("friday,"), *line("Saturday", y=50, height=60)]

    assert title_among(words).text == "Saturday"
    assert title_among([]) is None
