import cv2
import numpy as np
import pytest

from vision.cards.palette import _merged, _same_hue


def weighted_lab(*colours_bgr):
    pixels = np.array([colours_bgr], np.float32) / 255
    lab = cv2.cvtColor(pixels, cv2.COLOR_BGR2Lab)[0]
    return (lab * [0.5, 1, 1]).astype(np.float32)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param((209, 99, 147), (168, 86, 120), True, id="purple-in-the-shade"),
        pytest.param((66, 193, 241), (46, 135, 169), True, id="yellow-in-the-shade"),
        pytest.param((55, 161, 222), (78, 105, 135), False, id="orange-brown-paper"),
        pytest.param((140, 72, 227), (209, 99, 147), False, id="pink-purple"),
        pytest.param((40, 130, 235), (66, 200, 241), False, id="orange-yellow"),
        pytest.param((200, 200, 200), (120, 120, 120), False, id="grey-has-no-hue"),
    ],
)
def test_shade_keeps_a_colour_and_hue_tells_colours_apart(one, other, same):
    assert _same_hue(weighted_lab(one, other)).tolist() == [
        [bool(_same_hue(weighted_lab(one))[0, 0]), same],
        [same, bool(_same_hue(weighted_lab(other))[0, 0])],
    ]


def test_colours_in_light_and_shade_are_one_group():
    purple, shaded, pink = (209, 99, 147), (168, 86, 120), (140, 72, 227)

    groups = _merged(weighted_lab(purple, pink, shaded))

    assert groups[0] == groups[2] != groups[1]
