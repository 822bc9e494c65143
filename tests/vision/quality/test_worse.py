"""Whether a picture is much worse than another one of the same board."""

import cv2
import pytest

from vision.quality.worse import PictureQuality, quality_of, why_worse
from vision.registration.rectify import RectifiedBoard

GOOD = PictureQuality(200.0, 1.4)


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (GOOD, None),
        (PictureQuality(101, 1.4), None),
        (PictureQuality(99, 1.4), "smaller"),
        (PictureQuality(200, 1.26), None),  # soft, and not blurred
        (PictureQuality(200, 1.19), "blurred"),
        (PictureQuality(900, 1.0), "blurred"),
        (PictureQuality(200, None), None),
        (PictureQuality(99, None), "smaller"),
    ],
)
def test_much_worse_than_a_good_one(new, why):
    assert why_worse(new, GOOD) == why


@pytest.mark.parametrize("focus", [1.0, 1.15, None])
def test_beside_a_poor_one_an_equally_poor_one_is_no_worse(focus):
    poor = PictureQuality(50, focus)

    assert why_worse(poor, poor) is None


def test_board_that_is_blurred_is_much_worse_than_as_it_was(printed_scene):
    straight = printed_scene.straight
    soft = cv2.GaussianBlur(straight.pixels, (0, 0), 4)

    good, blurred = (
        quality_of(RectifiedBoard(straight.registration, pixels))
        for pixels in (straight.pixels, soft)
    )

    assert (why_worse(blurred, good), why_worse(good, blurred)) == ("blurred", None)
    assert good.cell_px == blurred.cell_px > 60
