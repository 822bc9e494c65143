"""Known cards that hang as they hung, told before anything is looked for."""

import cv2
import numpy as np
import pytest

from calibration.geometry import Quad
from calibration.homography import Homography
from vision.cards import KnownCard
from vision.detection import find_cards, shrink
from vision.pipeline import read_board
from vision.recognition.null import NullEngine
from vision.tracking.unchanged import unchanged_cards

SAME_IOU = 0.85
"""Of two outlines of one card."""


@pytest.fixture(scope="module")
def known(printed_scene, as_known):
    scene = printed_scene
    return as_known(read_board(scene.photo, scene.straight, NullEngine()).cards)


@pytest.fixture(scope="module")
def card(known, printed_scene) -> KnownCard:
    """One in the middle of the photo."""
    middle = np.array(printed_scene.photo.size_wh) / 2
    return min(
        known,
        key=lambda one: np.hypot(*(np.array(one.reading.quad_photo.centre) - middle)),
    )


def unchanged(scene, known):
    shrunk = shrink(scene.straight)
    return unchanged_cards(scene.photo, scene.straight, shrunk, known)


def ids(cards):
    return {card.known.id for card in cards}


def place_in(scene, card) -> Quad:
    board_from_area = scene.registration.area_from_board.inverse
    return scene.registration.projection.quad_photo(
        board_from_area.apply_quad(card.quad_area)
    )


def painted(scene, corners, colour):
    """Return the scene with a polygon of the photo painted over."""
    pixels = scene.photo.pixels.copy()
    cv2.fillConvexPoly(pixels, np.rint(corners).astype(np.int32), colour)
    return scene.with_pixels(pixels)


def part_of(quad: Quad, left: float, top: float, right: float, bottom: float):
    """Return a part of a quad, (4, 2), in units of its sides."""
    tl, tr, _, bl = quad.to_array()
    return [
        tl + (tr - tl) * x + (bl - tl) * y
        for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))
    ]


def test_in_the_same_photo_all_cards_hang_as_they_hung(printed_scene, known):
    found = unchanged(printed_scene, known)

    assert [card.known for card in found] == list(known)
    for one in found:
        assert one.place_area == one.known.quad_area
        assert one.hung.known == one.known.id
        place = printed_scene.registration.area_from_board.apply_quad(
            one.hung.quad_board
        )
        np.testing.assert_allclose(
            place.to_array(), one.known.quad_area.to_array(), atol=1e-9
        )


@pytest.mark.parametrize(
    ("part", "colour"),
    [
        pytest.param((0.15, 0.25, 0.9, 0.32), (30, 30, 30), id="struck"),
        pytest.param((0.6, 0.0, 1.3, 1.0), (150, 60, 40), id="half hidden"),
        pytest.param((0.1, 0.1, 0.5, 0.9), (90, 90, 240), id="stuck over"),
        pytest.param((-0.2, -0.2, 1.2, 1.2), (60, 90, 60), id="gone"),
    ],
)
def test_a_card_that_is_changed_or_hidden_does_not(
    printed_scene, known, card, part, colour
):
    place = place_in(printed_scene, card)

    scene = painted(printed_scene, part_of(place, *part), colour)

    assert card.id not in ids(unchanged(scene, known))


def test_a_card_whose_place_was_a_little_off_is_told_where_it_is(printed_scene, card):
    width = card.quad_area.bounds.width
    off = Homography.translation(0.03 * width, 0.0).apply_quad(card.quad_area)
    moved = KnownCard(card.id, card.descriptor, off, card.reading)

    (found,) = unchanged(printed_scene, [moved])

    assert found.place_area.iou(card.quad_area) > found.place_area.iou(off)
    assert found.place_area.iou(card.quad_area) > 0.97


def test_a_card_elsewhere_does_not_hang_as_it_hung(printed_scene, known, card):
    other = next(one for one in known if one is not card)
    swapped = KnownCard(card.id, card.descriptor, other.quad_area, card.reading)

    assert unchanged(printed_scene, [swapped]) == ()


def test_a_card_that_the_photo_cuts_off_does_not(printed_scene, card):
    far = Homography.translation(-1.0, 0.0).apply_quad(card.quad_area)
    outside = KnownCard(card.id, card.descriptor, far, card.reading)

    assert unchanged(printed_scene, [outside]) == ()


@pytest.mark.parametrize("left_out", [0, 3, 7])
def test_a_card_that_is_not_known_is_found_beside_those_that_hang(
    printed_scene, known, left_out
):
    rest = [card for index, card in enumerate(known) if index != left_out]
    hung = [card.hung for card in unchanged(printed_scene, rest)]

    survey = find_cards(printed_scene.straight, hung)

    all_of_them = find_cards(printed_scene.straight).cards
    assert [card.cell for card in survey.cards] == [card.cell for card in all_of_them]
    for one, other in zip(survey.cards, all_of_them, strict=True):
        assert one.quad_board.iou(other.quad_board) > SAME_IOU
        assert one.paper_board.iou(other.paper_board) > SAME_IOU
        assert one.kind == other.kind
    new = known[left_out]
    assert {card.known for card in survey.cards} >= {None}
    assert new.id not in {card.known for card in survey.cards}


def test_writing_on_the_board_is_always_looked_for(whiteboard_scene, as_known):
    scene = whiteboard_scene
    known = as_known(read_board(scene.photo, scene.straight, NullEngine()).cards)
    hung = [card.hung for card in unchanged(scene, known)]

    survey = find_cards(scene.straight, hung)

    assert {card.kind for card in survey.cards} == {"ink"}
    assert {card.known for card in survey.cards} == {None}
    assert survey.cards == find_cards(scene.straight).cards


def test_a_next_photo_of_the_same_cards_says_the_same(printed_scene, known):
    scene = printed_scene

    again = read_board(scene.photo, scene.straight, NullEngine(), known=known)

    first = read_board(scene.photo, scene.straight, NullEngine())
    assert {card.known for card in again.cards} == {card.id for card in known}
    assert not any(card.read_again for card in again.cards)
    assert again.missing == ()
    assert again.reading.cells == first.reading.cells


def test_a_card_that_hangs_as_it_hung_is_not_cut_out_again(printed_scene, known):
    scene = printed_scene

    again = read_board(scene.photo, scene.straight, NullEngine(), known=known[1:])

    cut = {card.known for card in again.cards if card.crop is not None}
    assert None in cut
    assert {card.known for card in again.cards} >= {card.id for card in known[1:]}
    assert len(cut) < len(known) / 2
