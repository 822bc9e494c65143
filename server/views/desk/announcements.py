"""Posts about sessions: drafts to approve, and what became of those that went out."""

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.announcing import Announcing
from calibration.profile import Board
from server.announcing.sending import goes_out, news_and_decisions, worded
from server.announcing.services import services_from
from server.auth import check_csrf, require
from server.errors import NotFoundError
from server.roles import Identity
from server.schedule.announcing.announcement import Announcement, Delivery, Facts
from server.schedule.announcing.news import News
from server.schedule.announcing.pace import HOUR, next_post_at
from server.schedule.announcing.wording import alt_text
from server.site import Site, site
from server.store.announcements import (
    MOST_ROWS,
    announcements_of,
    begun_since,
    decide,
    forget,
)
from server.store.board_states import hold_board
from server.store.deliveries import answer
from server.views.choice import chosen_board

if TYPE_CHECKING:
    import datetime as dt

SENT_SHOWN = 60
"""Posts listed that went out: a day's."""

MAX_TEXT = 4000
"""Characters of a post that are kept: more than any service takes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that could go out.

    Parameters
    ----------
    news : News
    decided : Announcement or None
        What somebody decided about it.
    ready : bool
        Whether it goes out by itself from here on.
    worded : str
        As the template has it.
    alt : str
        What is said of its picture.
    """

    news: News
    decided: Announcement | None
    ready: bool
    worded: str
    alt: str

    @property
    def text(self) -> str:
        """Its words, as typed if somebody did."""
        return (self.decided.text if self.decided else "") or self.worded

    @property
    def approved(self) -> bool:
        """Whether somebody approved it as it is."""
        decided = self.decided is not None and self.decided.state == "approved"
        return decided and self.ready

    @property
    def changed(self) -> bool:
        """Whether its session is published otherwise since somebody decided."""
        if self.decided is None:
            return False
        facts = self.news.facts
        if self.decided.text:
            return not self.decided.facts.same_place_and_time(facts)
        return self.decided.state == "approved" and not self.ready

    @property
    def name(self) -> str:
        """By which the page finds it."""
        return "-".join(self.news.key).replace(":", "").replace("+", "")

    @property
    def mark(self) -> str:
        """What differs once its session is published otherwise."""
        return mark_of(self.news.facts)


def mark_of(facts: Facts) -> str:
    """Return a short word that differs for other facts."""
    return sha256(repr(facts).encode()).hexdigest()[:16]


def add_announcements(blueprint: Blueprint) -> None:
    """Add the addresses of the page to the desk's."""
    add = blueprint.add_url_rule
    add("/desk/<slug>/announcements", "announcements", show)
    add("/desk/<slug>/announcements", "announce", change, methods=["POST"])
    add(
        f"/desk/<slug>/announcements/<int(max={MOST_ROWS}):delivery_id>",
        "delivered",
        delivered,
        methods=["POST"],
    )


def to_decide(database: DatabaseSession, here: Site, board: Board) -> int | None:
    """Return how many posts wait for a person; None where nothing is announced."""
    rules = here.profile.announce
    if rules is None:
        return None
    drafts = _drafts(database, here, board, rules)
    stored = announcements_of(database, board.slug, here.profile.event.timezone)
    return sum(not one.ready for one in drafts) + sum(
        one.state == "unsure" for entry in stored for one in entry.deliveries
    )


def show(slug: str) -> ResponseReturnValue:
    """Show the posts of a board."""
    identity = require("facilitator")
    here = site()
    return _page(here, chosen_board(here, slug), identity)


def change(slug: str) -> ResponseReturnValue:
    """Approve a draft, keep its words, drop it, or take one of that back.

    What was typed is kept in any case.

    Raises
    ------
    NotFoundError
        If this event announces nothing.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    rules = here.profile.announce
    if rules is None:
        raise NotFoundError("announcement of this event")
    form = request.form
    with here.database.write() as database:
        hold_board(database, slug)
        drafts = _drafts(database, here, board, rules)
        named = {one.name: one for one in drafts}
        draft = named.get(form.get("draft", ""))
        if form.get("action") == "back":
            forget(database, slug, form.get("id", 0, int))
        elif draft is None:
            flash("This is no news any more: it was sent, or the session changed.")
        else:
            _decide(database, here, board, identity, draft)
    return redirect(url_for("desk.announcements", slug=slug), 303)


def delivered(slug: str, delivery_id: int) -> ResponseReturnValue:
    """Take what a person says of a post that failed, or perhaps arrived.

    Raises
    ------
    NotFoundError
        If there is no such post.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    chosen_board(here, slug)
    arrived = request.form.get("action") == "arrived"
    with here.database.write() as database:
        done = answer(
            database, delivery_id, identity.name, here.clock(), arrived=arrived
        )
    if not done:
        flash("It is being sent, or was sent meanwhile.")
    return redirect(url_for("desk.announcements", slug=slug, _anchor="sent"), 303)


def _decide(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    draft: Draft,
) -> None:
    form, action = request.form, request.form.get("action", "")
    changed = form.get("mark") != draft.mark
    if action == "approve" and changed:
        flash("It changed while you looked at it, and is not approved. Look again.")
    state = {"approve": "draft" if changed else "approved", "drop": "dropped"}
    decide(
        database,
        board.slug,
        draft.news.key,
        state=state.get(action, "draft"),  # type: ignore[arg-type]  # all are of State
        facts=draft.news.facts,
        text=_typed(draft),
        by=identity.name,
        at=here.clock(),
    )


def _typed(draft: Draft) -> str:
    """Return what a person wrote; empty if they left the template's words."""
    sent = request.form.get("text", "").replace("\r\n", "\n").strip()[:MAX_TEXT]
    seen = request.form.get("seen_text", "").replace("\r\n", "\n").strip()
    if not sent or sent == draft.worded:
        return ""
    before = draft.decided.text if draft.decided else ""
    return before if sent == seen else sent


def _drafts(
    database: DatabaseSession, here: Site, board: Board, rules: Announcing
) -> list[Draft]:
    now, words = here.clock(), worded(here, board, rules)
    return [
        Draft(
            news,
            decided,
            goes_out(news, decided, rules),
            words.text(news.about, news.session_id, news.facts, now),
            alt_text(news.facts),
        )
        for news, decided in news_and_decisions(database, here, board, now)
    ]


def _page(here: Site, board: Board, identity: Identity) -> Response:
    event, rules, now = here.profile.event, here.profile.announce, here.clock()
    drafts: list[Draft] = []
    next_at: dt.datetime | None = None
    with here.database.read() as database:
        if rules is not None:
            drafts = _drafts(database, here, board, rules)
            begun = begun_since(database, now - HOUR)
            next_at = next_post_at(now, begun, rules, event.timezone)
        stored = announcements_of(database, board.slug, event.timezone)
    begun_posts = [one for one in stored if one.state == "begun"]
    body = render_template(
        "desk/announcements.html",
        board=board,
        boards=here.profile.boards,
        event=event,
        rules=rules,
        identity=identity,
        now=now,
        next_at=next_at if next_at and next_at > now else None,
        services=services_from(os.environ, here.settings.data_dir),
        drafts=drafts,
        dropped=[one for one in stored if one.state == "dropped"],
        sent=begun_posts[: -SENT_SHOWN - 1 : -1],
        open_question=_open_question,
    )
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _open_question(delivery: Delivery) -> bool:
    """Say whether a person may decide about a delivery."""
    return delivery.state in {"unsure", "failed"}
