"""Cards that reach out of the photo."""

import pytest

from calibration.geometry import Rect
from vision.tracking.cut_off import ends_at_edge, outside_share

PHOTO_WH = (400, 300)


@pytest.mark.parametrize(
    ("rect", "at_edge", "outside"),
    [
        (Rect(100, 100, 200, 200), False, 0.0),
        (Rect(20, 20, 120, 120), False, 0.0),
        (Rect(0, 100, 100, 200), True, 0.0),
        (Rect(300, 100, 399, 200), True, 0.0),
        (Rect(100, 205, 200, 299), True, 0.0),
        (Rect(-50, 100, 50, 200), True, 0.5),
        (Rect(350, 250, 450, 350), True, 0.75),
        (Rect(500, 100, 600, 200), True, 1.0),
    ],
    ids=["middle", "near", "left", "right", "bottom", "half out", "corner", "beyond"],
)
def test_what_the_edge_cuts_off(rect, at_edge, outside):
    assert ends_at_edge(rect.to_quad(), PHOTO_WH) is at_edge
    assert outside_share(rect.to_quad(), PHOTO_WH) == pytest.approx(outside, abs=1e-6)
