"""An event.toml as it lies in its folder, with the photos that it names.

Read whole, by one process, when it is taken up. Whoever serves or reads photos
uses what was taken up (`server.store.profiles`), never the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from calibration.profile import Board, Profile, parse_profile, profile_text
from vision.errors import ReferenceMissingError
from vision.image.photo import Photo


@dataclass(frozen=True, slots=True, eq=False)
class EventFile:
    """What an event.toml says, all of it usable.

    Parameters
    ----------
    path : Path
    text : str
        TOML.
    profile : Profile
        What the text says.
    references : mapping of str to bytes
        The reference photo of each board that has one, by slug.
    """

    path: Path
    text: str
    profile: Profile
    references: Mapping[str, bytes]


def read_event_file(path: Path) -> EventFile:
    """Read an event.toml and the reference photos that it names.

    Raises
    ------
    ProfileError
        If the file cannot be used, with key and line.
    ReferenceMissingError
        If a reference photo cannot be read.
    PhotoError
        If one is no photo.
    """
    text = profile_text(path)
    profile = parse_profile(text, path=path)
    references = {
        board.slug: reference_bytes(board, path.parent)
        for board in profile.boards
        if board.reference is not None
    }
    for data in references.values():
        # Here, where a person waits for the answer; not at the first photo.
        Photo.decode(data)
    return EventFile(path, text, profile, references)


def reference_bytes(board: Board, folder: Path) -> bytes:
    """Return the bytes of a board's reference photo.

    Parameters
    ----------
    board : Board
        One that has a reference.
    folder : Path
        Of its event.toml.

    Raises
    ------
    ReferenceMissingError
        If they cannot be read.
    """
    if board.reference is None:
        msg = f"expected a board with a reference, got {board.slug}"
        raise ValueError(msg)
    path = folder / board.reference.photo
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReferenceMissingError(
            f"The reference photo {path} of board {board.slug} cannot be read: "
            f"{error.strerror}.",
            hint="Put it there, or correct boards.reference.photo in event.toml.",
            board=board.slug,
        ) from error
