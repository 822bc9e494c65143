"""The newest sightings of a board's cards, for modules of this package."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from calibration.layout import CellId
from server.schedule.evidence import Sighting
from server.schedule.showings import Showing, same_words
from server.store.codec import fields_from_json
from server.store.tables import CardRow, SightingRow


def newest_rows(session: Session, board: str) -> Sequence[SightingRow]:
    """Return the newest sighting of each card of a board, by card id."""
    return _newest(session, board, read_again=(False, True))


def newest_read_rows(session: Session, board: str) -> dict[str, SightingRow]:
    """Return, by card id, the newest sighting in which each card was read.

    In the sightings after it the card was known again, and its words were
    carried over.
    """
    rows = _newest(session, board, read_again=(True,))
    return {row.card_id: row for row in rows}


def showings_of(session: Session, board: str) -> dict[str, tuple[Showing, ...]]:
    """Return, by card id, where each card of a board has the words that it has now."""
    query = (
        select(SightingRow)
        .join(CardRow, CardRow.id == SightingRow.card_id)
        .where(CardRow.board == board)
        # Not what is large: each card has a sighting in every photo.
        .options(
            load_only(
                SightingRow.at,
                SightingRow.position,
                SightingRow.read_again,
                SightingRow.news,
                SightingRow.sharpness,
                SightingRow.crop,
            )
        )
    )
    showings: dict[str, list[Showing]] = {}
    for row in session.scalars(query):
        showings.setdefault(row.card_id, []).append(_showing(row))
    return {card_id: same_words(all_of) for card_id, all_of in showings.items()}


def first_seen(session: Session, board: str) -> dict[str, dt.datetime]:
    """Return, by card id, the aware moment of each card's first sighting."""
    query = (
        select(SightingRow.card_id, func.min(SightingRow.at))
        .join(CardRow, CardRow.id == SightingRow.card_id)
        .where(CardRow.board == board)
        .group_by(SightingRow.card_id)
    )
    return dict(session.execute(query).all())


def sighting_of(row: SightingRow) -> Sighting:
    """Return a row as a value."""
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


def _showing(row: SightingRow) -> Showing:
    return Showing(
        photo=row.photo_id,
        at=row.at,
        position=row.position,
        read_again=row.read_again,
        # The column holds what `vision.identity` says, whose type is News.
        news=row.news,  # type: ignore[arg-type]  # see above
        sharpness=row.sharpness,
        crop=row.crop,
    )


def _newest(
    session: Session, board: str, read_again: tuple[bool, ...]
) -> Sequence[SightingRow]:
    """Return each card's newest sighting whose `read_again` is one of these."""
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
        .where(CardRow.board == board, SightingRow.read_again.in_(read_again))
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
