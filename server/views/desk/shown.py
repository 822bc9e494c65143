"""The desk as it stands, and pages of it."""

from flask import Response, render_template
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.publish.releases import current_schedule
from server.roles import Identity
from server.site import Site
from server.store.cards import cards_of
from server.store.corrections import corrections_of
from server.store.people import removed_on
from server.store.words import readings_of
from server.views.crowd.ideas import ATTENDEE
from server.views.desk.announcements import to_decide
from server.views.desk.attention import attention_of
from server.views.desk.idea_list import ideas_asking
from server.views.desk.page import PHOTOS_SHOWN, Desk, desk_of
from server.views.desk.photos import desk_photos


def desk_now(database: DatabaseSession, here: Site, board: Board) -> Desk:
    """Return the desk of a board as it stands."""
    return desk_of(
        board,
        cards_of(database, board.slug),
        corrections_of(database, board.slug),
        desk_photos(database, board.slug, PHOTOS_SHOWN),
        current_schedule(database, here.profile, board.slug),
        timezone=here.profile.event.timezone,
        now=here.clock(),
    )


def whole_desk(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    *,
    at: str = "",
) -> Response:
    """Return the page of the desk as it stands; `at` is the card that it begins at."""
    desk = desk_now(database, here, board)
    desk = desk.with_readings(readings_of(database, board.slug))
    attention = attention_of(database, here, board, here.clock())
    schedule = current_schedule(database, here.profile, board.slug)
    return desk_page(
        "desk/desk.html",
        here,
        desk,
        identity,
        at=at,
        attention=attention,
        to_announce=to_decide(database, here, board),
        ideas_asking=ideas_asking(database, schedule),
        asked_away=len(removed_on(database, board, ATTENDEE)),
    )


def desk_page(
    template: str,
    here: Site,
    desk: Desk,
    identity: Identity,
    *,
    at: str = "",
    **more: object,
) -> Response:
    """Return a page or a part of one; `at` is the card that it is about.

    Nothing keeps it: it is for whoever is signed in, and it changes.
    """
    body = render_template(
        template,
        desk=desk,
        at=at,
        identity=identity,
        boards=here.profile.boards,
        event=here.profile.event,
        now=here.clock(),
        **more,
    )
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
