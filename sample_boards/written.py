"""Sample events whose event.toml is written by hand: boards are drawn as it says."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

from calibration.profile import load_profile
from sample_boards.board import BlockedCell, DrawnBoard, Look
from sample_boards.cards import Card
from sample_boards.light import Light, Sensor
from sample_boards.people import Person
from sample_boards.random_boards import made_card
from sample_boards.render import Conditions, Standpoint
from sample_boards.scenes import PlannedPhoto, with_cards

PHOTO_WH: Final = (2400, 1800)
"""Cards are as large in it as on a phone's photo of a board twice as wide."""

MARGINS_MM: Final = (14.0, 14.0, 72.0, 72.0)
"""Around cells and headings; on the right and below there is room for the tags."""

SENSOR: Final = Sensor(defocus_px=0.5, noise=1.2, jpeg_quality=76)
"""A steady hand and light enough: a photo of less than 500 kB."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a card says, and where it hangs.

    Parameters
    ----------
    room, start : str
        Its cell: the room's name, and the slot's beginning such as ``10:00``.
    title, description, host : str
        Its texts, the last two perhaps empty.
    """

    room: str
    start: str
    title: str
    description: str = ""
    host: str = ""

    @property
    def card_id(self) -> str:
        """Its card's identity."""
        return self.title.casefold().replace(" ", "-").replace("'", "")


@dataclass(frozen=True, slots=True)
class WrittenScene:
    """A sample event's photos, drawn as its event.toml says.

    Parameters
    ----------
    photos : tuple of PlannedPhoto
        In time order.
    """

    photos: tuple[PlannedPhoto, ...]


def board_of(folder: Path, slug: str, look: Look, seed: int) -> DrawnBoard:
    """Return a board of a folder's event.toml, without cards.

    Parameters
    ----------
    folder : Path
        Of the sample event.
    slug : str
        Which board; it has tags.
    look : {"printed", "taped", "whiteboard"}
        What it is made of.
    seed : int
        Its own randomness.
    """
    board = load_profile(folder / "event.toml").board(slug)
    return DrawnBoard(
        slug=slug,
        title=str(board.title),
        look=look,
        rooms=tuple(map(str, board.layout.rooms)),
        slots=tuple(slot.label for slot in board.layout.slots),
        margins_mm=MARGINS_MM,
        tags=board.tags or (),
        blocked=tuple(
            BlockedCell(cell.room, cell.slot, str(reason))
            for cell, reason in board.layout.blocked.items()
        ),
        seed=seed,
    )


def hang(board: DrawnBoard, *sessions: Session) -> DrawnBoard:
    """Hang a card for each session, each with its own hand, pen and colour."""
    for session in sessions:
        board = with_cards(board, card_of(board, session))
    return board


def card_of(board: DrawnBoard, session: Session) -> Card:
    """Return the card of a session, in its cell."""
    column = board.rooms.index(session.room)
    slot = next(name for name in board.slots if name.startswith(session.start))
    rng = np.random.default_rng([board.seed, column, board.slots.index(slot)])
    texts = (session.title, session.description, session.host)
    return made_card(board, session.card_id, texts, (session.room, slot), rng)


def photo_of(
    name: str,
    board: DrawnBoard,
    taken_at: datetime,
    standpoint: Standpoint,
    *,
    people: tuple[Person, ...] = (),
) -> PlannedPhoto:
    """Return a photo of a board in plain light."""
    conditions = Conditions(
        light=Light(gradient=(0.15, -0.1), warmth=0.02),
        sensor=SENSOR,
        people=people,
        room_seed=board.seed,
    )
    return PlannedPhoto(
        name, board, standpoint, conditions, taken_at, PHOTO_WH, board.seed
    )
