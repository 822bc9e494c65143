"""The form with which hosts put sessions on a board without a wall."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from calibration.errors import BoardcastError
from calibration.layout import CellId
from calibration.profile import Board
from server.auth import count_hosted, is_own_form, require
from server.errors import (
    CorrectionError,
    NotFoundError,
    PlaceTakenError,
    StaleFormError,
    outcome_of,
)
from server.languages.current import gettext as _
from server.publish.releases import current_schedule, publish
from server.schedule.corrections.change import made_id
from server.schedule.corrections.written_session import WriteSession
from server.schedule.hosting import HOST, open_cells
from server.schedule.placed import spans_of
from server.site import Site, site
from server.store.corrections import append_correction, has_arrived, hold_corrections
from server.views.choice import chosen_board
from server.views.hosting.change import change_own, show_own
from server.views.hosting.forms import TRAP, Filled, check_open
from server.views.hosting.own import (
    link_token,
    own_sessions,
    remember,
    remembered,
)
from server.views.moment import board_span, board_that_matters

SALT = "boardcast.hosting form"
"""So that nothing else that is signed with the same key is a form."""


def hosting_blueprint(short_path: str) -> Blueprint:
    """Return the pages of hosts.

    Parameters
    ----------
    short_path : str
        Of the event: ``os`` puts a board's form at ``/os/<slug>/host``.
    """
    blueprint = Blueprint("hosting", __name__)
    home = f"/{short_path}/<slug>/host"
    for rule, name, view, method in (
        ("/host", "newest", show_newest, "GET"),
        (home, "show", show_form, "GET"),
        (home, "take", take, "POST"),
        ("/host/<token>", "own", show_own, "GET"),
        ("/host/<token>", "change", change_own, "POST"),
    ):
        blueprint.add_url_rule(rule, name, view, methods=[method])
    blueprint.after_request(_not_stored)
    return blueprint


def show_newest() -> ResponseReturnValue:
    """Go to the form of the board without a wall that matters now.

    Raises
    ------
    NotFoundError
        If the event has none.
    """
    here = site()
    online = [board for board in here.profile.boards if board.online]
    if not online:
        raise NotFoundError("board without a wall: put a card on the board itself")
    zone, now = here.profile.event.timezone, here.clock()
    coming = [board for board in online if board_span(board, zone)[1] > now]
    board = board_that_matters(coming or online, now, zone)
    return redirect(url_for("hosting.show", slug=board.slug))


def show_form(slug: str) -> ResponseReturnValue:
    """Show the form of a board; its address may fill in place and time.

    Raises
    ------
    NotFoundError
        If the board has a wall: cards go there.
    NotSignedInError
        If only who has the hosts' link may host.
    """
    here = site()
    board = _online_board(here, slug)
    _check_admitted(board)
    return _form(here, board, Filled.of(request.args))


def take(slug: str) -> ResponseReturnValue:
    """Put a session on a board, if its place is free yet.

    What cannot be taken is asked for again, with all that was typed.

    Raises
    ------
    NotFoundError
        If the board has a wall.
    """
    here = site()
    board = _online_board(here, slug)
    filled = Filled.of(request.form)
    try:
        _check_admitted(board)
        count_hosted()
        act = _act(here, request.form)
        card_id = _taken(here, board, filled, act)
    except BoardcastError as error:
        return _form(here, board, filled, error)
    remember(card_id)
    return redirect(
        url_for("hosting.own", token=link_token(here, card_id), new="yes"), 303
    )


def _online_board(here: Site, slug: str) -> Board:
    board = chosen_board(here, slug)
    if not board.online:
        raise NotFoundError(f"form for {board.title}: put a card on the board itself")
    return board


def _check_admitted(board: Board) -> None:
    """Check that whoever asks may host: who has the hosts' link, or anybody."""
    if board.hosting == "token":
        require("host")


def _act(here: Site, form: Mapping[str, str]) -> str:
    """Return what a form is called: sent twice, it makes one session.

    Raises
    ------
    StaleFormError
        If it was not sent from a page of this site.
    CorrectionError
        If a program filled it in.
    """
    try:
        act = str(_signer(here).loads(form.get("form", "")))
    except BadSignature as error:
        raise StaleFormError from error
    if not is_own_form():
        raise StaleFormError
    if form.get(TRAP):
        raise CorrectionError(
            _("This looks as if a program had filled it in."),
            hint=_("Send it again as it is now."),
        )
    return act


def _taken(here: Site, board: Board, filled: Filled, act: str) -> str:
    """Return the id of the session that is made of a form, in one transaction.

    Who comes second to a place finds it taken.
    """
    card_id = made_id("hosted", board.slug, act)
    now = here.clock()
    with here.database.write() as database:
        hold_corrections(database)
        if has_arrived(database, act):
            return card_id
        place = filled.place(board)
        change = WriteSession(
            card_id,
            board.slug,
            place.cell,
            filled.texts,
            place.until or None,
            waits=board.hosting == "moderated",
        )
        schedule = current_schedule(database, here.profile, board.slug)
        spans = spans_of(board, here.profile.event.timezone)
        check_open(place, open_cells(schedule.cells, spans, now), board, spans)
        append_correction(
            database, board.slug, change, author=HOST, made_at=now, act=act
        )
        publish(database, here.profile, board.slug, cause="correction", at=now)
    return card_id


def _form(
    here: Site, board: Board, filled: Filled, error: BoardcastError | None = None
) -> Response:
    """Return the form; after an error with what was typed, and a place to take."""
    now, zone = here.clock(), here.profile.event.timezone
    with here.database.read() as database:
        schedule = current_schedule(database, here.profile, board.slug)
        own = own_sessions(database, here, remembered())
    spans = spans_of(board, zone)
    open_ones = open_cells(schedule.cells, spans, now)
    if isinstance(error, PlaceTakenError) and error.offered:
        room, slot = error.offered
        filled = replace(filled, room=room, slot=slot, until="")
    elif CellId(filled.room, filled.slot) not in board.layout.cells and open_ones:
        soonest = min(open_ones, key=lambda cell: (spans[cell.slot], cell.room))
        filled = replace(filled, room=filled.room or soonest.room, slot=soonest.slot)
    body = render_template(
        "hosting/form.html",
        event=here.profile.event,
        board=board,
        boards=[one for one in here.profile.boards if one.online],
        filled=filled,
        error=error,
        form=_signer(here).dumps(secrets.token_hex(16)),
        trap=TRAP,
        spans=spans,
        open_ones=open_ones,
        own=[(one, link_token(here, one.id)) for one in own],
        now=now,
    )
    status = outcome_of(error).status if error else HTTPStatus.OK
    return Response(body, status, content_type="text/html; charset=utf-8")


def _signer(here: Site) -> URLSafeSerializer:
    return URLSafeSerializer(here.settings.secret_key, salt=SALT)


def _not_stored(response: Response) -> Response:
    """Let no cache keep a page of a host: it has a secret link, or a form used once."""
    response.headers["Cache-Control"] = "no-store"
    return response
