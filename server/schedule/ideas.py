"""Ideas as they are published, and which session may have taken one up. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from server.schedule.corrections.held import Held
from server.schedule.proposed_joins import alike

TAKEN_UP = 0.75
"""Likeness of words from which a session may take an idea up. An idea has no place and no
host that could speak for it: "Knitting for beginners" and "Go for beginners" are .7
alike."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A topic that people want.

    Parameters
    ----------
    id : str
    text : str
    session : str
        Id of the session that takes it up; empty for none. It may have left the board.
    """

    id: str
    text: str
    session: str = ""


class TakenUp(NamedTuple):
    """That a session may be the one that an idea asks for."""

    idea: str
    session: str


def ideas_of(held: Held) -> tuple[Idea, ...]:
    """Return the ideas that everybody sees, in the order in which they were added."""
    return tuple(
        Idea(name, one.text, held.first_of(one.session) if one.session else "")
        for name, one in held.ideas.items()
        if one.state == "listed"
    )


def proposed_sessions(
    ideas: Iterable[Idea], titles: Iterable[tuple[str, str]]
) -> tuple[TakenUp, ...]:
    """Return for each open idea the session that is most like it, if one is.

    By the likeness of words that joins planned sessions to cards.

    Parameters
    ----------
    ideas : iterable of Idea
    titles : iterable of (str, str)
        Ids and titles of the sessions that are told.
    """
    known = [(session, title) for session, title in titles if title]
    found = []
    for idea in ideas:
        if not idea.session and known:
            best = max(known, key=lambda one: alike(idea.text, one[1]))
            if alike(idea.text, best[1]) >= TAKEN_UP:
                found.append(TakenUp(idea.id, best[0]))
    return tuple(found)
