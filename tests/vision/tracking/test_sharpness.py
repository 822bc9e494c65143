"""How legible a card is, against other crops of it."""

import cv2
import numpy as np
import pytest

from vision.tracking.change_detection import sharpness_of


@pytest.fixture(scope="module")
def crop(printed_card):
    return printed_card(["Sourdough", "& servers"])


def scaled(crop, factor):
    small = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def test_the_less_blur_the_sharper(crop):
    blurred = [cv2.GaussianBlur(crop, (0, 0), sigma) for sigma in (0.5, 1, 2, 4)]

    values = [sharpness_of(np.asarray(entry, np.uint8)) for entry in (crop, *blurred)]

    assert values == sorted(values, reverse=True)
    assert values[-1] < values[0] / 20


def test_the_larger_the_sharper(crop):
    values = [sharpness_of(scaled(crop, factor)) for factor in (1, 0.7, 0.5, 0.3)]

    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("light", [0.4, 0.7, 1.0])
def test_light_makes_nothing_sharper(crop, light):
    dim = np.asarray(crop * light, np.uint8)

    assert sharpness_of(dim) == pytest.approx(sharpness_of(crop), rel=0.15)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (40, 8), (8, 1600)])
def test_a_blank_crop_of_any_shape_has_no_sharpness(shape):
    assert sharpness_of(np.full((*shape, 3), 120, np.uint8)) == pytest.approx(
        0, abs=1e-3
    )
