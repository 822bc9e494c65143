"""One card or two: what explains a blob of foreground."""

import numpy as np

from vision.detection.blobs import Blob
from vision.detection.outlines import Scene, _as_card, _or_two
from vision.detection.sizes import Size
from vision.image.colour import ColourMap

TYPICAL = Size(150, 100)
BOARD, YELLOW, GREEN = 0, 1, 2
PAPERS_BGR = np.array([(180, 180, 180), (60, 200, 240), (90, 190, 120)], np.uint8)


def laid(*papers):
    """Lay papers (colour, left, top, right, bottom) over each other, in order."""
    labels = np.full((320, 420), BOARD, np.uint8)
    for colour, left, top, right, bottom in papers:
        labels[top:bottom, left:right] = colour
    colours = ColourMap(labels, np.array([True, False, False]))
    return Scene(colours, PAPERS_BGR[labels], colours.foreground, cell_px=160)


def cards_in(scene):
    """Return (left, top, right, bottom) of the cards in a scene's one blob."""
    blob = Blob(scene.foreground, 0, 0)
    single = _as_card(blob, scene)
    assert single is not None
    pieces = [
        Blob(mask, 0, 0)
        for colour in (YELLOW, GREEN)
        if (mask := scene.colours.labels == colour).any()
    ]
    found = [
        outline.quad.bounds for outline in _or_two(single, blob, pieces, scene, TYPICAL)
    ]
    return sorted(
        (round(box.left), round(box.top), round(box.right), round(box.bottom))
        for box in found
    )


def test_papers_of_two_colours_are_two_cards_though_one_rectangle_fits_them():
    scene = laid((GREEN, 100, 100, 250, 240), (YELLOW, 100, 80, 250, 180))

    assert cards_in(scene) == [(100, 80, 248, 179), (100, 180, 248, 239)]


def test_one_tall_paper_is_one_card():
    scene = laid((YELLOW, 100, 80, 250, 240))

    assert cards_in(scene) == [(100, 80, 248, 239)]


def test_a_sticker_on_a_card_is_no_card():
    scene = laid((YELLOW, 100, 80, 250, 200), (GREEN, 200, 150, 235, 185))

    assert cards_in(scene) == [(100, 80, 248, 199)]
