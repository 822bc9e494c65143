"""Posts go out: one after the other, each at most once.

First it is written down that a post begins, with all services; then, for each service,
that it is being sent; only then a byte of it leaves. A process that ends in between
leaves a delivery of which nobody knows whether it arrived: a person is asked.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy.orm import Session as DatabaseSession

from calibration.announcing import Announcing
from calibration.profile import Board
from server.announcing.outcomes import End, Outcome
from server.announcing.posting import post
from server.announcing.services import Service
from server.errors import ServerError
from server.schedule.announcing.announcement import (
    Announcement,
    DeliveryState,
    Facts,
)
from server.schedule.announcing.news import News, by_card, is_on, news_of, still_true
from server.schedule.announcing.pace import HOUR, next_post_at, quiet_until
from server.schedule.announcing.wording import Wording, alt_text
from server.schedule.sessions import Session
from server.site import Site
from server.store.announcements import announcements_of, begin, begun_since
from server.store.board_states import hold_board
from server.store.deliveries import Claimed, claim, is_due, settle
from server.store.profiles import check_newest
from server.store.releases import latest_release, release_at

STEADY_FOR = dt.timedelta(minutes=3)
"""How long something is published as it is before it goes out without a person: by then
doubtful cards are read further, and the facilitator has seen a wrong one."""

BY_ITSELF = "Boardcast"
"""Who approved what goes out without a person."""

RETRY_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""After each attempt that came to nothing; after the last one it is given up. Services
that limit how often they are asked do so by minutes."""

FIRST = MappingProxyType({"cancelled": 0, "moved": 1, "soon": 2, "new": 3})
"""What goes out first where more waits than may: what people would go wrong without."""

STATES: MappingProxyType[End, DeliveryState] = MappingProxyType(
    {
        "sent": "sent",
        "later": "waiting",
        "without picture": "waiting",
        "refused": "failed",
        "unsure": "unsure",
    }
)

Post = Callable[[Service, str, bytes | None, str], Outcome]
"""As `post`."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who sends posts.

    Parameters
    ----------
    site : Site
    services : tuple of Service
    owner : str
        Under which name posts are claimed; different for every process.
    post : callable
    """

    site: Site
    services: tuple[Service, ...]
    owner: str
    post: Post = post


def send_once(sender: Sender) -> bool:
    """Send the next post that is due; say whether there was one.

    Raises
    ------
    StorageError
        If the database cannot be used.
    """
    site = sender.site
    rules, now = site.profile.announce, site.clock()
    if rules is None or not sender.services:
        return False
    if quiet_until(now, rules.quiet, site.profile.event.timezone):
        return False
    with site.database.read() as session:
        due = is_due(session, now)
        next_one = None if due else _next(session, site, rules, now)
    if due:
        return _deliver(sender)
    return next_one is not None and _begin(sender, rules, *next_one)


def worded(site: Site, board: Board, rules: Announcing) -> Wording:
    """Return what a board's posts are worded with."""
    address = f"{site.settings.public_url}/{site.profile.event.short_path}"
    return Wording(site.profile.event, board, rules, address)


def _next(
    session: DatabaseSession, site: Site, rules: Announcing, now: dt.datetime
) -> tuple[Board, News] | None:
    """Return the post that may begin now; None if none may."""
    zone = site.profile.event.timezone
    if next_post_at(now, begun_since(session, now - HOUR), rules, zone) > now:
        return None
    ready: list[tuple[Board, News]] = []
    for board in site.profile.boards:
        found = news_and_decisions(session, site, board, now)
        wanted = [pair for pair in found if goes_out(*pair, rules)]
        steady = _steady(session, board, now) if wanted else {}
        ready += [
            (board, news)
            for news, decided in wanted
            if decided or _is_steady(news, steady.get(news.session_id))
        ]
    return min(ready, key=lambda one: FIRST[one[1].about], default=None)


def _steady(
    session: DatabaseSession, board: Board, now: dt.datetime
) -> dict[str, Session]:
    """Return the sessions that were published some minutes ago."""
    release = release_at(session, board.slug, now - STEADY_FOR)
    return {one.id: one for one in release.schedule.sessions} if release else {}


def _is_steady(news: News, before: Session | None) -> bool:
    """Say whether a piece of news was true some minutes ago, word for word."""
    if before is None:
        return False
    if news.about == "cancelled":
        return before.cancelled
    return is_on(before) and Facts.of(before).same_words(news.facts)


def news_and_decisions(
    session: DatabaseSession, site: Site, board: Board, now: dt.datetime
) -> list[tuple[News, Announcement | None]]:
    """Return what there is to tell of a board, each with what was decided about it.

    Parameters
    ----------
    session : Session
    site : Site
    board : Board
    now : datetime
        Aware.
    """
    rules, release = site.profile.announce, latest_release(session, board.slug)
    if rules is None or release is None:
        return []
    zone = site.profile.event.timezone
    stored = announcements_of(session, board.slug, zone)
    by_key = {one.key: one for one in stored}
    found = news_of(release.schedule, stored, rules, now)
    return [(news, by_key.get(news.key)) for news in found]


