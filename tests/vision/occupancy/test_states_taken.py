"""A taken slot is never shown as free, whatever hangs there and in what light.

What conferences trust: people put their cards where the page says that it is free.
"""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.layout import CellId
from sample_boards.camera import Standpoint
from sample_boards.random_boards import random_board
from sample_boards.render import random_conditions
from vision.detection import find_cards
from vision.occupancy import read_cells
from vision.occupancy.background import find_background

CELLS = 9
HUNG = 6
"""Cards on each board: the other cells are free."""

GROUNDS = {"printed": (52, 62, 38), "taped": (110, 150, 180), "whiteboard": (215,) * 3}
"""About the colour of each board, (blue, green, red): a card may have it."""

ANY = st.tuples(*[st.integers(0, 255)] * 3)
DARK = st.tuples(*[st.integers(0, 60)] * 3)
NEAR = st.tuples(*[st.integers(-20, 20)] * 3)

BLUR_PX = (0.0, 1.5, 2.5)
"""A photo that is a little soft, and one in which hardly a word is read."""

EXPOSURES = (1.0, 0.5, 0.22)


@pytest.fixture(scope="module")
def read(photographed):
    """Read the cells of a board whose cards have these colours: taken, and states."""

    def states(look, colours, *, seed=0, blur_px=0.0, exposure=1.0):
        drawn = random_board(seed, rooms=3, slots=3, cards=HUNG, look=look)
        cards = zip(drawn.cards, colours, strict=True)
        drawn = replace(
            drawn, cards=tuple(replace(card, colour=bgr) for card, bgr in cards)
        )
        standpoint = Standpoint(yaw_deg=8, fill=0.92)
        scene = photographed(drawn, standpoint, random_conditions(seed), (800, 600))
        pixels = (scene.photo.pixels * exposure).astype(np.uint8)
        if blur_px:
            pixels = cv2.GaussianBlur(pixels, (0, 0), blur_px)
        straight = scene.with_pixels(pixels).straight
        survey = find_cards(straight)
        found = [card.cell for card in survey.cards]
        cells = read_cells(
            straight,
            found,
            find_background(straight.registration, survey.working, survey.mask),
        )
        taken = {CellId(card.room, card.slot) for card in scene.truth.cards}
        return taken, {entry.cell: entry.state for entry in cells}

    return states


def freed(taken, states):
    return {cell for cell in taken if states[cell] == "free"}


@settings(max_examples=4)
@given(
    look=st.sampled_from(sorted(GROUNDS)),
    colours=st.lists(ANY | DARK, min_size=HUNG, max_size=HUNG),
    light=st.tuples(st.sampled_from(BLUR_PX), st.sampled_from(EXPOSURES)),
    seed=st.integers(0, 99),
)
def test_no_card_of_any_colour_lies_in_a_free_cell(read, look, colours, light, seed):
    blur_px, exposure = light

    taken, states = read(look, colours, seed=seed, blur_px=blur_px, exposure=exposure)

    assert freed(taken, states) == set()


@settings(max_examples=3)
@given(
    look=st.sampled_from(["printed", "taped"]),
    offsets=st.lists(NEAR, min_size=HUNG, max_size=HUNG),
    blur_px=st.sampled_from(BLUR_PX[:2]),
    seed=st.integers(0, 99),
)
def test_no_card_of_the_boards_own_colour_lies_in_a_free_cell(
    read, look, offsets, blur_px, seed
):
    ground = np.array(GROUNDS[look])
    colours = [tuple(np.clip(ground + step, 0, 255).tolist()) for step in offsets]

    taken, states = read(look, colours, seed=seed, blur_px=blur_px)

    assert freed(taken, states) == set()


@pytest.mark.parametrize(
    ("exposure", "expected"),
    [
        pytest.param(1.0, "free", id="in good light"),
        pytest.param(0.4, "free", id="in poor light"),
        pytest.param(0.1, "covered", id="in the dark, where nothing is certain"),
    ],
)
def test_free_cells_are_free_as_long_as_there_is_light(read, exposure, expected):
    taken, states = read("printed", [(60, 220, 250)] * HUNG, exposure=exposure)

    empty = {state for cell, state in states.items() if cell not in taken}
    assert empty == {expected}
    assert len(states) - len(taken) == CELLS - HUNG
