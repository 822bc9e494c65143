import pytest

from calibration.geometry import Rect
from vision.proposal.hours import hours_in, slots_along, with_hour_after
from vision.proposal.words import Word


def word(text, x, y, *, width=60, height=30):
    rect = Rect(x, y, x + width, y + height)
    return Word(text, 1.0, rect.to_quad())


@pytest.mark.parametrize(
    ("text", "starts", "ends", "exact"),
    [
        pytest.param("9:00", 540, None, False, id="morning"),
        pytest.param("13.30pm", 810, None, True, id="both-ways"),
        pytest.param("8am", 480, None, True, id="am"),
        pytest.param("12PM", 720, None, True, id="noon"),
        pytest.param("12am", 0, None, True, id="midnight"),
        pytest.param("10:00-11:30", 600, 690, False, id="span"),
        pytest.param("1-2pm", 780, 840, True, id="half-of-the-day-of-a-span"),
        pytest.param("1300-1400", 780, 840, True, id="small-minutes"),
        pytest.param("17300-1400", 780, 840, True, id="a-digit-too-many"),
        pytest.param("~140-1455", 840, 895, True, id="small-minutes-with-noise"),
    ],
)
def test_hour_of_a_word(text, starts, ends, exact):
    (hour,) = hours_in([word(text, 0, 0)])

    assert (hour.starts, hour.ends, hour.exact) == (starts, ends, exact)


@pytest.mark.parametrize("text", ["Room", "301", "25:00", "9:75", "3D", "#250", "2024"])
def test_other_words_are_no_hours(text):
    assert hours_in([word(text, 0, 0)]) == ()


def test_number_above_its_half_of_the_day_is_an_hour():
    hours = hours_in([word("2", 20, 0, width=20), word("PM", 0, 35)])

    assert [(hour.starts, hour.quad_photo.bounds) for hour in hours] == [
        (840, Rect(0, 0, 60, 65))
    ]


def test_hour_below_another_one_is_its_end():
    hours = hours_in([word("10:00-", 0, 0), word("11:00", 5, 31)])

    assert [(hour.starts, hour.ends) for hour in hours] == [(600, 660)]


def test_slots_are_the_hours_in_one_line_though_others_are_written_elsewhere():
    words = [word(f"{hour}:00", 10, 100 * hour) for hour in range(9, 17)]
    others = [word("14:30", 400, 900), word("8:00", 700, 1000), word("11:00", 12, 2000)]

    slots = slots_along(hours_in([*others, *words]))

    assert [slot.starts // 60 for slot in slots] == list(range(9, 17))


def test_hours_after_noon_that_do_not_say_so():
    names = ["10:00", "11:00", "12:00", "1:00", "2:00"]
    words = [word(name, 0, 100 * place) for place, name in enumerate(names)]

    slots = slots_along(hours_in(words))

    assert [slot.starts // 60 for slot in slots] == [10, 11, 12, 13, 14]


def test_hours_along_the_top():
    words = [word(f"{hour}:00", 100 * hour, 10) for hour in range(9, 13)]

    assert len(slots_along(hours_in(words))) == 4


@pytest.mark.parametrize("texts", [[], ["9:00"], ["Room", "301"]])
def test_too_few_hours_are_no_line(texts):
    words = [word(text, 0, 100 * place) for place, text in enumerate(texts)]

    assert slots_along(hours_in(words)) == ()


@pytest.mark.parametrize(
    ("text", "at", "starts"),
    [
        pytest.param("~15~1500", (5, 400), 900, id="an-hour-and-more"),
        pytest.param("~15~1500", (5, 600), None, id="too-far"),
        pytest.param("~15~1500", (300, 400), None, id="beside-the-line"),
        pytest.param("~12~1500", (5, 400), None, id="before-the-last"),
        pytest.param("Lunch", (5, 400), None, id="no-hour"),
        pytest.param("15", (5, 400), None, id="a-number"),
    ],
)
def test_hour_that_was_half_read_after_the_last(text, at, starts):
    words = [word(f"{hour}:00", 0, 100 * (hour - 11)) for hour in range(12, 15)]
    hours = slots_along(hours_in(words))

    longer = with_hour_after(hours, [*words, word(text, *at)])

    assert longer[:3] == hours
    assert [hour.starts for hour in longer[3:]] == ([starts] if starts else [])
