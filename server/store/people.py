"""People of a board as the store has them, and where those hung who were removed."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from calibration.geometry import Quad, Rect
from calibration.profile import Board
from server.schedule.cards_now import CardNow, cards_now
from server.schedule.corrections.held import Held, is_hidden
from server.schedule.corrections.kinds import held_by
from server.schedule.people import Person, is_person, people_of, was_hidden_by
from server.store.cards import cards_of
from server.store.corrections import corrections_of, corrections_that_hide
from server.store.pictures import frame_of_picture, has_picture
from server.store.tables import CompositeRow, PictureRow, SightingRow


@dataclass(frozen=True, slots=True)
class Cover:
    """What of a board's picture nobody may see any more.

    Parameters
    ----------
    places : tuple of Quad
        In the unit square of the cell area.
    frame : Rect or None
        What the picture shows in these units; None if nobody knows.
    """

    places: tuple[Quad, ...]
    frame: Rect | None


def people_on(session: Session, board: Board) -> tuple[Person, ...]:
    """Return the people of a board that nobody removed."""
    held = held_by(corrections_of(session, board.slug))
    typed = any(one.kind == "person" for one in held.made.values())
    if board.beside != "people" and not typed:
        return ()  # as mostly: each page of a board asks
    return people_of(cards_now(cards_of(session, board.slug), held), held, board)


def removed_on(session: Session, board: Board, author: str) -> tuple[CardNow, ...]:
    """Return the people of a board that somebody removed, as the newest word."""
    cards, held = _now(session, board)
    return tuple(
        now
        for now in cards
        if is_person(now, held, board) and was_hidden_by(now.held, author)
    )


def removed_places(session: Session, board: Board) -> tuple[Quad, ...]:
    """Return where cards beside the cells hung that were removed.

    In the unit square of the cell area; everywhere that a photo ever showed them, so
    that no picture does. Whatever the area is called by now.
    """
    hides = held_by(corrections_that_hide(session, board.slug))
    if not any(is_hidden(fields) for fields in hides.cards.values()):
        return ()  # as mostly: each picture that is sent asks
    cards, held = _now(session, board)
    removed = [now for now in cards if is_hidden(now.held) and now.cell is None]
    ids = {one.id for now in removed for one in now.cards}
    query = select(SightingRow.quad_area).where(SightingRow.card_id.in_(ids))
    places = [Quad.from_array(quad) for quad in session.scalars(query)]
    drawn = (held.made[name].rect_area for name in ids if name in held.made)
    return (*places, *(rect.to_quad() for rect in drawn if rect))


def cover_of(session: Session, sha256: str, boards: Iterable[Board]) -> Cover | None:
    """Return what of a public blob is to be covered; None if nothing is.

    Parameters
    ----------
    session : Session
    sha256 : str
        Of the blob: a picture of a board of any size, or anything else.
    boards : iterable of Board
        Of the event.
    """
    for board in boards:
        places = removed_places(session, board)
        if places and _is_of(session, sha256, board):
            return Cover(places, frame_of_picture(session, sha256, board))
    return None


def _is_of(session: Session, sha256: str, board: Board) -> bool:
    return any(
        has_picture(sizes, sha256)
        for table in (PictureRow, CompositeRow)
        for sizes in session.scalars(
            select(table.sizes).where(table.board == board.slug)
        )
    )


def _now(session: Session, board: Board) -> tuple[tuple[CardNow, ...], Held]:
    held = held_by(corrections_of(session, board.slug))
    return cards_now(cards_of(session, board.slug), held), held
