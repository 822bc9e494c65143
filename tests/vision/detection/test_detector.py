"""From what the network says of each pixel to cards: the votes, without the network."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.detection.detector import (
    MOST_VOTES,
    STRIDE,
    CardMaps,
    card_maps,
    detections,
    lying_on,
)

SIZE_PX = 400
ROOM = SIZE_PX // STRIDE


def maps_of(*cards, size=ROOM, sure=0.9):
    """What a perfect network says of cards, the later ones on top."""
    core, mask = np.zeros((2, size, size), np.float32)
    corners = np.zeros((8, size, size), np.float32)
    for corners_px in cards:
        card = np.asarray(corners_px, np.float32)
        middle = card.mean(axis=0)
        for share in (1.0, 0.55):
            inner = ((card - middle) * share + middle) / STRIDE
            filled = np.zeros((size, size), np.uint8)
            cv2.fillConvexPoly(filled, np.rint(inner).astype(np.int32), 1)
            where = filled > 0
            core[where] = sure if share < 1 else 0
            mask[where] = sure
            rows, columns = np.nonzero(where)
            pixels = np.stack([columns, rows], axis=1) * STRIDE + (STRIDE - 1) / 2
            corners[:, where] = (card[None] - pixels[:, None]).reshape(-1, 8).T
    return CardMaps(core, mask, mask, corners)


def box(left, top, width, height):
    right, bottom = left + width, top + height
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def found(maps):
    """Corners of the cards, from left to right."""
    cards = sorted(detections(maps), key=lambda card: card.corners[0, 0])
    return [card.corners.tolist() for card in cards]


@settings(max_examples=30, deadline=None)
@given(
    st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=0, max_size=10),
    st.integers(40, 88),
    st.integers(-12, 12),
)
def test_cards_apart_are_found_where_they_are(cells, side, tilt):
    cards = [
        [
            [column * 100 + 6 + tilt / 4, row * 100 + 6],
            [column * 100 + 6 + side, row * 100 + 6 + tilt / 4],
            [column * 100 + 6 + side, row * 100 + 6 + side],
            [column * 100 + 6, row * 100 + 6 + side],
        ]
        for column, row in sorted(cells)
    ]

    got = found(maps_of(*cards))

    assert len(got) == len(cards)
    expected = sorted(cards, key=lambda card: card[0][0])
    assert sorted(map(np.sum, got)) == pytest.approx(
        sorted(map(np.sum, expected)), abs=0.5
    )


def test_touching_cards_are_two():
    cards = [box(40, 40, 100, 80), box(140, 44, 100, 80)]

    np.testing.assert_allclose(found(maps_of(*cards)), cards, atol=0.01)


def test_a_card_half_under_another_is_found_whole_and_as_the_lower_one():
    lower, upper = box(40, 40, 120, 80), box(110, 60, 120, 80)
    maps = maps_of(lower, upper)

    cards = detections(maps)

    order = sorted(range(2), key=lambda index: cards[index].corners[0, 0])
    np.testing.assert_allclose(
        [cards[index].corners for index in order], [lower, upper], atol=0.01
    )
    assert lying_on(maps, [cards[index] for index in order]) == ((1,), ())


def test_cards_that_only_touch_lie_on_nothing():
    maps = maps_of(box(40, 40, 100, 80), box(140, 40, 100, 80))

    assert lying_on(maps, detections(maps)) == ((), ())


def test_what_the_network_is_unsure_of_is_no_card():
    assert detections(maps_of(box(40, 40, 100, 80), sure=0.45)) == ()


def test_a_part_of_a_card_is_no_second_card():
    whole, part = box(40, 40, 200, 160), box(60, 60, 60, 40)
    maps, less = maps_of(whole), maps_of(part, sure=0.8)
    there = less.mask > 0
    parted = CardMaps(
        np.where(there, less.core, maps.core),
        maps.mask,
        maps.written,
        np.where(there, less.corners, maps.corners),
    )

    cards = detections(parted)

    assert [card.corners.tolist() for card in cards] == [whole]


def test_corners_that_cross_become_the_bounds():
    crossed = [[40, 40], [40, 120], [140, 120], [140, 40]]
    maps = maps_of(box(40, 40, 100, 80))
    rows, columns = np.nonzero(maps.mask)
    pixels = np.stack([columns, rows], axis=1) * STRIDE + (STRIDE - 1) / 2
    corners = maps.corners.copy()
    corners[:, rows, columns] = (
        (np.float32(crossed)[None] - pixels[:, None]).reshape(-1, 8).T
    )

    (card,) = detections(CardMaps(maps.core, maps.mask, maps.written, corners))

    assert card.corners.tolist() == box(40, 40, 100, 80)


def test_a_picture_full_of_cards_is_thinned_out_evenly():
    cards = [
        box(x * 120 + 5, y * 120 + 5, 110, 110) for x in range(8) for y in range(8)
    ]
    maps = maps_of(*cards, size=240)

    assert (maps.core > 0).sum() > MOST_VOTES
    assert len(detections(maps)) == len(cards)


@pytest.mark.parametrize("size_wh", [(1, 1), (30, 500), (257, 63)])
def test_pictures_of_any_size_have_maps_of_a_quarter_of_it(size_wh):
    width, height = size_wh

    maps = card_maps(np.full((height, width, 3), 200, np.uint8))

    assert maps.mask.shape == (-(-height // STRIDE), -(-width // STRIDE))
    assert maps.corners.shape == (8, *maps.mask.shape)
    assert detections(maps) == ()
