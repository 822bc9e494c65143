"""A full board on a phone's photo: what speed and memory are measured on."""

from benchmarks.cases import Case, PlannedCase
from benchmarks.samples import area_from_photo, judged_cells, true_cards
from benchmarks.scenarios import FRONT_ANGLE_DEG, board_of
from sample_boards.render import (
    random_board,
    random_conditions,
    random_standpoint,
    render,
)
from vision.image.photo import Photo

NAME = "60 cards"

CARDS = 60
"""As many as the bars of speed are about."""

ROOMS, SLOTS = 8, 9
"""A busy day: four cells of five are taken."""

PHOTO_WH = (4032, 3024)
"""12 megapixels, as of a phone."""

SEED = 60


def full_board() -> PlannedCase[Case]:
    """Return the board; it is drawn when it is loaded, which takes a while."""
    return PlannedCase("drawn", NAME, _draw)


def _draw() -> Case:
    drawn = random_board(SEED, rooms=ROOMS, slots=SLOTS, cards=CARDS, tags=True)
    rendered = render(
        drawn,
        random_standpoint(SEED, FRONT_ANGLE_DEG),
        random_conditions(SEED),
        photo_wh=PHOTO_WH,
        seed=SEED,
    )
    truth = rendered.truth
    return Case(
        photo=Photo.decode(rendered.jpeg()),
        cards=true_cards(truth),
        board=board_of(drawn),
        references=(),
        area_from_photo=area_from_photo(truth),
        cells=judged_cells(truth),
    )
