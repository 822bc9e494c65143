"""Speed, as ratios of times on the same machine and the same photo.

Seconds say more about the machine than about Boardcast, so none are told.
"""

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.bars import (
    FIRST_READING,
    NEXT_PHOTO,
    SETTLED_READING,
    STRAIGHT_PICTURE,
    Bar,
)
from benchmarks.boardcast import known_cards, read_photo, settled
from benchmarks.cases import Case
from benchmarks.readers import cut_bounds
from benchmarks.rivals import ReadCrops, ReadPicture
from benchmarks.table import Table, judged
from vision.cards import Reading
from vision.image.arrays import Image
from vision.image.photo import Photo, encode_jpeg
from vision.pipeline import straighten
from vision.recognition.engine import OcrEngine
from vision.registration.rectify import rectify

FEW_NEW = 5
"""New cards on a next photo, when people have moved a few."""

PHOTO_QUALITY = 90
"""JPEG quality of the first file: a phone's. Each next one has one less: an engine
remembers what it has read, and no two photos are the same."""

NEXT_PHOTOS, SHORT_ROUNDS = 3, 5
"""How many next photos are timed, of which the middle one counts; and how often what
takes parts of a second, of which the least counts."""

WARM_UP_CARDS = 3
"""Cards that are read before anything is timed: a server reads all day."""

FIRST_PHOTO = "first photo, from file to cards"
NEXT = f"next photo, {FEW_NEW} cards new"
FIRST = "first reading of all cards"
SETTLED = "settled reading of all cards"
BARE = "the bare engine on each card once"
STRAIGHT = "straight picture"
WARP = "decoding and warping alone"


Seconds = dict[str, list[float]]
"""How long things took, by their names."""


@contextmanager
def timed(seconds: Seconds, name: str) -> Iterator[None]:
    """Time what happens meanwhile."""
    began = time.perf_counter()
    yield
    seconds.setdefault(name, []).append(time.perf_counter() - began)


@dataclass(frozen=True, slots=True, eq=False)
class InTurn:
    """An engine whose readings are timed, and the bare engine's of the same crops.

    Card by card in turn: a machine that is slower for a while is so for both.
    """

    name: str
    engine: OcrEngine
    bare: ReadCrops
    seconds: Seconds

    def read(self, crops: Sequence[Image]) -> Sequence[Reading]:
        """Read crops, as the engine does."""
        with timed(self.seconds, FIRST):
            readings = self.engine.read(crops)
        with timed(self.seconds, BARE):
            self.bare(crops)
        return readings


def speed_table(
    case: Case,
    quick: OcrEngine,
    thorough: OcrEngine,
    bare: ReadCrops,
    rivals: Mapping[str, ReadPicture],
) -> Table:
    """Time a board's reading and its parts.

    Parameters
    ----------
    case : Case
    quick, thorough : OcrEngine
        Of the first reading, and of doubtful cards afterwards.
    bare : callable
        Reads crops with the networks alone.
    rivals : mapping of str to callable
        Who reads the whole photo instead, by name.

    Raises
    ------
    RegistrationError
        If the photo cannot be placed.
    """
    seconds: Seconds = {}
    pixels = case.photo.pixels
    few = [cut_bounds(pixels, card.bounds_photo) for card in case.cards[:WARM_UP_CARDS]]
    quick.read(few)
    bare(few)
    files = [encode_jpeg(pixels, PHOTO_QUALITY - n) for n in range(1 + NEXT_PHOTOS)]

    photo = Photo.decode(files[0])
    with timed(seconds, FIRST_PHOTO):
        Photo.decode(files[0])
        in_turn = InTurn(quick.name, quick, bare, seconds)
        first = read_photo(photo, case.board, case.references, in_turn)
    known = known_cards(first.cards)[FEW_NEW:]
    for data in files[1:]:
        with timed(seconds, NEXT):
            read_photo(Photo.decode(data), case.board, case.references, quick, known)
    with timed(seconds, SETTLED):
        settled(photo, first.reading.cards, thorough)
    registration = straighten(photo, [case.board], case.references).registration
    for _ in range(SHORT_ROUNDS):
        with timed(seconds, STRAIGHT):
            straighten(Photo.decode(files[0]), [case.board], case.references)
        with timed(seconds, WARP):
            rectify(Photo.decode(files[0]), registration)
    for name, read_picture in rivals.items():
        with timed(seconds, name):
            read_picture(pixels)
    return _table(seconds, list(rivals))


def _table(seconds: Seconds, rivals: Sequence[str]) -> Table:
    reading, bare = sum(seconds[FIRST]), sum(seconds[BARE])
    photo = sum(seconds[FIRST_PHOTO]) - bare
    following = statistics.median(seconds[NEXT])
    ratios: list[tuple[str, str, float, Bar | None]] = [
        (FIRST, BARE, reading / bare, FIRST_READING),
        (SETTLED, BARE, (reading + sum(seconds[SETTLED])) / bare, SETTLED_READING),
        (NEXT, FIRST_PHOTO, following / photo, NEXT_PHOTO),
        (STRAIGHT, WARP, min(seconds[STRAIGHT]) / min(seconds[WARP]), STRAIGHT_PICTURE),
        (STRAIGHT, NEXT, min(seconds[STRAIGHT]) / following, None),
        *((FIRST_PHOTO, name, photo / sum(seconds[name]), None) for name in rivals),
    ]
    return Table(
        "Speed",
        ("what", "against", "times as long", "must", "met"),
        tuple(
            (what, against, ratio, *judged(bar, ratio))
            for what, against, ratio, bar in ratios
        ),
    )
