"""Votes are ended: counted, decided, and published, each once."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from sqlalchemy.orm import Session

from calibration.profile import Board, Profile
from server.publish.releases import current_outcome, publish
from server.schedule.corrections.held import Held
from server.schedule.corrections.kinds import held_by
from server.schedule.decided import Question
from server.schedule.sessions import Session as PublishedSession
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
        end_vote(session, profile, board, at=now, author=VOTE)


def end_vote(
    session: Session,
    profile: Profile,
    board: Board,
    number: int | None = None,
    *,
    at: dt.datetime,
    author: str,
) -> None:
    """End votes of a board, but those whose result was taken back.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    profile : Profile
    board : Board
    number : int, optional
        Of the decision that began the vote; all whose time is over if left out.
    at : datetime
        Aware time that it is now.
    author : str
        Who ends them.
    """
    cards = cards_of(session, board.slug)
    corrections = corrections_of(session, board.slug)
    outcome = current_outcome(session, profile, board.slug, cards, corrections)
    held = held_by(corrections)
    for question in outcome.decided.questions:
        vote = question.decision
        if question.state != "waiting" or vote is None or not vote.is_vote:
            continue
        over = vote.decide_by is not None and vote.decide_by <= at
        due = over if number is None else vote.made.correction == number
        act = vote_question(vote.made.correction)
        if not due or has_arrived(session, act):
            continue
        counts = votes_so_far(session, board, question, held, outcome.sessions)
        change = ended(question, counts, at)
        append_correction(
            session, board.slug, change, author=author, made_at=at, act=act
        )
        publish(session, profile, board.slug, cause="correction", at=at)


def votes_so_far(
    session: Session,
    board: Board,
    question: Question,
    held: Held,
    sessions: Mapping[str, PublishedSession],
) -> Counter[str]:
    """Return the votes by the ids of the sessions: ballots, and dots where they count.

    Parameters
    ----------
    session : Session
    board : Board
    question : Question
        That waits for the vote.
    held : Held
        What people set on the board.
    sessions : mapping of str to Session
        All of the board, by their ids.
    """
    counts: Counter[str] = Counter()
    if question.decision is None:
        return counts
    asked = vote_question(question.decision.made.correction)
    for card, number in counts_of(session, [asked])[asked].items():
        counts[held.first_of(card)] += number
    if board.votes == "dots":
        for card in question.conflict.cards:
            counts[card] += sessions[card].votes or 0
    return counts
