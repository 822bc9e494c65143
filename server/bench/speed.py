"""Speed, as ratios of times on the same machine and the same photo.

Seconds say more about the machine than about Boardcast, so none are told.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from server.bench.cases import Case
from server.bench.whole_photo import ReadPicture
from vision.identity import KnownCard, SeenCard
from vision.ocr.engine import Image, OcrEngine
from vision.photo import Photo, encode_jpeg
from vision.pipeline import read_board, straighten
from vision.rectify import Registration, rectify

Clock = Callable[[], float]
"""Seconds from any beginning, never going back."""

FEW_NEW = 5
"""New cards on a next photo, when people have moved a few."""

PHOTO_QUALITY = 90
"""JPEG quality of the file that is decoded: a phone's."""


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """How long one thing takes for each second that another takes.

    Parameters
    ----------
    what, against : str
    ratio : float
        The median over all rounds.
    least, most : float
        Of all rounds: far apart on a machine that was busy with other things.
    """

    what: str
    against: str
    ratio: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of one round.

    Parameters
    ----------
    first_s : float
        A whole first reading, from bytes to cards.
    next_s : float
        The same, with all cards known but `FEW_NEW`.
    crops_s, plain_s : float
        The engine, and RapidOCR as it comes, reading each crop once.
    straighten_s : float
        From bytes to the straight picture.
    warp_s : float
        The same, with the registration known.
    """

    first_s: float
    next_s: float
    crops_s: float
    plain_s: float
    straighten_s: float
    warp_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Speedway:
    """What is timed: one board, the engine, and the rival on crops.

    Parameters
    ----------
    case : Case
    engine : OcrEngine
    plain : callable
        RapidOCR as it comes.
    """

    case: Case
    engine: OcrEngine
    plain: ReadPicture

    def straighten(self, data: bytes) -> None:
        """Straighten the photo in these bytes."""
        straighten(Photo.decode(data), [self.case.board], self.case.references)

    def read(self, data: bytes, known: Sequence[KnownCard]) -> tuple[SeenCard, ...]:
        """Read the photo in these bytes, and return its cards."""
        photo = Photo.decode(data)
        straight = straighten(photo, [self.case.board], self.case.references)
        return read_board(photo, straight, self.engine, known=known).cards

    def read_crops(self, crops: Sequence[Image]) -> None:
        """Let the engine read each crop once."""
        self.engine.read(crops)

    def read_crops_plainly(self, crops: Sequence[Image]) -> None:
        """Let RapidOCR as it comes read each crop once."""
        for crop in crops:
            self.plain(crop)


def measure_speed(way: Speedway, clock: Clock, rounds: int) -> tuple[SpeedRow, ...]:
    """Time a board's reading and its parts.

    Parameters
    ----------
    way : Speedway
    clock : callable
    rounds : int
        How often; the parts are timed in turn, so that a busy machine is busy
        for all of them.

    Raises
    ------
    RegistrationError
        If the photo cannot be placed.
    """
    data = encode_jpeg(way.case.photo.pixels, PHOTO_QUALITY)
    photo = Photo.decode(data)
    straight = straighten(photo, [way.case.board], way.case.references)
    # What comes first loads models and fills caches; it is not timed.
    cards = way.read(data, ())
    way.plain(cards[0].crop if cards else photo.pixels)
    timed = [
        _round(way, data, cards, straight.registration, clock) for _ in range(rounds)
    ]
    return ratios(timed)


def ratios(rounds: Sequence[Round]) -> tuple[SpeedRow, ...]:
    """Return the table of ratios over rounds.

    Parameters
    ----------
    rounds : sequence of Round
        At least one.
    """
    first = "first reading of a board"
    return (
        _row(
            first,
            "its engine reading each crop once",
            [one.first_s / one.crops_s for one in rounds],
        ),
        _row(
            first,
            "plain RapidOCR reading each crop once",
            [one.first_s / one.plain_s for one in rounds],
        ),
        _row(
            f"next photo, {FEW_NEW} cards new",
            first,
            [one.next_s / one.first_s for one in rounds],
        ),
        _row(
            "straight picture",
            "decoding and warping alone",
            [one.straighten_s / one.warp_s for one in rounds],
        ),
    )


def _row(what: str, against: str, found: Sequence[float]) -> SpeedRow:
    return SpeedRow(what, against, statistics.median(found), min(found), max(found))


def _round(
    way: Speedway,
    data: bytes,
    cards: Sequence[SeenCard],
    registration: Registration,
    clock: Clock,
) -> Round:
    crops = [card.crop for card in cards]
    known = known_cards(cards)[FEW_NEW:]
    return Round(
        first_s=_seconds(lambda: way.read(data, ()), clock),
        next_s=_seconds(lambda: way.read(data, known), clock),
        crops_s=_seconds(lambda: way.read_crops(crops), clock),
        plain_s=_seconds(lambda: way.read_crops_plainly(crops), clock),
        straighten_s=_seconds(lambda: way.straighten(data), clock),
        warp_s=_seconds(lambda: rectify(Photo.decode(data), registration), clock),
    )


def known_cards(cards: Sequence[SeenCard]) -> tuple[KnownCard, ...]:
    """Return cards as they are known to the next photo, called by their number."""
    return tuple(
        KnownCard(str(number), card.descriptor, card.quad_area, card.reading)
        for number, card in enumerate(cards)
    )


def _seconds(task: Callable[[], object], clock: Clock) -> float:
    start = clock()
    task()
    return clock() - start
