"""How the board is drawn at the desk: where, and what each thing is called."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Point, Rect
from calibration.layout import CellId, Layout, Slot
from server.schedule.cards import Card
from server.schedule.corrections.cell_state import MarkCells
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held
from server.schedule.corrections.join import Join
from server.schedule.corrections.kinds import held_by
from server.schedule.corrections.split import Split
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.schedule.evidence import KnownCell
from server.schedule.sessions import build_schedule
from server.store.pictures import BoardPicture
from server.store.values import Picture, PictureSize
from server.views.desk.board_drawing import view_of
from server.views.desk.board_view import WIDTH, BoardCard, Frame
from server.views.desk.cards import desk_cards
from vision.reading import CardFields

AT = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"

PICTURE = BoardPicture(
    "1" * 16,
    AT,
    Picture((PictureSize("a" * 64, 2400, 1600, "image/jpeg"),)),
    Rect(-1 / 3, -1 / 3, 1, 1),
)
"""The cell area is 900 x 600 units from (300, 200) on: nine cells of 300 x 200."""


def card(name, room="Room 301", slot=TEN, title="Typing", **changes):
    made = Card(
        id=name * 12,
        board="friday",
        cell=CellId(room, slot) if room else None,
        until=None,
        text=title,
        fields=CardFields(title=title, split_confidence=1.0),
        confidence=0.9,
        colour="#ffd54f",
        crop=name * 64,
        presence="present",
        first_seen_at=AT,
        last_seen_at=AT,
    )
    return replace(made, **changes)


def quad(left, top, width=0.2, height=0.1):
    return Rect(left, top, left + width, top + height).to_quad()


@pytest.fixture
def board(profile):
    return profile.boards[0]


def on_board(cards, held):
    return [
        entry
        for entry in desk_cards(cards, held)
        if not entry.hidden and entry.card.presence != "gone"
    ]


@pytest.fixture
def draw(board, profile):
    def draw(cards, changes=(), quads=None, cells=(), shown=PICTURE):
        corrections = [
            Correction(number, change, "Ada", AT)
            for number, change in enumerate(changes, start=1)
        ]
        readings = [KnownCell(CellId(*cell), state, AT) for cell, state in cells]
        zone = profile.event.timezone
        held = held_by(corrections)
        return view_of(
            board,
            zone,
            on_board(cards, held),
            build_schedule(cards, corrections, board, zone, readings),
            held,
            shown=shown,
            quads=quads or {},
        )

    return draw


def test_every_cell_says_where_it_is_how_it_is_and_what_is_in_it(draw):
    view = draw(
        [card("a", until="12:00"), card("b", room="Room 302", title="")],
        quads={"a" * 12: quad(0.05, 0.1), "b" * 12: quad(0.4, 0.1)},
        cells=[
            (("Room 303", TEN), "free"),
            (("Room 302", ELEVEN), "covered"),
            (("Room 301", ONE), "free"),
        ],
    )

    assert [[(cell.id, cell.name) for cell in row] for row in view.rows] == [
        [
            ("cell-0-0", "Room 301, 10:00, taken: Typing"),
            ("cell-1-0", "Room 302, 10:00, taken: unreadable card"),
            ("cell-2-0", "Room 303, 10:00, free"),
        ],
        [
            ("cell-0-1", "Room 301, 11:00, taken: Typing"),
            ("cell-1-1", "Room 302, 11:00, not visible"),
            ("cell-2-1", "Room 303, 11:00, not visible"),
        ],
        [
            ("cell-0-2", "Room 301, 13:00, free"),
            ("cell-1-2", "Room 302, 13:00, not visible"),
            ("cell-2-2", "Room 303, 13:00, blocked: Keynote overflow"),
        ],
    ]
    assert view.cells[-1].place == Rect(900, 600, 1200, 800)


def test_a_card_is_drawn_where_the_picture_shows_it(draw):
    cards = [card("a", until="12:00")]
    view = draw(cards, quads={"a" * 12: quad(0.1, 0.1)})

    (entry,) = desk_cards(cards, Held())
    assert view.cells[0].cards == (
        BoardCard(
            entry=entry,
            name="Room 301, 10:00, taken: Typing, until 12:00, not checked",
            place=Rect(390, 260, 570, 320),
            outline=(
                Point(390, 260),
                Point(570, 260),
                Point(570, 320),
                Point(390, 320),
            ),
            until="12:00",
            span=Rect(300, 200, 600, 600),
            ends=("11:00", "12:00", "14:00"),
        ),
    )
    drawn = view.cells[0].cards[0]
    assert (drawn.longer, drawn.shorter) == ("14:00", "11:00")
    assert view.card("a" * 12) == view.cells[0].cards[0]
    assert view.cell("cell-0-0") == view.cells[0]
    assert (view.card("x"), view.cell("x")) == (None, None)


def test_cards_of_a_cell_go_from_top_to_bottom_and_those_from_elsewhere_follow(draw):
    here = {"title": "Typing"}
    view = draw(
        [
            card("a", title="Knitting"),
            card("b"),
            card("c", room="Room 303", slot=ONE, title="Chess"),
            card("d", room="Room 303", slot=ELEVEN, title="Go"),
        ],
        [
            Edit.setting("b" * 12, here),
            Edit.setting("c" * 12, {"cell": CellId("Room 301", TEN)}),
            Edit.setting("d" * 12, {"cell": CellId("Room 301", TEN)}),
        ],
        quads={
            "a" * 12: quad(0.1, 0.2),
            "b" * 12: quad(0.1, 0.05),
            "c" * 12: quad(0.7, 0.7),
            "d" * 12: quad(0.7, 0.4),
        },
    )

    where = "Room 301, 10:00, taken: "
    assert [(one.name, one.away) for one in view.cells[0].cards] == [
        (f"{where}Typing, card 1 of 4", False),
        (f"{where}Knitting, card 2 of 4, not checked", False),
        (f"{where}Chess, card 3 of 4, not checked", True),
        (f"{where}Go, card 4 of 4, not checked", True),
    ]
    assert [one.place for one in view.cells[0].cards[2:]] == [
        Rect(324, 216, 450, 384),
        Rect(450, 216, 576, 384),
    ]


def test_what_is_gone_hidden_or_beside_the_cells_is_in_none(draw):
    view = draw(
        [
            card("a", presence="gone"),
            card("c"),
            card("d", room=None, title="Lost", presence="unseen"),
        ],
        [Edit.setting("c" * 12, {"hidden": True})],
        quads={name * 12: quad(-0.3, 0.1) for name in "acd"},
    )

    assert [one.name for one in view.beside] == [
        "Beside the cells: Lost, not checked, not visible in the newest photo"
    ]
    assert {one for cell in view.cells for one in cell.cards} == set()


@pytest.mark.parametrize(
    "shown", [None, replace(PICTURE, frame=None)], ids=["no photo", "unplaced"]
)
def test_without_a_picture_that_tells_where_its_cells_are_it_is_a_plan(draw, shown):
    view = draw([card("a")], quads={"a" * 12: quad(0, 0)}, shown=shown)

    assert view.frame.picture is None
    assert view.cells[0].place.left == WIDTH / 10
    assert view.cells[-1].place.right == WIDTH
    assert view.cells[-1].place.bottom == round(view.frame.height, 1)


def test_card_that_ends_within_a_slot_is_stretched_and_moved_with_all_of_it(draw):
    (drawn,) = draw([card("a", until="11:30")]).cells[0].cards

    assert (drawn.until, drawn.shorter, drawn.longer) == ("12:00", "11:00", "14:00")


def test_rooms_may_be_rows(board, profile):
    turned = replace(
        board,
        layout=Layout(
            rooms=("Room 301", "Room 302"),
            slots=tuple(map(Slot.parse, (TEN, ELEVEN))),
            rooms_along="rows",
        ),
    )
    zone = profile.event.timezone
    cards = [card("a", until="12:00")]
    view = view_of(
        turned,
        zone,
        on_board(cards, Held()),
        build_schedule(cards, [], turned, zone, []),
        Held(),
        shown=PICTURE,
        quads={"a" * 12: quad(0.1, 0.1)},
    )

    assert [cell.cell for cell in view.rows[1]] == [
        CellId("Room 302", TEN),
        CellId("Room 302", ELEVEN),
    ]
    assert view.cells[0].cards[0].span == Rect(300, 200, 1200, 500)


def test_what_people_made_is_drawn_where_they_put_it(draw):
    drawn = Draw.of(
        "friday",
        "a" * 64,
        Rect(0.5, 0.5, 0.6, 0.6),
        "d" * 64,
        cell=CellId("Room 302", ELEVEN),
        texts=Texts("Chess"),
        rect_area=Rect(0.4, 0.4, 0.6, 0.5),
    )
    halves = Rect(0, 0, 1, 0.5), Rect(0, 0.5, 1, 1)
    split = Split.of("a" * 12, ("e" * 64, "f" * 64), halves)
    written = WriteSession.of("friday", CellId("Room 303", ONE), Texts("Go"))
    view = draw(
        [card("a"), card("b", room="Room 303", slot=ONE)],
        [drawn, split, written, Join(written.card, ("b" * 12,))],
        quads={"a" * 12: quad(0.1, 0.1), "b" * 12: quad(0.7, 0.7)},
    )

    drawn_at = {
        (one.id, one.place, one.away) for cell in view.cells for one in cell.cards
    }
    assert drawn_at == {
        ("a" * 12, Rect(390, 260, 570, 320), False),
        # The lower half of the card, which still hangs there as a whole.
        (split.part, Rect(390, 290, 570, 320), False),
        (drawn.card, Rect(660, 440, 840, 500), False),
        # The session has the id that it was published with, and hangs where its card does.
        (written.card, Rect(930, 620, 1110, 680), False),
    }


def test_a_session_without_a_card_says_so(draw):
    view = draw([], [WriteSession.of("friday", CellId("Room 301", TEN), Texts("Go"))])

    (card,) = view.cells[0].cards
    assert (card.name, card.away, card.place) == (
        "Room 301, 10:00, taken: Go, no card seen yet",
        True,
        Rect(324, 216, 576, 384),
    )


def test_a_cell_tells_that_a_person_said_how_it_is(draw):
    cells = (CellId("Room 301", TEN),)
    view = draw([], [MarkCells(cells, "blocked", "Wet floor")])

    assert [(one.said, one.name) for one in view.cells[:2]] == [
        (True, "Room 301, 10:00, blocked: Wet floor"),
        (False, "Room 302, 10:00, not visible"),
    ]
    assert view.slots_from(view.cells[3]) == (ELEVEN, ONE)


def test_a_place_is_told_in_fractions_of_the_picture(draw):
    frame = draw([]).frame

    assert frame.share(Rect(300, 200, 600, 400)) == "0.2500,0.2500,0.5000,0.5000"


@given(
    left=st.floats(-0.5, 0),
    top=st.floats(-0.5, 0),
    right=st.floats(1, 1.5),
    bottom=st.floats(1, 1.5),
    at=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_a_point_of_the_board_lies_where_the_picture_has_it(
    left, top, right, bottom, at
):
    shown = replace(PICTURE, frame=Rect(left, top, right, bottom))
    layout = Layout(rooms=("A",), slots=(Slot.parse(TEN),))

    x, y = at
    near = Rect(x, y, x + 0.1, y + 0.1).to_quad()
    point = Frame.of(shown, layout).corners(near)[0]

    # Frame and picture are the same rect: fractions of one are those of the other.
    assert point.x / WIDTH == pytest.approx((x - left) / (right - left), abs=1e-4)
    assert point.y / 800 == pytest.approx((y - top) / (bottom - top), abs=1e-4)
