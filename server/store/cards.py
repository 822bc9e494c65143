"""Cards, what photos showed of them, and the readings they come from."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calibration.geometry import Quad
from calibration.layout import CellId
from server.errors import NotFoundError
from server.schedule.cards import Card
from server.schedule.evidence import PhotoEvidence, Sighting, card_of, cells_from
from server.store.codec import fields_from_json, fields_to_json, quad_to_json
from server.store.tables import CardRow, ReadingRow, SightingRow
from vision.identity import BoardObservation, CardDescriptor, KnownCard, SeenCard
from vision.reading import BoardReading, CellReading, from_json, to_json


def cards_of(session: Session, board: str) -> tuple[Card, ...]:
    """Return every card ever seen on a board, gone ones too, by id."""
    evidence = evidence_of(session, board)
    first_seen_at = _first_seen(session, board)
    return tuple(
        card_of(board, _sighting(row), first_seen_at[row.card_id], evidence)
        for row in _newest_rows(session, board)
    )


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


def reading_of(session: Session, photo_id: str) -> BoardReading:
    """Return what a photo said.

    Raises
    ------
    NotFoundError
        If there is no such photo, or it is not read (yet).
    """
    row = session.get(ReadingRow, photo_id)
    if row is None:
        raise NotFoundError(f"reading of photo {photo_id}")
    return from_json(row.document)


def known_cards(session: Session, board: str) -> tuple[KnownCard, ...]:
    """Return every card of a board as it was last seen, for matching."""
    rows = _newest_rows(session, board)
    readings = {
        photo_id: reading_of(session, photo_id)
        for photo_id in sorted({row.photo_id for row in rows})
    }
    return tuple(
        KnownCard(
            id=row.card_id,
            descriptor=CardDescriptor.from_bytes(row.descriptor),
            quad_area=Quad.from_array(row.quad_area),
            reading=readings[row.photo_id].cards[row.position],
        )
        for row in rows
    )


def evidence_of(session: Session, board: str) -> tuple[PhotoEvidence, ...]:
    """Return what each photo of a board said about cells and missing cards."""
    query = select(
        ReadingRow.photo_id, ReadingRow.at, ReadingRow.cells, ReadingRow.fates
    ).where(ReadingRow.board == board)
    return tuple(
        PhotoEvidence(
            photo_id,
            at,
            {CellId(room, slot): state for room, slot, state in cells},
            fates,
        )
        for photo_id, at, cells, fates in session.execute(query)
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


def _newest_rows(session: Session, board: str) -> Sequence[SightingRow]:
    """Return the newest sighting of each card of a board, by card id."""
    rank = (
        func.row_number()
        .over(
            partition_by=SightingRow.card_id,
            order_by=(SightingRow.at.desc(), SightingRow.photo_id.desc()),
        )
        .label("rank")
    )
    ranked = (
        select(SightingRow.card_id, SightingRow.photo_id, rank)
        .join(CardRow, CardRow.id == SightingRow.card_id)
        .where(CardRow.board == board)
        .subquery()
    )
    query = (
        select(SightingRow)
        .join(
            ranked,
            (ranked.c.card_id == SightingRow.card_id)
            & (ranked.c.photo_id == SightingRow.photo_id),
        )
        .where(ranked.c.rank == 1)
        .order_by(SightingRow.card_id)
    )
    return session.scalars(query).all()


def _first_seen(session: Session, board: str) -> dict[str, dt.datetime]:
    query = (
        select(SightingRow.card_id, func.min(SightingRow.at))
        .join(CardRow, CardRow.id == SightingRow.card_id)
        .where(CardRow.board == board)
        .group_by(SightingRow.card_id)
    )
    return dict(session.execute(query).all())


def _sighting(row: SightingRow) -> Sighting:
    placed = row.room is not None and row.slot is not None
    return Sighting(
        card=row.card_id,
        photo=row.photo_id,
        at=row.at,
        cell=CellId(str(row.room), str(row.slot)) if placed else None,
        until=row.until,
        text=row.text,
        fields=fields_from_json(row.fields),
        confidence=row.confidence,
        colour=row.colour,
        crop=row.crop,
    )


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
