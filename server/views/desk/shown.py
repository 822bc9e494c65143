"""The desk as it stands, and pages of it."""

from flask import Response, render_template
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.roles import Identity
from server.schedule.people import is_person, was_hidden_by
from server.site import Site
from server.store.cards import quads_of
from server.store.pictures import newest_picture
from server.store.words import readings_of
from server.views.crowd.ideas import ATTENDEE
from server.views.desk.announcements import to_decide
from server.views.desk.attention import asking
from server.views.desk.board_drawing import view_of
from server.views.desk.board_now import board_now
from server.views.desk.idea_list import ideas_asking
from server.views.desk.page import PHOTOS_SHOWN, Desk, desk_of
from server.views.desk.photos import desk_photos


def desk_now(database: DatabaseSession, here: Site, board: Board) -> Desk:
    """Return the desk of a board as it stands."""
    now = board_now(database, here, board, here.clock())
    return desk_of(now, desk_photos(database, board.slug, PHOTOS_SHOWN))


def whole_desk(
    database: DatabaseSession,
    here: Site,
    board: Board,
    identity: Identity,
    *,
    at: str = "",
) -> Response:
    """Return the page of the desk as it stands; `at` is the card that it begins at."""
    now = board_now(database, here, board, here.clock())
    desk = desk_of(now, desk_photos(database, board.slug, PHOTOS_SHOWN))
    desk = desk.with_readings(readings_of(database, board.slug))
    return desk_page(
        "desk/desk.html",
        here,
        desk,
        identity,
        at=at,
        attention=asking(database, now),
        to_announce=to_decide(database, here, board),
        ideas_asking=ideas_asking(database, now.outcome.schedule, now.held),
        asked_away=sum(
            is_person(one, now.held, board) and was_hidden_by(one.held, ATTENDEE)
            for one in now.cards
        ),
    )


def whole_board_view(
    database: DatabaseSession, here: Site, board: Board, identity: Identity, *, at: str
) -> Response:
    """Return a page of a board with its cells and cards.

    With what can be done to one of them: `at` says which it is.
    """
    now = board_now(database, here, board, here.clock())
    desk = desk_of(now, desk_photos(database, board.slug, PHOTOS_SHOWN))
    view = view_of(
        board,
        now.timezone,
        desk.queue,
        now.outcome.schedule,
        now.held,
        shown=newest_picture(database, board),
        quads=quads_of(database, board.slug),
    )
    return desk_page(
        "desk/board.html",
        here,
        desk,
        identity,
        at=at,
        attention=asking(database, now),
        view=view,
        cell=view.cell(at),
        card=view.card(at.removeprefix("drawn-")),
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
        walls=here.profile.walls,
        event=here.profile.event,
        now=here.clock(),
        **more,
    )
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
