"""Sides of cards are moved to where their paper ends."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from vision.detection.detector import CardMaps, Detection
from vision.detection.refinement import refined, whole

PAPER, GROUND, INK = (120, 230, 250), (90, 100, 110), (40, 30, 30)
CARD = np.float32([[100, 80], [190, 80], [190, 140], [100, 140]])


def turned(quad, degrees):
    return turned_around(quad, degrees, quad)


def turned_around(quad, degrees, other):
    matrix = cv2.getRotationMatrix2D(other.mean(axis=0).tolist(), -degrees, 1)
    return cv2.transform(quad[None], matrix)[0].astype(np.float32)


def board(*quads, ground=GROUND):
    """Draw cards with three lines of writing each; corners lie on pixels' middles."""
    pixels = np.full((240, 320, 3), ground, np.uint8)
    for quad in quads:
        cv2.fillConvexPoly(pixels, np.rint(quad * 16).astype(np.int32), PAPER, 16, 4)
        for share in (0.25, 0.5, 0.75):
            left, right = (
                quad[[0, 1]] * (1 - share) + quad[[3, 2]] * share
            ) * 0.8 + quad.mean(axis=0) * 0.2
            cv2.line(
                pixels,
                np.rint(left).astype(int).tolist(),
                np.rint(right).astype(int).tolist(),
                INK,
                5,
            )
    return pixels


def maps_of(pixels, mask=0.0):
    """Return the maps of a network that sees the same everywhere."""
    height, width = pixels.shape[:2]
    same = np.full((height // 4, width // 4), mask, np.float32)
    return CardMaps(same, same, same, np.zeros((8, *same.shape), np.float32))


def corners_of(pixels, seen):
    (card,) = refined(pixels, maps_of(pixels), [Detection(np.float32(seen), 0.9)])
    assert card.score == 0.9
    return card.corners


@pytest.mark.parametrize("degrees", [-24, -12, -4, 0, 4, 12, 24])
def test_a_card_that_was_seen_upright_is_cut_as_it_is_tilted(degrees):
    true = turned(CARD, degrees)
    np.testing.assert_allclose(corners_of(board(true), CARD), true, atol=1.5)


def test_sides_that_were_seen_too_far_in_or_out_move_to_the_papers_ends():
    seen = CARD + np.float32([[-4, 3], [5, 3], [5, -4], [-4, -4]])
    np.testing.assert_allclose(corners_of(board(CARD), seen), CARD, atol=1.5)


def test_where_no_end_of_the_paper_is_seen_a_card_stays_as_it_was():
    pixels = np.full((240, 320, 3), PAPER, np.uint8)
    np.testing.assert_allclose(corners_of(pixels, CARD), CARD, atol=1e-3)


def test_a_side_that_lies_on_a_card_of_its_colour_stays_and_the_others_move():
    below = CARD + np.float32([70, 0])
    seen = CARD + np.float32([[-4, -3], [0, -3], [0, 3], [-4, 3]])
    np.testing.assert_allclose(corners_of(board(below, CARD), seen), CARD, atol=3)


def test_a_card_that_reaches_over_the_pictures_edge_keeps_what_is_outside():
    beyond = CARD - np.float32([130, 0])
    found = corners_of(board(beyond), beyond + np.float32(2))
    assert found[0][0] < -20
    assert np.isfinite(found).all()


def test_no_card_is_no_card():
    assert refined(board(), maps_of(board()), []) == ()


def half_of(card):
    """A card that was found up to its middle only, as up to a bright line."""
    quad = card.copy()
    quad[[1, 2], 0] -= 25
    return Detection(quad, 0.9)


@pytest.mark.parametrize(
    ("mask", "expected"), [(0.9, CARD), (0.1, half_of(CARD).corners)]
)
def test_paper_that_goes_on_belongs_to_the_card_if_the_network_sees_one_there(
    mask, expected
):
    pixels = board(CARD)
    (card,) = refined(pixels, maps_of(pixels, mask), [half_of(CARD)])
    np.testing.assert_allclose(card.corners, expected, atol=1.5)


def test_paper_that_goes_on_as_another_card_is_left_to_it():
    pixels = board(CARD)
    rest = CARD.copy()
    rest[[0, 3], 0] += 65
    found = [half_of(CARD), Detection(rest, 0.9)]
    first, _ = refined(pixels, maps_of(pixels, 0.9), found)
    np.testing.assert_allclose(first.corners, half_of(CARD).corners, atol=1.5)


def test_a_rule_across_a_form_is_not_where_its_paper_ends():
    pixels = board(CARD)
    cv2.line(pixels, (100, 96), (190, 96), INK, 2)
    below = CARD.copy()
    below[:2, 1] = 96
    on_card = cv2.fillConvexPoly(np.zeros((60, 80), np.uint8), np.int32(CARD / 4), 1)
    maps = replace(maps_of(pixels), mask=np.float32(on_card) * 0.9)

    (card,) = refined(pixels, maps, [Detection(below, 0.9)])

    np.testing.assert_allclose(card.corners, CARD, atol=1.5)


WIDE = np.float32([[100, 80], [220, 80], [220, 150], [100, 150]])


def parts_of(card, left_share, right_share):
    """Two finds that reach from either end so far across a card."""
    left, right = card.copy(), card.copy()
    width = card[1, 0] - card[0, 0]
    left[[1, 2], 0] = card[0, 0] + left_share * width
    right[[0, 3], 0] = card[1, 0] - right_share * width
    return [Detection(left, 0.8), Detection(right, 0.9)]


OTHERS = [Detection(WIDE + np.float32([x, 400]), 0.9) for x in (0, 200, 400, 600)]
"""Cards of the same board, somewhere else."""

OF_ALL_SIZES = [
    replace(card, corners=card.corners * size) for size, card in enumerate(OTHERS, 1)
]


@pytest.mark.parametrize("degrees", [0, 6])
@pytest.mark.parametrize("shares", [(0.65, 0.6), (0.5, 0.5), (0.3, 0.6)])
def test_two_parts_of_one_card_are_it(degrees, shares):
    parts = [
        replace(part, corners=turned_around(part.corners, degrees, WIDE))
        for part in parts_of(WIDE, *shares)
    ]

    card, *others = whole([*parts, *OTHERS])

    assert others == OTHERS
    assert card.score == 0.9
    np.testing.assert_allclose(card.corners, turned(WIDE, degrees), atol=1e-3)


def test_a_card_that_was_joined_is_no_part_of_another():
    left, right = parts_of(WIDE, 0.5, 0.5)
    third = replace(right, corners=right.corners + np.float32([4, 0]))

    card, *others = whole([left, right, third, *OTHERS])

    assert others == [third, *OTHERS]
    np.testing.assert_allclose(card.corners, WIDE, atol=1e-3)


@pytest.mark.parametrize(
    "found",
    [
        pytest.param([*parts_of(WIDE, 1.0, 0.5), *OTHERS], id="one of usual size"),
        pytest.param([*parts_of(WIDE, 0.4, 0.15), *OTHERS], id="too little of it"),
        pytest.param([*parts_of(WIDE * 1.6, 0.5, 0.5), *OTHERS], id="a larger card"),
        pytest.param([*parts_of(WIDE, 0.5, 0.5), *OTHERS[:2]], id="few cards"),
        pytest.param([*parts_of(WIDE, 0.5, 0.5), *OF_ALL_SIZES], id="of all sizes"),
        pytest.param([Detection(CARD, 0.9)], id="one card"),
        pytest.param([], id="none"),
    ],
)
def test_cards_that_are_no_two_parts_stay_as_they_are(found):
    assert whole(found) == tuple(found)
