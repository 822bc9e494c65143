"""Dark pictures made bright, others left alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.image.colour import (
    LIT_LEVEL,
    PAPER_LEVEL,
    brightened,
    colour_in,
    paper_level,
)

WHOLE = Rect(0, 0, 40, 30)


def board(paper, ink=0):
    pixels = np.full((30, 40, 3), paper, np.uint8)
    pixels[10:12] = ink
    return pixels


def test_a_picture_in_good_light_is_left_as_it_is():
    pixels = board(200, 20)

    assert brightened(pixels, WHOLE) is pixels


def test_a_dark_picture_gets_the_light_of_a_good_one():
    assert np.array_equal(brightened(board(42, 10), WHOLE), board(210, 50))


@pytest.mark.parametrize(
    "area",
    [
        pytest.param(WHOLE, id="all of it"),
        pytest.param(Rect(-9, -9, 90, 90), id="sticking out"),
        pytest.param(Rect(100, 100, 120, 120), id="outside"),
    ],
)
def test_nothing_seen_is_nothing_to_brighten(area):
    black = np.zeros((30, 40, 3), np.uint8)

    assert paper_level(black, area) == 0
    assert brightened(black, area) is black


def test_what_is_beside_the_board_does_not_say_how_light_it_is():
    pixels = board(60)
    pixels[:, 20:] = 250

    assert paper_level(pixels, Rect(0, 0, 20, 30)) == 60


@given(level=st.integers(16, 255))
def test_paper_is_never_darker_than_in_a_lit_picture(level):
    paper = paper_level(brightened(board(level), WHOLE), WHOLE)

    assert paper >= min(LIT_LEVEL, PAPER_LEVEL)


def test_colour_is_that_of_most_of_a_quad():
    assert colour_in(board((10, 20, 30), ink=0), WHOLE.to_quad()) == (10, 20, 30)


def test_quad_beside_the_picture_has_no_colour():
    with pytest.raises(ValueError, match="expected a quad in"):
        colour_in(board(200), Rect(50, 50, 60, 60).to_quad())
