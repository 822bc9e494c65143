"""``boardcast read``: one reading, no server."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from calibration.profile import Board, Profile, load_profile
from server.cli.options import engine_option, event_option
from server.errors import NotFoundError, SettingsError
from server.intake.sight import load_references
from vision.ocr.engine import OcrEngine
from vision.ocr.select import ENGINE_NAMES, engine_named
from vision.photo import Photo
from vision.pipeline import read_board, straighten
from vision.reading import BoardReading, to_json
from vision.register import Reference
from vision.trace import Trace, no_trace

STDOUT = "-"


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """What reads photos, the same for all of them.

    Parameters
    ----------
    boards : sequence of Board
        Those that the photos may show.
    references : sequence of Reference
    engine : OcrEngine
    """

    boards: Sequence[Board]
    references: Sequence[Reference]
    engine: OcrEngine

    def read(
        self, photo: Photo, trace: Trace, progress: Callable[[int, int], None]
    ) -> BoardReading:
        """Return what a photo says."""
        straight = straighten(photo, self.boards, self.references, trace=trace)
        return read_board(
            photo, straight, self.engine, trace=trace, progress=progress
        ).reading


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
@engine_option()
def read(
    photos: tuple[Path, ...],
    profile_path: Path | None,
    board: str | None,
    json_path: Path,
    engine: str | None,
) -> None:
    """Read photos of a board and print what they say as JSON.

    One photo gives an object, several give an array; in a folder, a file
    for each.
    """
    reader = _reader(profile_path, board, engine)
    documents = {path: _document(reader, path) for path in photos}
    write_documents(documents, json_path)


def write_documents(documents: dict[Path, dict[str, Any]], target: Path) -> None:
    """Write readings where they are wanted.

    Parameters
    ----------
    documents : dict of Path to dict
        JSON objects by photo.
    target : Path
        ``-``, a file for one photo, or a folder for several.
    """
    if str(target) == STDOUT:
        values = list(documents.values())
        click.echo(_text(values[0] if len(values) == 1 else values))
    elif len(documents) == 1 and not target.is_dir():
        target.write_text(_text(next(iter(documents.values()))) + "\n", "utf-8")
    else:
        target.mkdir(parents=True, exist_ok=True)
        for path, document in documents.items():
            (target / f"{path.stem}.json").write_text(_text(document) + "\n", "utf-8")


def boards_named(profile: Profile, slug: str | None) -> tuple[Board, ...]:
    """Return the board with a slug, or all if none is given.

    Raises
    ------
    NotFoundError
        If there is no such board.
    """
    boards = tuple(board for board in profile.boards if slug in {None, board.slug})
    if not boards:
        raise NotFoundError(f"board {slug} in this event")
    return boards


def _reader(profile_path: Path | None, slug: str | None, engine: str | None) -> Reader:
    if profile_path is None:
        raise SettingsError(
            "No event.toml is given.", hint="Name it with --event event.toml."
        )
    profile = load_profile(profile_path)
    return Reader(
        boards_named(profile, slug),
        load_references(profile, profile_path.parent),
        engine_named(engine or ENGINE_NAMES[0]),
    )


def _document(reader: Reader, path: Path) -> dict[str, Any]:
    photo = Photo.decode(path.read_bytes())
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(path.name, total=None)

        def note(read: int, total: int) -> None:
            progress.update(task, completed=read, total=total)

        return to_json(reader.read(photo, no_trace, note))


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)
