"""``POST /photos`` takes photos in; ``GET /photos/<id>`` says how far they are.

For scripts and `boardcast send` (a bearer token, JSON), and for the capture
page (a sign-in with its form token).
"""

from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import bearer, check_csrf, require
from server.errors import LengthRequiredError, PhotoMissingError, UploadTooLargeError
from server.intake.receive import Receipt, receive
from server.site import site
from server.store.photos import photo
from server.store.values import PhotoRecord


def upload_blueprint() -> Blueprint:
    """Return the blueprint of these two addresses."""
    blueprint = Blueprint("upload", __name__)
    blueprint.add_url_rule("/photos", "send", send, methods=["POST"])
    blueprint.add_url_rule("/photos/<photo_id>", "status", status)
    return blueprint


def send() -> ResponseReturnValue:
    """Take one photo or several.

    Form fields: ``photo`` (one file or more), ``board`` (slug, optional). Answers 202 with the photos' status addresses, 200 if all of
    them were received before.
    """
    check_length()
    sender = bearer()
    if sender is None:
        sender = require("staff")
        check_csrf()
    here = site()
    files = [file for file in request.files.getlist("photo") if file.filename]
    if not files:
        raise PhotoMissingError
    receipts = [
        receive(
            file.read(),
            database=here.database,
            originals=here.originals,
            profile=here.profile,
            check_photo=here.check_photo,
            sender=sender.name,
            board=request.form.get("board", "").strip() or None,
            received_at=here.clock(),
        )
        for file in files
    ]
    status = 202 if any(receipt.new for receipt in receipts) else 200
    return jsonify(photos=[receipt_json(receipt) for receipt in receipts]), status


def status(photo_id: str) -> ResponseReturnValue:
    """Say how far a photo is, to whoever may send some."""
    if bearer() is None:
        require("staff")
    with site().database.read() as session:
        record = photo(session, photo_id)
    response = jsonify(status_json(record))
    response.headers["Cache-Control"] = "no-store"
    return response


def check_length() -> None:
    """Refuse a request by its headers, before its body is read.

    Raises
    ------
    LengthRequiredError
        If it does not say how long it is: a chunked body would be cut off at
        the limit without anybody noticing.
    UploadTooLargeError
        If it is too long.
    """
    if request.content_length is None:
        raise LengthRequiredError
    limit = site().settings.max_upload_bytes
    if request.content_length > limit:
        raise UploadTooLargeError(limit)


def status_json(record: PhotoRecord) -> dict[str, Any]:
    """Return a photo's status as JSON."""
    return {
        "id": record.id,
        "state": record.state,
        "board": record.board,
        "taken_at": record.taken_at.isoformat() if record.taken_at else None,
        "cards_read": record.cards_read,
        "cards_total": record.cards_total,
        "message": record.message,
        "hint": record.hint,
        "findings": [
            {"code": finding.code, "message": finding.message}
            for finding in record.findings
        ],
        "done": record.done,
    }


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return what a sender is told as JSON."""
    return {
        **status_json(receipt.photo),
        "new": receipt.new,
        "status_url": url_for("upload.status", photo_id=receipt.photo.id),
    }
