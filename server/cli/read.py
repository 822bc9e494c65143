"""``boardcast read``: one reading, no server."""

import datetime as dt
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from calibration.event import likeliest_first
from calibration.profile import Board, Profile, load_profile
from server.chat import chat_server_from, with_chat
from server.chat.engines import ENGINE_NAMES, engine_named
from server.chat.server import ChatServer
from server.cli.options import (
    chat_options,
    engine_option,
    event_option,
    progress_bars,
)
from server.errors import REFUSED, NotFoundError, SettingsError
from server.event_file import reference_bytes
from server.intake.receive import moment_taken
from server.intake.sight import load_references
from vision.errors import PhotoError, RegistrationError
from vision.image.arrays import Image
from vision.image.photo import Photo, encode_jpeg
from vision.pipeline import read_board, straighten
from vision.reading import BoardReading, to_json
from vision.recognition.engine import OcrEngine
from vision.recognition.lexicon import event_words
from vision.registration import Reference
from vision.registration.rectify import RectifiedBoard
from vision.render import render_overlay
from vision.trace import Callbacks, Trace, ignored

STDOUT = "-"

OVERLAY_QUALITY, TRACE_QUALITY = 88, 90
"""JPEG quality: thin lines and small letters stay crisp, and artefacts must not be taken for
a stage's."""


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """What reads photos, the same for all of them.

    Parameters
    ----------
    profile : Profile
    boards : sequence of Board
        Those that the photos may show.
    references : sequence of Reference
    engine : OcrEngine
    """

    profile: Profile
    boards: Sequence[Board]
    references: Sequence[Reference]
    engine: OcrEngine

    def read(
        self, photo: Photo, callbacks: Callbacks
    ) -> tuple[RectifiedBoard, BoardReading]:
        """Return the straight board of a photo, and what it says."""
        now = dt.datetime.now(dt.UTC)
        taken_at = moment_taken(photo.taken_at, self.profile, now) or now
        zone = self.profile.event.timezone
        boards = likeliest_first(self.boards, taken_at, zone)
        straight = straighten(photo, boards, self.references, trace=callbacks.trace)
        observation = read_board(photo, straight, self.engine, callbacks=callbacks)
        return straight, observation.reading


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the results of one photo go.

    Parameters
    ----------
    json : Path or None
        None for standard output.
    overlay, trace : Path or None
        None for nowhere.
    """

    json: Path | None
    overlay: Path | None
    trace: Path | None


@click.command(
    epilog="Example: boardcast read friday.jpg --event event.toml --json friday.json"
)
@click.argument(
    "photos",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@event_option()
@click.option("--board", help="Which board they show, by its slug; found if left out.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, allow_dash=True),
    default=STDOUT,
    help="File for the reading; for several photos a folder. - is standard output.",
)
@click.option(
    "--overlay",
    type=click.Path(path_type=Path),
    help="File for a picture with what was found drawn in; or a folder.",
)
@click.option(
    "--trace",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for a picture of every stage.",
)
@engine_option()
@chat_options()
def read(
    photos: tuple[Path, ...],
    profile_path: Path | None,
    *,
    board: str | None,
    json_path: Path,
    overlay: Path | None,
    trace: Path | None,
    engine: str | None,
    chat_url: str | None,
    chat_model: str | None,
) -> None:
    """Read photos of a board and print what they say as JSON.

    One photo gives an object, several give an array; in a folder, a file
    for each. A photo that is refused is told on standard error, and the
    others are read all the same.
    """
    chat = chat_server_from(with_chat(os.environ, chat_url, chat_model))
    reader = _reader(profile_path, board, engine or ENGINE_NAMES[0], chat)
    to_stdout = str(json_path) == STDOUT
    documents, refused = [], False
    for path in photos:
        outputs = Outputs(
            json=None if to_stdout else target_of(json_path, path, photos, ".json"),
            overlay=overlay and target_of(overlay, path, photos, ".jpg"),
            trace=trace and (trace if len(photos) == 1 else trace / path.stem),
        )
        try:
            documents.append(read_one(reader, path, outputs))
        except (PhotoError, RegistrationError) as refusal:
            refused = True
            click.echo(f"{path.name}: {refusal.message}\n{refusal.hint}", err=True)
    if to_stdout and documents:
        click.echo(_text(documents[0] if len(photos) == 1 else documents))
    sys.exit(REFUSED if refused else 0)


def read_one(reader: Reader, path: Path, outputs: Outputs) -> dict[str, Any]:
    """Read one photo, write what is wanted of it, and return its JSON object.

    Raises
    ------
    PhotoError, RegistrationError, EngineError
        If it cannot be read.
    """
    photo = Photo.decode(path.read_bytes())
    trace = trace_into(outputs.trace) if outputs.trace else ignored
    with progress_bars() as progress:
        task = progress.add_task(path.name, total=None)
        callbacks = Callbacks(
            trace,
            lambda read, total: progress.update(task, completed=read, total=total),
        )
        straight, reading = reader.read(photo, callbacks)
    document = to_json(reading)
    if outputs.json:
        outputs.json.write_text(_text(document) + "\n", "utf-8")
    if outputs.overlay:
        picture = render_overlay(straight, reading)
        outputs.overlay.write_bytes(encode_jpeg(picture, OVERLAY_QUALITY))
    return document


def trace_into(folder: Path) -> Trace:
    """Return a trace that writes each picture into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)

    def write(stage: str, picture: Image) -> None:
        (folder / f"{stage}.jpg").write_bytes(encode_jpeg(picture, TRACE_QUALITY))

    return write


def target_of(given: Path, photo: Path, photos: Sequence[Path], suffix: str) -> Path:
    """Return the file for one photo's result, in a folder that is there.

    Parameters
    ----------
    given : Path
        A file for one photo, a folder for several.
    photo : Path
    photos : sequence of Path
        All of them.
    suffix : str
        Of the file, if a folder is given.
    """
    if len(photos) == 1 and not given.is_dir():
        given.parent.mkdir(parents=True, exist_ok=True)
        return given
    given.mkdir(parents=True, exist_ok=True)
    return given / f"{photo.stem}{suffix}"


def boards_named(profile: Profile, slug: str | None) -> tuple[Board, ...]:
    """Return the board with a slug, or all if none is given.

    Raises
    ------
    NotFoundError
        If there is no such board.
    """
    boards = tuple(board for board in profile.walls if slug in {None, board.slug})
    if not boards:
        raise NotFoundError(f"board {slug} in this event")
    return boards


def _reader(
    profile_path: Path | None, slug: str | None, engine: str, chat: ChatServer | None
) -> Reader:
    if profile_path is None:
        raise SettingsError(
            "No event.toml is given.", hint="Name it with --event event.toml."
        )
    profile = load_profile(profile_path)
    return Reader(
        profile,
        boards_named(profile, slug),
        load_references(profile, partial(reference_bytes, folder=profile_path.parent)),
        engine_named(engine, chat, event_words(profile)),
    )


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)
