import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from calibration.layout import CellId
from server.schedule.diff import Change, ScheduleDiff, compare
from server.schedule.sessions import Schedule, Session

ZONE = ZoneInfo("America/New_York")
ONE = Session(
    id="1",
    title="Knitting",
    description="",
    host="Maya",
    handles=(),
    hashtags=(),
    urls=(),
    cell=CellId("Room 301", "10:00-11:00"),
    starts_at=dt.datetime(2024, 5, 17, 10, 0, tzinfo=ZONE),
    ends_at=dt.datetime(2024, 5, 17, 11, 0, tzinfo=ZONE),
    crop="c" * 64,
    confidence=0.5,
    corrected=False,
    presence="present",
    last_seen_at=dt.datetime(2024, 5, 17, 13, 0, tzinfo=dt.UTC),
)
TWO = replace(ONE, id="2", title="Typing")
MOVED = replace(ONE, cell=CellId("Room 302", "10:00-11:00"))
LONGER = replace(ONE, ends_at=ONE.ends_at + dt.timedelta(hours=1))
REWORDED = replace(ONE, host="Ada")
COVERED = replace(ONE, presence="covered")


def schedule(*sessions, board="friday"):
    return Schedule(board, sessions, ())


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        ((), (), ScheduleDiff()),
        ((ONE, TWO), (ONE, TWO), ScheduleDiff()),
        ((ONE,), (ONE, TWO), ScheduleDiff(added=(TWO,))),
        ((ONE, TWO), (TWO,), ScheduleDiff(gone=(ONE,))),
        ((ONE,), (MOVED,), ScheduleDiff(moved=(Change(ONE, MOVED),))),
        ((ONE,), (LONGER,), ScheduleDiff(moved=(Change(ONE, LONGER),))),
        ((ONE,), (REWORDED,), ScheduleDiff(changed=(Change(ONE, REWORDED),))),
        ((ONE,), (COVERED,), ScheduleDiff(covered=(COVERED,))),
        ((COVERED,), (COVERED,), ScheduleDiff()),
        ((COVERED,), (ONE,), ScheduleDiff()),
        (
            (ONE,),
            (replace(MOVED, host="Ada"),),
            ScheduleDiff(moved=(Change(ONE, replace(MOVED, host="Ada")),)),
        ),
        ((ONE,), (replace(ONE, confidence=0.9, crop="d" * 64),), ScheduleDiff()),
        ((ONE,), (TWO,), ScheduleDiff(added=(TWO,), gone=(ONE,))),
    ],
    ids=[
        "empty",
        "same",
        "added",
        "gone",
        "moved",
        "longer",
        "reworded",
        "covered",
        "still-covered",
        "back-in-sight",
        "moved-and-reworded-is-moved",
        "read-better-is-nothing",
        "replaced",
    ],
)
def test_compare(before, after, diff):
    assert compare(schedule(*before), schedule(*after)) == diff


def test_compare_of_two_boards_is_a_mistake():
    with pytest.raises(ValueError, match="friday, saturday"):
        compare(schedule(), schedule(board="saturday"))
