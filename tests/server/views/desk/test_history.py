import datetime as dt
from dataclasses import replace

import pytest

from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.kinds import held_by
from server.views.desk.cards import desk_cards
from server.views.desk.history import history_of
from vision.reading import CardFields

AT = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
CELL = CellId("Room 301", "10:00-11:00")


@pytest.fixture
def card():
    return Card(
        id="a" * 12, board="friday", cell=CELL, until=None, text="Tvping",
        fields=CardFields(title="Tvping"), confidence=0.6, colour="#ffd54f",
        crop="c" * 64, presence="present", first_seen_at=AT, last_seen_at=AT,
    )  # fmt: skip


def change(number, field, value, *, undone=False):
    return Correction(number, Edit.setting("a" * 12, {field: value}), "Ada", AT, undone)


def history(card, corrections, limit=10):
    cards = desk_cards([card], held_by(corrections))
    return history_of(cards, corrections, limit)


def told(entries):
    return [line for entry in entries for line in entry.told]


def test_history_tells_the_newest_first_and_what_was_before(card):
    entries = history(
        card,
        [
            change(1, "title", "Tvping"),
            change(2, "title", "Typing"),
            change(3, "cell", CellId("Room 302", "10:00-11:00")),
            change(4, "hidden", value=True),
            change(5, "host", ""),
        ],
    )

    assert told(entries) == [
        ("host", "(empty)", "(empty)"),
        ("card", "shown", "hidden"),
        ("place", "Room 301, 10:00-11:00", "Room 302, 10:00-11:00"),
        ("title", "Tvping", "Typing"),
        ("title", "Tvping", "Tvping"),
    ]
    assert {entry.card_title for entry in entries} == {"Typing"}


def test_history_passes_over_what_was_taken_back(card):
    entries = history(
        card,
        [change(1, "title", "Wrong", undone=True), change(2, "title", "Typing")],
    )

    assert told(entries) == [
        ("title", "Tvping", "Typing"),
        ("title", "Tvping", "Wrong"),
    ]


def test_history_of_a_card_beside_the_cells(card):
    entries = history(replace(card, cell=None), [change(1, "cell", CELL)])

    assert told(entries) == [("place", "nowhere", "Room 301, 10:00-11:00")]


def test_history_is_as_long_as_it_is_asked_for(card):
    changes = [change(number, "title", str(number)) for number in range(1, 6)]

    assert [line.after for line in told(history(card, changes, limit=2))] == ["5", "4"]
    assert history(card, [], limit=2) == ()


def test_history_of_a_session_that_a_person_cancelled(card):
    struck = replace(card, fields=CardFields(title="Tvping", cancelled=True))
    entries = history(
        struck,
        [change(1, "cancelled", value=False), change(2, "cancelled", value=True)],
    )

    assert told(entries) == [
        ("session", "on", "cancelled"),
        ("session", "cancelled", "on"),
    ]
