"""Corrections: appended, never edited; taken back by appending too."""

import datetime as dt
from functools import cache
from typing import Any

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from server.errors import NotFoundError
from server.schedule.corrections.change import Change
from server.schedule.corrections.correction import Correction, Turn
from server.schedule.corrections.held import HeldPhotos
from server.schedule.corrections.kinds import (
    change_from_json,
    change_to_json,
    held_by,
    photo_of,
    renamed,
)
from server.schedule.renamings import Names, Renaming
from server.store.profiles import names_of, newest_version
from server.store.tables import CardRow, CorrectionRow, PhotoRow, UndoRow

MOST_ROWS = 2**63 - 1
"""The greatest number that a row can have: databases refuse to look for others."""


def corrections_of(session: Session, board: str) -> tuple[Correction, ...]:
    """Return every correction ever made on a board, in order, undone or not.

    In the names that rooms and slots have now.
    """
    query = _corrections().where(CorrectionRow.board == board)
    names = names_of(session, board)
    return tuple(
        _value_of(row, turn, names=names) for row, turn in session.execute(query)
    )


def corrections_that_hide(session: Session, board: str) -> tuple[Correction, ...]:
    """Return those of `corrections_of` that tell which cards and crops are hidden.

    Each crop that is sent asks for them: mostly they are few.
    """
    change = CorrectionRow.change
    query = _corrections().where(
        CorrectionRow.board == board,
        or_(
            change["kind"].as_string() != "edit",
            change["hidden"].as_string().is_not(None),
        ),
    )
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
    found = session.execute(query).first() if 0 < correction_id <= MOST_ROWS else None
    if found is None:
        raise NotFoundError(f"correction {correction_id}")
    return _value_of(*found)


def has_arrived(session: Session, act: str) -> bool:
    """Say whether what a browser calls so was appended before: it was sent twice."""
    undo = select(UndoRow.id).where(UndoRow.act == act)
    return _arrived(session, act) is not None or session.scalar(undo) is not None


def corrections_of_photo(session: Session, photo_id: str) -> tuple[Correction, ...]:
    """Return every correction ever made of a photo, whichever board it was made on."""
    query = _corrections().where(CorrectionRow.photo_id == photo_id)
    return tuple(_value_of(row, turn) for row, turn in session.execute(query))


def held_photos(session: Session, board: str | None = None) -> HeldPhotos:
    """Return what people said of photos that holds now; mostly of none.

    What is stored of a photo stays as it was written: this counts as it is asked for.

    Parameters
    ----------
    session : Session
    board : str, optional
        Slug: only of photos of this board. It may have become known only after
        somebody said something of them.
    """
    query = _corrections().where(CorrectionRow.photo_id.is_not(None))
    if board is not None:
        query = query.join(PhotoRow, PhotoRow.id == CorrectionRow.photo_id).where(
            PhotoRow.board == board
        )
    rows = session.execute(query)
    return held_by(_value_of(row, turn) for row, turn in rows).photos


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


def boards_with_votes(session: Session) -> frozenset[str]:
    """Return the slugs of the boards on which a vote was ever begun; mostly none."""
    by = CorrectionRow.change["by"].as_string()
    query = select(CorrectionRow.board).where(by == "votes").distinct()
    return frozenset(session.scalars(query))


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


def hold_corrections(session: Session) -> None:
    """Let nobody else correct anything before this transaction ends.

    Of what is looked at and then done nothing changes in between. SQLite has one
    writer at a time anyway.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE corrections IN SHARE ROW EXCLUSIVE MODE"))


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
        photo_id=photo_of(change),
        profile_version=newest_version(session),
        change=change_to_json(change),
        author=author,
        made_at=made_at,
        act=act,
    )
    session.add(row)
    session.flush()
    _look_again(session, row.photo_id)
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
    _look_again(session, photo_of(correction.change))


def _look_again(session: Session, photo_id: str | None) -> None:
    """Have a photo that people said something of looked at again, if it was read.

    Nobody else writes of it before this transaction ends: a worker then sees what was
    said, or what the worker wrote is seen here.
    """
    if photo_id is None:
        return
    row = session.get(PhotoRow, photo_id, with_for_update=True, populate_existing=True)
    if row is not None and row.state == "settled":
        row.state = "read"


@cache
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


def _value_of(
    row: CorrectionRow, turn: UndoRow | None, *, names: Names | None = None
) -> Correction:
    change = change_from_json(row.change)
    since = names.since(row.profile_version or 0) if names else Renaming()
    return Correction(
        id=row.id,
        change=renamed(change, since),
        author=row.author,
        made_at=row.made_at,
        undone=turn is not None and turn.undone,
        turn=None if turn is None else Turn(turn.id, turn.author, turn.made_at),
    )
