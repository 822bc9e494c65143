"""The real vision of a site, with references and engines bound."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from calibration.profile import Board, Profile
from server.intake.recent import RecentPhotos
from server.intake.vision import Progress, Vision
from vision import further, pipeline
from vision.errors import ReferenceMissingError
from vision.identity import BoardObservation, KnownCard
from vision.ocr.chat_server import ChatServer
from vision.ocr.select import engine_named, quick_engine_named
from vision.photo import Photo
from vision.quality import assess_picture
from vision.reading import CardReading
from vision.rectify import RectifiedBoard
from vision.register import Reference
from vision.vocabulary import event_words


def vision_of(
    profile: Profile, folder: Path, engine: str, chat: ChatServer | None
) -> Vision:
    """Return the real vision of a site.

    Nothing is loaded before it is needed: who only straightens never loads an
    engine.

    Parameters
    ----------
    profile : Profile
    folder : Path
        Of the event.toml: reference photos are relative to it.
    engine : str
        Name of the OCR engine: its quick way reads every card, its thorough
        one the doubtful cards further.
    chat : ChatServer or None
        The server that the engine ``chat`` asks.
    """
    words = event_words(profile)
    recent = RecentPhotos(
        pipeline.straighten, cache(partial(load_references, profile, folder))
    )

    def read_board(
        photo: Photo,
        straight: RectifiedBoard,
        known: Sequence[KnownCard],
        progress: Progress,
    ) -> BoardObservation:
        return pipeline.read_board(
            photo,
            straight,
            quick_engine_named(engine, words),
            known=known,
            progress=progress,
        )

    def read_further(photo: Photo, card: CardReading) -> CardReading:
        return further.read_further(photo, card, engine_named(engine, chat, words))

    return Vision(recent.straighten, assess_picture, read_board, read_further)


def load_references(profile: Profile, folder: Path) -> tuple[Reference, ...]:
    """Return the boards' reference photos, ready to be matched.

    Raises
    ------
    ReferenceMissingError
        If one cannot be read.
    PhotoError
        If one is no photo.
    """
    return tuple(
        Reference.from_photo(
            board,
            Photo.decode(_bytes_of(board, folder / board.reference.photo)),
            board.reference.corners,
        )
        for board in profile.boards
        if board.reference is not None
    )


def _bytes_of(board: Board, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReferenceMissingError(
            f"The reference photo {path} of board {board.slug} cannot be read: "
            f"{error.strerror}.",
            hint="Put it there, or correct boards.reference.photo in event.toml.",
            board=board.slug,
        ) from error
