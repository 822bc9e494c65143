"""What people say of photos: pure."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.schedule.corrections.change import Told
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.held import Held, HeldPhoto, HeldTime, Made
from server.schedule.corrections.kinds import (
    change_from_json,
    change_to_json,
    held_by,
    photo_of,
)
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.schedule.corrections.photo_time import PhotoTime

AT = dt.datetime(2024, 5, 17, 14, 42, tzinfo=dt.UTC)
NEW_YORK = ZoneInfo("America/New_York")

CHANGE = st.sampled_from(["p1", "p2"]).flatmap(
    lambda photo: st.one_of(
        st.just(PhotoTakenBack(photo)),
        st.integers(0, 9).map(
            lambda minute: PhotoTime(photo, AT.replace(minute=minute))
        ),
    )
)
CORRECTIONS = st.lists(st.tuples(CHANGE, st.booleans()), max_size=6).map(
    lambda acts: [
        Correction(number, change, "Ada", AT, undone)
        for number, (change, undone) in enumerate(acts, 1)
    ]
)


@given(CORRECTIONS, CHANGE)
def test_undo_after_do_is_the_identity(before, change):
    undone = Correction(99, change, "Bo", AT, undone=True)

    assert held_by([*before, undone]) == held_by(before)


@given(CORRECTIONS)
def test_acts_on_different_photos_and_of_different_kinds_commute(corrections):
    by_kind = sorted(
        corrections,
        key=lambda one: (one.change.photo, one.change.kind, one.id),
    )
    apart = Held()
    for one in by_kind:
        apart = apart if one.undone else one.change.apply(apart, one.made)

    assert apart == held_by(corrections)


@given(CHANGE)
def test_stored_as_json_and_back_it_is_the_same(change):
    assert change_from_json(change_to_json(change)) == change
    assert photo_of(change) == change.photo


def test_what_holds_of_a_photo():
    first = Correction(1, PhotoTakenBack("p1"), "Ada", AT)
    second = Correction(2, PhotoTime("p1", AT), "Bo", AT)

    assert held_by([first, second]).photo("p1") == HeldPhoto(
        taken_back=Made(1, "Ada", AT), time=HeldTime(AT, Made(2, "Bo", AT))
    )
    assert held_by([first, second]).photo("p2") == HeldPhoto()


def test_both_tell_what_they_changed():
    at = AT.astimezone(NEW_YORK)
    before = held_by([Correction(1, PhotoTime("p1", AT), "Ada", AT)])
    later = PhotoTime("p1", at.replace(hour=11), "photo sent 10:50 by Sam")

    assert PhotoTakenBack("p1", "photo sent 10:50 by Sam").tell(before, {}) == (
        Told("photo sent 10:50 by Sam", None, "taken back"),
    )
    assert later.tell(before, {}) == (
        Told(
            "photo sent 10:50 by Sam, taken at",
            "10:42, 2024-05-17",
            "11:42, 2024-05-17",
        ),
    )
    assert later.tell(Held(), {})[0].before is None


def test_time_of_a_photo_is_aware():
    with pytest.raises(ValueError, match="expected an aware time"):
        PhotoTime("p1", AT.replace(tzinfo=None))
