"""Votes: which of several sessions in one place is held, attendees say. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calibration.layout import CellId
from server.schedule.corrections.decision import Decision
from server.schedule.decided import Question


class Option(NamedTuple):
    """A session that may be chosen; its votes are told once the vote has ended."""

    session: str
    title: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class Vote:
    """What is published of a vote.

    Parameters
    ----------
    id : int
        Number of the decision that began it, or that ended it.
    cell : CellId
        Where all of them would be held.
    options : tuple of Option
    ends_at : datetime
        Aware: until when it goes on, or when it was ended.
    ended : bool
        Whether it was counted. One whose time is over may not be yet.
    chosen : tuple of str
        Ids of the sessions that are held; empty as long as nobody decided.
    """

    id: int
    cell: CellId
    options: tuple[Option, ...]
    ends_at: dt.datetime
    ended: bool
    chosen: tuple[str, ...]

    @property
    def number_of_votes(self) -> int:
        """How many devices voted, once it has ended."""
        return sum(one.votes or 0 for one in self.options)


def votes_of(
    questions: Iterable[Question], titles: Mapping[str, str], timezone: ZoneInfo
) -> tuple[Vote, ...]:
    """Return the votes that go on, and what those came to that have ended.

    Parameters
    ----------
    questions : iterable of Question
    titles : mapping of str to str
        Of all sessions, also those that are not published.
    timezone : ZoneInfo
        The event's.
    """
    votes = []
    for question in questions:
        decision = question.decision
        if decision is None or not (decision.is_vote or decision.counts):
            continue
        counts = dict(decision.counts)
        cards = counts or question.conflict.cards
        ends_at = decision.decide_by or decision.made.at
        votes.append(
            Vote(
                decision.made.correction,
                question.conflict.cell,
                tuple(
                    Option(card, titles.get(card, ""), counts.get(card))
                    for card in cards
                ),
                ends_at.astimezone(timezone),
                bool(counts),
                tuple(sorted(decision.chosen)) if question.state == "decided" else (),
            )
        )
    return tuple(votes)


def ended(question: Question, counts: Mapping[str, int], at: dt.datetime) -> Decision:
    """Return what a vote comes to: the session with the most votes is held.

    If several have the most, or nobody voted, nothing is decided: a facilitator is
    asked, and all stay published meanwhile.

    Parameters
    ----------
    question : Question
        That waits for the vote.
    counts : mapping of str to int
        Votes by the ids of the sessions; what is no session of it does not count.
    at : datetime
        Aware: when it ends.
    """
    key = question.conflict.key
    told = tuple((card, counts.get(card, 0)) for card in key.cards)
    most = max(votes for _, votes in told)
    first = tuple(card for card, votes in told if votes == most)
    tie = len(first) > 1
    return Decision(
        key.kind,
        key.cards,
        key.cards if tie else first,
        key.cell,
        at if tie else None,
        "votes",
        told,
    )
