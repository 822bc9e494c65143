import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Quad
from calibration.layout import CellId
from server.schedule.evidence import (
    FREE_HOLDS,
    PhotoEvidence,
    TrackedCard,
    Words,
    absence_of,
    cells_from,
)
from vision.reading import CardFields, CardReading

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")
C, D = CellId("Room 303", "10:00-11:00"), CellId("Room 304", "10:00-11:00")
STATES = ("taken", "free", "blocked", "covered", "unseen")


def at(minute):
    return dt.datetime(2024, 5, 17, 10, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)


def shows(minute, state, **fates):
    return PhotoEvidence(f"photo-{minute}", at(minute), {A: state}, fates)


def sighting(minute, cell=A):
    return TrackedCard(
        card="card",
        photo=f"photo-{minute}",
        at=at(minute),
        cell=cell,
        until=None,
        colour="#ffd54f",
    )


def presence_of(newest, evidence):
    return absence_of(newest, evidence).presence


@pytest.mark.parametrize(
    ("evidence", "presence"),
    [
        ([], "present"),
        ([shows(5, "taken")], "present"),
        ([shows(3, "free", card="gone")], "present"),
        ([shows(6, "free", card="gone")], "gone"),
        ([shows(6, "covered", card="covered")], "covered"),
        ([shows(6, "unseen", card="unseen")], "unseen"),
        ([shows(6, "free", card="gone"), shows(7, "x", card="unseen")], "gone"),
        ([shows(6, "x", card="covered"), shows(7, "x", card="unseen")], "unseen"),
        ([shows(7, "x", card="unseen"), shows(6, "x", card="covered")], "unseen"),
        ([shows(6, "free")], "gone"),
        ([shows(6, "taken")], "gone"),
        ([shows(6, "covered")], "covered"),
        ([shows(6, "unseen")], "unseen"),
        ([shows(6, "blocked")], "unseen"),
    ],
    ids=[
        "no-photo",
        "its-own-photo",
        "older-photo",
        "newer-photo-shows-it-gone",
        "covered",
        "outside",
        "stays-gone-unseen",
        "newest-decides",
        "in-any-order",
        "came-late-cell-free-by-then",
        "came-late-other-card-by-then",
        "came-late-covered-by-then",
        "came-late-outside-by-then",
        "came-late-in-a-blocked-cell-that-may-not-be-seen",
    ],
)
def test_presence_after_a_sighting_at_five_past(evidence, presence):
    assert presence_of(sighting(5), evidence) == presence


def test_presence_of_a_card_beside_the_cells_that_came_late_is_unseen():
    assert presence_of(sighting(5, cell=None), [shows(6, "free")]) == "unseen"


QUARTER = 0.25


def part(minute, fate, *seen):
    """A close-up of some of four cells: what it says of the card in the first."""
    cells = {cell: "free" if cell in seen else "unseen" for cell in (A, B, C, D)}
    return PhotoEvidence(f"part-{minute}", at(minute), cells, {"card": fate}, QUARTER)


BARE = part(20, "gone", A, B)


@pytest.mark.parametrize(
    ("evidence", "presence"),
    [
        ([BARE], "unseen"),
        ([BARE, part(21, "unseen", C)], "unseen"),
        ([BARE, part(21, "unseen", C), part(22, "unseen", D)], "gone"),
        ([BARE, part(90, "unseen", C), part(200, "unseen", D)], "gone"),
        ([part(18, "unseen", C), part(19, "unseen", D), BARE], "gone"),
        ([part(9, "unseen", C), part(19, "unseen", D), BARE], "unseen"),
        ([part(18, "covered", A, C, D), BARE], "unseen"),
        ([BARE, part(21, "covered", A, C, D)], "gone"),
        ([BARE, shows(21, "x", card="unseen")], "gone"),
        ([shows(15, "x", card="covered"), BARE], "unseen"),
        ([part(3, "unseen", C, D), BARE], "unseen"),
    ],
    ids=[
        "its-bare-place-alone",
        "a-part-is-still-missing",
        "the-rest-after-it",
        "the-rest-much-later",
        "the-rest-just-before-it",
        "the-rest-too-long-before-it",
        "may-have-hung-there-still",
        "the-rest-with-its-place-hidden-by-then",
        "a-whole-photo-after-it",
        "a-whole-photo-before-it-that-did-not-show-the-place",
        "the-rest-before-it-was-seen-last",
    ],
)
def test_a_card_is_gone_only_once_it_can_hang_nowhere_else(evidence, presence):
    assert presence_of(sighting(5), evidence) == presence
    assert presence_of(sighting(5), evidence[::-1]) == presence


