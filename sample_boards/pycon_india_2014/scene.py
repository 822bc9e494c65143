"""PyCon India 2014's look: tables, a room, a hall, and people who want to be found."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from sample_boards.board import DrawnBoard
from sample_boards.camera import Standpoint
from sample_boards.cards import Card
from sample_boards.scenes import with_cards
from sample_boards.written import (
    MARGINS_MM,
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
    Session("Table 1", "11:00", "Code reading", "pick a project", "Lata"),
    Session("Table 2", "12:00", "Bug bash", "bring a laptop", "Suresh"),
    Session("Table 3", "11:00", "Vim vs Emacs", "", "@naveen_v"),
    Session("Room A", "12:00", "Porting to Python 3", "what we learnt", "Priya"),
    Session("Room A", "15:00", "Static sites", "crash course", "Farhan"),
    Session("Hall", "14:00", "Async explained", "talk not accepted", "Deepa"),
    Session("Table 1", "14:00", "Student stories", "how to apply", "Kiran"),
)


PEOPLE: Final = (
    ("Gauri", "maps, open data"),
    ("Imran", "compilers and tea"),
)
"""They want to be found: name and interests, on notes to the right of the cells."""

PEOPLE_MM: Final = 170.0
"""Width of the area of people."""


def _person(board: DrawnBoard, number: int) -> Card:
    """Return the note of somebody, beside the cells."""
    name, interests = PEOPLE[number]
    seat = Session("Hall", board.slots[number + 1][:5], name, interests)
    right = board.cell_area_mm.right + PEOPLE_MM / 2
    return replace(
        card_of(board, seat),
        room="",
        slot="",
        centre_mm=(right, board.cell_rect_mm(0, number + 1).centre[1]),
        size_mm=(118.0, 72.0),
        stickers=(),
    )


def day() -> DrawnBoard:
    """Return the board before noon."""
    left, top, _, bottom = MARGINS_MM
    empty = replace(
        board_of(FOLDER, "saturday", "taped", 4),
        margins_mm=(left, top, PEOPLE_MM, bottom),
    )
    board = hang(empty, *SESSIONS)
    return with_cards(board, *(_person(board, one) for one in range(len(PEOPLE))))


def scene() -> WrittenScene:
    """Return the photo."""
    taken_at = datetime(2014, 9, 27, 10, 50, tzinfo=INDIA)
    standpoint = Standpoint(yaw_deg=-6, pitch_deg=-2, roll_deg=1.1, fill=0.95)
    return WrittenScene((photo_of("1-morning.jpg", day(), taken_at, standpoint),))
