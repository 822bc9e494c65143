"""The page on which a person sets up a board: the photo, its grid, and their names.

It is served to this computer only, for one photo, under an address that nobody guesses.
"""

import base64
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import WSGIRequestHandler, make_server

from calibration.errors import BoardcastError, FieldError
from calibration.event import Board
from calibration.geometry import Quad
from calibration.profile import load_profile
from server.app import secure
from server.errors import outcome_of
from server.setup.choices import Start
from server.setup.drafts import board_of
from server.setup.saving import keep_board
from server.setup.sheets import parse_sheet, wishes_of
from vision.image.arrays import resized
from vision.image.photo import Photo, encode_jpeg
from vision.proposal.drawing import draw_straightened

HOST = "127.0.0.1"

PHOTO_SIDE_PX = 3200
"""Long side of the photo on the page: enough to put a corner onto a line."""

PREVIEW_SIDE_PX = 900
"""Long side of the straightened grid."""

QUALITY = 85
"""JPEG quality of both."""

MAX_SHEET_BYTES = 2**18
"""A hundred rooms and hours with long names are a tenth of that."""

LOOK_S = 0.2
"""How often it is looked whether the board was saved, and for Ctrl-C."""


@dataclass(frozen=True, slots=True)
class SetupTask:
    """What is set up, and where it is kept.

    Parameters
    ----------
    photo : Photo
    photo_path, event_path : Path
        The photo's file; event.toml, which need not be there.
    start : Start
    """

    photo: Photo
    photo_path: Path
    event_path: Path
    start: Start


@dataclass(frozen=True, slots=True)
class SavedBoard:
    """What a person saved: the board, and where its cell area is in the photo."""

    board: Board
    area: Quad


def setup_app(
    task: SetupTask, token: str, saved: Callable[[SavedBoard], None]
) -> Flask:
    """Return the application of one set-up.

    Parameters
    ----------
    task : SetupTask
    token : str
        First part of all addresses: who does not know it gets nothing.
    saved : callable
        Told once what was saved, after the page has heard of it.
    """
    app = Flask("server")
    app.config.from_mapping(
        MAX_CONTENT_LENGTH=MAX_SHEET_BYTES,
        # Else another site's name could lead here.
        TRUSTED_HOSTS=[HOST, "localhost"],
    )
    app.register_blueprint(_blueprint(task, saved), url_prefix=f"/{token}")
    app.register_error_handler(FieldError, _refused)
    app.register_error_handler(BoardcastError, _failed)
    app.after_request(secure)
    return app


def serve_until_saved(
    task: SetupTask, token: str, opened: Callable[[str], None]
) -> SavedBoard:
    """Serve the page until its person saves; tell its address first.

    An interrupt ends it, and nothing is written.
    """
    done = threading.Event()
    boards: list[SavedBoard] = []

    def saved(board: SavedBoard) -> None:
        boards.append(board)
        done.set()

    app = setup_app(task, token, saved)
    server = make_server(HOST, 0, app, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(LOOK_S,))
    thread.start()
    try:
        opened(f"http://{HOST}:{server.server_port}/{token}/")
        while not done.wait(LOOK_S):
            pass
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    return boards[0]


class _QuietHandler(WSGIRequestHandler):
    """Says nothing of requests: the terminal is for the person."""

    def log_request(self, *_: Any) -> None:
        pass


def _blueprint(task: SetupTask, saved: Callable[[SavedBoard], None]) -> Blueprint:
    pages = Blueprint("setup", __name__)
    picture = _shrunk(task.photo)

    @pages.get("/")
    def show() -> str:
        return render_template(
            "setup/page.html",
            photo=task.photo_path.name,
            event_file=task.event_path,
            explanation=task.start.explanation,
            size_wh=task.photo.size_wh,
        )

    @pages.get("/start")
    def start() -> Response:
        sheets = [sheet.model_dump(mode="json") for sheet in task.start.sheets]
        return jsonify(sheets=sheets, chosen=task.start.chosen)

    @pages.get("/photo.jpg")
    def photo() -> Response:
        return Response(picture, content_type="image/jpeg")

    @pages.post("/preview")
    def preview() -> Response:
        draft = _draft(task)
        drawn = draw_straightened(
            task.photo.pixels, draft.area, draft.board, PREVIEW_SIDE_PX
        )
        data = base64.b64encode(encode_jpeg(drawn, QUALITY)).decode()
        return jsonify(picture=f"data:image/jpeg;base64,{data}")

    @pages.post("/save")
    def save() -> Response:
        draft = _draft(task)
        keep_board(draft.board, draft.area, task.event_path, task.photo_path)
        response = jsonify(title=draft.board.title, slug=draft.board.slug)
        response.call_on_close(lambda: saved(draft))
        return response

    return pages


def _draft(task: SetupTask) -> SavedBoard:
    """Return the board that the page sent, checked against event.toml as it is now."""
    sheet = parse_sheet(request.get_json())
    wishes = wishes_of(sheet, task.photo.size_wh)
    path = task.event_path
    boards = load_profile(path).boards if path.exists() else ()
    before = next((board for board in boards if board.slug == sheet.board), None)
    board = board_of(wishes, None, before, sheet.date)
    if before is None and board.slug in {one.slug for one in boards}:
        msg = f'"{board.slug}" is another board of this event'
        raise FieldError(msg, "slug")
    if wishes.corners_photo is None:
        raise FieldError("expected four corners", "corners")
    return SavedBoard(board, wishes.corners_photo)


def _shrunk(photo: Photo) -> bytes:
    scale = min(1.0, PHOTO_SIDE_PX / max(photo.size_wh))
    pixels = resized(photo.pixels, scale) if scale < 1 else photo.pixels
    return encode_jpeg(pixels, QUALITY)


def _refused(error: FieldError) -> ResponseReturnValue:
    refusals = [
        {
            "message": f"{one.message[:1].upper()}{one.message[1:]}.",
            "place": ".".join(str(part) for part in one.key),
        }
        for one in (error, *error.also)
    ]
    return jsonify(refusals=refusals), HTTPStatus.UNPROCESSABLE_ENTITY


def _failed(error: BoardcastError) -> ResponseReturnValue:
    refusals = [{"message": str(error), "place": ""}]
    return jsonify(refusals=refusals), outcome_of(error).status
