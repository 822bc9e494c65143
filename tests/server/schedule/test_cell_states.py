"""What people say of cells, against what photos show of them."""

import datetime as dt
from dataclasses import replace

import pytest

from calibration.layout import CellId
from server.errors import CorrectionError
from server.schedule.corrections.cell_state import MarkCells
from server.schedule.corrections.change import Told
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held, HeldCell, Made
from server.schedule.corrections.kinds import held_by
from server.schedule.evidence import PhotoEvidence, cells_from
from server.schedule.sessions import BlockedCell, build_schedule
from vision.reading import CardFields

TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"
HERE, BELOW = CellId("Room 301", TEN), CellId("Room 301", ELEVEN)
BLOCKED = CellId("Room 302", ONE)
SAID_AT = dt.datetime(2024, 5, 17, 15, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def photo(minute, state, cell=HERE):
    """A photo taken so many minutes after the person said something."""
    return PhotoEvidence(str(minute), SAID_AT + minute * MINUTE, {cell: state})


@pytest.fixture
def build(board, timezone):
    def build(*changes, photos=(), cards=()):
        corrections = [
            Correction(number, change, "Ada", SAID_AT)
            for number, change in enumerate(changes)
        ]
        return build_schedule(cards, corrections, board, timezone, cells_from(photos))

    return build


def state(schedule, cell=HERE):
    return {one.cell: one.state for one in schedule.cells}[cell]


@pytest.mark.parametrize(
    ("said", "photos", "expected"),
    [
        ("free", [], "free"),
        ("taken", [], "taken"),
        ("blocked", [], "blocked"),
        ("free", [(-1, "taken")], "free"),
        ("free", [(1, "taken")], "unseen"),
        ("free", [(1, "covered")], "free"),
        ("free", [(1, "unseen")], "free"),
        ("free", [(1, "taken"), (2, "free"), (60, "unseen")], "unseen"),
        ("taken", [(-1, "free")], "taken"),
        ("taken", [(1, "free")], "free"),
        ("taken", [(1, "taken"), (2, "covered")], "taken"),
        ("taken", [(1, "covered")], "taken"),
        ("blocked", [(1, "free")], "blocked"),
        ("blocked", [(1, "taken")], "blocked"),
        ("as photographed", [(-1, "free")], "free"),
    ],
)
def test_what_a_person_says_holds_until_a_later_photo_shows_otherwise(
    build, said, photos, expected
):
    schedule = build(
        MarkCells((HERE,), said), photos=[photo(*shown) for shown in photos]
    )

    assert state(schedule) == expected


def test_the_last_word_on_a_cell_holds(build):
    blocked = MarkCells((HERE, BELOW), "blocked", "Press")

    schedule = build(blocked, MarkCells((BELOW,), "free"))
    taken_back = build(blocked, MarkCells((HERE,), "as photographed"))

    assert (state(schedule), state(schedule, BELOW)) == ("blocked", "free")
    assert (state(taken_back), state(taken_back, BELOW)) == ("unseen", "blocked")


def test_a_person_blocks_cells_and_says_why(build, board):
    schedule = build(MarkCells((HERE, BLOCKED), "blocked", "Press"))

    assert schedule.blocked == (
        BlockedCell(HERE, "Press", ""),
        BlockedCell(BLOCKED, "Press", ""),
    )
    assert schedule.reasons(board) == {HERE: "Press", BLOCKED: "Press"}


def test_without_a_reason_that_of_the_profile_holds(build, board):
    schedule = build(MarkCells((HERE, BLOCKED), "blocked"))

    assert schedule.reasons(board) == {HERE: "", BLOCKED: "Keynote overflow"}


def test_a_person_frees_what_the_profile_blocks(build, board):
    schedule = build(MarkCells((BLOCKED,), "free"))

    assert (state(schedule, BLOCKED), schedule.reasons(board)) == ("free", {})


def test_a_session_in_a_cell_takes_it_whatever_a_person_says(build, make_card):
    for said in ("free", "blocked"):
        schedule = build(MarkCells((HERE,), said, "Press"), cards=[make_card()])

        assert (state(schedule), schedule.blocked) == ("taken", ())
        assert len(schedule.sessions) == 1


def test_a_person_frees_what_a_card_blocks_until_another_one_does(build, make_card):
    notice = make_card(fields=CardFields("room closed", notice="blocked"))
    photos = [photo(1, "taken")]
    hung = {"before": -30, "after": 1}

    schedules = {
        when: build(
            MarkCells((HERE,), "free"),
            photos=photos,
            cards=[replace(notice, first_seen_at=SAID_AT + minute * MINUTE)],
        )
        for when, minute in hung.items()
    }

    assert {when: state(one) for when, one in schedules.items()} == {
        "before": "free",
        "after": "blocked",
    }


@pytest.mark.parametrize(
    "away", [Edit("0123456789ab", cell=BELOW), Edit("0123456789ab", hidden=True)]
)
def test_a_card_that_a_person_took_out_of_a_cell_does_not_take_it_again(
    build, make_card, away
):
    """Photos go on to show it there: the person knew that."""
    schedule = build(
        away,
        MarkCells((HERE,), "free"),
        photos=[photo(-1, "taken"), photo(1, "taken")],
        cards=[make_card(first_seen_at=SAID_AT - MINUTE)],
    )

    assert state(schedule) == "free"


@pytest.mark.parametrize("moved", ["by a person", "on the wall"])
def test_a_cell_that_a_card_left_is_free_as_soon_as_a_photo_shows_it_bare(
    build, make_card, moved
):
    there = [photo(-30, "taken")]
    card, change = make_card(), Edit("0123456789ab", cell=BELOW)
    if moved == "on the wall":
        card, change = replace(card, cell=BELOW), Edit("0123456789ab", title="Typing")

    def after(*photos):
        return state(build(change, photos=[*there, *photos], cards=[card]))

    assert [
        after(),
        after(photo(1, "covered")),
        after(photo(1, "free")),
        after(photo(1, "unseen"), photo(2, "free")),
        after(photo(1, "free"), photo(2, "unseen")),
    ] == ["unseen", "unseen", "free", "free", "free"]


def test_cells_that_are_not_on_the_board_any_more_do_no_harm(build):
    lost = CellId("Room 999", TEN)

    assert build(MarkCells((lost,), "blocked", "Press")) == build()


def test_cells_are_told_a_line_for_each_room():
    held = held_by([Correction(1, MarkCells((HERE,), "taken"), "Ada", SAID_AT)])
    cells = (HERE, BELOW, BLOCKED)

    assert MarkCells(cells, "blocked", "Press").tell(held, {}) == (
        Told(f"Room 301, {TEN}, {ELEVEN}", None, "blocked: Press"),
        Told(f"Room 302, {ONE}", None, "blocked: Press"),
    )
    assert MarkCells((HERE,), "as photographed").tell(held, {}) == (
        Told(f"Room 301, {TEN}", "taken", "as photographed"),
    )


def test_what_was_said_of_a_cell_is_kept_with_who_said_so():
    said = Correction(7, MarkCells((HERE,), "blocked", "Press"), "Ada", SAID_AT)

    assert held_by([said]) == Held(
        cells={HERE: HeldCell("blocked", "Press", Made(7, "Ada", SAID_AT))}
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (MarkCells((), "free"), "No place was chosen"),
        (MarkCells((HERE,), "blocked", "x" * 2001), "2001 characters"),
    ],
)
def test_cells_that_cannot_be_marked_say_why(change, message):
    with pytest.raises(CorrectionError, match=message):
        change.check()
