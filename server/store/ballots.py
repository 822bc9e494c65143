"""Ballots: what each device said of a question, once; appended, counted."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.store.tables import BallotRow

DEVICE_DIGITS = 32
"""Hex digits of the hash of a device and a question."""


def idea_question(idea: str) -> str:
    """Return what is asked of an idea: who would come."""
    return f"idea {idea}"


def vote_question(correction: int) -> str:
    """Return what a vote asks, by the number of the decision that began it."""
    return f"vote {correction}"


def add_ballot(
    session: Session, question: str, device: str, choice: str, at: dt.datetime
) -> bool:
    """Append what a device says; say whether it had said nothing yet: only that counts.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    question : str
    device : str
        As its cookie says.
    choice : str
        What it chose; empty if there is nothing to choose.
    at : datetime
        Aware.
    """
    hashed = _hashed(question, device)
    if _said(session, question, hashed):
        return False
    try:
        with session.begin_nested():
            session.add(
                BallotRow(question=question, device=hashed, choice=choice, at=at)
            )
    except IntegrityError:  # the same device at the same time, on PostgreSQL
        return False
    return True


def has_said(session: Session, question: str, device: str) -> bool:
    """Say whether a device said something of a question."""
    return _said(session, question, _hashed(question, device))


def counts_of(
    session: Session, questions: Collection[str]
) -> Mapping[str, Counter[str]]:
    """Return how often each choice was made, by the questions."""
    query = (
        select(BallotRow.question, BallotRow.choice, func.count())
        .where(BallotRow.question.in_(questions))
        .group_by(BallotRow.question, BallotRow.choice)
    )
    counts: dict[str, Counter[str]] = {one: Counter() for one in questions}
    for question, choice, number in session.execute(query):
        counts[question][choice] = number
    return counts


def _said(session: Session, question: str, hashed: str) -> bool:
    query = select(BallotRow.id).where(
        BallotRow.question == question, BallotRow.device == hashed
    )
    return session.scalar(query) is not None


def _hashed(question: str, device: str) -> str:
    said = f"{question}\0{device}".encode()
    return hashlib.sha256(said).hexdigest()[:DEVICE_DIGITS]
