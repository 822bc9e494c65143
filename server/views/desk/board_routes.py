"""The board view's addresses: the drawn board, and what is done to its cards."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.auth import require
from server.publish.releases import current_schedule
from server.schedule.corrections.kinds import held_by
from server.site import Site, newest_site
from server.store.cards import cards_of, quads_of
from server.store.corrections import corrections_of
from server.store.pictures import newest_picture
from server.views.choice import chosen_board
from server.views.desk.board_drawing import view_of
from server.views.desk.board_view import BoardView
from server.views.desk.page import PHOTOS_SHOWN, Desk, desk_of
from server.views.desk.photos import desk_photos
from server.views.desk.shown import desk_page


def add_board_view(blueprint: Blueprint) -> None:
    """Add the board view's addresses to those of the desk."""
    blueprint.add_url_rule("/desk/<slug>/board", "board_view", show)


def show(slug: str) -> ResponseReturnValue:
    """Show a board with its cells and cards, and what can be done to one of them."""
    identity = require("facilitator")
    here = newest_site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        desk, view = _drawn(database, here, board)
    at = request.args.get("at", "")
    return desk_page(
        "desk/board.html",
        here,
        desk,
        identity,
        at=at,
        view=view,
        cell=view.cell(at),
        card=view.card(at.removeprefix("drawn-")),
    )


def _drawn(
    database: DatabaseSession, here: Site, board: Board
) -> tuple[Desk, BoardView]:
    """Return the desk of a board as it stands, and how the board is drawn."""
    cards = cards_of(database, board.slug)
    corrections = corrections_of(database, board.slug)
    schedule = current_schedule(database, here.profile, board.slug)
    desk = desk_of(
        board,
        cards,
        corrections,
        desk_photos(database, board.slug, PHOTOS_SHOWN),
        schedule,
        timezone=here.profile.event.timezone,
        now=here.clock(),
    )
    view = view_of(
        board,
        here.profile.event.timezone,
        desk.queue,
        schedule,
        held_by(corrections),
        shown=newest_picture(database, board),
        quads=quads_of(database, board.slug),
    )
    return desk, view
