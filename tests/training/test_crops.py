"""Targets of crops: what the network is taught is what the scene says."""

import numpy as np
import pytest

from training.crops import CROP_PX, GRID, STRIDE, crop_of, in_reading_order
from training.scenes.scene import draw_scene


@pytest.fixture(scope="module")
def crops():
    scene = draw_scene(3)
    return [crop_of(scene, np.random.default_rng(seed)) for seed in range(12)]


def test_crops_have_the_size_that_training_wants(crops):
    shapes = {(crop.pixels.shape, crop.labels.shape) for crop in crops}

    assert shapes == {((CROP_PX, CROP_PX, 3), (6, GRID, GRID))}


def test_cores_lie_on_cards_and_know_their_corners(crops):
    for crop in crops:
        core, _, mask = crop.labels[:3]
        assert (mask[core > 0] == 1).all()
        assert (crop.size[core > 0] > 0).all()


def test_all_pixels_of_a_card_say_the_same_corners(crops):
    for crop in crops:
        rows, columns = np.nonzero(crop.labels[0])
        pixels = np.stack([columns, rows], axis=1) * STRIDE + (STRIDE - 1) / 2
        said = crop.corners[:, rows, columns].T + np.tile(pixels, 4)
        # One card, one size: as many sets of corners as sizes.
        sizes = crop.size[rows, columns].round(3)
        for size in np.unique(sizes):
            same = said[sizes == size]
            np.testing.assert_allclose(
                same, np.broadcast_to(same[0], same.shape), atol=0.01
            )


def test_a_crop_of_a_seed_is_always_the_same():
    one, two = (crop_of(draw_scene(3), np.random.default_rng(5)) for _ in range(2))

    np.testing.assert_array_equal(one.pixels, two.pixels)
    np.testing.assert_array_equal(one.labels, two.labels)


@pytest.mark.parametrize("turned", range(4))
def test_corners_are_named_as_the_picture_shows_them(turned):
    quad = np.float32([[10, 12], [90, 8], [95, 70], [6, 66]])

    np.testing.assert_array_equal(in_reading_order(np.roll(quad, turned, axis=0)), quad)
