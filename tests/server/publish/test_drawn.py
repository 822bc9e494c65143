import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board
from server.publish.drawn import PAPERS, drawn_board, drawn_card, em_width, wrapped
from server.schedule.sessions import Schedule
from vision.image.photo import Photo
from vision.reading import CellReading


@given(st.text(max_size=80), st.integers(1, 4))
def test_lines_fit_and_say_the_text_as_far_as_it_goes(text, most):
    lines = wrapped(text, 10.0, most)

    assert len(lines) <= most
    assert all(len(line) == 1 or em_width(line) <= 10 for line in lines)
    said, whole = "".join("".join(lines).split()), "".join(text.split())
    assert whole.startswith(said.removesuffix("…"))
    assert said == whole or lines[-1].endswith("…")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Django or Flask?", ("Django or Flask?",)),
        ("Bring a question please", ("Bring a question", "please")),
        ("氣象資料的應用與實作課程", ("氣象資料的應用與實作", "課程")),
        ("", ()),
    ],
)
def test_title_is_broken_between_words_or_letters(text, lines):
    assert wrapped(text, 10.0, 4) == lines


def test_card_says_what_its_session_is(make_session):
    card = drawn_card(make_session(title="Type checking at scale"))

    assert card.lines == ("Type checking at", "scale")
    assert card.when == "Room 301 · 10:00–11:00"  # noqa: RUF001  (as it is drawn)
    assert card.host == "Maya"
    assert card.paper in PAPERS


def test_board_is_drawn_with_its_sessions(board, make_session):
    session = make_session(online=True, crop="", title="讀書會 Fluent Python")
    cells = tuple(
        CellReading(cell, "taken" if cell == session.cell else "free")
        for cell in board.layout.cells
    )

    empty = drawn_board(board, Schedule("friday", (), ()))
    drawn = drawn_board(board, Schedule("friday", (session,), cells))

    pixels = Photo.decode(drawn).pixels
    assert pixels.shape == Photo.decode(empty).pixels.shape
    paper = PAPERS[int(session.id, 16) % len(PAPERS)]
    blue, green, red = map(int, pixels[200, 300])
    assert (red, green, blue) == pytest.approx(tuple(bytes.fromhex(paper[1:])), abs=6)


def test_place_that_was_given_away_shows_who_took_it(board, make_session):
    left = make_session(online=True, crop="", cancelled=True)
    took = replace(left, id="f" * 12, title="Fluent Python", cancelled=False)

    def drawn(*sessions):
        return drawn_board(board, Schedule("friday", sessions, ()))

    assert drawn(left, took) == drawn(took) != drawn(left)
    assert drawn(took, replace(took, title="Knitting")) != drawn(took)


def test_board_of_an_evening_is_drawn_past_midnight(make_session):
    slots = tuple(map(Slot.parse, ("23:00-00:30", "00:30-01:30")))
    layout = Layout(("A", "B"), slots, blocked={CellId("B", "00:30-01:30"): "Closed"})
    board = Board("night", "Night", dt.date(2024, 5, 17), layout, online=True)
    zone = ZoneInfo("America/New_York")
    starts, ends = slots[0].span(board.date, zone)
    session = make_session(
        cell=CellId("A", slots[0].label), starts_at=starts, ends_at=ends
    )

    assert drawn_board(board, Schedule("night", (session,), ()))[:2] == b"\xff\xd8"


def drawn_titles(board, session, *titles):
    """Return the boards' pictures by what their one session is called."""
    cards = [replace(session, title=title, host="") for title in titles]
    return [drawn_board(board, Schedule("friday", (card,), ())) for card in cards]


@pytest.mark.usefixtures("wide_font")
def test_chinese_titles_are_drawn_with_their_letters(board, make_session):
    session = make_session(online=True, crop="")

    one, other = drawn_titles(board, session, "開放空間", "氣象資料")

    assert one != other


def test_without_a_font_for_it_the_picture_says_where_a_title_can_be_read(
    board, make_session, fonts
):
    fonts()
    session = make_session(online=True, crop="")

    one, other, told = drawn_titles(
        board, session, "開放空間", "氣象資料", "(see the board's page)"
    )

    assert one == other == told
