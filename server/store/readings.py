"""What was read: a photo's reading, and further readings of its doubtful cards."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import NotFoundError
from server.store.board_states import take_in_look
from server.store.sightings import CardAndPhoto, board_of
from server.store.tables import CardRow, FurtherReadingRow, ReadingRow
from vision.reading import (
    BoardReading,
    CardReading,
    card_from_json,
    card_to_json,
    from_json,
)


def reading_of(session: Session, photo_id: str) -> BoardReading:
    """Return what a photo said when it was first read.

    Raises
    ------
    NotFoundError
        If there is no such photo, or it is not read (yet).
    """
    row = session.get(ReadingRow, photo_id)
    if row is None:
        raise NotFoundError(f"reading of photo {photo_id}")
    return from_json(row.document)


def add_further_reading(
    session: Session,
    card_id: str,
    photo_id: str,
    reading: CardReading,
    alone: CardReading | None = None,
) -> None:
    """Add what a further look at a card in a photo came to, once.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    card_id, photo_id : str
    reading : CardReading
        The better one of the two; the first one again if nothing better came,
        so that it is known that there was a further look.
    alone : CardReading, optional
        What this photo alone says, where the reading comes from several.
    """
    session.add(
        FurtherReadingRow(
            card_id=card_id,
            photo_id=photo_id,
            document=card_to_json(reading),
            alone=card_to_json(alone) if alone is not None else None,
        )
    )
    session.flush()
    take_in_look(session, board_of(session, card_id), (card_id, photo_id), reading)


def further_readings(session: Session, board: str) -> dict[CardAndPhoto, CardReading]:
    """Return every further reading of a board's cards."""
    query = (
        select(FurtherReadingRow)
        .join(CardRow, CardRow.id == FurtherReadingRow.card_id)
        .where(CardRow.board == board)
    )
    return {
        (row.card_id, row.photo_id): card_from_json(row.document)
        for row in session.scalars(query)
    }


def looks_of(
    session: Session, board: str
) -> dict[CardAndPhoto, tuple[CardReading, ...]]:
    """Return what each further look at a board's cards came to.

    The better reading, and what the photo alone says where that comes from several.
    """
    query = (
        select(FurtherReadingRow)
        .join(CardRow, CardRow.id == FurtherReadingRow.card_id)
        .where(CardRow.board == board)
    )
    return {
        (row.card_id, row.photo_id): tuple(
            card_from_json(document)
            for document in (row.document, row.alone)
            if document
        )
        for row in session.scalars(query)
    }


def alone_in_photos(session: Session, card_id: str) -> dict[str, CardReading]:
    """Return, by photo id, what each photo alone said of a card in a further look."""
    query = select(FurtherReadingRow).where(FurtherReadingRow.card_id == card_id)
    return {
        row.photo_id: card_from_json(row.alone or row.document)
        for row in session.scalars(query)
    }
