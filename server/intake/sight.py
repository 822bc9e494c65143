"""The real vision of a site, with references and engines bound."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from calibration.geometry import Quad
from calibration.profile import Board, Profile
from server.intake.originals import original
from server.intake.recent import PlacedPhoto, PlacedPhotos, RecentPhotos
from server.intake.vision import Progress, Remark, Vision
from server.site import Site
from server.store.photos import photo
from server.store.pictures import placed_last
from vision import further, pipeline
from vision.errors import ReferenceMissingError
from vision.identity import BoardObservation, KnownCard
from vision.ocr.select import engine_named, quick_engine_named
from vision.photo import Photo
from vision.quality import assess_picture
from vision.reading import CardReading
from vision.rectify import RectifiedBoard
from vision.register import Reference
from vision.vocabulary import event_words


def vision_of(site: Site) -> Vision:
    """Return the real vision of a site.

    Nothing is loaded before it is needed: who only straightens never loads an
    engine.

    Parameters
    ----------
    site : Site
        Its settings name the OCR engine: its quick way reads every card, its
        thorough one the doubtful cards further.
    """
    engine, chat = site.settings.engine, site.settings.chat
    folder = site.settings.profile_path.parent
    words = event_words(site.profile)
    recent = RecentPhotos(
        pipeline.straighten,
        cache(partial(load_references, site.profile, folder)),
        placed_photos(site),
    )

    def read_board(
        photo: Photo,
        straight: RectifiedBoard,
        known: Sequence[KnownCard],
        progress: Progress,
        remark: Remark,
    ) -> BoardObservation:
        return pipeline.read_board(
            photo,
            straight,
            quick_engine_named(engine, words),
            known=known,
            progress=progress,
            remark=remark,
        )

    def read_further(
        photo: Photo, card: CardReading, others: Sequence[Quad]
    ) -> CardReading:
        thorough = engine_named(engine, chat, words)
        return further.read_further(photo, card, thorough, others)

    return Vision(recent.straighten, assess_picture, read_board, read_further)


def placed_photos(site: Site) -> PlacedPhotos:
    """Return what a site's store knows of the photos that were placed."""

    def last(board: Board) -> tuple[PlacedPhoto, ...]:
        with site.database.read() as session:
            return tuple(
                PlacedPhoto(photo(session, entry.photo_id).sha256, entry.registration)
                for entry in placed_last(session, board)
                if entry.registration is not None
            )

    return PlacedPhotos(last, partial(original, site.originals))


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