def goes_out(news: News, stored: Announcement | None, rules: Announcing) -> bool:
    """Say whether a piece of news may be sent as it is.

    What a person approved, as long as it says what it said then; and without one, what
    is certain, if the event wants that.
    """
    if stored is None:
        return rules.when == "automatic" and news.certain
    if stored.state != "approved":
        return False
    if stored.text:
        return stored.facts.same_place_and_time(news.facts)
    return stored.facts.same_words(news.facts)


def _begin(sender: Sender, rules: Announcing, board: Board, news: News) -> bool:
    """Write down that a post goes out, if all that was read still holds."""
    site = sender.site
    with site.database.write() as session:
        hold_board(session, board.slug)
        check_newest(session, site.profile)
        now = site.clock()
        if _next(session, site, rules, now) != (board, news):
            return True  # something changed meanwhile: look again
        decided = dict(news_and_decisions(session, site, board, now))[news]
        wording = worded(site, board, rules)
        text = decided.text if decided else ""
        return begin(
            session,
            board.slug,
            news.key,
            [service.name for service in sender.services],
            facts=news.facts,
            text=text or wording.text(news.about, news.session_id, news.facts, now),
            by=decided.by if decided else BY_ITSELF,
            at=now,
        )


def _deliver(sender: Sender) -> bool:
    site = sender.site
    with site.database.write() as session:
        now = site.clock()
        claimed = claim(session, sender.owner, now, site.profile.event.timezone)
        if claimed is None:
            return True  # claims ran out
        why = _obstacle(session, sender, claimed, now)
        if why:
            _settle(session, sender, claimed, "failed", why)
            return True
    outcome = _attempt(sender, claimed)
    with site.database.write() as session:
        _note(session, sender, claimed, outcome)
    return True


def _obstacle(
    session: DatabaseSession, sender: Sender, claimed: Claimed, now: dt.datetime
) -> str:
    """Return why a post is not to be sent any more; empty if nothing is against it."""
    if claimed.delivery.service not in {one.name for one in sender.services}:
        return "There is no such service any more."
    release, said = latest_release(session, claimed.board), claimed.announcement
    if release is not None:
        session_now = by_card(release.schedule).get(said.session_id)
        if still_true(said.about, said.facts, session_now, now):
            return ""
    return "It was not sent: the session changed, was hidden or is over."


def _attempt(sender: Sender, claimed: Claimed) -> Outcome:
    """Send a post that is claimed. What nobody foresaw counts as perhaps sent."""
    said, name = claimed.announcement, claimed.delivery.service
    service = next(one for one in sender.services if one.name == name)
    try:
        shown = claimed.delivery.with_picture and said.about != "cancelled"
        picture = _picture(sender.site, claimed) if shown else None
    except ServerError as error:
        log.warning("the picture of a post is left out: %s", error)
        picture = None
    try:
        return sender.post(service, said.text, picture, alt_text(said.facts))
    except ServerError as error:
        return Outcome("refused", f"{error.message} {error.hint}")
    except Exception:  # noqa: BLE001  (whatever it is, it may have been sent)
        # Without the traceback: it may show the service's address.
        log.error("the post to %s broke down", name)  # noqa: TRY400  (see above)
        return Outcome("unsure", "Boardcast broke down. Look whether it arrived.")


def _picture(site: Site, claimed: Claimed) -> bytes | None:
    """Return the card's picture as it is published; None if there is none."""
    crop = claimed.announcement.facts.crop
    return site.blobs.get(crop) if crop else None


def _note(
    session: DatabaseSession, sender: Sender, claimed: Claimed, outcome: Outcome
) -> None:
    """Keep what became of an attempt, and when it is tried again."""
    delivery, now = claimed.delivery, sender.site.clock()
    state, why = STATES[outcome.end], outcome.why
    again = now if outcome.end == "without picture" else None
    if outcome.end == "later":
        if delivery.tries > len(RETRY_AFTER):
            state, why = "failed", f"{why} It was tried {delivery.tries} times."
        else:
            again = now + RETRY_AFTER[delivery.tries - 1]
    _settle(
        session,
        sender,
        claimed,
        state,
        why,
        next_try_at=again,
        with_picture=outcome.end != "without picture",
    )


def _settle(
    session: DatabaseSession,
    sender: Sender,
    claimed: Claimed,
    state: DeliveryState,
    why: str,
    *,
    next_try_at: dt.datetime | None = None,
    with_picture: bool = True,
) -> None:
    settle(
        session,
        claimed.delivery.id,
        state,
        why,
        sender.site.clock(),
        owner=sender.owner,
        next_try_at=next_try_at,
        with_picture=with_picture,
    )
