"""What changed from one schedule to the next. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from server.schedule.sessions import Schedule, Session


@dataclass(frozen=True, slots=True)
class Change:
    """One session before and after.

    Parameters
    ----------
    before, after : Session
        Of the same id.
    """

    before: Session
    after: Session


@dataclass(frozen=True, slots=True)
class ScheduleDiff:
    """What changed on a board.

    Parameters
    ----------
    added : tuple of Session
        New ones, in the order of the schedule after.
    moved : tuple of Change
        In another cell, or at another time; their words may differ too.
    gone : tuple of Session
        No longer published, in the order of the schedule before.
    changed : tuple of Change
        In the same place with other words.
    covered : tuple of Session
        No longer visible: their last state holds.
    """

    added: tuple[Session, ...] = ()
    moved: tuple[Change, ...] = ()
    gone: tuple[Session, ...] = ()
    changed: tuple[Change, ...] = ()
    covered: tuple[Session, ...] = ()


def compare(before: Schedule, after: Schedule) -> ScheduleDiff:
    """Return what changed from one schedule of a board to a later one.

    A session that moved and is not visible any more is in both lists; all
    other lists exclude each other.

    Raises
    ------
    ValueError
        If the schedules are of different boards.
    """
    if before.board != after.board:
        msg = f"expected schedules of one board, got {before.board}, {after.board}"
        raise ValueError(msg)
    old = {session.id: session for session in before.sessions}
    new = {session.id: session for session in after.sessions}
    stayed = [Change(old[name], new[name]) for name in new if name in old]
    return ScheduleDiff(
        added=tuple(new[name] for name in new if name not in old),
        moved=_where(stayed, _moved),
        gone=tuple(old[name] for name in old if name not in new),
        changed=_where(stayed, lambda change: not _moved(change) and _reworded(change)),
        covered=tuple(change.after for change in stayed if _lost_sight(change)),
    )


def _where(changes: list[Change], test: Callable[[Change], bool]) -> tuple[Change, ...]:
    return tuple(change for change in changes if test(change))


def _moved(change: Change) -> bool:
    return _place(change.before) != _place(change.after)


def _reworded(change: Change) -> bool:
    return _words(change.before) != _words(change.after)


def _lost_sight(change: Change) -> bool:
    return change.before.presence == "present" != change.after.presence


def _place(session: Session) -> tuple[object, ...]:
    return session.cell, session.starts_at, session.ends_at


def _words(session: Session) -> tuple[object, ...]:
    return (
        session.title,
        session.description,
        session.host,
        session.handles,
        session.hashtags,
        session.urls,
    )
