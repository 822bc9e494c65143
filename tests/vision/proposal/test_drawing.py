"""Drawing a grid that makes no sense, as somebody said it."""

import numpy as np
import pytest

from vision.proposal.drawing import draw_grid_as_said

AREA = ((10, 10), (300, 10), (300, 200), (10, 200))


@pytest.mark.parametrize("corners", [AREA, ((-1e9, 1e30),) * 4])
@pytest.mark.parametrize("edge", [1e30, -5e6, float("nan"), float("inf"), 640])
def test_lines_far_away_are_drawn_beside_the_grid(corners, edge):
    photo = np.zeros((300, 400, 3), np.uint8)

    drawn = draw_grid_as_said(photo, corners, (0, edge, 1), (0, 1, edge))

    assert drawn.any()
    assert max(drawn.shape) <= 2 * max(photo.shape)
