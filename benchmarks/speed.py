"""Speed, as ratios of times on the same machine and the same photo.

Seconds say more about the machine than about Boardcast, so none are told.
"""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from benchmarks.bare import ReadCrops
from benchmarks.bars import (
    FIRST_READING,
    NEXT_PHOTO,
    SETTLED_READING,
    STRAIGHT_PICTURE,
    Bar,
)
from benchmarks.cases import Case
from benchmarks.readers import cut_bounds, settled
from benchmarks.whole_photo import ReadPicture
from vision.cards import KnownCard, ReadCard, Reading
from vision.image.arrays import Image
from vision.image.photo import Photo, encode_jpeg
from vision.image.rectify import RectifiedBoard, Registration, rectify
from vision.pipeline import read_board, straighten
from vision.recognition.engine import OcrEngine
from vision.registration import Reference
from vision.registration.features import features_of
from vision.registration.reference import REFERENCE_SIDE_PX

Clock = Callable[[], float]
"""Seconds from any beginning, never going back."""

Step = Callable[[int], None]
"""Called with how many rounds are done."""

FEW_NEW = 5
"""New cards on a next photo, when people have moved a few."""

PHOTO_QUALITY = 90
"""JPEG quality of the first file that is decoded: a phone's. Each further one has one
less: an engine remembers what it has read, and no two photos are the same."""

NEXT_PHOTOS = 5
"""How many next photos are timed in a round where they are held to a bar, else one; the
middle one counts. A first photo takes so long that what disturbs it evens out."""

SHORT_ROUNDS = 5
"""How often in a round what takes parts of a second is timed; the least counts: the
first time after a long reading finds nothing in the caches."""

WARM_UP_CARDS = 3
"""Cards that are read before anything is timed, so that every engine has loaded what
it loads at its first call and the lexicon has answered what it is asked first: a
server reads all day."""

FIRST_PHOTO = "first photo, from file to cards"
NEXT = f"next photo, {FEW_NEW} cards new"
FIRST_SETTLED = "first photo, from file to settled cards"
NEXT_SETTLED = f"next photo, {FEW_NEW} cards new, settled"
FIRST = "first reading of all cards"
SETTLED = "settled reading of all cards"
BARE = "the bare engine on each card once"
STRAIGHT = "straight picture"
STRAIGHT_BY_PHOTO = "straight picture, placed by an earlier photo"
WARP = "decoding and warping alone"

COMPARED: tuple[tuple[str, str, Bar | None], ...] = (
    (FIRST, BARE, FIRST_READING),
    (SETTLED, BARE, SETTLED_READING),
    (NEXT, FIRST_PHOTO, None),
    (NEXT_SETTLED, FIRST_SETTLED, None),
    (STRAIGHT, WARP, STRAIGHT_PICTURE),
    (STRAIGHT_BY_PHOTO, WARP, None),
)
"""What is timed, against what, and how many times as long it may take, on any
board."""

LEAST_CARDS = 50
"""From which number of cards a next photo is held to its bar: that is for boards
of 60, of which five are few. Of ten cards five are half."""

