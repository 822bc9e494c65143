"""``POST /photos`` takes photos in; ``GET /photos/<id>`` says how far they are.

For scripts and `boardcast send` (a bearer token, JSON), and for the capture
page (a sign-in with its form token).
"""

from typing import Any

from flask import Blueprint, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from calibration.errors import BoardcastError
from server.auth import bearer, check_csrf, require
from server.errors import (
    LengthRequiredError,
    PhotoMissingError,
    ServerError,
    StorageError,
    UploadTooLargeError,
    outcome_of,
)
from server.intake.receive import Receipt, receive
from server.languages.current import told
from server.schedule.corrections.held import HeldPhoto
from server.site import site
from server.store.corrections import held_photos
from server.store.photos import photo
from server.store.values import PhotoRecord
from vision.errors import PhotoError

CAMERA = "camera"
"""Field of photos that were taken just now."""


def upload_blueprint() -> Blueprint:
    """Return the blueprint of these two addresses."""
    blueprint = Blueprint("upload", __name__)
    blueprint.add_url_rule("/photos", "send", send, methods=["POST"])
    blueprint.add_url_rule("/photos/<photo_id>", "status", status)
    return blueprint


def send() -> ResponseReturnValue:
    """Take one photo or several, each by itself.

    Form fields: ``photo`` (one file or more; ``camera`` for such as a camera took
    just now), ``board`` (slug, optional). Answers with an entry for each file, in their order: 202 if any is new, 200 if all that
    were taken were received before. Where none is taken, what was wrong is the
    answer's own message and status, too.
    """
    check_length()
    sender = bearer()
    if sender is None:
        sender = require("staff")
        check_csrf()
    taken = take_photos(sender.name)
    photos = [
        refusal_json(entry)
        if isinstance(entry, BoardcastError)
        else receipt_json(entry)
        for entry in taken
    ]
    errors = [entry for entry in taken if isinstance(entry, BoardcastError)]
    if len(errors) < len(taken):
        return jsonify(photos=photos), 202 if any(new["new"] for new in photos) else 200
    # What is the site's fault weighs more than what is a file's: it passes.
    worst = max(errors, key=lambda error: outcome_of(error).status)
    answer = jsonify(message=told(worst.message), hint=told(worst.hint), photos=photos)
    answer.status_code = outcome_of(worst).status
    if isinstance(worst, ServerError) and worst.retry_after_s is not None:
        answer.retry_after = worst.retry_after_s
    return answer


def take_photos(sender: str) -> list[Receipt | BoardcastError]:
    """Take the form's photos in; each gets its receipt, or why it was not taken.

    A file that is no photo does not keep the others from being taken. What is wrong
    with the site or with all of the request is so for the files after it, too.

    Parameters
    ----------
    sender : str
        As they signed in.

    Raises
    ------
    PhotoMissingError
        If no file was chosen.
    """
    here = site()
    files = photo_files()
    board = request.form.get("board", "").strip() or None
    taken: list[Receipt | BoardcastError] = []
    for file in files:
        try:
            receipt = receive(
                file.read(),
                database=here.database,
                originals=here.originals,
                profile=here.profile,
                check_photo=here.check_photo,
                sender=sender,
                board=board,
                received_at=here.clock(),
                source="camera" if file.name == CAMERA else "file",
            )
            taken.append(receipt)
        except (PhotoError, PhotoMissingError) as error:
            taken.append(error)
        except BoardcastError as error:
            if isinstance(error, StorageError):
                # Only who runs the site can mend it, and they read the log.
                current_app.logger.error("%s", error)  # noqa: TRY400  (an operator's fault: no traceback)
            return [*taken, *[error] * (len(files) - len(taken))]
    return taken


def photo_files() -> list[FileStorage]:
    """Return the files of the form's fields ``photo`` and ``camera``.

    Raises
    ------
    PhotoMissingError
        If no file was chosen.
    """
    fields = (request.files.getlist(name) for name in ("photo", CAMERA))
    files = [file for files in fields for file in files if file.filename]
    if not files:
        raise PhotoMissingError
    return files


def status(photo_id: str) -> ResponseReturnValue:
    """Say how far a photo is, to whoever may send some."""
    if bearer() is None:
        require("staff")
    with site().database.read() as session:
        record = photo(session, photo_id)
    response = jsonify({**status_json(record), "taken_back": _is_taken_back(photo_id)})
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
        "message": told(record.message),
        "hint": told(record.hint),
        "findings": [
            {"code": finding.code, "message": told(finding.message)}
            for finding in record.findings
        ],
        "done": record.done,
    }


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return what a sender is told as JSON."""
    return {
        **status_json(receipt.photo),
        "taken_back": not receipt.new and _is_taken_back(receipt.photo.id),
        "new": receipt.new,
        "status_url": url_for("upload.status", photo_id=receipt.photo.id),
    }


def _is_taken_back(photo_id: str) -> bool:
    with site().database.read() as session:
        said = held_photos(session).get(photo_id, HeldPhoto())
    return said.taken_back is not None


def refusal_json(error: BoardcastError) -> dict[str, Any]:
    """Return what a sender is told of a file that was not taken, in the same form."""
    return {
        "id": None,
        "state": "refused",
        "board": None,
        "taken_at": None,
        "cards_read": 0,
        "cards_total": 0,
        "message": told(error.message),
        "hint": told(error.hint),
        "findings": [],
        "taken_back": False,
        "done": True,
        "new": False,
        "status_url": None,
    }
