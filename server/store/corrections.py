"""Corrections: appended, never edited; taken back by appending too."""

import datetime as dt
from collections.abc import Collection
from typing import get_args

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.errors import CorrectionError, NotFoundError
from server.schedule.corrections import (
    Correction,
    CorrectionField,
    CorrectionValue,
    is_hidden,
    standing,
)
from server.store.codec import value_from_json, value_to_json
from server.store.tables import CardRow, CorrectionRow, SightingRow, UndoRow

MAX_TEXT = 2000
"""Characters of a corrected text: a card holds a few hundred."""


def corrections_of(session: Session, board: str) -> tuple[Correction, ...]:
    """Return every correction ever made on a board, in order, undone or not."""
    of_board = select(CardRow.id).where(CardRow.board == board)
    return _corrections(session, CorrectionRow.card_id.in_(of_board))


def corrections_of_cards(
    session: Session, card_ids: Collection[str]
) -> tuple[Correction, ...]:
    """Return every correction ever made on some cards, in order, undone or not."""
    return _corrections(session, CorrectionRow.card_id.in_(card_ids))


def is_hidden_crop(session: Session, sha256: str) -> bool:
    """Say whether a public blob shows hidden cards only.

    False for board pictures, and for a crop of any card that is not hidden.

    Parameters
    ----------
    session : Session
    sha256 : str
        Of the blob.
    """
    query = select(SightingRow.card_id).where(SightingRow.crop == sha256).distinct()
    card_ids = session.scalars(query).all()
    held = standing(corrections_of_cards(session, card_ids)) if card_ids else {}
    return bool(card_ids) and all(is_hidden(held.get(name, {})) for name in card_ids)


def append_correction(
    session: Session,
    card_id: str,
    field: CorrectionField,
    value: CorrectionValue,
    *,
    author: str,
    made_at: dt.datetime,
) -> Correction:
    """Append a correction.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    card_id : str
    field : CorrectionField
    value : str, bool or CellId
        As `server.schedule.corrections.Correction` says.
    author : str
        Who does it, as they signed in.
    made_at : datetime
        Aware.

    Raises
    ------
    NotFoundError
        If there is no such card.
    CorrectionError
        If the field is none, or the value does not fit it.
    """
    if session.get(CardRow, card_id) is None:
        raise NotFoundError(f"card {card_id}")
    _check(field, value)
    row = CorrectionRow(
        card_id=card_id,
        field=field,
        value=value_to_json(value),
        author=author,
        made_at=made_at,
    )
    session.add(row)
    session.flush()
    return _value_of(row, undone=False)


def undo_correction(
    session: Session, correction_id: int, author: str, at: dt.datetime
) -> Correction:
    """Take a correction back; doing it again changes nothing.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    correction_id : int
    author : str
        Who does it, as they signed in.
    at : datetime
        Aware.

    Raises
    ------
    NotFoundError
        If there is no such correction.
    """
    row = session.get(CorrectionRow, correction_id)
    if row is None:
        raise NotFoundError(f"correction {correction_id}")
    if session.get(UndoRow, correction_id) is None:
        session.add(UndoRow(correction_id=correction_id, author=author, made_at=at))
        session.flush()
    return _value_of(row, undone=True)


def _corrections(
    session: Session, where: ColumnElement[bool]
) -> tuple[Correction, ...]:
    query = (
        select(CorrectionRow, UndoRow.correction_id)
        .outerjoin(UndoRow, UndoRow.correction_id == CorrectionRow.id)
        .where(where)
        .order_by(CorrectionRow.id)
    )
    return tuple(
        _value_of(row, undone=undone is not None)
        for row, undone in session.execute(query)
    )


def _check(field: CorrectionField, value: CorrectionValue) -> None:
    if field not in get_args(CorrectionField):
        raise CorrectionError(
            f'A card has no "{field}" that can be corrected.',
            hint=f"Correct one of {', '.join(get_args(CorrectionField))}.",
        )
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise CorrectionError(
            f"The text has {len(value)} characters; at most {MAX_TEXT} are kept.",
            hint="Shorten it and save again.",
        )
    if isinstance(value, str) and "\x00" in value:
        raise CorrectionError(
            "The text contains a character that cannot be kept.",
            hint="Type it anew instead of pasting it.",
        )


def _value_of(row: CorrectionRow, *, undone: bool) -> Correction:
    # The column holds what _check let through, whose type is CorrectionField.
    field: CorrectionField = row.field  # type: ignore[assignment]  # see above
    return Correction(
        id=row.id,
        card=row.card_id,
        field=field,
        value=value_from_json(field, row.value),
        author=row.author,
        made_at=row.made_at,
        undone=undone,
    )
