"""Planned sessions and those elsewhere: where they are told, until a card is there."""

import datetime as dt
from dataclasses import replace

import pytest

from calibration.layout import CellId
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Elsewhere
from server.schedule.corrections.join import Join
from server.schedule.corrections.kinds import change_from_json, change_to_json
from server.schedule.corrections.plan import Plan
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.schedule.sessions import build_schedule
from server.store.codec import schedule_from_json, schedule_to_json
from server.views.desk.planned import desk_plans
from vision.reading import CardFields

NOON = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
TEN, CARD = CellId("Room 301", "10:00-11:00"), "c" * 12
GAMES = WriteSession(
    "a" * 12, "friday", TEN, Texts("Board games", "Bring one", "Ada"), planned=True
)
EVENING = WriteSession(
    "b" * 12,
    "friday",
    texts=Texts("Hike", host="Bo"),
    elsewhere=Elsewhere("Main gate", "", "19:00", "20:00"),
    handles=("@bo",),
)
WORDS = replace(
    EVENING, elsewhere=Elsewhere("Main gate", "in the evening"), planned=True
)


@pytest.fixture
def build(board, timezone):
    def build(*changes, cards=(), planned="listed"):
        corrections = [
            Correction(number, change, "Ada", NOON)
            for number, change in enumerate(changes)
        ]
        return build_schedule(cards, corrections, board, timezone, (), planned=planned)

    return build


@pytest.fixture
def card(make_card):
    return make_card(id=CARD, fields=CardFields("Board gamez"), cell=TEN)


def told(schedule):
    return [
        (one.id, one.listing, one.place, f"{one.starts_at:%H:%M}-{one.ends_at:%H:%M}")
        for one in schedule.every
    ]


def test_planned_session_is_listed_and_takes_no_cell(build):
    schedule = build(Plan((GAMES, EVENING)))

    assert told(schedule) == [
        (GAMES.card, "planned", "Room 301", "10:00-11:00"),
        (EVENING.card, "elsewhere", "Main gate", "19:00-20:00"),
    ]
    assert {entry.state for entry in schedule.cells} == {"unseen", "blocked"}
    assert schedule.listed[1].handles == ("@bo",)


def test_planned_session_is_on_the_schedule_at_once_where_the_event_says_so(build):
    schedule = build(GAMES, WORDS, planned="scheduled")

    assert told(schedule) == [
        (GAMES.card, "", "Room 301", "10:00-11:00"),
        (WORDS.card, "elsewhere", "Main gate", "00:00-00:00"),
    ]
    assert not schedule.listed[0].timed


def test_online_where_no_card_will_come_it_is_on_the_schedule_at_once(board, timezone):
    online = replace(board, online=True, tags=None)
    corrections = [Correction(1, Plan((GAMES, WORDS)), "Ada", NOON)]

    schedule = build_schedule((), corrections, online, timezone, (), planned="listed")

    assert [(one.id, one.listing) for one in schedule.every] == [
        (GAMES.card, ""),
        (WORDS.card, "elsewhere"),
    ]
    states = {entry.cell: entry.state for entry in schedule.cells}
    assert states[GAMES.cell] == "taken"


def test_joined_with_its_card_it_is_official_under_its_id(build, card):
    schedule = build(GAMES, Join(GAMES.card, (CARD,)), cards=[card])

    (session,) = schedule.sessions
    assert (session.id, session.title, session.crop) == (
        GAMES.card,
        "Board games",
        card.crop,
    )
    assert schedule.listed == ()
    beside = replace(card, cell=None)
    (session,) = build(EVENING, Join(EVENING.card, (CARD,)), cards=[beside]).listed
    assert (session.listing, session.place) == ("elsewhere", "Main gate")
    assert session.crop == card.crop
    gone = replace(card, presence="gone")
    assert told(build(GAMES, Join(GAMES.card, (CARD,)), cards=[gone])) == []


