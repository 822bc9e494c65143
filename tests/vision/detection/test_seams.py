"""Seams that are due: two cards of a card's size that look like one."""

import numpy as np
import pytest

from vision.detection.seams import due_seam, seam

PAPER = np.array([[20, 20], [219, 20], [219, 79], [20, 79]], np.float64)
LARGER = (0.5, 0.6)


def paper(*, seams=(), shade=188, rules=(), words=()):
    """Draw light paper on a dark board: shaded steps, rules and letters on it."""
    pixels = np.full((100, 240, 3), 60, np.uint8)
    pixels[20:80, 20:220] = 200
    for x in seams:
        pixels[20:80, x : x + 4] = shade
    for x in rules:
        pixels[20:80, x] = 184
    for x in words:
        pixels[35:65, x : x + 3] = 30
    return pixels


RULES = range(30, 215, 9)


@pytest.mark.parametrize(
    ("pixels", "anywhere", "due"),
    [
        pytest.param(paper(), None, None, id="one card"),
        pytest.param(paper(seams=[120]), 0.5, 0.5, id="two cards"),
        pytest.param(paper(rules=RULES), None, None, id="a ruled card"),
        pytest.param(
            paper(seams=[120], shade=176, rules=RULES), None, 0.5, id="ruled cards"
        ),
        pytest.param(paper(words=[120]), None, None, id="a word there"),
    ],
)
def test_seam_that_is_due_may_be_fainter(pixels, anywhere, due):
    found = seam(pixels, PAPER), due_seam(pixels, PAPER, LARGER)

    assert found == tuple(
        None if place is None else pytest.approx(place, abs=0.03)
        for place in (anywhere, due)
    )


@pytest.mark.parametrize(
    ("larger", "place"),
    [
        pytest.param((0.55, 0.65), 0.4, id="there, from the left"),
        pytest.param((0.5, 0.55), None, id="elsewhere"),
        pytest.param((0.8, 0.7), None, id="nowhere"),
    ],
)
def test_seam_is_due_where_it_leaves_a_whole_card(larger, place):
    found = due_seam(paper(seams=[99]), PAPER, larger)

    assert found == (None if place is None else pytest.approx(place, abs=0.03))
