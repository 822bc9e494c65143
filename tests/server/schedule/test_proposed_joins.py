"""Which cards a person is asked about: are they what they made before?"""

import datetime as dt
from dataclasses import replace

import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from server.schedule.cards_now import cards_now
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Elsewhere
from server.schedule.corrections.join import Join
from server.schedule.corrections.kinds import held_by
from server.schedule.corrections.split import Split
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.schedule.proposed_joins import proposed_joins
from vision.reading import CardFields

TEN, ELEVEN = "10:00-11:00", "11:00-12:00"
HERE, BELOW, BESIDE, ELSEWHERE = (
    CellId(room, slot) for room in ("Room 301", "Room 302") for slot in (TEN, ELEVEN)
)
MADE_AT = dt.datetime(2024, 5, 17, 15, 0, tzinfo=dt.UTC)
LATER = MADE_AT + dt.timedelta(minutes=10)
CARD = "a" * 12
HALVES = Rect(0, 0, 0.5, 1), Rect(0.5, 0, 1, 1)

WRITTEN = WriteSession.of("friday", HERE, Texts("Juggling with five balls", "", "Ines"))
DRAWN = Draw.of("friday", "picture", HALVES[0], "drawn", cell=HERE)
SPLIT = Split.of("b" * 12, ("kept", "part"), HALVES, cell=HERE)


def proposed(cards, *changes):
    held = held_by(
        Correction(number, change, "Ada", MADE_AT)
        for number, change in enumerate(changes)
    )
    return [
        (first, other, round(likeness, 2))
        for first, other, likeness in proposed_joins(cards_now(cards, held), held)
    ]


HIKE = WriteSession(
    "d" * 12, "friday", texts=Texts("Hike"), elsewhere=Elsewhere("Main gate")
)


@pytest.fixture
def card(make_card):
    def card(title, host="", cell=HERE, **more):
        return make_card(
            **{
                "id": CARD,
                "fields": CardFields(title, host=host),
                "cell": cell,
                "first_seen_at": LATER,
                **more,
            }
        )

    return card


@pytest.mark.parametrize(
    ("title", "host", "cell", "likeness"),
    [
        pytest.param("Juggling with five balls", "Ines", HERE, 1.0, id="the-same"),
        pytest.param("Jugling with 5 balls", "lnes", HERE, 0.86, id="misread"),
        pytest.param("Five balls: juggling with", "", HERE, 1.0, id="other-order"),
        pytest.param("Juggling with five balls", "Ines", ELSEWHERE, 0.7, id="words"),
        pytest.param("Juggling with five balls", "Ines", BESIDE, 0.9, id="next-room"),
        pytest.param("Juggling with five balls", "Ines", None, 0.7, id="beside-cells"),
        pytest.param("", "", HERE, 0.65, id="unreadable-in-its-place"),
        pytest.param("", "", BELOW, None, id="unreadable-elsewhere"),
        pytest.param("Type checking", "Maya", HERE, None, id="another-in-its-place"),
    ],
)
def test_a_session_by_hand_may_be_the_card_that_is_like_it(
    card, title, host, cell, likeness
):
    expected = [(WRITTEN.card, CARD, likeness)] if likeness else []

    assert proposed([card(title, host, cell)], WRITTEN) == expected


@pytest.mark.parametrize("made", [DRAWN, SPLIT], ids=["drawn", "part"])
def test_what_has_no_words_may_be_what_was_found_later_in_its_place(card, made):
    whole = card("Knitting", id="b" * 12, cell=BESIDE, first_seen_at=MADE_AT)
    found = card("Juggling")
    before = replace(found, first_seen_at=MADE_AT)

    assert proposed([whole, found], made) == [(made.cards[-1], CARD, 0.65)]
    assert proposed([whole, before], made) == []
    assert proposed([whole, replace(found, cell=BELOW)], made) == []


def test_what_a_person_typed_counts_of_both(card):
    edits = (
        Edit(WRITTEN.card, title="Knitting", host="Bo"),
        Edit(CARD, title="Knitting", host="Bo"),
    )

    assert proposed([card("Type checking")], WRITTEN, *edits) == [
        (WRITTEN.card, CARD, 1.0)
    ]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(Join(WRITTEN.card, (CARD,)), id="joined"),
        pytest.param(Edit(CARD, hidden=True), id="card-hidden"),
        pytest.param(Edit(WRITTEN.card, hidden=True), id="session-hidden"),
    ],
)
def test_what_is_settled_is_not_asked(card, change):
    assert proposed([card("Juggling with five balls", "Ines")], WRITTEN, change) == []


def test_what_left_the_board_is_not_asked(card):
    gone = card("Juggling with five balls", "Ines", presence="gone")

    assert proposed([gone], WRITTEN) == []


def test_each_is_proposed_once_for_what_it_is_most_like(card):
    other = WriteSession.of("friday", BELOW, Texts("Juggling with six balls"))
    cards = [
        card("Juggling with five balls", "Ines"),
        card("Juggling with five balls", cell=ELSEWHERE, id="c" * 12),
    ]

    assert [pair[:2] for pair in proposed(cards, WRITTEN, other)] == [
        (WRITTEN.card, CARD),
        (other.card, "c" * 12),
    ]


def test_card_beside_the_cells_is_what_is_held_elsewhere(card):
    assert proposed([card("Hiek", cell=None)], HIKE) == [(HIKE.card, CARD, 0.82)]
    assert proposed([card("Hiek")], HIKE) == []
    assert proposed([card("", cell=None)], HIKE) == [(HIKE.card, CARD, 0.65)]


def test_card_in_the_place_of_a_planned_session_is_another_one_if_it_says_so(card):
    planned = replace(WRITTEN, texts=Texts("Typing clinic"), planned=True)

    assert proposed([card("Knitting")], planned) == []
    assert proposed([card("Typing clinics")], planned) == [(planned.card, CARD, 0.97)]
    by_hand = replace(planned, planned=False)
    assert proposed([card("Knitting")], by_hand) == [(planned.card, CARD, 0.7)]