Seconds = Mapping[str, float]
"""What each thing took in one round, by its name."""


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """How long one thing takes for each second that another takes.

    Parameters
    ----------
    what, against : str
    ratio : float
        Of the best times of all rounds.
    least, most : float
        Of the rounds' own ratios: far apart on a machine that was busy with
        other things.
    bar : Bar or None
    """

    what: str
    against: str
    ratio: float
    least: float
    most: float
    bar: Bar | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A photo and the cards that were found in it."""

    photo: Photo
    cards: tuple[ReadCard, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Speedway:
    """What is timed: one board, the engines, and the rivals.

    Parameters
    ----------
    case : Case
    quick, thorough : OcrEngine
        Of the first reading, and of doubtful cards afterwards.
    bare : callable
        Reads crops with the networks alone.
    rivals : mapping of str to callable
        Who reads the whole photo instead, by name.
    """

    case: Case
    quick: OcrEngine
    thorough: OcrEngine
    bare: ReadCrops
    rivals: Mapping[str, ReadPicture]

    def straighten(self, photo: Photo) -> RectifiedBoard:
        """Straighten a photo of the board."""
        return straighten(photo, [self.case.board], self.case.references)

    def read(self, data: bytes, engine: OcrEngine, known: Sequence[KnownCard]) -> Sight:
        """Read the photo in these bytes."""
        photo = Photo.decode(data)
        straight = self.straighten(photo)
        return Sight(photo, read_board(photo, straight, engine, known=known).cards)

    def settle(self, sight: Sight) -> None:
        """Read those cards further that were read in doubt."""
        read = [card.reading for card in sight.cards if card.read_again]
        settled(sight.photo, read, self.thorough)

    def warm_up(self) -> None:
        """Read a few cards, so that nothing is timed that happens only once."""
        pixels = self.case.photo.pixels
        few = [
            cut_bounds(pixels, card.bounds_photo)
            for card in self.case.cards[:WARM_UP_CARDS]
        ]
        self.quick.read(few)
        self.bare(few)


Result = TypeVar("Result")


class Stopwatch:
    """Notes how long each named task of a round takes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.seconds: dict[str, float] = {}

    def time(self, name: str, task: Callable[[], Result]) -> Result:
        """Run a task and return what it returns."""
        self.seconds[name] = 0.0
        return self.add(name, task)

    def least(self, name: str, task: Callable[[], object]) -> None:
        """Note the least time that a task took in a round."""
        before = self.seconds.get(name, math.inf)
        self.time(name, task)
        self.seconds[name] = min(before, self.seconds[name])

    def add(self, name: str, task: Callable[[], Result]) -> Result:
        """Run a task that takes more of the time already noted under a name."""
        start = self._clock()
        result = task()
        self.seconds[name] = self.seconds.get(name, 0.0) + self._clock() - start
        return result


class InTurn:
    """An engine whose readings are timed, and the bare engine's of the same crops.

    Card by card in turn: a machine that is slower for a while is so for both.
    """

    def __init__(self, engine: OcrEngine, bare: ReadCrops, watch: Stopwatch) -> None:
        self._engine = engine
        self._bare = bare
        self._watch = watch

    @property
    def name(self) -> str:
        """That of the engine."""
        return self._engine.name

    def read(self, crops: Sequence[Image]) -> Sequence[Reading]:
        """Read crops, as the engine does."""
        readings = self._watch.add(FIRST, lambda: self._engine.read(crops))
        self._watch.add(BARE, lambda: self._bare(crops))
        return readings


def measure_speed(
    way: Speedway, clock: Clock, rounds: int, rival_rounds: int, step: Step
) -> tuple[SpeedRow, ...]:
    """Time a board's reading and its parts.

    Parameters
    ----------
    way : Speedway
    clock : callable
    rounds : int
        How often, at least once; the parts are timed in turn, so that a busy
        machine is busy for all of them. Doubtful cards are read further in the
        first round only.
    rival_rounds : int
        In how many of them the rivals are timed, too.
    step : callable

    Raises
    ------
    RegistrationError
        If the photo cannot be placed.
    """
    way.warm_up()
    pixels = way.case.photo.pixels
    timed: list[Seconds] = []
    many = len(way.case.cards) >= LEAST_CARDS
    bars = {NEXT: NEXT_PHOTO, NEXT_SETTLED: NEXT_PHOTO} if many else {}
    next_photos = NEXT_PHOTOS if many else 1
    for number in range(rounds):
        step(number)
        watch = Stopwatch(clock)
        quality = PHOTO_QUALITY - (1 + next_photos) * number
        data, *later = (
            encode_jpeg(pixels, quality - photo) for photo in range(1 + next_photos)
        )
        first, following = _time_photos(way, data, later, watch)
        if number == 0:
            _time_settling(way, first, following, watch)
        for name in way.rivals if number < rival_rounds else ():
            _time_rival(watch, name, way.rivals[name], first.photo)
        timed.append(watch.seconds)
    step(rounds)
    return ratios(timed, tuple(way.rivals), bars)


