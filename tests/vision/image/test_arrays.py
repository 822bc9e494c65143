import numpy as np
import pytest

from calibration.geometry import Rect
from vision.image.arrays import window_of

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
