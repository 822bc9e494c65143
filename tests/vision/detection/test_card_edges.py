"""Straight edges and seams on drawn paper."""

import numpy as np
import pytest

from vision.detection.edges import rectangle_edges
from vision.detection.seams import seam

PAPER = np.array([[20, 20], [179, 20], [179, 79], [20, 79]], np.float64)


def paper(*, seams=(), rules=()):
    """Draw light paper on a dark board, with dark columns across it."""
    pixels = np.full((100, 200, 3), 60, np.uint8)
    pixels[20:80, 20:180] = 200
    for x in seams:
        pixels[20:80, x : x + 2] = 120
    for x in rules:
        pixels[20:80, x] = 170
    return pixels


def test_paper_has_an_edge_along_each_side():
    assert (rectangle_edges(paper(), PAPER) == 1).all()


def test_bare_board_has_no_edges():
    assert (rectangle_edges(np.full((100, 200, 3), 60, np.uint8), PAPER) == 0).all()


@pytest.mark.parametrize(
    ("pixels", "place"),
    [
        pytest.param(paper(), None, id="one-card"),
        pytest.param(paper(seams=[100]), 0.5, id="two-cards"),
        pytest.param(paper(rules=range(30, 175, 9)), None, id="ruled-card"),
    ],
)
def test_seam_is_found_between_cards_and_not_in_rules(pixels, place):
    found = seam(pixels, PAPER)

    assert found == (None if place is None else pytest.approx(place, abs=0.03))
