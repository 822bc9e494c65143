"""Drawn boards photographed twice, by seed: what registration is measured on."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from calibration.event import Board
from calibration.layout import CellId, Layout, Slot
from sample_boards.board import DrawnBoard, Look
from sample_boards.edits import edit_cards
from sample_boards.render import (
    Standpoint,
    change_cards,
    random_board,
    random_conditions,
    random_standpoint,
    render,
)
from sample_boards.truth import BoardTruth
from vision.image.photo import Photo

PHOTO_WH = (1600, 1200)
"""Small photos: they render fast, and find what fails first."""

PLACED_WH = (1200, 900)
"""Photos that are only placed: they are drawn in half the time."""

ROOMS, SLOTS, CARDS = 6, 6, 22
"""Cards of about 140 px in such a photo. On boards of 5 x 5 and 15 cards the six
quick ones showed none of the mistakes about moved cards that these show: do not make
them smaller to save time."""

MOST_CHANGED, CHANGE_STEPS = 0.7, 8
"""Largest share of the cards that change between the photos; shares from 0 to that."""

EDITED = 0.1
"""Share of the cards that somebody writes on where they hang: `change_cards` writes
edited cards anew, which is easier to see."""

FRONT_ANGLE_DEG, SIDE_ANGLE_DEG, CLOSE_UP_ANGLE_DEG = 15.0, 35.0, 20.0
"""Most that the first photo is taken from the side, whose taker is careful; the second,
which staff take from where they stand; and a close-up."""

CLOSE_UP_FILL = (1.4, 1.9)
"""Least and most that the whole board would take of a close-up's width."""

TAG_MOVED = (0.1, 1.0)
"""Least and most that a tag is moved, in units of a cell."""

LOOKS: tuple[Look, ...] = ("printed", "taped", "whiteboard")

MOST_PEOPLE = 2

ANY_DAY = dt.date(2026, 1, 1)
"""A board needs a date; nothing that is measured depends on it."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a board looks and what happens between its two photos.

    Parameters
    ----------
    seed : int
    tags, lines : bool
        Whether it has corner tags, else the first photo is its reference; and whether
        its grid is drawn.
    look : {"printed", "taped", "whiteboard"}
    people : int
        How many stand in front of it in the second photo.
    changed : float
        Share of its cards that change, 0 to 1.
    """

    seed: int
    tags: bool
    lines: bool
    look: Look
    people: int
    changed: float


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One photo and what is true of it."""

    photo: Photo
    truth: BoardTruth


@dataclass(frozen=True, slots=True, eq=False)
class PhotoPair:
    """Two photos of one board."""

    board: Board
    before: Shot
    after: Shot


def scenarios(count: int) -> tuple[Scenario, ...]:
    """Return so many scenarios, the first of one fixed sequence.

    Every 12 hold all combinations of tags, lines and looks, every 36 each of them with
    all numbers of people.
    """
    return tuple(
        Scenario(
            seed=number,
            tags=number % 2 == 0,
            lines=number // 2 % 2 == 0,
            look=LOOKS[number // 4 % len(LOOKS)],
            people=(number + number // 12) % (MOST_PEOPLE + 1),
            changed=MOST_CHANGED * (number * 3 % CHANGE_STEPS) / (CHANGE_STEPS - 1),
        )
        for number in range(count)
    )


def photographed(scenario: Scenario, photo_wh: tuple[int, int]) -> PhotoPair:
    """Draw a scenario's board and take both photos, of a size."""
    seed = scenario.seed
    first = _drawn(scenario)
    later = edit_cards(change_cards(first, seed, scenario.changed), seed, EDITED)
    front = random_standpoint(1000 + seed, FRONT_ANGLE_DEG)
    side = random_standpoint(2000 + seed, SIDE_ANGLE_DEG)
    return PhotoPair(
        board_of(first),
        taken(first, front, 1000 + seed, photo_wh),
        taken(later, side, 2000 + seed, photo_wh, scenario.people),
    )


def close_up(scenario: Scenario, photo_wh: tuple[int, int]) -> Shot:
    """Photograph a part of a scenario's board, after the change, from nearby.

    The whole board would take up to 1.9 times the photo's width; its middle lies
    towards a corner of the photo.
    """
    seed = 3000 + scenario.seed
    rng = np.random.default_rng(seed)
    fill = float(rng.uniform(*CLOSE_UP_FILL))
    reach = rng.choice([-1, 1], 2) * rng.uniform(0.3, 0.7, 2) * (fill - 0.9) / 2
    standpoint = replace(
        random_standpoint(seed, CLOSE_UP_ANGLE_DEG),
        fill=fill,
        shift=(float(reach[0]), float(reach[1])),
    )
    drawn = change_cards(_drawn(scenario), scenario.seed, scenario.changed)
    return taken(drawn, standpoint, seed, photo_wh, min(1, scenario.people))


def with_lying_tags(scenario: Scenario, photo_wh: tuple[int, int]) -> tuple[Shot, Shot]:
    """Photograph a scenario's board with a tag that was moved, and one of another layout.

    The other's tags are where they belong, but it has a row less than the profile says.
    """
    drawn, seed = _drawn(scenario), 4000 + scenario.seed
    rng = np.random.default_rng(seed)
    shifts = [(0.0, 0.0)] * 4
    place, angle = int(rng.integers(4)), rng.uniform(0, np.pi / 2)
    far = rng.uniform(*TAG_MOVED) * np.array(drawn.cell_mm)
    inwards = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)][place])
    x, y = far * inwards * (np.cos(angle), np.sin(angle))
    shifts[place] = float(x), float(y)
    moved = replace(drawn, tag_shifts_mm=tuple(shifts))
    standpoint = random_standpoint(seed, SIDE_ANGLE_DEG)
    return (
        taken(moved, standpoint, seed, photo_wh),
        taken(_drawn(scenario, slots=SLOTS - 1), standpoint, seed, photo_wh),
    )


def taken(
    drawn: DrawnBoard,
    standpoint: Standpoint,
    seed: int,
    photo_wh: tuple[int, int],
    people: int = 0,
) -> Shot:
    """Photograph a drawn board; through a file, as compression is part of a photo."""
    rendered = render(
        drawn,
        standpoint,
        random_conditions(seed, people=people),
        photo_wh=photo_wh,
        seed=seed,
    )
    return Shot(Photo.decode(rendered.jpeg()), rendered.truth)


def board_of(drawn: DrawnBoard) -> Board:
    """Return what a profile says of a drawn board."""
    tags = drawn.tags
    layout = Layout(
        rooms=drawn.rooms,
        slots=tuple(Slot.parse(label) for label in drawn.slots),
        blocked={CellId(cell.room, cell.slot): cell.reason for cell in drawn.blocked},
    )
    return Board(
        drawn.slug,
        drawn.title,
        ANY_DAY,
        layout,
        (tags[0], tags[1], tags[2], tags[3]) if tags else None,
    )


def _drawn(scenario: Scenario, slots: int = SLOTS) -> DrawnBoard:
    """Draw a scenario's board as it is at first."""
    return random_board(
        scenario.seed,
        rooms=ROOMS,
        slots=slots,
        cards=CARDS,
        tags=scenario.tags,
        lines=scenario.lines,
        look=scenario.look,
    )
