"""The real vision of a site, with references and engines bound."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache, partial

from calibration.profile import Board, Profile
from server.chat.engines import engine_named, quick_engine_named
from server.intake.originals import original
from server.intake.recent import PlacedPhoto, PlacedPhotos, RecentPhotos
from server.intake.vision import Vision
from server.site import Site
from server.store.photos import photo
from server.store.pictures import placed_last
from server.store.profiles import reference_photo
from vision import pipeline
from vision.cards import BoardObservation, KnownCard
from vision.image.photo import Photo
from vision.proposal.day import day_on
from vision.quality import assess_picture
from vision.reading import CardReading
from vision.recognition.lexicon import event_words
from vision.recognition.rapid_models import load_text_models, wheel_models
from vision.registration import Reference
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard
from vision.rereading import reread
from vision.trace import Callbacks


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
    words = event_words(site.profile)
    recent = RecentPhotos(
        pipeline.straighten,
        cache(lambda: load_references(site.profile, accepted_reference(site))),
        placed_photos(site),
    )

    def read_board(
        photo: Photo,
        straight: RectifiedBoard,
        known: Sequence[KnownCard],
        callbacks: Callbacks,
    ) -> BoardObservation:
        return pipeline.read_board(
            photo,
            straight,
            quick_engine_named(engine, words),
            known=known,
            callbacks=callbacks,
        )

    def read_further(photo: Photo, card: CardReading) -> CardReading:
        return reread(photo, card, engine_named(engine, chat, words))

    def on_wall(
        photo: Photo, registration: Registration, boards: Sequence[Board]
    ) -> dt.date | None:
        return day_on(photo, registration, boards, load_text_models(wheel_models()))

    return Vision(recent.straighten, assess_picture, read_board, read_further, on_wall)


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


def accepted_reference(site: Site) -> Callable[[Board], bytes]:
    """Return what gives the reference photos of a site's version of the event."""

    def bytes_of(board: Board) -> bytes:
        with site.database.read() as session:
            return reference_photo(session, site.profile_version, board.slug)

    return bytes_of


def load_references(
    profile: Profile, bytes_of: Callable[[Board], bytes]
) -> tuple[Reference, ...]:
    """Return the boards' reference photos, ready to be matched.

    Parameters
    ----------
    profile : Profile
    bytes_of : callable
        Returns the bytes of a board's reference photo.

    Raises
    ------
    PhotoError
        If one is no photo.
    """
    return tuple(
        Reference.from_photo(
            board,
            Photo.decode(bytes_of(board)),
            board.reference.corners,
        )
        for board in profile.boards
        if board.reference is not None
    )
