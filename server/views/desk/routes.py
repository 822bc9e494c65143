"""The facilitator's desk: the doubtful cards first, one key for each."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.auth import check_csrf, require
from server.errors import NotFoundError
from server.publish.releases import current_schedule, publish
from server.roles import Identity
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.kinds import held_by
from server.site import Site, site
from server.store.cards import cards_of
from server.store.corrections import (
    correction_of,
    corrections_of,
    set_undone,
)
from server.store.photos import photo, retry_photo
from server.views.choice import chosen_board
from server.views.desk.acts import act, back_to
from server.views.desk.attention import answer_offer, attention_of, confirm, decide
from server.views.desk.board_routes import add_board_view
from server.views.desk.cards import (
    Changes,
    DeskCard,
    as_read,
    changes_from,
    confirmation,
    desk_cards,
    seen_at,
)
from server.views.desk.made import add_made
from server.views.desk.page import PHOTOS_SHOWN, Desk, desk_of
from server.views.desk.photos import change_photo, desk_photos


def desk_blueprint() -> Blueprint:
    """Return the facilitator's addresses."""
    blueprint = Blueprint("desk", __name__)
    add = blueprint.add_url_rule
    add("/desk", "show", show)
    add("/desk/<slug>", "board", show_board)
    add("/desk/<slug>/cards/<card_id>", "save", save, methods=["POST"])
    add("/desk/<slug>/conflicts", "decide", decide, methods=["POST"])
    add("/desk/<slug>/changes", "confirm", confirm, methods=["POST"])
    add("/desk/<slug>/offers", "answer_offer", answer_offer, methods=["POST"])
    add("/desk/<slug>/undo", "undo", undo, methods=["POST"])
    add("/desk/<slug>/photos/<photo_id>", "photo", change_photo, methods=["POST"])
    add("/desk/<slug>/photos/<photo_id>/retry", "retry", retry, methods=["POST"])
    add_made(blueprint)
    add_board_view(blueprint)
    return blueprint


def show() -> ResponseReturnValue:
    """Go to the desk of the board that matters now."""
    require("facilitator")
    return redirect(url_for("desk.board", slug=chosen_board(site(), None).slug))


def show_board(slug: str) -> ResponseReturnValue:
    """Show the desk of a board."""
    identity = require("facilitator")
    here = site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        desk = _desk(database, here, board)
        attention = attention_of(database, here, board, here.clock())
    at = request.args.get("at", "")
    return _page("desk/desk.html", here, desk, identity, at, attention=attention)


def save(slug: str, card_id: str) -> ResponseReturnValue:
    """Keep what a person changed on a card, publish it, go on to the next.

    Raises
    ------
    NotFoundError
        If the board has no such card.
    CorrectionError
        If what was sent does not fit the card.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    partly = "HX-Request" in request.headers
    at = None if partly else _following(here, board, card_id)
    with here.database.write() as database:
        # What somebody else has just saved counts: so the card is read in here.
        entry = _entry(database, board, card_id)
        changes = changes_from(request.form, entry, board.layout)
        if changes := {**_pressed(entry), **changes}:
            edit = Edit.setting(entry.card.id, changes)
            moment = seen_at(request.form)
            act(database, here, board, identity, edit, seen_at=moment)
    if partly:
        with here.database.read() as database:
            after = _desk(database, here, board)
        return _page("desk/saved.html", here, after, identity, card_id)
    return back_to(slug, at, drawn=f"drawn-{card_id}")


def undo(slug: str) -> ResponseReturnValue:
    """Take a correction back and publish what holds without it.

    Raises
    ------
    NotFoundError
        If this board has no such correction.
    """
    identity = require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    number = request.form.get("correction", 0, int)
    with here.database.write() as database:
        correction = correction_of(database, board.slug, number)
        set_undone(
            database, correction, undone=True, author=identity.name, at=here.clock()
        )
        publish(database, here.profile, slug, cause="correction", at=here.clock())
    return redirect(url_for("desk.board", slug=slug, _anchor="history"), 303)


def retry(slug: str, photo_id: str) -> ResponseReturnValue:
    """Let a photo that has failed be tried again.

    Raises
    ------
    NotFoundError
        If this board has no such photo.
    """
    require("facilitator")
    check_csrf()
    here = site()
    board = chosen_board(here, slug)
    with here.database.write() as database:
        if photo(database, photo_id).board not in {board.slug, None}:
            raise NotFoundError(f"photo {photo_id} of this board")
        retry_photo(database, photo_id)
    return redirect(url_for("desk.board", slug=slug, _anchor="photos"), 303)


def _following(here: Site, board: Board, card_id: str) -> str | None:
    """Return the id of the card that comes after one in the queue; None at its end."""
    with here.database.read() as database:
        return _desk(database, here, board).following(card_id)


def _entry(database: DatabaseSession, board: Board, card_id: str) -> DeskCard:
    """Return a card of the queue or of those that are hidden, as it stands.

    Raises
    ------
    NotFoundError
        If the board has no such card.
    """
    held = held_by(corrections_of(database, board.slug))
    entries = desk_cards(cards_of(database, board.slug), held)
    for entry in entries:
        here = entry.card.presence != "gone" or entry.hidden
        if here and entry.card.id == held.first_of(card_id):
            return entry
    raise NotFoundError(f"card {card_id} on this board")


def _pressed(entry: DeskCard) -> Changes:
    """Return what the pressed button itself says about a card."""
    match request.form.get("action"):
        case "hide":
            return {"hidden": True}
        case "show":
            return {"hidden": False}
        case "cancel":
            return {"cancelled": True}
        case "restore":
            return {"cancelled": False}
        case "take":
            return as_read(entry)
        case _:
            return confirmation(request.form, entry)


def _desk(database: DatabaseSession, here: Site, board: Board) -> Desk:
    """Return the desk of a board as it stands."""
    return desk_of(
        board,
        cards_of(database, board.slug),
        corrections_of(database, board.slug),
        desk_photos(database, board.slug, PHOTOS_SHOWN),
        current_schedule(database, here.profile, board.slug),
    )


def _page(
    template: str,
    here: Site,
    desk: Desk,
    identity: Identity,
    at: str,
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