@given(data=st.data(), extra=st.sampled_from((A, B, C, D)))
def test_what_is_gone_stays_gone_whatever_later_photos_leave_out(data, extra):
    minutes = data.draw(st.lists(st.integers(6, 40), unique=True, max_size=5))
    fates = st.sampled_from(("gone", "covered", "unseen"))
    photos = [
        part(minute, data.draw(fates), data.draw(st.sampled_from((A, B, C, D))))
        for minute in minutes
    ]
    later = part(50, data.draw(fates), extra)

    if presence_of(sighting(5), photos) == "gone":
        assert presence_of(sighting(5), [later, *photos]) == "gone"


def test_words_are_those_of_the_reading():
    reading = CardReading(
        quad_photo=Quad.from_array([[0, 0], [9, 0], [9, 9], [0, 9]]),
        cell=B,
        lines=(),
        fields=CardFields(title="Knitting", host="Maya"),
        confidence=0.9,
        colour="#000000",
        engine="thorough",
    )

    assert Words.of(reading) == Words("", reading.fields, 0.9)


HOLDS = int(FREE_HOLDS.total_seconds() // 60)


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        ([], None),
        ([shows(0, "free")], "free"),
        ([shows(0, "free"), shows(1, "taken")], "taken"),
        ([shows(1, "taken"), shows(0, "free")], "taken"),
        ([shows(0, "free"), shows(HOLDS, "unseen")], "free"),
        ([shows(0, "free"), shows(HOLDS + 1, "unseen")], "unseen"),
        ([shows(0, "free"), shows(1, "unseen"), shows(HOLDS + 1, "unseen")], "unseen"),
        ([shows(0, "free"), shows(1, "covered")], "covered"),
        ([shows(0, "taken"), shows(500, "unseen")], "taken"),
        ([shows(0, "taken"), shows(1, "covered")], "taken"),
        ([shows(0, "covered"), shows(1, "unseen")], "unseen"),
        ([shows(0, "covered"), shows(1, "free")], "free"),
    ],
    ids=[
        "no-photo",
        "free",
        "newer-wins",
        "in-any-order",
        "close-up-of-another-part",
        "free-for-too-long",
        "unseen-does-not-renew",
        "hidden-is-not-free",
        "taken-holds-outside",
        "taken-holds-hidden",
        "never-shown",
        "shown-at-last",
    ],
)
def test_cells_last_known_state(evidence, state):
    expected = [(A, state)] if state else []

    assert [(one.cell, one.state) for one in cells_from(evidence)] == expected


@st.composite
def many_photos(draw):
    minutes = draw(st.lists(st.integers(0, 60), unique=True, max_size=6))
    state = st.sampled_from(STATES)
    return [
        PhotoEvidence(str(minute), at(minute), {A: draw(state), B: draw(state)})
        for minute in minutes
    ]


@given(photos=many_photos(), data=st.data())
def test_cells_are_the_same_in_whatever_order_photos_arrive(photos, data):
    shuffled = data.draw(st.permutations(photos))

    assert cells_from(shuffled) == cells_from(photos)


@given(photos=many_photos())
def test_cells_are_free_only_where_the_newest_photo_that_shows_them_says_so(photos):
    for entry in cells_from(photos):
        telling = [
            photo.cells[entry.cell]
            for photo in sorted(photos, key=lambda photo: photo.at)
            if photo.cells[entry.cell] not in {"unseen", "covered"}
        ]
        if entry.state == "free":
            assert telling[-1] == "free"
