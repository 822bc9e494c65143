"""The network's corners; skipped where PyTorch is not installed (`make train`)."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is only needed for training")

from training.network import corners_of  # noqa: E402 - torch may be missing

CARD = np.array([[-30.0, -20], [30, -20], [30, 20], [-30, 20]])


@pytest.mark.parametrize("degrees", [-40, -10, 0, 10, 40])
def test_bounds_and_slid_corners_tell_any_tilted_card(degrees):
    angle = np.deg2rad(degrees)
    turn = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    quad = CARD @ np.array(turn)
    low, high = quad.min(0), quad.max(0)
    from_low, from_high = (quad - low) / (high - low), (high - quad) / (high - low)
    glides = (
        [from_low[0, 0], from_low[1, 1], from_high[2, 0], from_high[3, 1]]
        if degrees >= 0
        else [-from_low[0, 1], -from_high[1, 0], -from_high[2, 1], -from_low[3, 0]]
    )
    corners = corners_of(torch.tensor([[*low, *high]]), torch.tensor([glides]))
    np.testing.assert_allclose(corners.numpy().reshape(4, 2), quad, atol=1e-9)
