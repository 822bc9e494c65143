"""A board that was set up goes into event.toml, and its photo beside it."""

import shutil
from dataclasses import replace
from pathlib import Path

from calibration.event import Board, ReferencePhoto
from calibration.geometry import Quad
from calibration.profile import Profile, load_profile, save_profile
from server.errors import SetupError
from server.setup.drafts import first_profile, with_board
from server.setup.zone import local_timezone

NAMELESS = "Our conference"
"""Name of an event of which only a board is known."""


def keep_board(board: Board, area: Quad, path: Path, photo: Path) -> None:
    """Write a board, and the photo as its reference, into event.toml as it is now.

    Parameters
    ----------
    board : Board
    area : Quad
        Its cell area in the photo.
    path : Path
        Of event.toml; made if it is not there.
    photo : Path

    Raises
    ------
    SetupError, ProfileError
        If event.toml cannot be read, or one of the two cannot be written.
    """
    name = place_for(photo, path.parent, board.slug)
    board = replace(board, reference=ReferencePhoto(name, area))
    profile = (
        with_board(load_profile(path), board)
        if path.exists()
        else first_profile(NAMELESS, local_timezone(), board)
    )
    save_board(profile, path, photo, name)


def place_for(photo: Path, folder: Path, slug: str) -> Path:
    """Return under which name a photo is kept beside event.toml, relative to it.

    One that lies there already stays; another is copied under the board's slug.
    """
    source = photo.resolve()
    if source.parent == folder.resolve():
        return Path(photo.name)
    return Path(f"{slug}{photo.suffix.lower()}")


def save_board(profile: Profile, path: Path, photo: Path, name: Path) -> None:
    """Keep a photo beside event.toml and write the file.

    Parameters
    ----------
    profile : Profile
        With the board.
    path : Path
        Of event.toml; its comments stay.
    photo : Path
    name : Path
        From `place_for`.

    Raises
    ------
    SetupError
        If the photo cannot be copied.
    ProfileError
        If the file cannot be written.
    """
    target = path.parent / name
    try:
        if target.resolve() != photo.resolve():
            shutil.copyfile(photo, target)
    except OSError as error:
        raise SetupError(
            f"The photo cannot be kept as {target}: {error.strerror}.",
            hint="Choose a folder that may be written and has space.",
        ) from error
    save_profile(profile, path)
