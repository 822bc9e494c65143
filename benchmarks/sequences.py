"""The same cards photographed again and again: what each further photo adds.

As on a server: each photo is read quickly, known cards are known again, and doubtful
ones are read again, with what the photos before said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from benchmarks.boardcast import read_photo
from benchmarks.confidence import Judged, judged_cards, sure_and_right
from benchmarks.identity import true_ids
from benchmarks.metrics import FoundCard, TextScore, TrueCard, score_text
from benchmarks.scenarios import LOOKS, PHOTO_WH, Shot, board_of, taken
from benchmarks.table import Table, Value
from calibration.event import Board
from calibration.layout import CellId
from sample_boards.render import random_board, random_standpoint
from server.store.words import MOST_LOOKS
from vision.cards import KnownCard, ReadCard
from vision.errors import RegistrationError
from vision.reading import CardReading
from vision.recognition.engine import OcrEngine
from vision.rereading import after_rereading, doubtful, reread, unread

PHOTOS = 4
"""Photos of each board."""

ROOMS, SLOTS, CARDS = 4, 4, 10
"""Few cards: each is read four times, with care."""

MOST_ANGLE_DEG = 30.0
"""Most that a photo is taken from the side."""

FILL = (0.55, 0.92)
"""Least and most of the photo's width that the board takes: from afar and nearby.
Cards of 110 to 190 px, which is where the letters become too small to be read."""

FIRST_SEED = 700


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """A card, and what each photo alone said of it since it was last edited."""

    card: KnownCard
    alone: tuple[CardReading, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """The cards so far, by their ids, and the id of each true card."""

    cards: Mapping[str, Remembered] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)


Said = tuple[TextScore, tuple[Judged, ...]]
"""What was known of a board's cards after some photos."""


def photographed_often(number: int) -> tuple[Board, tuple[Shot, ...]]:
    """Draw a board and photograph it from several places in several lights.

    Parameters
    ----------
    number : int
        Which board: they have every look in turn.
    """
    look, first = LOOKS[number % len(LOOKS)], FIRST_SEED + number
    drawn = random_board(
        first, rooms=ROOMS, slots=SLOTS, cards=CARDS, tags=True, look=look
    )
    shots = []
    for seed in range(10 * first, 10 * first + PHOTOS):
        fill = float(np.random.default_rng(seed).uniform(*FILL))
        standpoint = replace(random_standpoint(seed, MOST_ANGLE_DEG), fill=fill)
        shots.append(taken(drawn, standpoint, seed, PHOTO_WH))
    return board_of(drawn), tuple(shots)


def read_series(
    board: Board, shots: Sequence[Shot], quick: OcrEngine, thorough: OcrEngine
) -> tuple[Said, ...]:
    """Read a board's photos one after the other; what is known after each."""
    memory = Memory()
    said = []
    for shot in shots:
        memory = _after_photo(memory, board, shot, quick, thorough)
        said.append(_said(shot, memory))
    return tuple(said)


def sequence_tables(series: Sequence[Sequence[Said]]) -> tuple[Table, ...]:
    """Return what was known of all boards after each photo; nothing without any.

    Parameters
    ----------
    series : sequence of sequence of Said
        Of each board, after each of its photos.
    """
    rows: list[tuple[Value, ...]] = []
    for photos, said in enumerate(zip(*series, strict=True), start=1):
        text = sum((one for one, _ in said[1:]), said[0][0])
        judged = [card for _, cards in said for card in cards]
        figures = (text.titles, text.character_errors, text.words)
        rows.append((photos, *figures, sure_and_right(judged)))
    names = ("after photos", "title", "CER", "words", "right of the sure ones")
    table = Table("The same cards in many photos", names, tuple(rows))
    return (table,) if rows else ()


def _after_photo(
    memory: Memory, board: Board, shot: Shot, quick: OcrEngine, thorough: OcrEngine
) -> Memory:
    """Return what is known after one more photo; the same if it is refused."""
    known = [entry.card for entry in memory.cards.values()]
    try:
        seen = read_photo(shot.photo, board, (), quick, known).cards
    except RegistrationError:
        return memory
    names = [card.known or f"{shot.photo.sha256}/{i}" for i, card in enumerate(seen)]
    cards = dict(memory.cards)
    for name, card in zip(names, seen, strict=True):
        again = partial(reread, shot.photo, engine=thorough)
        cards[name] = _remembered(name, card, cards.get(name), again)
    places = [card.reading.quad_photo for card in seen]
    found = zip(true_ids(shot.truth.cards, places), names, strict=True)
    ids = {true: name for true, name in found if true is not None}
    return Memory(cards, {**memory.ids, **ids})


def _remembered(
    name: str,
    seen: ReadCard,
    before: Remembered | None,
    again: Callable[[CardReading], CardReading],
) -> Remembered:
    """Return a card after a photo was read, and its doubts settled."""
    known_again = before and (not seen.read_again or seen.change == "sharper")
    others = before.alone if before and known_again else ()
    reading = seen.reading
    alone: tuple[CardReading, ...] = () if others else (reading,)
    if doubtful([reading]) and seen.sharpness is not None and len(others) < MOST_LOOKS:
        look = again(unread(reading) if others else reading)
        reading = after_rereading(reading, look, others)
        alone = (look,) if look.lines else ()
    card = KnownCard(name, seen.descriptor, seen.quad_area, reading)
    return Remembered(card, (*others, *alone))


def _said(shot: Shot, memory: Memory) -> Said:
    true, read = [], []
    for card in shot.truth.cards:
        cell, bounds = CellId(card.room, card.slot), card.quad_photo.bounds
        true.append(TrueCard(bounds, cell, card.text, card.title, legible=True))
        if card.card_id in memory.ids:
            said = memory.cards[memory.ids[card.card_id]].card.reading
            read.append(FoundCard(bounds, cell, said.text, said.confidence))
    return score_text(true, read), judged_cards(true, read)
