"""The page on which staff take and send photos; it works on plain HTTP.

A script shows the upload's progress where there is one; the form does the
same without.
"""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from calibration.errors import BoardcastError
from server.auth import check_csrf, require
from server.errors import NotFoundError, RoleRequiredError
from server.intake.receive import Receipt
from server.roles import Identity
from server.schedule.corrections.held import HeldPhoto
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.site import site
from server.store.corrections import held_photos
from server.store.photos import photo, photos_sent_by
from server.store.values import PhotoRecord
from server.views.choice import chosen_board
from server.views.desk.photos import DeskPhoto, as_they_count, take_back, undo_all
from server.views.upload import check_length, photo_files, take_photos

PHOTOS_WATCHED = 12
"""Photos that one page follows or lists: more than anybody sends at once."""

NAME_LENGTH = 60
"""Signs of a file's name that are shown: a phone's fit."""


def capture_blueprint() -> Blueprint:
    """Return the addresses of the capture page."""
    blueprint = Blueprint("capture", __name__)
    blueprint.add_url_rule("/capture", "show", show)
    blueprint.add_url_rule("/capture", "send", send, methods=["POST"])
    blueprint.add_url_rule(
        "/capture/photos/<photo_id>", "photo", change_own, methods=["POST"]
    )
    return blueprint


def show() -> ResponseReturnValue:
    """Show the page, with what became of the photos that were just sent."""
    identity = require("staff")
    here = site()
    body = render_template(
        "capture/capture.html",
        identity=identity,
        event=here.profile.event,
        boards=here.profile.walls,
        sent=_sent(request.args.getlist("photo")[:PHOTOS_WATCHED]),
        refused=_refused(request.args.get("refused", "")),
        own=_own(identity),
        now=here.clock(),
    )
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def send() -> ResponseReturnValue:
    """Take the form's photos in and show what becomes of them.

    Raises
    ------
    PhotoMissingError
        If no file was chosen.
    PhotoError, StorageError
        If the only one cannot be used or kept.
    """
    check_length()
    identity = require("staff")
    check_csrf()
    names = [shown_name(file.filename or "") for file in photo_files()]
    taken = take_photos(identity.name)
    refused = [
        (name, entry.message, entry.hint)
        for name, entry in zip(names, taken, strict=True)
        if isinstance(entry, BoardcastError)
    ]
    if len(taken) == 1 and isinstance(taken[0], BoardcastError):
        raise taken[0]
    ids = [entry.photo.id for entry in taken if isinstance(entry, Receipt)]
    # In the address, so that it is still there when the page looks again.
    told = _signed().dumps(refused[:PHOTOS_WATCHED]) if refused else None
    return redirect(url_for("capture.show", photo=ids, refused=told), 303)


def change_own(photo_id: str) -> ResponseReturnValue:
    """Take a photo back that the same person sent, or put it back.

    Raises
    ------
    NotFoundError
        If they sent no such photo.
    RoleRequiredError
        If somebody else took it back.
    """
    identity = require("staff")
    check_csrf()
    here = site()
    with here.database.write() as database:
        record = photo(database, photo_id)
        if record.sender != identity.name:
            raise NotFoundError(f"photo {photo_id} of yours")
        board = chosen_board(here, record.board)
        if request.form.get("action") == "put-back":
            said = held_photos(database).get(photo_id, HeldPhoto())
            if said.taken_back and said.taken_back.author != identity.name:
                raise RoleRequiredError(
                    f"{said.taken_back.author} took this photo back, not you.",
                    hint="Ask them, or whoever is at the desk, to put it back.",
                )
            undo_all(database, here, board, identity, record, kind=PhotoTakenBack)
        else:
            take_back(database, here, board, identity, record)
    return redirect(url_for("capture.show", _anchor="own"), 303)


def _own(identity: Identity) -> tuple[DeskPhoto, ...]:
    """Return the photos that somebody sent today, the newest first."""
    here = site()
    today = here.clock().astimezone(here.profile.event.timezone)
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    with here.database.read() as database:
        sent = photos_sent_by(database, identity.name, midnight, PHOTOS_WATCHED)
        return as_they_count(database, sent)


def shown_name(name: str) -> str:
    """Return a file's name as the page shows it: short, and without control signs."""
    printable = "".join(sign for sign in name if sign.isprintable())
    if len(printable) <= NAME_LENGTH:
        return printable
    return f"{printable[: NAME_LENGTH - 1]}…"


def _signed() -> URLSafeSerializer:
    """Return what signs the refusals in an address: nobody else puts words here."""
    return URLSafeSerializer(site().settings.secret_key, salt="files refused")


def _refused(told: str) -> list[list[str]]:
    """Return name, message and hint of the files that were not taken."""
    try:
        refused: list[list[str]] = _signed().loads(told)
    except BadSignature:
        return []
    return refused


def _sent(ids: list[str]) -> tuple[PhotoRecord, ...]:
    """Return the photos with these ids; those that do not exist are left out."""
    records = []
    with site().database.read() as database:
        for photo_id in ids:
            try:
                records.append(photo(database, photo_id))
            except NotFoundError:  # an address that somebody made up shows nothing
                continue
    return tuple(records)