def ratios(
    rounds: Sequence[Seconds], rivals: Sequence[str], bars: Mapping[str, Bar]
) -> tuple[SpeedRow, ...]:
    """Return the table of ratios over rounds.

    Parameters
    ----------
    rounds : sequence of mapping
        What each thing took; what was not timed has no row.
    rivals : sequence of str
        Whom the first photo is compared with, besides.
    bars : mapping of str to Bar
        Of what is held to a bar on this board only, by name.
    """
    pairs: list[tuple[str, str, Bar | None]] = [
        *((what, against, bar or bars.get(what)) for what, against, bar in COMPARED),
        *((FIRST_PHOTO, rival, None) for rival in rivals),
    ]
    return tuple(
        _row(what, against, bar, timed)
        for what, against, bar in pairs
        if (timed := [one for one in rounds if what in one and against in one])
    )


def known_cards(cards: Sequence[ReadCard]) -> tuple[KnownCard, ...]:
    """Return cards as they are known to the next photo, called by their number."""
    return tuple(
        KnownCard(str(number), card.descriptor, card.quad_area, card.reading)
        for number, card in enumerate(cards)
    )


def _row(
    what: str, against: str, bar: Bar | None, timed: Sequence[Seconds]
) -> SpeedRow:
    found = [one[what] / one[against] for one in timed]
    best = min(one[what] for one in timed) / min(one[against] for one in timed)
    return SpeedRow(what, against, best, min(found), max(found), bar)


def _time_photos(
    way: Speedway, data: bytes, later: Sequence[bytes], watch: Stopwatch
) -> tuple[Sight, Sight]:
    """Time a first photo, a next one, and their parts."""
    in_turn = InTurn(way.quick, way.bare, watch)
    first = watch.time(FIRST_PHOTO, lambda: way.read(data, in_turn, ()))
    watch.seconds[FIRST_PHOTO] -= watch.seconds[BARE]
    known = known_cards(first.cards)[FEW_NEW:]
    took, following = [], first
    for next_data in later:
        following = watch.time(NEXT, partial(way.read, next_data, way.quick, known))
        took.append(watch.seconds[NEXT])
    watch.seconds[NEXT] = statistics.median(took)
    registration = way.straighten(first.photo).registration
    earlier = _reference_of(first.photo, registration)
    for _ in range(SHORT_ROUNDS):
        watch.least(STRAIGHT, lambda: way.straighten(Photo.decode(data)))
        watch.least(WARP, lambda: rectify(Photo.decode(data), registration))
        watch.least(
            STRAIGHT_BY_PHOTO,
            lambda: straighten(Photo.decode(later[0]), [earlier.board], [earlier]),
        )
    return first, following


def _reference_of(photo: Photo, registration: Registration) -> Reference:
    """Return a photo as what the next one is placed by, of a board without tags."""
    board = replace(registration.board, tags=None)
    return Reference.from_registration(
        photo.sha256,
        replace(registration, board=board),
        features_of(photo.pixels, REFERENCE_SIDE_PX),
    )


def _time_settling(
    way: Speedway, first: Sight, following: Sight, watch: Stopwatch
) -> None:
    """Time how the doubtful cards of both photos are read further."""
    seconds = watch.seconds
    watch.time(FIRST_SETTLED, lambda: way.settle(first))
    seconds[SETTLED] = seconds[FIRST] + seconds[FIRST_SETTLED]
    seconds[FIRST_SETTLED] += seconds[FIRST_PHOTO]
    watch.time(NEXT_SETTLED, lambda: way.settle(following))
    seconds[NEXT_SETTLED] += seconds[NEXT]


def _time_rival(
    watch: Stopwatch, name: str, read_picture: ReadPicture, photo: Photo
) -> None:
    watch.time(name, lambda: read_picture(photo.pixels))
