"""Cards, what photos showed of them, and the readings they come from."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from calibration.geometry import Quad
from calibration.layout import CellId
from server.errors import NotFoundError
from server.schedule.cards import Card
from server.schedule.evidence import PhotoEvidence, card_of, cells_from, words_of
from server.schedule.showings import crop_of
from server.store.codec import fields_to_json, quad_to_json
from server.store.readings import further_readings
from server.store.sightings import (
    first_seen,
    newest_read_rows,
    newest_rows,
    showings_of,
    sighting_of,
)
from server.store.tables import CardRow, ReadingRow, SightingRow
from server.store.words import last_words, source_of
from vision.identity import BoardObservation, CardDescriptor, KnownCard, SeenCard
from vision.reading import CellReading, to_json


def cards_of(session: Session, board: str) -> tuple[Card, ...]:
    """Return every card ever seen on a board, gone ones too, by id."""
    evidence = evidence_of(session, board)
    first_seen_at = first_seen(session, board)
    read = newest_read_rows(session, board)
    showings = showings_of(session, board)
    further = further_readings(session, board)
    cards = []
    for row in newest_rows(session, board):
        shown = showings[row.card_id]
        better = further.get(
            (row.card_id, source_of(row.card_id, shown, further).photo)
        )
        cards.append(
            card_of(
                board,
                sighting_of(row),
                words_of(sighting_of(read.get(row.card_id, row)), better),
                crop=crop_of(shown),
                first_seen_at=first_seen_at[row.card_id],
                evidence=evidence,
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
    words = last_words(session, board)
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
    crops: Mapping[int, str],
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
    crops : mapping of int to str
        SHA-256 of cards' crops, by their places among the observation's cards. The
        others keep the crop that is shown of them.
    new_ids : iterable of str
        Ids for cards that are not known, as many as there are or more.
    """
    reading, cards = observation.reading, observation.cards
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
    shown = _shown_crops(session, reading.board) if len(crops) < len(cards) else {}
    ids = iter(new_ids)
    card_ids = [seen.known or next(ids) for seen in cards]
    session.add_all(
        CardRow(id=card_id, board=reading.board)
        for card_id, seen in zip(card_ids, cards, strict=True)
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
            crop=crops[position] if position in crops else shown[card_id],
        )
        for position, (card_id, seen) in enumerate(zip(card_ids, cards, strict=True))
    )
    session.flush()


def _shown_crops(session: Session, board: str) -> dict[str, str]:
    """Return, by card id, the crop that people are shown of each card of a board."""
    showings = showings_of(session, board)
    return {card_id: crop_of(shown) for card_id, shown in showings.items()}


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
        news=seen.news,
        sharpness=seen.sharpness,
    )
