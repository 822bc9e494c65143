"""The same cards photographed again and again: what each further photo adds.

As on a server: each photo is read quickly, known cards are known again, and doubtful
ones are read further, with what the photos before said.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from benchmarks.accuracy import Progress
from benchmarks.days import Spread
from benchmarks.following import true_ids
from benchmarks.metrics import (
    FoundCard,
    Ratio,
    TextScore,
    TrueCard,
    score_text,
)
from benchmarks.reliability import Judged, judged_cards
from benchmarks.scenarios import LOOKS, Scenario, Shot, board_of
from calibration.layout import CellId
from calibration.profile import Board
from sample_boards.render import (
    random_board,
    random_conditions,
    random_standpoint,
    render,
)
from server.store.words import MOST_LOOKS
from vision.cards import KnownCard, ReadCard
from vision.errors import RegistrationError
from vision.image.photo import Photo
from vision.pipeline import read_board, straighten
from vision.reading import CardReading
from vision.recognition.engine import OcrEngine
from vision.recognition.fusion import after_look
from vision.recognition.rereading import DOUBTFUL, doubtful, read_further, unread

PHOTOS = 4
"""Photos of each board."""

ROOMS, SLOTS, CARDS = 4, 4, 10
"""Few cards: each is read four times, with care."""

PHOTO_WH = (1600, 1200)

MOST_ANGLE_DEG = 30.0
"""Most that a photo is taken from the side."""

FILL = (0.55, 0.92)
"""Least and most of the photo's width that the board takes: from afar and nearby.
Cards of 110 to 190 px, which is where the letters become too small to be read."""

FIRST_SEED = 700


@dataclass(frozen=True, slots=True)
class SequenceRow:
    """How well cards are read after some photos.

    Parameters
    ----------
    photos : int
    text : TextScore
    said : float or None
        Mean confidence; None without cards.
    sure : Ratio
        Cards that are read right, of those whose confidence leaves no doubt.
    """

    photos: int
    text: TextScore
    said: float | None
    sure: Ratio


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """A card, and what each photo alone said of it since it was last edited."""

    card: KnownCard
    alone: tuple[CardReading, ...]


Memory = Mapping[str, Remembered]
"""Cards by their ids."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was known of a board's cards after one of its photos."""

    photos: int
    text: TextScore
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PhotoSeries:
    """Photos of one board on which nothing changes."""

    board: Board
    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The cards so far, and which true card each is."""

    memory: Memory = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)


def sequence_scenarios(count: int) -> tuple[Scenario, ...]:
    """Return boards of every look in turn, each with tags, lines and no changes."""
    return tuple(
        Scenario(
            seed=FIRST_SEED + number,
            tags=True,
            lines=True,
            look=LOOKS[number % len(LOOKS)],
            people=0,
            changed=0.0,
        )
        for number in range(count)
    )


def photographed_often(scenario: Scenario) -> PhotoSeries:
    """Draw a board and photograph it from several places in several lights."""
    drawn = random_board(
        scenario.seed,
        rooms=ROOMS,
        slots=SLOTS,
        cards=CARDS,
        tags=scenario.tags,
        lines=scenario.lines,
        look=scenario.look,
    )
    shots = []
    for number in range(PHOTOS):
        seed = 10 * scenario.seed + number
        fill = float(np.random.default_rng(seed).uniform(*FILL))
        rendered = render(
            drawn,
            replace(random_standpoint(seed, MOST_ANGLE_DEG), fill=fill),
            random_conditions(seed),
            photo_wh=PHOTO_WH,
            seed=seed,
        )
        shots.append(Shot(Photo.decode(rendered.jpeg()), rendered.truth))
    return PhotoSeries(board_of(drawn), tuple(shots))


def measure_sequences(
    chosen: Sequence[Scenario],
    quick: OcrEngine,
    thorough: OcrEngine,
    spread: Spread,
    progress: Progress,
) -> tuple[SequenceRow, ...]:
    """Read boards in photo after photo.

    Parameters
    ----------
    chosen : sequence of Scenario
        Boards to draw; where there are none, there are no rows.
    quick, thorough : OcrEngine
    spread : callable
        Like `map`; may draw in several processes.
    progress : callable
    """
    told: list[Told] = []
    for number, series in enumerate(spread(photographed_often, chosen)):
        progress("boards in many photos", number, len(chosen))
        told.extend(read_series(series, quick, thorough))
    return sequence_rows(told)


def read_series(
    series: PhotoSeries, quick: OcrEngine, thorough: OcrEngine
) -> tuple[Told, ...]:
    """Read a board's photos one after the other; what is known after each."""
    known = _Known()
    told = []
    for number, shot in enumerate(series.shots):
        known = _after_photo(known, series.board, shot, quick, thorough)
        told.append(_told(number + 1, shot, known))
    return tuple(told)


