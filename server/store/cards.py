"""Cards, what photos showed of them, and the readings they come from."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from calibration.geometry import Quad
from server.schedule.board_state import CardState
from server.schedule.cards import Card
from server.schedule.evidence import KnownCell
from server.store.board_states import state_of, take_in_photo
from server.store.codec import fields_to_json, quad_to_json
from server.store.evidence import evidence_in
from server.store.profiles import newest_version
from server.store.sightings import card_in_photo, sighting_rows
from server.store.tables import CardRow, ReadingRow, SightingRow
from server.store.words import last_words
from vision.cards import BoardObservation, CardDescriptor, KnownCard, ReadCard
from vision.reading import to_json


def cards_of(session: Session, board: str) -> tuple[Card, ...]:
    """Return every card ever seen on a board, gone ones too, by id."""
    state = state_of(session, board)
    return tuple(card.card(board) for card in state.cards.values())


def cells_of(session: Session, board: str) -> tuple[KnownCell, ...]:
    """Return the last known state of each cell that photos told about."""
    return state_of(session, board).cells


def quads_of(session: Session, board: str) -> dict[str, Quad]:
    """Return by card id where each card of a board was last seen, as fractions.

    Of the unit square of the cell area; it may hang over its edge.
    """
    cards = state_of(session, board).cards
    pairs = [(card_id, card.newest.photo) for card_id, card in cards.items()]
    return {
        row.card_id: Quad.from_array(row.quad_area)
        for row in sighting_rows(session, pairs)
    }


def known_cards(session: Session, board: str) -> tuple[KnownCard, ...]:
    """Return every card of a board as it was last seen, for matching."""
    cards = state_of(session, board).cards
    words = last_words(session, cards.values())
    pairs = [(card_id, card.newest.photo) for card_id, card in cards.items()]
    return tuple(
        KnownCard(
            id=row.card_id,
            descriptor=CardDescriptor.from_bytes(row.descriptor),
            quad_area=Quad.from_array(row.quad_area),
            reading=replace(
                words[row.card_id],
                cell=cards[row.card_id].newest.cell,
                until=row.until,
                votes=row.votes,
            ),
        )
        for row in sighting_rows(session, pairs)
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
            profile_version=newest_version(session),
        )
    )
    known = state_of(session, reading.board).cards
    ids = iter(new_ids)
    card_ids = [seen.known or next(ids) for seen in cards]
    session.add_all(
        CardRow(id=card_id, board=reading.board)
        for card_id, seen in zip(card_ids, cards, strict=True)
        if seen.known is None
    )
    # The sightings' foreign keys need the cards' rows first.
    session.flush()
    rows = [
        _sighting_row(
            card_id=card_id,
            photo_id=photo_id,
            at=at,
            position=position,
            seen=seen,
            crop=crops[position]
            if position in crops
            else _crop(session, known, card_id),
        )
        for position, (card_id, seen) in enumerate(zip(card_ids, cards, strict=True))
    ]
    session.add_all(rows)
    session.flush()
    take_in_photo(
        session,
        reading.board,
        evidence_in(session, photo_id, at, observation),
        [card_in_photo(row) for row in rows],
    )


def _crop(session: Session, known: Mapping[str, CardState], card_id: str) -> str:
    """Return the crop that is shown of a card.

    The last one there is if the photos that showed it were taken back since it was
    known again.
    """
    if card_id in known:
        return known[card_id].crop
    query = select(SightingRow.crop).where(SightingRow.card_id == card_id)
    return session.scalars(query.order_by(SightingRow.at.desc())).first() or ""


def _sighting_row(
    *,
    card_id: str,
    photo_id: str,
    at: dt.datetime,
    position: int,
    seen: ReadCard,
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
        rooms=list(reading.rooms),
        text=reading.text,
        fields=fields_to_json(reading.fields),
        confidence=reading.confidence,
        colour=reading.colour,
        crop=crop,
        quad_area=quad_to_json(seen.quad_area),
        descriptor=seen.descriptor.to_bytes(),
        read_again=seen.read_again,
        news=seen.change,
        sharpness=seen.sharpness or 0.0,  # the column's word for unknown
        votes=reading.votes,
    )
