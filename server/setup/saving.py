"""A board that was set up goes into event.toml, and its photo beside it."""

import shutil
from pathlib import Path

from calibration.profile import Profile, save_profile
from server.errors import SetupError


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