def sequence_rows(told: Iterable[Told]) -> tuple[SequenceRow, ...]:
    """Sum up what was known of all boards after as many photos."""
    by_photos: dict[int, list[Told]] = {}
    for entry in told:
        by_photos.setdefault(entry.photos, []).append(entry)
    return tuple(_row(photos, entries) for photos, entries in by_photos.items())


def _row(photos: int, told: Sequence[Told]) -> SequenceRow:
    judged = [card for entry in told for card in entry.judged]
    sure = [card for card in judged if card.confidence >= DOUBTFUL]
    return SequenceRow(
        photos,
        sum((entry.text for entry in told[1:]), told[0].text),
        sum(card.confidence for card in judged) / len(judged) if judged else None,
        Ratio(sum(card.right for card in sure), len(sure)),
    )


def _after_photo(
    known: _Known, board: Board, shot: Shot, quick: OcrEngine, thorough: OcrEngine
) -> _Known:
    """Return what is known after one more photo; the same if it is refused."""
    try:
        straight = straighten(shot.photo, [board], ())
    except RegistrationError:
        return known
    cards = [entry.card for entry in known.memory.values()]
    seen = read_board(shot.photo, straight, quick, known=cards).cards
    names = [card.known or f"{shot.photo.sha256}/{i}" for i, card in enumerate(seen)]
    memory = dict(known.memory)
    places = [card.reading.quad_photo for card in seen]
    look = partial(read_further, shot.photo, engine=thorough, others=places)
    for name, card in zip(names, seen, strict=True):
        memory[name] = _remembered(name, card, memory.get(name), look)
    true = true_ids(shot.truth.cards, places)
    found = zip(names, true, strict=True)
    ids = {one: name for name, one in found if one is not None}
    return _Known(memory, {**known.ids, **ids})


def _remembered(
    name: str,
    seen: ReadCard,
    before: Remembered | None,
    look_at: Callable[[CardReading], CardReading],
) -> Remembered:
    """Return a card after a photo was read, and its doubts settled."""
    known_again = before and (not seen.read_again or seen.news == "sharper")
    others = before.alone if before and known_again else ()
    reading = seen.reading
    alone: tuple[CardReading, ...] = () if others else (reading,)
    worth_it = seen.sharpness > 0 and len(others) < MOST_LOOKS
    if doubtful([reading]) and worth_it:
        first = unread(reading) if others else reading
        look = look_at(first)
        reading = after_look(reading, look, others)
        alone = (look,) if look.lines else ()
    card = KnownCard(name, seen.descriptor, seen.quad_area, reading)
    return Remembered(card, (*others, *alone))


def _told(photos: int, shot: Shot, known: _Known) -> Told:
    true = []
    read = []
    for card in shot.truth.cards:
        cell, bounds = CellId(card.room, card.slot), card.quad_photo.bounds
        true.append(TrueCard(bounds, cell, card.text, card.title, legible=True))
        if card.card_id in known.ids:
            said = known.memory[known.ids[card.card_id]].card.reading
            read.append(FoundCard(bounds, cell, said.text, said.confidence))
    return Told(photos, score_text(true, read), judged_cards(true, read))
