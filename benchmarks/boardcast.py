"""Boardcast as a server runs it: what is measured, called in one place."""

from collections.abc import Sequence

from calibration.event import Board
from vision.cards import BoardObservation, KnownCard, ReadCard
from vision.image.photo import Photo
from vision.pipeline import read_board, straighten
from vision.reading import CardReading
from vision.recognition.engine import OcrEngine
from vision.registration import Reference
from vision.rereading import doubtful, reread


def read_photo(
    photo: Photo,
    board: Board,
    references: Sequence[Reference],
    engine: OcrEngine,
    known: Sequence[KnownCard] = (),
) -> BoardObservation:
    """Read a photo of a board as people first see it.

    Raises
    ------
    RegistrationError
        If the board cannot be placed.
    """
    straight = straighten(photo, [board], references)
    return read_board(photo, straight, engine, known=known)


def settled(
    photo: Photo, cards: Sequence[CardReading], thorough: OcrEngine
) -> tuple[CardReading, ...]:
    """Return cards of a photo after the doubtful ones were read again."""
    worth_it = doubtful(cards)
    return tuple(
        reread(photo, card, thorough) if card in worth_it else card for card in cards
    )


def known_cards(cards: Sequence[ReadCard]) -> tuple[KnownCard, ...]:
    """Return cards as they are known to the next photo, called by their number."""
    return tuple(
        KnownCard(str(number), card.descriptor, card.quad_area, card.reading)
        for number, card in enumerate(cards)
    )
