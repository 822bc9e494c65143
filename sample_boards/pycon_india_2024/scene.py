"""PyCon India 2024's look: sticky notes, and two ideas for one slot with people's dots."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from sample_boards.board import DrawnBoard
from sample_boards.camera import Standpoint
from sample_boards.cards import Card, Sticker
from sample_boards.scenes import nudged, with_cards
from sample_boards.written import (
    Session,
    WrittenScene,
    board_of,
    card_of,
    hang,
    photo_of,
)

FOLDER: Final = Path(__file__).parent

INDIA: Final = timezone(timedelta(hours=5, minutes=30))

SESSIONS: Final = (
    Session("Room 1", "10:00", "First patch", "we do one together", "Meera"),
    Session("Room 2", "10:00", "Maker corner", "bring hardware", "Rahul"),
    Session("Room 3", "11:30", "Django Girls", "for organisers", "@asha_dj"),
    Session("Room 1", "14:00", "Hiring clinic", "", "Vikram"),
)

COMPETING: Final = (
    Session("Room 2", "11:30", "Flask or Django", "", "Nikhil"),
    Session("Room 2", "11:30", "Web scraping", "", "Divya"),
)
"""Both want the same hour in the same room."""

DOTS: Final = (2, 5)
"""What people stuck on each of them."""

NOTE_MM: Final = (84.0, 66.0)
GREEN: Final = (60, 140, 40)


def _squeezed(board: DrawnBoard, session: Session, number: int) -> Card:
    """Return one of two small notes in a cell, the first on the left."""
    card = replace(
        card_of(board, session),
        size_mm=NOTE_MM,
        stickers=tuple(
            Sticker(9.0 + 13.0 * dot, NOTE_MM[1] - 8.0, 5.0, GREEN)
            for dot in range(DOTS[number])
        ),
        centre_mm=board.cell_centre_mm(session.room, "11:30-12:30"),
        tilt_deg=-2.0 + 4.0 * number,
        colour=((90, 215, 250), (190, 160, 250))[number],
    )
    return nudged(card, (-47.0, 47.0)[number], 0.0)


def day() -> DrawnBoard:
    """Return the board before the first slot."""
    empty = replace(board_of(FOLDER, "day-1", "taped", 2124), cell_mm=(190.0, 104.0))
    board = hang(empty, *SESSIONS)
    for number, session in enumerate(COMPETING):
        board = with_cards(board, _squeezed(board, session, number))
    return board


def scene() -> WrittenScene:
    """Return the photo."""
    taken_at = datetime(2024, 9, 21, 9, 45, tzinfo=INDIA)
    standpoint = Standpoint(yaw_deg=9, pitch_deg=2, roll_deg=-0.9, fill=0.95)
    return WrittenScene((photo_of("1-morning.jpg", day(), taken_at, standpoint),))
