"""The page on which staff take and send photos; it works on plain HTTP.

A script shows the upload's progress where there is one; the form does the
same without.
"""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import check_csrf, require
from server.errors import NotFoundError, PhotoMissingError
from server.intake.receive import receive
from server.site import site
from server.store.photos import photo
from server.store.values import PhotoRecord
from server.views.upload import check_length

PHOTOS_WATCHED = 12
"""Photos that one page follows: more than anybody sends at once."""


def capture_blueprint() -> Blueprint:
    """Return the addresses of the capture page."""
    blueprint = Blueprint("capture", __name__)
    blueprint.add_url_rule("/capture", "show", show)
    blueprint.add_url_rule("/capture", "send", send, methods=["POST"])
    return blueprint


def show() -> ResponseReturnValue:
    """Show the page, with what became of the photos that were just sent."""
    identity = require("staff")
    here = site()
    body = render_template(
        "capture/capture.html",
        identity=identity,
        event=here.profile.event,
        boards=here.profile.boards,
        sent=_sent(request.args.getlist("photo")[:PHOTOS_WATCHED]),
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
        If one cannot be used or kept; those before it are.
    """
    check_length()
    identity = require("staff")
    check_csrf()
    here = site()
    files = [file for file in request.files.getlist("photo") if file.filename]
    if not files:
        raise PhotoMissingError
    ids = [
        receive(
            file.read(),
            database=here.database,
            originals=here.originals,
            profile=here.profile,
            check_photo=here.check_photo,
            sender=identity.name,
            board=request.form.get("board") or None,
            received_at=here.clock(),
        ).photo.id
        for file in files
    ]
    return redirect(url_for("capture.show", photo=ids), 303)


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
