"""What a host changes of a session afterwards: its texts, its place, that it is over."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from calibration.errors import BoardcastError
from calibration.layout import CellId
from server.auth import count_hosted, is_own_form
from server.errors import (
    CorrectionError,
    NotFoundError,
    PlaceTakenError,
    StaleFormError,
    outcome_of,
)
from server.languages.current import gettext as _
from server.publish.releases import publish
from server.schedule.corrections.edit import TEXT_FIELDS, Edit
from server.schedule.corrections.held import CardField, FieldValue
from server.schedule.hosting import HOST, Place
from server.schedule.placed import spans_of
from server.site import Site, site
from server.store.corrections import append_correction, hold_corrections
from server.views.desk.cards import changes_from
from server.views.hosting.forms import Filled, check_open, check_texts
from server.views.hosting.own import OwnSession, card_id_of, own_session


def show_own(token: str) -> ResponseReturnValue:
    """Show a host their session, and what they can do with it.

    Raises
    ------
    NotFoundError
        If the link is none of this site's.
    """
    here = site()
    card_id = card_id_of(here, token)
    with here.database.read() as database:
        try:
            own = own_session(database, here, card_id)
        except NotFoundError:
            return _taken_off()
    return _page(here, own, token)


def change_own(token: str) -> ResponseReturnValue:
    """Change a session as its host says, if it is theirs to change yet.

    Raises
    ------
    NotFoundError, StaleFormError
        If the link is none of this site's, or the form is not from its page.
    """
    here, now = site(), site().clock()
    card_id = card_id_of(here, token)
    if not is_own_form():
        raise StaleFormError
    try:
        count_hosted()
        with here.database.write() as database:
            hold_corrections(database)
            own = own_session(database, here, card_id)
            if changes := _changes(here, own, request.form):
                slug = own.board.slug
                change = Edit.setting(own.id, changes)
                append_correction(database, slug, change, author=HOST, made_at=now)
                publish(database, here.profile, slug, cause="correction", at=now)
    except NotFoundError:
        return _taken_off()
    except BoardcastError as error:
        with here.database.read() as database:
            own = own_session(database, here, card_id)
        return _page(here, own, token, error)
    return redirect(url_for("hosting.own", token=token), 303)


def _changes(
    here: Site, own: OwnSession, form: Mapping[str, str]
) -> dict[CardField, FieldValue]:
    """Return what a host changes; nothing if it is so already.

    Raises
    ------
    CorrectionError
        If it is not theirs to change any more, or the place is not to be had.
    """
    if not own.changeable:
        raise CorrectionError(
            _("This session cannot be changed any more."),
            hint=_("It is over, or the facilitator has taken it off the board."),
        )
    cancelled = own.card.cancelled
    match form.get("action", ""):
        case "cancel":
            return {} if cancelled else {"cancelled": True}
        case "restore":
            changes: dict[CardField, FieldValue] = {"cancelled": False}
            if not cancelled:
                return {}
        case "stay":
            changes = {"until": form.get("until", "")}
            if own.place is None or changes["until"] == own.place.until:
                return {}
        case _:
            changes = {**changes_from(form, own.card, own.board.layout)}
    check_texts(changes)
    if {"cell", "until", "cancelled"} & changes.keys():
        _check_place(here, own, changes)
    if own.board.hosting == "moderated" and changes.keys() & {*TEXT_FIELDS}:
        changes["hidden"] = True
    return changes


def _check_place(
    here: Site, own: OwnSession, changes: dict[CardField, FieldValue]
) -> None:
    """Check that a session can be where its host puts it; elsewhere it lasts a slot."""
    before = own.place
    cell = changes.get("cell", before.cell if before else None)
    if not isinstance(cell, CellId):
        raise CorrectionError(_("Place or time is missing."), hint=_("Choose both."))
    if "cell" in changes:
        changes.setdefault("until", "")
    until = str(changes.get("until", before.until if before else ""))
    spans = spans_of(own.board, here.profile.event.timezone)
    check_open(Place(cell, until), own.open_ones, own.board, spans)


def _page(
    here: Site, own: OwnSession, token: str, error: BoardcastError | None = None
) -> Response:
    filled = Filled(
        own.card.title,
        own.card.host,
        own.card.description,
        own.place.cell.room if own.place else "",
        own.place.cell.slot if own.place else "",
        own.place.until if own.place else "",
    )
    if error is not None and "title" in request.form:
        filled = Filled.of(request.form)
    if isinstance(error, PlaceTakenError) and error.offered:
        room, slot = error.offered
        filled = replace(filled, room=room, slot=slot, until="")
    spans = spans_of(own.board, here.profile.event.timezone)
    ends = {f"{end:%H:%M}": end for _start, end in spans.values()}
    body = render_template(
        "hosting/own.html",
        event=here.profile.event,
        board=own.board,
        own=own,
        filled=filled,
        error=error,
        new="new" in request.args,
        address=f"{here.settings.public_url}/host/{token}",
        more=ends.get(own.next_end),
        spans=spans,
        now=here.clock(),
    )
    status = outcome_of(error).status if error else HTTPStatus.OK
    return Response(body, status, content_type="text/html; charset=utf-8")


def _taken_off() -> Response:
    body = render_template(
        "errors/error.html",
        message=_("This session is no longer on the board."),
        hint=_("The facilitator took it back. Ask them why, or put in another one."),
        status=HTTPStatus.GONE.value,
    )
    return Response(body, HTTPStatus.GONE, content_type="text/html; charset=utf-8")
