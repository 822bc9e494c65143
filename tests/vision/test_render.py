"""Pictures for people."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.homography import Homography
from vision.cards import DetectedCard
from vision.detection.detector import CardMaps, Detection
from vision.reading import (
    BoardReading,
    CardFields,
    CardLine,
    CardReading,
    CellReading,
    PhotoFacts,
    RegistrationFacts,
)
from vision.render import CARD_COLOUR, draw_cards, draw_maps, render_overlay

STATES = ("taken", "free", "blocked", "covered", "unseen")


@pytest.fixture(scope="module")
def straight(printed_scene):
    return printed_scene.straight


def reading_of(straight, texts, quads):
    registration = straight.registration
    projection = registration.projection
    cells = registration.board.layout.cells
    cards = tuple(
        CardReading(
            quad_photo=projection.quad_photo(quad),
            cell=cells[index] if index else None,
            lines=(CardLine(text, 0.5, projection.quad_photo(quad)),),
            fields=CardFields(),
            confidence=0.5,
            colour="#ffffff",
            engine="none",
        )
        for index, (text, quad) in enumerate(zip(texts, quads, strict=True))
    )
    return BoardReading(
        board=registration.board.slug,
        photo=PhotoFacts("0" * 64, 10, 10),
        registration=RegistrationFacts("tags", Homography.identity(), 0.0, 0.0, 1.0),
        findings=(),
        cells=tuple(
            CellReading(cell, STATES[index % 5]) for index, cell in enumerate(cells)
        ),
        cards=cards,
    )


def test_cards_are_outlined_and_nothing_else_changes(straight):
    before = straight.pixels.copy()
    area = straight.registration.cell_area
    rect = Rect(area.left + 40, area.top + 30, area.left + 200, area.top + 130)
    cell = next(iter(straight.registration.cell_rects))
    card = DetectedCard(rect.to_quad(), cell, (1, 2, 3), "card")

    drawn = draw_cards(straight, [card])

    np.testing.assert_array_equal(straight.pixels, before)
    changed = np.argwhere((drawn != before).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    np.testing.assert_allclose(
        [left, top, right, bottom],
        [rect.left, rect.top, rect.right, rect.bottom],
        atol=3,
    )
    assert tuple(drawn[round(rect.top), round(rect.centre.x)]) == CARD_COLOUR


def test_without_cards_the_picture_is_the_board(straight):
    np.testing.assert_array_equal(draw_cards(straight, []), straight.pixels)


def test_maps_stand_beside_what_the_network_saw_and_cards_on_both():
    picture = np.full((80, 120, 3), 100, np.uint8)
    core = np.zeros((20, 30), np.float32)
    core[8:12, 12:18] = 1
    mask, empty = np.ones_like(core), np.zeros_like(core)
    corners = np.array([[20, 10], [100, 10], [100, 60], [20, 60]], np.float32)
    maps = CardMaps(core, mask, empty, np.zeros((8, 20, 30), np.float32))

    drawn = draw_maps(picture, maps, [Detection(corners, 0.9)])

    assert drawn.shape == (80, 240, 3)
    assert [tuple(drawn[40, x]) for x in (60, 180)] == [
        (100, 100, 100),
        (40, 193, 193),
    ]
    assert [tuple(drawn[10, x]) for x in (60, 180)] == [CARD_COLOUR] * 2


def test_an_overlay_takes_any_text_and_any_place(straight):
    width, height = straight.registration.size_wh
    before = straight.pixels.copy()
    texts = ["日本語 עברית", "a" * 400, "%s {} \\ &amp;", "🎉"]
    places = [
        Rect(-90, -50, 60, 30),  # over the upper left corner
        Rect(width - 30, height - 20, width + 300, height + 100),
        Rect(100, 100, 103, 102),
        Rect(width + 100, 50, width + 200, 90),  # beside the picture
    ]

    overlay = render_overlay(
        straight, reading_of(straight, texts, [place.to_quad() for place in places])
    )

    assert overlay.shape == before.shape
    assert overlay.dtype == np.uint8
    assert (overlay != before).any()
    np.testing.assert_array_equal(straight.pixels, before)


def test_every_state_of_a_cell_is_written_into_it(straight):
    overlay = render_overlay(straight, reading_of(straight, [], []))

    for rect in straight.registration.cell_rects.values():
        window = np.s_[
            round(rect.top) : round(rect.top + 25),
            round(rect.left) : round(rect.left + 40),
        ]
        assert (overlay[window] != straight.pixels[window]).any()


def test_a_small_board_is_drawn_too(straight):
    registration = replace(straight.registration, size_wh=(1, 1))
    tiny = replace(straight, registration=registration, pixels=straight.pixels[:1, :1])

    assert render_overlay(tiny, reading_of(straight, [], [])).shape == (1, 1, 3)
