"""What became of each session from release to release. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from server.schedule.sessions import Schedule, Session


@dataclass(frozen=True, slots=True)
class SessionHistory:
    """One session over all releases of its board.

    Parameters
    ----------
    session : Session
        As it was last published.
    sequence : int
        How many times it changed since it was first published, from 0.
    changed_at : datetime
        When the release with the last change was made; aware.
    gone : bool
        Whether the newest release lacks it.
    """

    session: Session
    sequence: int
    changed_at: dt.datetime
    gone: bool


def histories(
    releases: Iterable[tuple[dt.datetime, Schedule]],
    before: Iterable[SessionHistory] = (),
) -> tuple[SessionHistory, ...]:
    """Return the history of every session that was ever published.

    Parameters
    ----------
    releases : iterable of (datetime, Schedule)
        When each release of one board was made (aware) and what it says,
        oldest first.
    before : iterable of SessionHistory
        What the releases before these came to; nothing if left out.

    Returns
    -------
    tuple of SessionHistory
        By id, so that a feed keeps its order whatever moves.
    """
    known = {entry.session.id: entry for entry in before}
    for made_at, schedule in releases:
        published = {session.id: session for session in schedule.every}
        for name in known.keys() | published.keys():
            known[name] = _follow(known.get(name), published.get(name), made_at)
    return tuple(known[name] for name in sorted(known))


def _follow(
    before: SessionHistory | None, session: Session | None, made_at: dt.datetime
) -> SessionHistory:
    """Return a session's history after one more release."""
    if before is None:
        if session is None:
            msg = "expected a session that is known or published, got neither"
            raise ValueError(msg)
        return SessionHistory(session, 0, made_at, gone=False)
    gone = session is None
    newest = session or before.session
    same = _published_facts(newest) == _published_facts(before.session)
    if same and gone == before.gone:
        return replace(before, session=newest)
    return SessionHistory(newest, before.sequence + 1, made_at, gone)


def _published_facts(session: Session) -> tuple[object, ...]:
    """Return what is published of a session: a better crop is no change."""
    return (
        session.title,
        session.doubt,
        session.description,
        session.host,
        session.handles,
        session.urls,
        session.cell,
        session.place,
        session.starts_at,
        session.ends_at,
        session.cancelled,
        session.by_hand,
        session.decide_by,
        session.listing,
        session.time,
    )
