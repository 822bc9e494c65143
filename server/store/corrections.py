"""Corrections: appended, never edited; taken back by appending too."""

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.errors import NotFoundError
from server.schedule.corrections.change import Change
from server.schedule.corrections.correction import Correction, Turn
from server.schedule.corrections.kinds import (
    change_from_json,
    change_to_json,
)
from server.store.tables import CardRow, CorrectionRow, UndoRow


def corrections_of(session: Session, board: str) -> tuple[Correction, ...]:
    """Return every correction ever made on a board, in order, undone or not."""
    query = _corrections().where(CorrectionRow.board == board)
    return tuple(_value_of(row, turn) for row, turn in session.execute(query))


def correction_of(session: Session, board: str, correction_id: int) -> Correction:
    """Return a correction.

    Raises
    ------
    NotFoundError
        If this board has none with this number.
    """
    query = _corrections().where(
        CorrectionRow.board == board, CorrectionRow.id == correction_id
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFoundError(f"correction {correction_id}")
    return _value_of(*found)


def has_arrived(session: Session, act: str) -> bool:
    """Say whether what a browser calls so was appended before: it was sent twice."""
    undo = select(UndoRow.id).where(UndoRow.act == act)
    return _arrived(session, act) is not None or session.scalar(undo) is not None


def changes_that_cut(session: Session, sha256: str) -> tuple[tuple[str, Change], ...]:
    """Return the boards and the changes, undone or not, that a crop was cut for."""
    change = CorrectionRow.change
    query = select(CorrectionRow.board, change).where(
        or_(
            change["crop"].as_string() == sha256,
            change["part_crop"].as_string() == sha256,
        )
    )
    return tuple(
        (board, change_from_json(document))
        for board, document in session.execute(query)
    )


def check_was_there(session: Session, card_id: str) -> None:
    """Check that there is or was a card with this id: seen, or made by a person.

    Raises
    ------
    NotFoundError
        If there never was one.
    """
    change = CorrectionRow.change
    query = select(CorrectionRow.id).where(
        or_(
            change["card"].as_string() == card_id, change["part"].as_string() == card_id
        )
    )
    if session.get(CardRow, card_id) is None and session.scalar(query.limit(1)) is None:
        raise NotFoundError(f"card {card_id}")


def append_correction(
    session: Session,
    board: str,
    change: Change,
    *,
    author: str,
    made_at: dt.datetime,
    act: str | None = None,
) -> Correction:
    """Append a correction; an act that has arrived before is not appended again.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
        Slug.
    change : Change
    author : str
        Who does it, as they signed in.
    made_at : datetime
        Aware.
    act : str, optional
        What their browser calls it.

    Raises
    ------
    CorrectionError
        If what was typed cannot be kept.
    """
    row = None if act is None else _arrived(session, act)
    if row is not None:
        return correction_of(session, row.board, row.id)
    change.check()
    row = CorrectionRow(
        board=board,
        change=change_to_json(change),
        author=author,
        made_at=made_at,
        act=act,
    )
    session.add(row)
    session.flush()
    return _value_of(row, None)


def set_undone(
    session: Session,
    correction: Correction,
    *,
    undone: bool,
    author: str,
    at: dt.datetime,
    act: str | None = None,
) -> None:
    """Take a correction back, or make it again; twice is once.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    correction : Correction
        As it stands.
    undone : bool
    author : str
        Who does it, as they signed in.
    at : datetime
        Aware.
    act : str, optional
        What their browser calls it.
    """
    if correction.undone == undone:
        return
    row = UndoRow(
        correction_id=correction.id, undone=undone, author=author, made_at=at, act=act
    )
    session.add(row)
    session.flush()


def _corrections() -> Select[*tuple[Any, ...]]:
    """Return the query for corrections, in order, each with its newest undo."""
    undo = aliased(UndoRow)
    newest = (
        select(func.max(undo.id))
        .where(undo.correction_id == CorrectionRow.id)
        .correlate(CorrectionRow)
        .scalar_subquery()
    )
    return (
        select(CorrectionRow, UndoRow)
        .outerjoin(UndoRow, UndoRow.id == newest)
        .order_by(CorrectionRow.id)
    )


def _arrived(session: Session, act: str) -> CorrectionRow | None:
    return session.scalar(select(CorrectionRow).where(CorrectionRow.act == act))


def _value_of(row: CorrectionRow, turn: UndoRow | None) -> Correction:
    return Correction(
        id=row.id,
        change=change_from_json(row.change),
        author=row.author,
        made_at=row.made_at,
        undone=turn is not None and turn.undone,
        turn=None if turn is None else Turn(turn.id, turn.author, turn.made_at),
    )
