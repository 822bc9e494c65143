"""The page on which staff take and send photos; it works on plain HTTP.

Scripts send photos in parts, keep those that cannot be sent yet, and look for what
became of them; the form does without.
"""

from collections.abc import Collection
from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session as DatabaseSession

from calibration.errors import BoardcastError
from calibration.profile import Board
from server.auth import check_csrf, require
from server.errors import NotFoundError, RoleRequiredError
from server.intake.receive import Receipt
from server.roles import Identity
from server.schedule.corrections.held import HeldPhoto
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.schedule.corrections.photo_time import PhotoTime
from server.site import Site, site
from server.store.corrections import held_photos
from server.store.photos import newest_by_board, photo, photos_sent_by, same_photos
from server.store.pictures import newest_picture, straight_picture
from server.store.releases import latest_release
from server.store.values import PhotoRecord
from server.views.capture.entries import Entry, entry_of
from server.views.capture.frames import look
from server.views.capture.needs import BoardNeeds, needs_of
from server.views.choice import chosen_board
from server.views.desk.photos import (
    GIVE_TO,
    DeskPhoto,
    as_they_count,
    give_to,
    set_time,
    take_back,
    undo_all,
)
from server.views.desk.receipts import answer_again, with_receipt
from server.views.moment import board_that_matters
from server.views.upload import check_length, photo_files, take_photos

PHOTOS_LISTED = 40
"""Photos that one page lists: more than one person takes in a day."""

PHOTOS_NAMED = 12
"""Photos and refusals that an address names: more than anybody sends at once."""

NAME_LENGTH = 60
"""Signs of a file's name that are shown: a phone's fit."""


def capture_blueprint() -> Blueprint:
    """Return the addresses of the capture page."""
    blueprint = Blueprint("capture", __name__)
    blueprint.before_request(answer_again)
    blueprint.after_request(with_receipt)
    blueprint.add_url_rule("/capture", "show", show)
    blueprint.add_url_rule("/capture", "send", send, methods=["POST"])
    blueprint.add_url_rule("/capture/today", "today", show_today)
    blueprint.add_url_rule("/capture/frame", "frame", look, methods=["POST"])
    blueprint.add_url_rule(
        "/capture/photos/<photo_id>", "photo", change_own, methods=["POST"]
    )
    return blueprint


def show() -> ResponseReturnValue:
    """Show the page, with what became of the photos of today."""
    identity = require("staff")
    here = site()
    return _page(
        "capture/capture.html",
        identity,
        boards=here.profile.walls,
        refused=_refused(request.args.get("refused", "")),
    )


def show_today() -> ResponseReturnValue:
    """Show the part of the page that changes, for its scripts."""
    return _page("capture/today.html", require("staff"))


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
    again = [
        entry.photo.id
        for entry in taken
        if isinstance(entry, Receipt) and not entry.new
    ]
    # In the address, so that it is still there when the page looks again.
    told = _signed().dumps(refused[:PHOTOS_NAMED]) if refused else None
    return redirect(url_for("capture.show", again=again, refused=told), 303)


def change_own(photo_id: str) -> ResponseReturnValue:
    """Do what the pressed button says to a photo that the same person sent.

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
        match request.form.get("action"):
            case "put-back":
                _check_own(database, identity, {photo_id})
                undo_all(database, here, board, identity, record, kind=PhotoTakenBack)
            case "now":
                at = record.received_at
                set_time(database, here, board, identity, record, at=at)
            case "no-time":
                undo_all(database, here, board, identity, record, kind=PhotoTime)
            case str(action) if action.startswith(GIVE_TO):
                slug = action.removeprefix(GIVE_TO)
                _check_own(database, identity, same_photos(database, photo_id))
                photo_id = give_to(database, here, identity, record, slug).id
            case _:
                take_back(database, here, board, identity, record)
    return redirect(url_for("capture.show", _anchor=f"photo-{photo_id}"), 303)


def _check_own(
    database: DatabaseSession, identity: Identity, photo_ids: Collection[str]
) -> None:
    """Refuse to show again, on whichever board, what somebody else took back."""
    held = held_photos(database)
    for photo_id in photo_ids:
        said = held.get(photo_id, HeldPhoto()).taken_back
        if said and said.author != identity.name:
            raise RoleRequiredError(
                f"{said.author} took this photo back, not you.",
                hint="Ask them, or whoever is at the desk, to put it back.",
            )


def _page(template: str, identity: Identity, **values: object) -> Response:
    here = site()
    with here.database.read() as database:
        entries = _entries(database, here, identity)
        needs = _needs(database, here, entries)
    body = render_template(
        template,
        identity=identity,
        event=here.profile.event,
        entries=entries,
        needs=needs,
        now=here.clock(),
        **values,
    )
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _entries(
    database: DatabaseSession, here: Site, identity: Identity
) -> tuple[Entry, ...]:
    """Return what somebody sent today, the newest first; before it what was here before."""
    today = here.clock().astimezone(here.profile.event.timezone)
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    own = photos_sent_by(database, identity.name, midnight, PHOTOS_LISTED)
    again = request.args.getlist("again")[:PHOTOS_NAMED]
    ids = {record.id for record in own}
    others = [
        record
        for photo_id in dict.fromkeys(again)
        if photo_id not in ids and (record := _existing(database, photo_id))
    ]
    return tuple(
        _entry(
            database,
            here,
            one,
            again=one.record.id in again,
            own=one.record.sender == identity.name,
        )
        for one in as_they_count(database, [*others, *own])
    )


def _entry(
    database: DatabaseSession, here: Site, one: DeskPhoto, *, again: bool, own: bool
) -> Entry:
    slug = one.record.board
    boards = [board for board in here.profile.boards if board.slug == slug]
    board = boards[0] if boards else None
    straight = straight_picture(database, one.record.id, board) if board else None
    entry = entry_of(one, board, straight, again=again, own=own)
    return replace(entry, other_days=one.other_days(here.profile.walls))


def _needs(
    database: DatabaseSession, here: Site, entries: tuple[Entry, ...]
) -> tuple[BoardNeeds, ...]:
    """Return what the board that matters needs, and those that were photographed."""
    now, timezone = here.clock(), here.profile.event.timezone
    walls = here.profile.walls
    matters = board_that_matters(walls, now, timezone) if walls else None
    sent = {entry.photo.record.board for entry in entries}
    newest = newest_by_board(database)

    def needs(board: Board) -> BoardNeeds:
        return needs_of(
            board,
            newest,
            latest_release(database, board.slug),
            newest_picture(database, board),
            now=now,
            timezone=timezone,
        )

    return tuple(
        needs(board) for board in walls if board == matters or board.slug in sent
    )


def _existing(database: DatabaseSession, photo_id: str) -> PhotoRecord | None:
    """Return a photo; None for an address that somebody made up."""
    try:
        return photo(database, photo_id)
    except NotFoundError:
        return None


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
