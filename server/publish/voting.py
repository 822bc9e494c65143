"""Votes are ended: counted, decided, and published, each once."""

import datetime as dt
from collections import Counter

from sqlalchemy.orm import Session

from calibration.profile import Board, Profile
from server.publish.releases import publish
from server.schedule.corrections.decision import Decision
from server.schedule.corrections.kinds import held_by
from server.schedule.decided import Question
from server.schedule.sessions import decided_by
from server.schedule.votes import ended
from server.store.ballots import counts_of, vote_question
from server.store.cards import cards_of
from server.store.corrections import (
    append_correction,
    boards_with_votes,
    corrections_of,
    has_arrived,
)

VOTE = "the attendees' vote"
"""Whom the history names for what a vote decided when its time was over."""


def end_due(session: Session, profile: Profile, now: dt.datetime) -> None:
    """End all votes whose time is over.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    profile : Profile
    now : datetime
        Aware.
    """
    voted = boards_with_votes(session)
    for board in (one for one in profile.boards if one.slug in voted):
        for question in open_votes(session, profile, board):
            until = question.decision and question.decision.decide_by
            if until and until <= now:
                end_vote(session, profile, board, question, at=now, author=VOTE)


def end_vote(
    session: Session,
    profile: Profile,
    board: Board,
    question: Question,
    *,
    at: dt.datetime,
    author: str,
) -> Decision | None:
    """End a vote; return what it came to, None if that was taken back since.

    Parameters
    ----------
    session : Session
        Of `Database.write`, in which the question was read.
    profile : Profile
    board : Board
    question : Question
        One of `open_votes`.
    at : datetime
        Aware time that it is now.
    author : str
        Who ends it.
    """
    if question.decision is None:
        return None
    act = vote_question(question.decision.made.correction)
    if has_arrived(session, act):
        return None
    change = ended(question, votes_so_far(session, profile, board, question), at)
    append_correction(session, board.slug, change, author=author, made_at=at, act=act)
    publish(session, profile, board.slug, cause="correction", at=at)
    return change


def open_votes(
    session: Session, profile: Profile, board: Board
) -> tuple[Question, ...]:
    """Return the conflicts of a board that wait for a vote."""
    event = profile.event
    outcome, _ = decided_by(
        cards_of(session, board.slug),
        corrections_of(session, board.slug),
        board,
        event.timezone,
        event.planned,
    )
    return tuple(
        one
        for one in outcome.questions
        if one.state == "waiting" and one.decision and one.decision.is_vote
    )


def votes_so_far(
    session: Session, profile: Profile, board: Board, question: Question
) -> Counter[str]:
    """Return the votes by the ids of the sessions: ballots, and dots where they count."""
    if question.decision is None:
        return Counter()
    asked = vote_question(question.decision.made.correction)
    held = held_by(corrections_of(session, board.slug))
    counts: Counter[str] = Counter()
    for card, number in counts_of(session, [asked])[asked].items():
        counts[held.first_of(card)] += number
    if board.votes == "dots":
        _, sessions = decided_by(
            cards_of(session, board.slug),
            corrections_of(session, board.slug),
            board,
            profile.event.timezone,
            profile.event.planned,
        )
        for card in question.conflict.cards:
            counts[card] += sessions[card].votes or 0
    return counts
