import pytest

from calibration.geometry import Rect
from vision.proposal.hours import Hour
from vision.proposal.slots import Row, rows_of, with_rows_before

QUAD = Rect(0, 0, 1, 1).to_quad()


def rows(*starts, ends=None, places=None):
    hours = [Hour(start, ends, exact=True, quad_photo=QUAD) for start in starts]
    return rows_of(hours, places or [100.0 * place for place in range(len(hours))])


def test_slot_ends_when_the_next_begins_and_the_last_is_as_long_as_usual():
    assert rows(600, 660, 720) == (
        Row("10:00-11:00", 0),
        Row("11:00-12:00", 100),
        Row("12:00-13:00", 200),
    )


def test_slot_before_a_break_is_as_long_as_usual():
    labels = [row.label for row in rows(840, 900, 960, 1140, 1200)]

    assert labels[2:4] == ["16:00-17:00", "19:00-20:00"]


def test_slot_ends_as_its_heading_says():
    assert [row.label for row in rows(600, 660, ends=645)] == [
        "10:00-10:45",
        "11:00-12:00",
    ]


def test_heading_between_two_others_that_was_not_read():
    made = rows(600, 660, 780, 840, places=[0, 100, 305, 400])

    assert made == (
        Row("10:00-11:00", 0),
        Row("11:00-12:00", 100),
        Row("12:00-13:00", 200),
        Row("13:00-14:00", 305),
        Row("14:00-15:00", 400),
    )


def test_last_slot_of_a_day_ends_at_its_end():
    assert rows(1320, 1380)[-1].label == "23:00-24:00"


@pytest.mark.parametrize(
    ("edge", "start", "added"),
    [
        pytest.param(-50, -60, [], id="headings-of-rooms-right-above"),
        pytest.param(-50, -150, ["09:00-10:00"], id="one-row-above"),
        pytest.param(-50, -260, ["08:00-09:00", "09:00-10:00"], id="two-rows-above"),
    ],
)
def test_rows_below_the_rooms_whose_headings_were_not_read(edge, start, added):
    read = rows(600, 660, 720)

    made = with_rows_before(read, edge, start)

    assert [row.label for row in made[: len(added)]] == added
    assert made[len(added) :] == read


def test_heading_before_one_that_was_not_read_says_when_its_slot_ends():
    hours = [
        Hour(665, 720, exact=True, quad_photo=QUAD),
        Hour(725, 780, exact=True, quad_photo=QUAD),
        Hour(840, 895, exact=True, quad_photo=QUAD),
    ]

    assert [row.label for row in rows_of(hours, [0, 100, 300])] == [
        "11:05-12:00",
        "12:05-13:00",
        "13:05-14:00",
        "14:00-14:55",
    ]
