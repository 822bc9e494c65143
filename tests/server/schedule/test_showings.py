import datetime as dt

import pytest

from server.schedule.showings import Showing, crop_of, same_words


def showing(minute, change="same", *, read=False, sharpness=1.0):
    return Showing(
        photo=f"photo-{minute}",
        at=dt.datetime(2024, 5, 17, 10, minute, tzinfo=dt.UTC),
        position=0,
        read_again=read,
        change=change,
        sharpness=sharpness,
        crop=f"crop-{minute}",
    )


NEW = showing(0, "new", read=True)


@pytest.mark.parametrize(
    ("showings", "expected"),
    [
        pytest.param([NEW], [0], id="one photo"),
        pytest.param([NEW, showing(1), showing(2)], [0, 1, 2], id="known again"),
        pytest.param([showing(2), NEW, showing(1)], [0, 1, 2], id="in any order"),
        pytest.param(
            [NEW, showing(1), showing(2, "sharper", read=True)],
            [0, 1, 2],
            id="the same words, sharper",
        ),
        pytest.param(
            [NEW, showing(1), showing(2, "edited", read=True), showing(3)],
            [2, 3],
            id="edited",
        ),
        pytest.param(
            [NEW, showing(1, "whole", read=True)], [1], id="more of it was seen"
        ),
        pytest.param(
            [NEW, showing(1, "same", read=True)], [1], id="read, nobody knows why"
        ),
        pytest.param([showing(1), showing(2)], [1, 2], id="never read"),
    ],
)
def test_photos_that_show_the_words_that_hold(showings, expected):
    assert [entry.at.minute for entry in same_words(showings)] == expected


@pytest.mark.parametrize(
    ("sharpness", "expected"),
    [
        pytest.param([1.0, 1.0, 0.9], 2, id="newest"),
        pytest.param([2.0, 1.0, 0.9], 0, id="much sharper"),
        pytest.param([1.7, 1.0, 0.9], 2, id="a little sharper"),
        pytest.param([1.0, 0.9, 0.0], 1, id="somebody is in front of the newest"),
        pytest.param([0.0, 0.0, 0.0], 2, id="nothing is known"),
    ],
)
def test_crop_that_people_are_shown(sharpness, expected):
    showings = [showing(at, sharpness=value) for at, value in enumerate(sharpness)]
    assert crop_of(showings) == f"crop-{expected}"
