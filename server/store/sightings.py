"""Sightings of cards, and further looks at them, for modules of this package."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Row, Select, and_, select, tuple_
from sqlalchemy.orm import Session

from calibration.layout import CellId
from server.errors import NotFoundError
from server.schedule.board_state import CardInPhoto
from server.schedule.corrections.held import HeldPhoto, SeenCard
from server.schedule.evidence import ROUND, TrackedCard, Words
from server.schedule.renamings import Renaming
from server.schedule.showings import Showing
from server.store.codec import fields_from_json
from server.store.corrections import held_photos
from server.store.profiles import names_of
from server.store.tables import CardRow, FurtherReadingRow, ReadingRow, SightingRow
from vision.reading import CardReading, card_from_json, notice_in

CardAndPhoto = tuple[str, str]
"""A card's id and a photo's."""

AT_ONCE = 500
"""Rows asked for in one statement: databases bound how long one may be."""

PairRow = TypeVar("PairRow", SightingRow, FurtherReadingRow)


def showings_of(
    session: Session, board: str, moments: Mapping[str, dt.datetime]
) -> dict[str, list[Showing]]:
    """Return, by card id, which photos show each card of a board, the oldest first.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    moments : mapping of str to datetime
        Aware moments by the ids of photos: others are left out.
    """
    query = (
        _showings()
        .join(CardRow, CardRow.id == SightingRow.card_id)
        .where(CardRow.board == board)
        .order_by(SightingRow.card_id)
    )
    showings: dict[str, list[Showing]] = {}
    for row in session.execute(query):
        if row.photo_id in moments:
            showing = replace(_showing(row), at=moments[row.photo_id])
            showings.setdefault(row.card_id, []).append(showing)
    for entries in showings.values():
        entries.sort(key=lambda entry: entry.order)
    return showings


def showings_in(session: Session, photo_id: str) -> dict[str, Showing]:
    """Return, by card id, how a photo shows each card that it shows."""
    query = _showings().where(SightingRow.photo_id == photo_id)
    return {row.card_id: _showing(row) for row in session.execute(query)}


def showing_in(session: Session, card_id: str, photo_id: str) -> Showing:
    """Return how a photo shows a card.

    Raises
    ------
    NotFoundError
        If it does not show it.
    """
    query = _showings().where(
        SightingRow.card_id == card_id, SightingRow.photo_id == photo_id
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFoundError(f"card {card_id} in photo {photo_id}")
    return _showing(row)


def first_round(session: Session, board: str) -> dict[str, SeenCard]:
    """Return, by card id, the cards of a board's first photos as these showed them.

    The first photos are those of one walk along the board.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    """
    of_board = CardRow.board == board
    shown = select(SightingRow.photo_id, SightingRow.at).join(CardRow).where(of_board)
    held = held_photos(session, board)
    moments = {
        photo_id: held.get(photo_id, HeldPhoto()).moment(at)
        for photo_id, at in session.execute(shown.distinct())
        if photo_id not in held or held[photo_id].taken_back is None
    }
    first = min(moments.values(), default=None)
    soon = [one for one, at in moments.items() if first and at <= first + ROUND]
    query = select(SightingRow).join(CardRow).where(of_board)
    rows = session.scalars(query.where(SightingRow.photo_id.in_(soon))).all()
    renamings = renamings_of(session, board)
    rows = sorted(rows, key=lambda row: moments[row.photo_id], reverse=True)
    return {row.card_id: _seen(row, moments[row.photo_id], renamings) for row in rows}


def photo_of_crop(session: Session, crop: str) -> str:
    """Return the id of the photo that a crop was made of; empty if it is of none."""
    query = select(SightingRow.photo_id).where(SightingRow.crop == crop)
    return session.scalars(query.order_by(SightingRow.at)).first() or ""


def seen_in(
    session: Session, board: str, card_id: str, at: dt.datetime
) -> SeenCard | None:
    """Return a card as a person saw it before a newer photo came.

    Parameters
    ----------
    session : Session
    board : str
        Slug of its board.
    card_id : str
    at : datetime
        Aware moment of the newest photo of it that the person had before them.

    Returns
    -------
    SeenCard or None
        None if no newer photo shows it.
    """
    held = held_photos(session, board)
    query = select(SightingRow).where(SightingRow.card_id == card_id)
    rows = [
        (held.get(row.photo_id, HeldPhoto()).moment(row.at), row)
        for row in session.scalars(query)
        if row.photo_id not in held or held[row.photo_id].taken_back is None
    ]
    rows.sort(key=lambda one: (one[0], one[1].photo_id), reverse=True)
    before = [one for one in rows if one[0] <= at]
    if not before or before[0] is rows[0]:
        return None
    moment, row = before[0]
    return _seen(row, moment, renamings_of(session, board))


def renamings_of(session: Session, board: str) -> dict[str, Renaming]:
    """Return, by photo, what is called otherwise now than when it was read.

    Empty where nothing ever was renamed.
    """
    names = names_of(session, board)
    if not names.renamings:
        return {}
    query = select(ReadingRow.photo_id, ReadingRow.profile_version)
    rows = session.execute(query.where(ReadingRow.board == board))
    return {photo_id: names.since(version or 0) for photo_id, version in rows}


def sighting_rows(
    session: Session, pairs: Collection[CardAndPhoto]
) -> Sequence[SightingRow]:
    """Return the sightings of these cards in these photos, by card id."""
    rows = [
        row for query in _of_pairs(SightingRow, pairs) for row in session.scalars(query)
    ]
    return sorted(rows, key=lambda row: row.card_id)


def cards_in_photos(
    session: Session, pairs: Collection[CardAndPhoto]
) -> dict[CardAndPhoto, CardInPhoto]:
    """Return these cards as these photos show them."""
    return {
        (row.card_id, row.photo_id): card_in_photo(row, **_notice(session, row))
        for row in sighting_rows(session, pairs)
    }


def further_of(
    session: Session, pairs: Collection[CardAndPhoto]
) -> dict[CardAndPhoto, CardReading]:
    """Return the further readings of these cards in these photos; some have none."""
    return {
        (row.card_id, row.photo_id): card_from_json(row.document)
        for query in _of_pairs(FurtherReadingRow, pairs)
        for row in session.scalars(query)
    }


def board_of(session: Session, card_id: str) -> str:
    """Return the slug of a card's board.

    Raises
    ------
    NotFoundError
        If there is no such card.
    """
    row = session.get(CardRow, card_id)
    if row is None:
        raise NotFoundError(f"card {card_id}")
    return row.board


def _seen(
    row: SightingRow, at: dt.datetime, renamings: Mapping[str, Renaming]
) -> SeenCard:
    """Return a card as a photo shows it that counts as of a moment, in names of now."""
    entry = card_in_photo(row)
    now = renamings.get(row.photo_id, Renaming())
    cell = entry.sighting.cell
    return SeenCard(
        at=at,
        crop=entry.showing.crop,
        text=entry.words.text,
        cell=now.cell(cell) if cell else None,
        struck=entry.words.fields.cancelled,
    )


def _notice(session: Session, row: SightingRow) -> dict[str, str]:
    """Return the notice of a row that was written when only the reading told of it."""
    if "notice" in row.fields or row.fields["title"]:
        return {}
    query = select(ReadingRow.document[("cards", row.position)])
    card = session.scalars(query.where(ReadingRow.photo_id == row.photo_id)).one()
    return {"notice": notice_in(card)}


def card_in_photo(row: SightingRow, **more: str) -> CardInPhoto:
    """Return a row as a value, as if there was no further look.

    More is what else is known of its fields.
    """
    placed = row.room is not None and row.slot is not None
    return CardInPhoto(
        TrackedCard(
            card=row.card_id,
            photo=row.photo_id,
            at=row.at,
            cell=CellId(str(row.room), str(row.slot)) if placed else None,
            until=row.until,
            colour=row.colour,
            rooms=tuple(row.rooms or ()),
            votes=row.votes,
        ),
        Showing(
            photo=row.photo_id,
            at=row.at,
            position=row.position,
            read_again=row.read_again,
            # The column holds what `vision.tracking` says, whose type is Change.
            change=row.news,  # type: ignore[arg-type]  # see above
            sharpness=row.sharpness,
            crop=row.crop,
        ),
        Words(row.text, fields_from_json({**row.fields, **more}), row.confidence),
    )


def _of_pairs(
    table: type[PairRow], pairs: Collection[CardAndPhoto]
) -> Iterator[Select[PairRow]]:
    """Yield queries that together ask for the rows of these cards in these photos."""
    ordered = sorted(pairs)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        yield select(table).where(tuple_(table.card_id, table.photo_id).in_(some))


def _showings() -> Select[*tuple[Any, ...]]:
    """Return the query for showings: without what is large of each sighting."""
    return select(
        SightingRow.card_id,
        SightingRow.photo_id,
        SightingRow.at,
        SightingRow.position,
        SightingRow.read_again,
        SightingRow.news,
        SightingRow.sharpness,
        SightingRow.crop,
        FurtherReadingRow.photo_id.label("looked"),
    ).outerjoin(
        FurtherReadingRow,
        and_(
            FurtherReadingRow.card_id == SightingRow.card_id,
            FurtherReadingRow.photo_id == SightingRow.photo_id,
        ),
    )


def _showing(row: Row[*tuple[Any, ...]]) -> Showing:
    return Showing(
        photo=row.photo_id,
        at=row.at,
        position=row.position,
        read_again=row.read_again,
        change=row.news,
        sharpness=row.sharpness,
        crop=row.crop,
        further=row.looked is not None,
    )
