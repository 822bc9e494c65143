import numpy as np
import pytest

from calibration.geometry import Rect
from vision.image.arrays import grey_of, shrunk, window_of

PICTURE = np.arange(12, dtype=np.uint8).reshape(3, 4)


@pytest.mark.parametrize(
    ("bounds", "seen"),
    [
        pytest.param(Rect(1, 0, 3, 2), [[1, 2], [5, 6]], id="inside"),
        pytest.param(Rect(0.6, 0.4, 2.6, 1.6), [[1, 2], [5, 6]], id="rounded"),
        pytest.param(Rect(-5, -5, 2, 1), [[0, 1]], id="over-the-corner"),
        pytest.param(Rect(3, 2, 9, 9), [[11]], id="over-the-end"),
    ],
)
def test_window_is_what_lies_in_the_rect(bounds, seen):
    assert window_of(PICTURE, bounds).tolist() == seen


@pytest.mark.parametrize("bounds", [Rect(-9, 0, -5, 2), Rect(7, 0, 9, 2)])
def test_window_outside_of_the_picture_is_empty(bounds):
    assert window_of(PICTURE, bounds).size == 0


def test_window_is_a_view():
    assert np.shares_memory(window_of(PICTURE, Rect(0, 0, 2, 2)), PICTURE)


@pytest.mark.parametrize(
    ("wh", "side", "expected_wh"),
    [
        pytest.param((640, 480), 640, (640, 480), id="as it is"),
        pytest.param((300, 200), 640, (300, 200), id="never larger"),
        pytest.param((1280, 960), 640, (640, 480), id="a whole step"),
        pytest.param((1000, 750), 640, (640, 480), id="less than a step"),
        pytest.param((1601, 1203), 640, (640, 481), id="a step and a rest"),
    ],
)
def test_the_long_side_is_at_most_as_wanted(wh, side, expected_wh):
    small, scale = shrunk(np.full(wh[::-1], 90, np.uint8), side)

    assert small.shape[::-1] == expected_wh
    assert (small == 90).all()
    assert scale == pytest.approx(min(1, side / max(wh)), rel=1e-3)


def test_a_line_of_pixels_stays_one():
    small, scale = shrunk(np.full((1, 3000), 90, np.uint8), 640)

    assert (small.shape, scale) == ((1, 3000), 1)


@pytest.mark.parametrize("wh", [(1601, 1203), (1280, 960), (999, 1400)])
def test_a_spot_stays_where_the_scale_says(wh):
    width, height = wh
    y, x = np.mgrid[:height, :width]
    centre = np.array([0.7 * width, 0.4 * height])
    spot = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * 12**2))
    picture = np.rint(spot * 255).astype(np.uint8)

    small, scale = shrunk(picture, 640)

    rows, columns = np.mgrid[: small.shape[0], : small.shape[1]]
    total = float(small.sum())
    found = np.array([(columns * small).sum(), (rows * small).sum()]) / total
    np.testing.assert_allclose((found + 0.5) / scale - 0.5, centre, atol=0.15)


def test_grey_has_no_colours():
    assert grey_of(np.full((3, 4, 3), 70, np.uint8)).tolist() == [[70] * 4] * 3
