import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.recognition.ground import LOOK_PX, MAX_LOOK_PX, TINGES, ground_of

YELLOW, BLUE, BLACK = (90, 220, 240), (160, 60, 20), (35, 30, 30)


def paper(width, height, colour=YELLOW):
    return np.full((height, width, 3), colour, np.uint8)


def tinge_of(colour):
    lab = cv2.cvtColor(np.full((1, 1, 3), colour, np.uint8), cv2.COLOR_BGR2LAB)
    return lab[0, 0].astype(int) - (0, 128, 128)


@pytest.mark.parametrize(
    ("size_wh", "looked_wh", "scale"),
    [
        pytest.param((160, 100), (160, 100), 1, id="as it is"),
        pytest.param((480, 300), (160, 100), 1 / 3, id="a third"),
        pytest.param((485, 301), (161, 100), 1 / 3, id="what is left over is left out"),
        pytest.param((100, 60), (100, 60), 1, id="a small crop is not enlarged"),
        pytest.param((100, 2000), (20, 400), 1 / 5, id="a tall one"),
        pytest.param((3000, 2), (157, 1), 1 / 19, id="a flat one"),
        pytest.param((1, 1), (1, 1), 1, id="one pixel"),
    ],
)
def test_ground_is_looked_at_in_whole_steps(size_wh, looked_wh, scale):
    ground = ground_of(paper(*size_wh))

    height, width = ground.lightness.shape
    assert ((width, height), ground.scale) == (looked_wh, scale)


@given(st.integers(1, 1500), st.integers(1, 1500))
def test_a_look_is_never_large(width, height):
    ground = ground_of(paper(width, height))

    rows, columns = ground.lightness.shape
    assert 1 <= rows <= MAX_LOOK_PX
    assert 1 <= columns <= 1.5 * LOOK_PX
    assert ground.bins.shape == ground.light.shape == (rows, columns)


def test_ground_has_the_paper_s_own_colour():
    crop = paper(480, 300, BLUE)  # the board around the card
    crop[40:260, 60:420] = YELLOW
    crop[120:140, 100:400] = BLACK

    ground = ground_of(crop)

    lightness, a, b = tinge_of(YELLOW)
    assert (ground.own_lightness, *ground.own.tolist()) == (lightness, a, b)


def test_other_is_where_another_hue_is_in_whatever_light():
    crop = paper(480, 300)
    crop[:, 240:] = np.array(YELLOW) * 0.7  # shade
    crop[30:60, 30:60] = BLUE

    expected = np.zeros((100, 160), np.bool_)
    expected[10:20, 10:20] = True
    np.testing.assert_array_equal(ground_of(crop).other, expected)


def test_light_is_the_paper_s_under_its_ink():
    crop = paper(480, 300)
    crop[140:152, 60:420] = BLACK

    light = ground_of(crop).light

    assert (light == tinge_of(YELLOW)[0]).all()


def test_bins_are_the_nearest_tinges():
    crop = paper(480, 300, BLUE)

    ground = ground_of(crop)

    nearest = TINGES.reshape(-1, 2)[ground.bins]
    assert (np.abs(nearest - tinge_of(BLUE)[1:]) <= 2).all()
