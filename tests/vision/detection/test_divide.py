"""Two cards of one colour that make one rectangle."""

import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from vision.detection.divide import divided
from vision.detection.sizes import Size
from vision.detection.trust import Outline

ALIKE, MIXED = Size(100, 60, alike=True), Size(100, 60)
BOTH = Rect(20, 20, 120, 128)


def ruled(*, seam_at):
    """Draw ruled paper, the lower edge of the upper of two cards on it."""
    pixels = np.full((150, 140, 3), 60, np.uint8)
    pixels[20:128, 20:120] = 200
    pixels[26:128:9, 20:120] = 184
    if seam_at:
        pixels[seam_at : seam_at + 4, 20:120] = 176
    return pixels


def cut(pixels, typical, rect=BOTH):
    outline = Outline(rect.to_quad(), 1, straight=True)
    return [part.quad.bounds for part in divided(outline, pixels, typical)]


@pytest.mark.parametrize(
    ("seam_at", "typical", "heights"),
    [
        pytest.param(80, ALIKE, [60, 48], id="an upper card on a lower one"),
        pytest.param(68, ALIKE, [48, 60], id="a lower card on an upper one"),
        pytest.param(None, ALIKE, [108], id="one long card"),
        pytest.param(80, MIXED, [108], id="cards of many sizes"),
    ],
)
def test_two_ruled_cards_that_make_one_rectangle_are_cut(seam_at, typical, heights):
    parts = cut(ruled(seam_at=seam_at), typical)

    assert [part.height for part in parts] == pytest.approx(heights, abs=4)


def test_rectangle_of_another_width_is_not_cut():
    narrow = Rect(20, 20, 85, 128)

    assert cut(ruled(seam_at=80), ALIKE, narrow) == [narrow]


def test_card_of_usual_size_is_itself():
    quad = Quad.from_array([[20, 20], [120, 20], [120, 82], [20, 82]])
    outline = Outline(quad, 1, straight=True)

    assert divided(outline, ruled(seam_at=60), ALIKE) == [outline]
