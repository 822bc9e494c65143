import cv2
import numpy as np
import pytest

from vision.detection.palette import Palette, _lit, _same_hue


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


def test_broad_shade_gets_its_cards_colour_back_and_thin_shade_does_not():
    card, shade, board = 0, 1, 2
    labels = np.full((100, 200), board, np.uint8)
    labels[20:80, 20:100] = card
    labels[20:80, 60:100] = shade  # half a card in the shade
    labels[20:80, 150:153] = shade  # the shade between two cards
    background = np.array([False, True, True])
    one_hue = np.array([[True, True, False], [True, True, False], [False] * 3])

    lit = _lit(labels, background, one_hue, 100, np.zeros(labels.shape, np.bool_))

    assert np.unique(lit[30:70, 25:95]).tolist() == [card]
    assert (lit[:, 140:] == labels[:, 140:]).all()


def test_paper_around_writing_gets_its_cards_colour_back_and_a_seam_does_not():
    card, shade, board = 0, 1, 2
    labels = np.full((100, 200), board, np.uint8)
    labels[20:80, 20:180] = card
    labels[30:38, 40:90] = shade  # around a line of writing
    labels[20:80, 120:123] = shade  # between two cards
    ink = np.zeros(labels.shape, np.bool_)
    ink[32:36, 42:88] = ink[20:80, 121] = True
    background = np.array([False, True, True])
    one_hue = np.array([[True, True, False], [True, True, False], [False] * 3])

    lit = _lit(labels, background, one_hue, 100, ink)

    assert np.unique(lit[30:38, 44:86]).tolist() == [card]
    assert (lit[:, 100:] == labels[:, 100:]).all()


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        pytest.param((55, 190, 150), (45, 170, 133), 1, id="green-in-uneven-light"),
        pytest.param((55, 190, 150), (30, 110, 90), 2, id="green-in-deep-shade"),
        pytest.param((140, 72, 227), (209, 99, 147), 2, id="pink-purple"),
    ],
)
def test_cards_colours_of_one_hue_have_one_label_if_they_are_close(one, other, count):
    palette = Palette(weighted_lab(one, other, (40, 40, 40)), np.arange(3))
    labels = np.full((60, 120), 2, np.uint8)
    labels[10:50, 10:60], labels[10:50, 60:110] = 0, 1
    background = np.array([False, False, True])

    lit = palette.lit(labels, background, 60.0, np.zeros(labels.shape, np.bool_))

    assert len(np.unique(lit.labels[10:50, 10:110])) == count
    assert (lit.labels[labels == 2] == 2).all()
