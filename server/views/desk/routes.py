"""The facilitator's desk: the doubtful cards first, one key for each."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.auth import check_csrf, require
from server.errors import NotFoundError
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.kinds import held_by
from server.site import Site, newest_site, site
from server.store.cards import cards_of
from server.store.corrections import corrections_of
from server.store.photos import photo, retry_photo
from server.views.choice import chosen_board
from server.views.desk.acts import act, back_to
from server.views.desk.announcements import add_announcements
from server.views.desk.attention import (
    answer_offer,
    answer_plan,
    confirm,
    decide,
    let_through,
)
from server.views.desk.cards import (
    Changes,
    DeskCard,
    as_read,
    changes_from,
    confirmation,
    desk_cards,
    seen_at,
)
from server.views.desk.collision import collisions_of, with_choices
from server.views.desk.history import quoted
from server.views.desk.ideas import add_desk_ideas
from server.views.desk.made import add_made
from server.views.desk.people import add_desk_people
from server.views.desk.photos import change_photo
from server.views.desk.plan import add_plan
from server.views.desk.receipts import act_sent, answer_again, with_receipt
from server.views.desk.shown import desk_now, desk_page, whole_board_view, whole_desk
from server.views.desk.turning import redo, show_history, undo
from server.views.responses import revalidated
from vision.recognition.lexicon import common_words

KEPT = "What you saved is kept, and holds if it comes back."
"""Said when a card had left the board that a person saved."""


def desk_blueprint() -> Blueprint:
    """Return the facilitator's addresses."""
    blueprint = Blueprint("desk", __name__)
    blueprint.before_request(answer_again)
    blueprint.after_request(with_receipt)
    add = blueprint.add_url_rule
    add("/desk", "show", show)
    add("/desk/words.txt", "words", show_words)
    add("/desk/<slug>", "board", show_board)
    add("/desk/<slug>/board", "board_view", show_board_view)
    add("/desk/<slug>/cards/<card_id>", "save", save, methods=["POST"])
    add("/desk/<slug>/conflicts", "decide", decide, methods=["POST"])
    add("/desk/<slug>/changes", "confirm", confirm, methods=["POST"])
    add("/desk/<slug>/waiting", "let_through", let_through, methods=["POST"])
    add("/desk/<slug>/offers", "answer_offer", answer_offer, methods=["POST"])
    add("/desk/<slug>/plans", "answer_plan", answer_plan, methods=["POST"])
    add("/desk/<slug>/undo", "undo", undo, methods=["POST"])
    add("/desk/<slug>/photos/<photo_id>", "photo", change_photo, methods=["POST"])
    add("/desk/<slug>/redo", "redo", redo, methods=["POST"])
    add("/desk/<slug>/history", "history", show_history)
    add("/desk/<slug>/photos/<photo_id>/retry", "retry", retry, methods=["POST"])
    add_made(blueprint)
    add_announcements(blueprint)
    add_plan(blueprint)
    add_desk_ideas(blueprint)
    add_desk_people(blueprint)
    return blueprint


def show_words() -> ResponseReturnValue:
    """Send words that people use, a line each: with them the desk places letters."""
    require("facilitator")
    return revalidated("\n".join(common_words()), "text/plain; charset=utf-8")


def show() -> ResponseReturnValue:
    """Go to the desk of the board that matters now."""
    require("facilitator")
    return redirect(url_for("desk.board", slug=chosen_board(site(), None).slug))


def show_board(slug: str) -> ResponseReturnValue:
    """Show the desk of a board."""
    identity = require("facilitator")
    here = newest_site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        at = request.args.get("at", "")
        return whole_desk(database, here, board, identity, at=at)


def show_board_view(slug: str) -> ResponseReturnValue:
    """Show a board with its cells and cards, and what can be done to one of them."""
    identity = require("facilitator")
    here = newest_site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        at = request.args.get("at", "")
        return whole_board_view(database, here, board, identity, at=at)


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
    by_script = act_sent() is not None
    at = None if by_script else _following(here, board, card_id)
    form = with_choices(request.form)
    with here.database.write() as database:
        # What somebody else has just saved counts: so the card is read in here.
        entry = _entry(database, board, card_id)
        changes = {**_pressed(form, entry), **changes_from(form, entry, board.layout)}
        collisions = collisions_of(changes, form, entry)
        for collision in collisions:
            del changes[collision.field]
        if changes:
            edit = Edit.setting(entry.card.id, changes)
            # With a choice to come it has not arrived yet: it is sent again.
            act(
                database,
                here,
                board,
                identity,
                edit,
                seen_at=seen_at(form),
                arrives=not collisions,
            )
    if entry.card.id != card_id:
        flash(f"This card was joined to another meanwhile: {quoted(entry.title)}.")
    if entry.card.presence == "gone":
        flash(f"{quoted(entry.title)} has left the board. {KEPT}")
    if not (collisions or by_script):
        return back_to(slug, at, drawn=f"drawn-{card_id}")
    with here.database.read() as database:
        after = desk_now(database, here, board)
    if not collisions:
        return desk_page("desk/saved.html", here, after, identity, at=entry.card.id)
    page = desk_page(
        "desk/collided.html",
        here,
        after,
        identity,
        entry=entry,
        collisions=collisions,
    )
    return page, HTTPStatus.CONFLICT


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
        return desk_now(database, here, board).following(card_id)


def _entry(database: DatabaseSession, board: Board, card_id: str) -> DeskCard:
    """Return a card of the board as it stands, hidden or gone though it may be.

    Raises
    ------
    NotFoundError
        If the board has no such card.
    """
    held = held_by(corrections_of(database, board.slug))
    entries = desk_cards(cards_of(database, board.slug), held)
    for entry in entries:
        if entry.card.id == held.first_of(card_id):
            return entry
    raise NotFoundError(f"card {card_id} on this board")


def _pressed(form: Mapping[str, str], entry: DeskCard) -> Changes:
    """Return what the pressed button itself says about a card."""
    match form.get("action"):
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
            return confirmation(form, entry)