def test_moved_and_hidden_at_the_desk(build):
    later = CellId("Room 302", "11:00-12:00")

    assert told(build(GAMES, Edit(GAMES.card, cell=later))) == [
        (GAMES.card, "planned", "Room 302", "11:00-12:00")
    ]
    assert told(build(EVENING, Edit(EVENING.card, cell=later))) == [
        (EVENING.card, "", "Room 302", "11:00-12:00")
    ]
    assert told(build(GAMES, Edit(GAMES.card, hidden=True))) == []


def test_changed_row_leaves_what_people_set_since(build):
    renamed = Edit(GAMES.card, title="Games night")
    moved = replace(
        GAMES,
        cell=CellId("Room 302", "10:00-11:00"),
        texts=Texts("Board games", "", "Eve"),
    )

    (session,) = build(Plan((GAMES,)), renamed, Plan((moved,), (GAMES,))).listed

    assert (session.title, session.host, session.description, session.place) == (
        "Games night",
        "Eve",
        "",
        "Room 302",
    )


def test_session_that_is_held_anyway_stays_so_when_its_row_changes(build):
    held_anyway = replace(GAMES, planned=False)
    moved = replace(GAMES, cell=CellId("Room 302", "10:00-11:00"))

    changes = Plan((GAMES,)), held_anyway, Plan((moved,), (GAMES,))

    assert told(build(*changes)) == [(GAMES.card, "", "Room 302", "10:00-11:00")]


def test_card_beside_the_cells_is_elsewhere_where_the_board_says_so(
    board, timezone, make_card
):
    fields = CardFields("Hike", time="7pm-9pm", room="Room Garden")
    card = make_card(id=CARD, fields=fields, cell=None)
    notice = make_card(
        id="d" * 12, fields=CardFields("booked", notice="blocked"), cell=None
    )
    doubtful = CardFields("Hmm", split_confidence=0.3)
    unsure = make_card(id="e" * 12, cell=None, fields=doubtful, confidence=0.0)
    cards = [card, notice, unsure, replace(card, id="f" * 12, presence="gone")]

    said = build_schedule(cards, (), replace(board, beside="elsewhere"), timezone, ())

    assert told(said) == [(CARD, "elsewhere", "Room Garden", "19:00-21:00")]
    assert said.listed[0].crop == card.crop
    assert told(build_schedule(cards, (), board, timezone, ())) == []


def test_its_hour_may_go_from_the_board(build):
    lost = replace(GAMES, cell=CellId("Room 999", "17:00-18:00"))

    assert told(build(lost)) == [(GAMES.card, "planned", "Room 999", "17:00-18:00")]


@pytest.mark.parametrize("change", [GAMES, EVENING, Plan((GAMES, WORDS), (WORDS,))])
def test_kept_as_json_they_are_the_same(change):
    assert change_from_json(change_to_json(change)) == change


def test_release_keeps_what_is_listed(build):
    schedule = build(GAMES, WORDS)

    assert schedule_from_json(schedule_to_json(schedule)) == schedule


@pytest.mark.parametrize(
    ("minutes", "asked"),
    [(-61, []), (-60, ["o", "h"]), (59, ["o", "h"]), (60, [])],
)
def test_an_hour_ahead_a_planned_session_without_a_card_is_asked_about(
    build, minutes, asked
):
    schedule = build(GAMES)
    now = schedule.listed[0].starts_at + dt.timedelta(minutes=minutes)

    found = [way.key for one in desk_plans(schedule, now) for way in one.ways]

    assert found == asked


def test_another_card_in_its_place_is_asked_about_at_any_time(build, make_card):
    other = make_card(id=CARD, cell=TEN)

    (one,) = desk_plans(build(GAMES, cards=[other]), NOON - dt.timedelta(days=1))

    assert [session.id for session in one.others] == [CARD]
    assert [way.key for way in one.ways] == ["j", "h"]
