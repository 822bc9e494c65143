"""Drawn boards whose tags lie, and whether one is placed wrongly in silence.

Tags are moved, covered, hung at each other's corners, or belong to another layout, on
boards whose lines are printed, taped, drawn by hand or absent, with and without a
photo of the board from before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from benchmarks.accuracy import Progress
from benchmarks.days import Spread
from benchmarks.placing import placing_error
from benchmarks.scenarios import LOOKS, SIDE_ANGLE_DEG, Shot, board_of
from calibration.profile import Board
from sample_boards.board import DrawnBoard, Look
from sample_boards.drawing import draw_board, stick_tags
from sample_boards.paper import Image
from sample_boards.render import (
    change_cards,
    random_board,
    random_conditions,
    random_standpoint,
    take,
)
from vision.errors import RegistrationError
from vision.image.photo import Photo
from vision.registration import Reference, register

Lie = Literal[
    "all in place",
    "one covered",
    "one moved",
    "one moved, one covered",
    "two moved",
    "two exchanged",
    "each at the next corner",
    "of another layout",
]
"""What is the matter with the tags."""

HONEST: tuple[Lie, ...] = ("all in place", "one covered")
LIES: tuple[Lie, ...] = (
    "one moved",
    "one moved, one covered",
    "of another layout",
    "one moved",
    "one moved, one covered",
    "two moved",
    "of another layout",
    "two exchanged",
    "each at the next corner",
    "one moved, one covered",
)
"""What is the matter in ten photos; what happens most stands there more than once."""

Told = Literal["right", "right, told", "refused", "wrong, told", "wrong"]
"""What became of a photo; told if staff get a remark about its place."""

MAX_ERROR = 0.05
"""Mean distance of cells' corners from their true places, in units of a cell, from which
a board is wrong: where lines are taped they are three hundredths off themselves, and
cards hang less neatly than that."""

PHOTO_WH = (1000, 750)
"""Of all photos: small ones are drawn fast."""

PX_PER_MM = 1.1
"""Of the drawn boards: a little more than the photos hold."""

MARGINS_MM = (14.0, 14.0, 150.0, 150.0)
"""Room around the boards: to the right and below for tags that were moved."""

PHOTOS_OF_A_BOARD = 25
"""Each board is drawn once for so many photos, and half as often with other cards."""

MOVED = (0.1, 1.0)
"""Least and most that a tag is moved, in units of a cell."""

STUCK_MM = 1.0
"""Standard deviation of the place of a tag that is where it belongs."""

GRIDS = ((6, 6), (4, 4), (5, 3), (8, 5))
"""Columns and rows of the boards; a board of another layout has those of the next."""

CARDS_SHARE = 0.6
"""Share of the cells that hold a card."""

CHANGED = 0.4
"""Share of the cards that changed since the photo from before."""


@dataclass(frozen=True, slots=True)
class TagCase:
    """One photo of a board with tags.

    Parameters
    ----------
    seed : int
    lie : str
        What is the matter with them.
    look : {"printed", "taped", "whiteboard"}
    lines : bool
        Whether the grid is drawn.
    earlier : bool
        Whether there is a photo of the board from before, with its corners marked.
    """

    seed: int
    lie: Lie
    look: Look
    lines: bool
    earlier: bool

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of the profile's layout."""
        return GRIDS[self.seed // PHOTOS_OF_A_BOARD % len(GRIDS)]


@dataclass(frozen=True, slots=True)
class TagRow:
    """What became of the photos of one kind.

    Parameters
    ----------
    tags : str
        What was the matter.
    right, right_told, refused, wrong_told, wrong : int
        How many photos; `wrong` are the silent ones.
    """

    tags: str
    right: int
    right_told: int
    refused: int
    wrong_told: int
    wrong: int


def tag_cases(count: int, kinds: Sequence[Lie], first: int = 0) -> tuple[TagCase, ...]:
    """Return cases of one fixed sequence.

    Parameters
    ----------
    count : int
        How many.
    kinds : sequence of str
        What is the matter with their tags, in turn.
    first : int
        Where in the sequence they begin.
    """
    return tuple(
        _case(number, kinds[number % len(kinds)])
        for number in range(first, first + count)
    )


def _case(number: int, lie: Lie) -> TagCase:
    drawn = number // PHOTOS_OF_A_BOARD
    return TagCase(
        seed=number,
        lie=lie,
        look=LOOKS[drawn % len(LOOKS)],
        lines=drawn // len(LOOKS) % 4 != 0,
        earlier=number // 2 % 2 == 0,
    )


def measure_case(case: TagCase) -> tuple[TagCase, Told]:
    """Photograph a case and place the photo."""
    shot, board = photographed_tags(case)
    references = (_reference(_board_seed(case), case.grid, case.look, case.lines),)
    try:
        registration = register(shot.photo, [board], references[: case.earlier])
    except RegistrationError:
        return case, "refused"
    told = bool(registration.moved_tags) or not registration.checked
    if case.lie == "of another layout":
        return case, "wrong, told" if told else "wrong"
    if placing_error(registration, shot.truth) <= MAX_ERROR:
        return case, "right, told" if told else "right"
    return case, "wrong, told" if told else "wrong"


def photographed_tags(case: TagCase) -> tuple[Shot, Board]:
    """Return a case's photo, and the board that the profile has."""
    rng = np.random.default_rng([case.seed, 71])
    profile = board_of(_drawn(_board_seed(case), case.grid, case.look, case.lines))
    grid = case.grid
    if case.lie == "of another layout":
        grid = GRIDS[(GRIDS.index(grid) + 1) % len(GRIDS)]
    arguments = (_board_seed(case), grid, case.look, case.lines)
    order = rng.permutation(4).tolist()
    drawn = _with_lie(_drawn(*arguments), case.lie, order, rng)
    picture = _picture(*arguments, changed=True).copy()
    stick_tags(picture, drawn, PX_PER_MM)
    if "covered" in case.lie:
        _cover(picture, drawn, order[-1])
    return _photographed(drawn, picture, case.seed), profile


def measure_tags(count: int, spread: Spread, progress: Progress) -> tuple[TagRow, ...]:
    """Photograph boards whose tags lie, and one that is honest for every two of them.

    Parameters
    ----------
    count : int
        How many photos of boards whose tags lie.
    spread : callable
        Like `map`; may use several processes.
    progress : callable
    """
    cases = (*tag_cases(count, LIES), *tag_cases(count // 2, HONEST))
    told = []
    for number, one in enumerate(spread(measure_case, cases), start=1):
        told.append(one)
        progress("tags that lie", number, len(cases))
    return tag_rows(told)


def tag_rows(told: Sequence[tuple[TagCase, Told]]) -> tuple[TagRow, ...]:
    """Return what became of the photos of each kind, and of all that lie."""
    kinds = dict.fromkeys((*HONEST, *LIES))
    rows = [
        _row(lie, [what for case, what in told if case.lie == lie]) for lie in kinds
    ]
    lied = [what for case, what in told if case.lie not in HONEST]
    return (*rows, _row("all that lie", lied))


def _row(name: str, told: Sequence[Told]) -> TagRow:
    return TagRow(
        name,
        told.count("right"),
        told.count("right, told"),
        told.count("refused"),
        told.count("wrong, told"),
        told.count("wrong"),
    )


def _board_seed(case: TagCase) -> int:
    return case.seed // PHOTOS_OF_A_BOARD


@lru_cache(maxsize=8)
def _drawn(seed: int, grid: tuple[int, int], look: Look, lines: bool) -> DrawnBoard:  # noqa: FBT001  (a key of a cache)
    columns, rows = grid
    board = random_board(
        seed,
        rooms=columns,
        slots=rows,
        cards=round(CARDS_SHARE * columns * rows),
        tags=True,
        lines=lines,
        look=look,
    )
    return replace(board, margins_mm=MARGINS_MM)


@lru_cache(maxsize=4)
def _picture(
    seed: int,
    grid: tuple[int, int],
    look: Look,
    lines: bool,  # noqa: FBT001  (a key of a cache)
    *,
    changed: bool,
) -> Image:
    """Draw a board without its tags, once for all photos of it."""
    board = replace(_drawn(seed, grid, look, lines), tags=())
    shown = change_cards(board, seed, CHANGED) if changed else board
    return draw_board(shown, PX_PER_MM)


@lru_cache(maxsize=2)
def _reference(
    seed: int,
    grid: tuple[int, int],
    look: Look,
    lines: bool,  # noqa: FBT001  (a key of a cache)
) -> Reference:
    """Return a photo of a board from before, with its corners marked."""
    drawn = _drawn(seed, grid, look, lines)
    picture = _picture(seed, grid, look, lines, changed=False).copy()
    stick_tags(picture, drawn, PX_PER_MM)
    shot = _photographed(drawn, picture, 500_000 + seed)
    return Reference.from_photo(board_of(drawn), shot.photo, shot.truth.corners_photo)


def _photographed(drawn: DrawnBoard, picture: Image, seed: int) -> Shot:
    rendered = take(
        drawn,
        (picture, PX_PER_MM),
        random_standpoint(seed, SIDE_ANGLE_DEG),
        random_conditions(seed, people=int(seed % 3 == 0)),
        photo_wh=PHOTO_WH,
        seed=seed,
    )
    return Shot(Photo.decode(rendered.jpeg()), rendered.truth)


def _with_lie(
    drawn: DrawnBoard, lie: Lie, order: Sequence[int], rng: np.random.Generator
) -> DrawnBoard:
    """Return a board with its tags where they hang; the first in order lie first."""
    shifts = rng.normal(0, STUCK_MM, (4, 2))
    moved = {"one moved": 1, "one moved, one covered": 1, "two moved": 2}.get(lie, 0)
    for place in order[:moved]:
        bounds = drawn.tag_quads_mm()[place].bounds
        angle = rng.uniform(0, 2 * np.pi)
        far = rng.uniform(*MOVED) * np.array(drawn.cell_mm)
        # Not beyond the edges of the board.
        shifts[place] = np.maximum(
            far * (np.cos(angle), np.sin(angle)), (8 - bounds.left, 8 - bounds.top)
        )
    tags = list(drawn.tags)
    if lie == "two exchanged":
        tags[order[0]], tags[order[1]] = tags[order[1]], tags[order[0]]
    if lie == "each at the next corner":
        turn = int(rng.integers(1, 4))
        tags = [*tags[turn:], *tags[:turn]]
    where = tuple((float(x), float(y)) for x, y in shifts)
    return replace(drawn, tags=tuple(tags), tag_shifts_mm=where)


def _cover(picture: Image, drawn: DrawnBoard, place: int) -> None:
    """Hang a sheet of paper over a tag, in place."""
    bounds = drawn.tag_quads_mm()[place].bounds
    left, top, right, bottom = (
        max(0, round(value * PX_PER_MM))
        for value in (bounds.left, bounds.top, bounds.right, bounds.bottom)
    )
    picture[top:bottom, left:right] = 205
