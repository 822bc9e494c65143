"""What there is to tell of a board, compared with what was told before.

It follows from what is published and from what was told, never from how it came about:
whatever is restarted, and however often it is asked, it is the same.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calibration.announcing import About, Announcing
from server.schedule.announcing.announcement import Announcement, Facts
from server.schedule.sessions import Schedule, Session


@dataclass(frozen=True, slots=True)
class News:
    """Something that people should know of a session, and were not told.

    Parameters
    ----------
    session_id : str
    about : About
    version : str
        See `Announcement`.
    facts : Facts
    certain : bool
        Whether it needs nobody's eyes: its title is no guess, and it is on the board.
    """

    session_id: str
    about: About
    version: str
    facts: Facts
    certain: bool

    @property
    def key(self) -> tuple[str, About, str]:
        """By which its `Announcement` is found."""
        return self.session_id, self.about, self.version


def news_of(
    schedule: Schedule,
    announcements: Iterable[Announcement],
    rules: Announcing,
    now: dt.datetime,
) -> tuple[News, ...]:
    """Return what there is to tell of a board, the soonest session first.

    Parameters
    ----------
    schedule : Schedule
        As it is published.
    announcements : iterable of Announcement
        Every one that is stored of the board.
    rules : Announcing
    now : datetime
        Aware.
    """
    published = {session.id: session for session in schedule.sessions}
    owners = by_card(schedule)
    before: dict[str, list[Announcement]] = {name: [] for name in published}
    for one in sorted(announcements, key=lambda one: one.id):
        owner = owners.get(one.session_id)
        before.setdefault(owner.id if owner else one.session_id, []).append(one)
    found = []
    for name, past in before.items():
        news = _news(name, published.get(name), past, rules, now)
        if news and news.about in rules.about and now < news.facts.ends_at:
            found.append(news)
    return tuple(sorted(found, key=lambda one: (one.facts.starts_at, one.key)))


def by_card(schedule: Schedule) -> dict[str, Session]:
    """Return sessions by the ids of all cards that belong to them.

    What was told of a card holds of the session that it was joined to.
    """
    return {
        card: one
        for one in schedule.sessions
        for card in (one.id, *(other.id for other in one.others))
    }


def is_on(session: Session | None) -> bool:
    """Say whether a session can be announced as one that takes place."""
    return (
        session is not None
        and not session.cancelled
        and session.decide_by is None
        and session.doubt != "unreadable"
    )


def still_true(
    about: About, facts: Facts, session: Session | None, now: dt.datetime
) -> bool:
    """Say whether a post that was approved can go out as it is.

    Parameters
    ----------
    about : About
    facts : Facts
        What it says.
    session : Session or None
        As it is published now, if it is.
    now : datetime
        Aware.
    """
    over = facts.starts_at if about == "soon" else facts.ends_at
    if now >= over:
        return False
    if about == "cancelled":
        return session is None or session.cancelled
    if session is None or not is_on(session):
        return False
    return facts.same_place_and_time(Facts.of(session))


def _news(
    session_id: str,
    session: Session | None,
    past: Sequence[Announcement],
    rules: Announcing,
    now: dt.datetime,
) -> News | None:
    """Return the one thing to tell of a session: each post says all that holds."""
    told = [one for one in past if one.told]
    if session is not None and not session.cancelled and not is_on(session):
        return None  # it is not decided, or nobody can read it
    if session is not None and is_on(session):
        facts = Facts.of(session)
        certain = session.doubt == "none"
        if _is_soon(facts, past, rules, now):
            start = facts.starts_at.astimezone(dt.UTC).isoformat()
            return News(session_id, "soon", start, facts, certain)
        about = _change(facts, told)
    elif told and told[-1].about != "cancelled":
        facts, certain, about = told[-1].facts, session is not None, "cancelled"
    else:
        return None
    closed = [one for one in past if one.closed and one.about != "soon"]
    if about is None or _was_refused(about, facts, closed, told):
        return None
    # Above all that went out or were dropped: a key never means two posts.
    version = max((int(one.version) for one in closed), default=0) + 1
    return News(session_id, about, str(version), facts, certain)


def _change(facts: Facts, told: Sequence[Announcement]) -> About | None:
    """Return what became of a session that takes place since people read of it."""
    if not told or told[-1].about == "cancelled":
        return "new"
    return None if facts.same_place_and_time(told[-1].facts) else "moved"


def _is_soon(
    facts: Facts, past: Sequence[Announcement], rules: Announcing, now: dt.datetime
) -> bool:
    """Say whether a session begins soon, and nobody was told just now when and where."""
    opens = facts.starts_at - dt.timedelta(minutes=rules.soon_minutes)
    if "soon" not in rules.about or not opens <= now < facts.starts_at:
        return False
    for one in past:
        if (
            one.about == "soon"
            and one.closed
            and one.facts.starts_at == facts.starts_at
        ):
            return False
        just_told = one.told and one.begun_at is not None and one.begun_at >= opens
        if just_told and facts.same_place_and_time(one.facts):
            return False
    return True


def _was_refused(
    about: About,
    facts: Facts,
    closed: Sequence[Announcement],
    told: Sequence[Announcement],
) -> bool:
    """Say whether a person dropped this, or it came to nothing, since the last post.

    Of what a person does not want to be told as new nothing else is news.
    """
    since = told[-1].id if told else 0
    return any(
        one.about == about
        and one.id > since
        and (
            (one.state == "dropped" and not told)
            or facts.same_place_and_time(one.facts)
        )
        for one in closed
        if not one.told
    )
