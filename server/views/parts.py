"""``/photos/parts/<name>``: a photo comes in in parts, and goes on where it broke off.

For the capture page. ``GET`` says how many bytes of a photo are there; ``POST`` adds
the ones that begin at an offset, and with the last ones the photo is taken in. The name
is the sender's own: the SHA-256 of the bytes where the browser can tell it, else chance.
Every answer repeats it, so that no proxy's or portal's page is taken for one. Sending
anything again does no harm.
"""

import datetime as dt
import re
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from calibration.errors import BoardcastError
from server.auth import check_csrf, csrf_token, require
from server.errors import (
    DecodingError,
    NotFoundError,
    StorageError,
    UploadTooLargeError,
)
from server.intake.parts import FOLDER, Part
from server.intake.receive import Receipt, receive
from server.roles import Identity
from server.site import site
from server.store.blobs import sha256_of
from server.store.photos import RETRIED, photo, photo_id_of
from server.store.values import PhotoRecord
from server.views.upload import CAMERA, check_length, receipt_json

NAME = re.compile(r"[0-9a-f]{32,64}")

NUMBER = re.compile(r"[0-9]{1,13}")
"""Of bytes or seconds: more than there are, and less than a time can hold."""

SHA256_LENGTH = 64

MOST_WAITED = dt.timedelta(days=2)
"""A photo that waited longer than this on a phone is not from when it says."""


def parts_blueprint() -> Blueprint:
    """Return the blueprint of these addresses."""
    blueprint = Blueprint("parts", __name__)
    blueprint.add_url_rule("/photos/parts/<name>", "ask", ask)
    blueprint.add_url_rule("/photos/parts/<name>", "add", add, methods=["POST"])
    return blueprint


def ask(name: str) -> ResponseReturnValue:
    """Say how much of a photo is there, and sign what is sent next."""
    identity = require("staff")
    part, known = _part(identity, name), _known(name)
    receipt = receipt_json(Receipt(known, new=False)) if known else None
    return _answer(name, part.received, receipt)


def add(name: str) -> ResponseReturnValue:
    """Add bytes to a photo; take it in once it is whole.

    Query: ``offset`` of these bytes, ``size`` of all of it, ``kind`` (``camera`` or
    ``photo``), ``waited`` in seconds since it was taken or chosen, ``board``.

    Raises
    ------
    NotFoundError
        If the name is none.
    UploadTooLargeError
        If all of it would be too large.
    PhotoError, StorageError
        If it cannot be used or kept.
    """
    check_length()
    identity = require("staff")
    check_csrf()
    here = site()
    offset, size, waited_s = map(_number, ("offset", "size", "waited"))
    if size > here.settings.max_upload_bytes:
        raise UploadTooLargeError(here.settings.max_upload_bytes)
    part = _part(identity, name)
    received = part.add(offset, request.get_data())
    if received < size:
        return _answer(name, received)
    data = part.whole()
    if len(data) < size:  # another tab finished it just now
        return _answer(name, 0)
    if len(name) == SHA256_LENGTH and sha256_of(data) != name:
        part.drop()  # a power cut left holes
        return _answer(name, 0)
    try:
        receipt = receive(
            data,
            database=here.database,
            originals=here.originals,
            profile=here.profile,
            check_photo=here.check_photo,
            sender=identity.name,
            board=request.args.get("board") or None,
            received_at=here.clock(),
            source="camera" if request.args.get("kind") == CAMERA else "file",
            waited=min(dt.timedelta(seconds=waited_s), MOST_WAITED),
        )
    except (StorageError, DecodingError):
        raise  # it passes: all of it is there for the next try
    except BoardcastError:
        part.drop()
        raise
    part.drop()
    return _answer(name, received, receipt_json(receipt))


def _part(identity: Identity, name: str) -> Part:
    if not NAME.fullmatch(name):
        raise NotFoundError(f"upload {name}")
    folder = site().settings.data_dir / FOLDER
    return Part(folder, f"{identity.role} {identity.name}", name)


def _known(name: str) -> PhotoRecord | None:
    """Return the photo with these bytes, if it needs no other try."""
    if len(name) != SHA256_LENGTH:
        return None
    try:
        with site().database.read() as database:
            record = photo(database, photo_id_of(name))
    except NotFoundError:
        return None
    return record if record.sha256 == name and record.state not in RETRIED else None


def _number(name: str) -> int:
    text = request.args.get(name, "")
    if not NUMBER.fullmatch(text):
        abort(400)
    return int(text)


def _answer(
    name: str, received: int, receipt: dict[str, Any] | None = None
) -> ResponseReturnValue:
    response = jsonify(
        upload=name, received=received, csrf_token=csrf_token(), photo=receipt
    )
    response.headers["Cache-Control"] = "no-store"
    return response
