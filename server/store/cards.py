"""Cards, what photos showed of them, and the readings they come from."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from calibration.geometry import Quad
from calibration.layout import CellId
from server.errors import NotFoundError
from server.schedule.cards import Card
from server.schedule.evidence import PhotoEvidence, card_of, cells_from, words_of
from server.store.codec import fields_to_json, quad_to_json
from server.store.readings import further_readings, reading_of
from server.store.sightings import (
    first_seen,
    newest_read_rows,
    newest_rows,
    sighting_of,
)
from server.store.tables import CardRow, ReadingRow, SightingRow
from vision.identity import BoardObservation, CardDescriptor, KnownCard, SeenCard
from vision.reading import CardReading, CellReading, to_json


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card and what a photo said of it.

    Parameters
    ----------
    id : str
    reading : CardReading
    """

    id: str
    reading: CardReading


def cards_of(session: Session, board: str) -> tuple[Card, ...]:
    """Return every card ever seen on a board, gone ones too, by id."""
    evidence = evidence_of(session, board)
    first_seen_at = first_seen(session, board)
    read = newest_read_rows(session, board)
    further = further_readings(session, board)
    cards = []
    for row in newest_rows(session, board):
        read_in = sighting_of(read.get(row.card_id, row))
        better = further.get((row.card_id, read_in.photo))
        cards.append(
            card_of(
                board,
                sighting_of(row),
                words_of(read_in, better),
                first_seen_at[row.card_id],
                evidence,
            )
        )
    return tuple(cards)


def card(session: Session, card_id: str) -> Card:
    """Return a card.

    Raises
    ------
    NotFoundError
        If there is none with this id.
    """
    row = session.get(CardRow, card_id)
    if row is None:
        raise NotFoundError(f"card {card_id}")
    return next(entry for entry in cards_of(session, row.board) if entry.id == card_id)


def cells_of(session: Session, board: str) -> tuple[CellReading, ...]:
    """Return the last known state of each cell that photos told about."""
    return cells_from(evidence_of(session, board))


def known_cards(session: Session, board: str) -> tuple[KnownCard, ...]:
    """Return every card of a board as it was last seen, for matching."""
    words = _last_words(session, board)
    return tuple(
        KnownCard(
            id=row.card_id,
            descriptor=CardDescriptor.from_bytes(row.descriptor),
            quad_area=Quad.from_array(row.quad_area),
            reading=replace(
                words[row.card_id], cell=sighting_of(row).cell, until=row.until
            ),
        )
        for row in newest_rows(session, board)
    )


def cards_without_further_reading(
    session: Session, photo_id: str
) -> tuple[ReadCard, ...]:
    """Return the cards whose words come from a photo's first reading, in its order.

    Left out are those that a newer photo has read meanwhile, and those that
    there was a further look at.

    Parameters
    ----------
    session : Session
    photo_id : str
        Of a photo that was read.

    Raises
    ------
    NotFoundError
        If there is no such photo, or it is not read (yet).
    """
    reading = reading_of(session, photo_id)
    looked_at = further_readings(session, reading.board)
    rows = [
        row
        for row in newest_read_rows(session, reading.board).values()
        if row.photo_id == photo_id and (row.card_id, photo_id) not in looked_at
    ]
    rows.sort(key=lambda row: row.position)
    return tuple(ReadCard(row.card_id, reading.cards[row.position]) for row in rows)


def evidence_of(session: Session, board: str) -> tuple[PhotoEvidence, ...]:
    """Return what each photo of a board said about cells and missing cards."""
    query = select(
        ReadingRow.photo_id,
        ReadingRow.at,
        ReadingRow.cells,
        ReadingRow.fates,
        ReadingRow.document["registration"]["coverage"].as_float(),
    ).where(ReadingRow.board == board)
    return tuple(
        PhotoEvidence(
            photo_id,
            at,
            {CellId(room, slot): state for room, slot, state in cells},
            fates,
            coverage,
        )
        for photo_id, at, cells, fates, coverage in session.execute(query)
    )


def add_observation(
    session: Session,
    *,
    photo_id: str,
    at: dt.datetime,
    observation: BoardObservation,
    crops: Sequence[str],
    new_ids: Iterable[str],
) -> None:
    """Add what a photo said, once.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    photo_id : str
    at : datetime
        Aware moment of the photo.
    observation : BoardObservation
    crops : sequence of str
        SHA-256 of each card's crop, in the order of the observation's cards.
    new_ids : iterable of str
        Ids for cards that are not known, as many as there are or more.
    """
    reading = observation.reading
    session.add(
        ReadingRow(
            photo_id=photo_id,
            board=reading.board,
            at=at,
            cells=[[*entry.cell, entry.state] for entry in reading.cells],
            fates={missing.id: missing.fate for missing in observation.missing},
            document=to_json(reading),
        )
    )
    ids = iter(new_ids)
    card_ids = [seen.known or next(ids) for seen in observation.cards]
    session.add_all(
        CardRow(id=card_id, board=reading.board)
        for card_id, seen in zip(card_ids, observation.cards, strict=True)
        if seen.known is None
    )
    # The sightings' foreign keys need the cards' rows first.
    session.flush()
    session.add_all(
        _sighting_row(
            card_id=card_id,
            photo_id=photo_id,
            at=at,
            position=position,
            seen=seen,
            crop=crop,
        )
        for position, (card_id, seen, crop) in enumerate(
            zip(card_ids, observation.cards, crops, strict=True)
        )
    )
    session.flush()


def _last_words(session: Session, board: str) -> dict[str, CardReading]:
    """Return, by card id, the newest reading of each card, the further one if any.

    With the outline of the first: of the same photo, and cornered as in the
    photos before and after it, even if the text stands otherwise.
    """
    further = further_readings(session, board)
    rows = {row.card_id: row for row in newest_rows(session, board)}
    rows |= newest_read_rows(session, board)
    readings = {
        photo_id: reading_of(session, photo_id)
        for photo_id in sorted({row.photo_id for row in rows.values()})
    }
    words = {}
    for card_id, row in rows.items():
        first = readings[row.photo_id].cards[row.position]
        better = further.get((card_id, row.photo_id), first)
        words[card_id] = replace(better, quad_photo=first.quad_photo)
    return words


def _sighting_row(
    *,
    card_id: str,
    photo_id: str,
    at: dt.datetime,
    position: int,
    seen: SeenCard,
    crop: str,
) -> SightingRow:
    reading = seen.reading
    return SightingRow(
        card_id=card_id,
        photo_id=photo_id,
        at=at,
        position=position,
        room=reading.cell.room if reading.cell else None,
        slot=reading.cell.slot if reading.cell else None,
        until=reading.until,
        text=reading.text,
        fields=fields_to_json(reading.fields),
        confidence=reading.confidence,
        colour=reading.colour,
        crop=crop,
        quad_area=quad_to_json(seen.quad_area),
        descriptor=seen.descriptor.to_bytes(),
        read_again=seen.read_again,
    )
