"""The page of people: found by what interests them, removed as soon as they ask."""

from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.errors import NotFoundError
from server.languages.current import gettext as _
from server.publish.releases import publish
from server.rates import REMOVALS
from server.schedule.corrections.edit import Edit
from server.schedule.people import Person, matching
from server.site import Site, site
from server.store.corrections import append_correction
from server.store.people import people_on
from server.views.crowd.device import check_sender
from server.views.crowd.ideas import ATTENDEE

SOUGHT = 200
"""Characters of a search that are looked at."""


def add_people(blueprint: Blueprint, home: str) -> None:
    """Add the addresses of people under the event's short path."""
    add = blueprint.add_url_rule
    add(f"{home}/people", "people", show)
    add(f"{home}/people/<card>", "remove", remove, methods=["POST"])


def show() -> ResponseReturnValue:
    """Show people, all or those of whom every word is said that is sought.

    Nothing keeps the page: who is removed is gone from it at once.
    """
    here = site()
    with here.database.read() as database:
        people = all_people(database, here)
    sought = request.args.get("q", "").strip()[:SOUGHT]
    body = render_template(
        "crowd/people.html",
        event=here.profile.event,
        people=matching(people, sought),
        number=len(people),
        sought=sought,
        told=_("You are removed, and whoever looks after the board is told.")
        if request.args.get("said") == "removed"
        else "",
    )
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def remove(card: str) -> ResponseReturnValue:
    """Remove a person at once, as they ask; a facilitator is told and can put it right.

    Raises
    ------
    NotFoundError
        If there is no such person, or no more.
    """
    check_sender(REMOVALS)
    here = site()
    with here.database.write() as database:
        board = _board_of(database, here, card)
        now = here.clock()
        append_correction(
            database,
            board.slug,
            Edit(card, hidden=True),
            author=ATTENDEE,
            made_at=now,
        )
        publish(database, here.profile, board.slug, cause="correction", at=now)
    return redirect(url_for("crowd.people", said="removed"), HTTPStatus.SEE_OTHER)


def all_people(database: DatabaseSession, here: Site) -> tuple[Person, ...]:
    """Return the people of all boards of the event."""
    return tuple(
        one for board in here.profile.boards for one in people_on(database, board)
    )


def _board_of(database: DatabaseSession, here: Site, card: str) -> Board:
    """Return the board that has a person; nothing else is removed so.

    Raises
    ------
    NotFoundError
        If none has.
    """
    for board in here.profile.boards:
        if card in {one.id for one in people_on(database, board)}:
            return board
    raise NotFoundError("such person")
