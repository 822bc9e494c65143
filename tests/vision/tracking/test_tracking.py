"""Which card of a photo is which known one, half hidden, edited or moved."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from calibration.layout import CellId
from vision.cards import CardDescriptor, DetectedCard, KnownCard
from vision.image.warp import cut_card
from vision.reading import CardFields, CardReading
from vision.tracking import track_cards
from vision.tracking.appearance import patch_of
from vision.tracking.change_detection import sharpness_of

COAT = (150, 60, 40)


@pytest.fixture(scope="module")
def card(printed_scene):
    """The found card of a whole, visible card in the middle of the photo."""
    middle = np.array(printed_scene.photo.size_wh) / 2
    truth = min(
        printed_scene.truth.cards,
        key=lambda card: np.hypot(*(np.array(card.quad_photo.centre) - middle)),
    )
    quad = printed_scene.registration.projection.quad_board(truth.quad_photo)
    return DetectedCard(quad, CellId(truth.room, truth.slot), (90, 200, 240), "card")


def share_of(quad: Quad, share: float) -> Quad:
    """Return the left part of a quad."""
    tl, tr, br, bl = quad.to_array()
    return Quad.from_array([tl, tl + (tr - tl) * share, bl + (br - bl) * share, bl])


def known_card(scene, found, identity="card-1"):
    registration = scene.registration
    crop = cut_card(scene.photo, registration.projection, found.quad_board)
    reading = CardReading(
        quad_photo=registration.projection.quad_photo(found.quad_board),
        cell=found.cell,
        lines=(),
        fields=CardFields(title="As it was read"),
        confidence=0.8,
        colour="#f0c85a",
        engine="scripted 1",
    )
    return KnownCard(
        identity,
        CardDescriptor(patch_of(crop), sharpness_of(crop)),
        registration.area_from_board.apply_quad(found.quad_board),
        reading,
    )


def hidden(scene, quad_board: Quad, colour=COAT):
    """Return the scene with something in front of a part of the board."""
    pixels = scene.photo.pixels.copy()
    corners = scene.registration.projection.quad_photo(quad_board).bounds
    pixels[
        round(corners.top) : round(corners.bottom),
        round(corners.left) : round(corners.right),
    ] = colour
    return scene.with_pixels(pixels)


def right_part(quad: Quad, share: float) -> Quad:
    bounds = quad.bounds
    return Rect(
        bounds.right - bounds.width * share, bounds.top, bounds.right, bounds.bottom
    ).to_quad()


def track(scene, found, known):
    return track_cards(scene.photo, scene.registration, found, known)


def test_a_new_card_is_new_and_readable(printed_scene, card):
    (tracked,) = track(printed_scene, [card], [])

    assert (tracked.detected, tracked.known, tracked.readable) == (card, None, True)


def test_a_card_that_is_read_is_remembered_with_its_sharpness(printed_scene, card):
    (tracked,) = track(printed_scene, [card], [])

    described = CardDescriptor(patch_of(tracked.crop), sharpness_of(tracked.crop))
    assert tracked.descriptor.to_bytes() == described.to_bytes()
    assert described.sharpness > 0


def test_a_card_seen_again_is_known_and_not_read_again(printed_scene, card):
    known = known_card(printed_scene, card)

    (tracked,) = track(printed_scene, [card], [known])

    assert (tracked.detected, tracked.known, tracked.readable) == (card, known, False)


@pytest.mark.parametrize("fragment", [False, True], ids=["not found", "a fragment"])
def test_a_half_hidden_card_keeps_its_reading_and_its_looks(
    printed_scene, card, fragment
):
    known = known_card(printed_scene, card)
    scene = hidden(printed_scene, right_part(card.quad_board, 0.35))
    left_over = replace(card, quad_board=share_of(card.quad_board, 0.6))

    (tracked,) = track(scene, [left_over] if fragment else [], [known])

    assert tracked.known is known
    assert (tracked.readable, tracked.whole) == (False, False)
    assert tracked.descriptor is known.descriptor
    assert tracked.quad_area.iou(known.quad_area) > 0.99
    assert tracked.detected.cell == card.cell
    assert tracked.detected.colour_bgr == (0x5A, 0xC8, 0xF0)
    np.testing.assert_allclose(
        tracked.detected.quad_board.to_array(), card.quad_board.to_array(), atol=0.5
    )


def written_on(scene, quad_board: Quad):
    """Return the scene with a thick stroke through the upper part of a card."""
    pixels = scene.photo.pixels.copy()
    tl, tr, br, bl = scene.registration.projection.quad_photo(quad_board).to_array()
    ends = [a + (b - a) * 0.35 for a, b in ((tl, bl), (tr, br))]
    start, end = (ends[0] + (ends[1] - ends[0]) * share for share in (0.15, 0.85))
    cv2.line(
        pixels, np.round(start).astype(int), np.round(end).astype(int), (40, 30, 30), 3
    )
    return scene.with_pixels(pixels)


def test_a_card_that_was_written_on_is_read_again_and_stays_itself(printed_scene, card):
    known = known_card(printed_scene, card)

    (tracked,) = track(written_on(printed_scene, card.quad_board), [card], [known])

    assert (tracked.known, tracked.change, tracked.detected) == (known, "edited", card)
    assert tracked.descriptor is not known.descriptor


def test_a_card_that_was_written_on_is_not_read_while_it_is_half_hidden(
    printed_scene, card
):
    known = known_card(printed_scene, card)
    edited = written_on(printed_scene, card.quad_board)
    now = hidden(edited, right_part(card.quad_board, 0.35))

    (tracked,) = track(now, [card], [known])

    assert (tracked.known, tracked.change) == (known, "same")
    # What it is compared with tomorrow is still what was read.
    assert tracked.descriptor is known.descriptor


@pytest.mark.parametrize(
    ("share", "change"),
    [
        pytest.param(0.4, "sharper", id="much blurrier then"),
        pytest.param(1.0, "same", id="as sharp then"),
        pytest.param(0.0, "same", id="nobody knows how sharp"),
        pytest.param(30.0, "same", id="much sharper then"),
    ],
)
def test_a_card_is_read_again_when_it_is(share, change, printed_scene, card):
    known = known_card(printed_scene, card)
    sharpness = known.descriptor.sharpness * share
    then = replace(known, descriptor=replace(known.descriptor, sharpness=sharpness))

    (tracked,) = track(printed_scene, [card], [then])

    assert (tracked.known, tracked.change) == (then, change)


def test_a_card_that_was_read_for_sure_is_not_read_again_for_sharpness(
    printed_scene, card
):
    known = known_card(printed_scene, card)
    blurry = replace(known.descriptor, sharpness=known.descriptor.sharpness / 5)
    sure = replace(known.reading, confidence=0.95)

    (tracked,) = track(
        printed_scene, [card], [replace(known, descriptor=blurry, reading=sure)]
    )

    assert tracked.change == "same"


def test_a_moved_card_of_which_a_part_is_found_is_itself(printed_scene, card):
    known = known_card(printed_scene, card)
    elsewhere = Quad.from_array(np.add(known.quad_area.to_array(), (0.5, 0.3)))
    moved = replace(known, quad_area=elsewhere)
    part = replace(card, quad_board=share_of(card.quad_board, 0.7))

    (tracked,) = track(printed_scene, [part], [moved])

    assert (tracked.known, tracked.change) == (moved, "same")
    assert tracked.quad_area.iou(known.quad_area) > 0.85


def test_a_small_remainder_of_a_card_that_is_seen_is_no_new_card(printed_scene, card):
    known = known_card(printed_scene, card)
    remainder = replace(card, quad_board=share_of(card.quad_board, 0.3), kind="ink")

    (tracked,) = track(printed_scene, [card, remainder], [known])

    assert (tracked.known, tracked.change) == (known, "same")


def test_a_card_wholly_hidden_is_not_seen(printed_scene, card):
    known = known_card(printed_scene, card)
    scene = hidden(printed_scene, right_part(card.quad_board, 1.0))

    assert track(scene, [], [known]) == ()


def test_a_card_first_seen_as_a_fragment_is_read_again_when_it_is_whole(
    printed_scene, card
):
    fragment = replace(card, quad_board=share_of(card.quad_board, 0.55))
    known = known_card(printed_scene, fragment)

    (tracked,) = track(printed_scene, [card], [known])

    assert tracked.known is known
    assert tracked.readable
    assert tracked.detected == card


def test_another_card_at_the_same_place_is_new(printed_scene, card):
    other = next(
        entry
        for entry in printed_scene.truth.cards
        if (entry.room, entry.slot) != card.cell
    )
    quad = printed_scene.registration.projection.quad_board(other.quad_photo)
    elsewhere = known_card(printed_scene, replace(card, quad_board=quad))
    here = printed_scene.registration.area_from_board.apply_quad(card.quad_board)

    (tracked,) = track(printed_scene, [card], [replace(elsewhere, quad_area=here)])

    assert (tracked.known, tracked.readable) == (None, True)


def test_each_known_card_is_seen_at_most_once(printed_scene, card):
    known = known_card(printed_scene, card)
    double = replace(card, cell=card.cell)

    cards = track(printed_scene, [card, double], [known])

    assert [tracked.known for tracked in cards].count(known) == 1


@pytest.mark.parametrize(
    "quad_area",
    [
        pytest.param(Rect(-9, -9, -8, -8).to_quad(), id="far outside"),
        pytest.param(Rect(0.98, 0.98, 1.3, 1.2).to_quad(), id="over the edge"),
    ],
)
def test_an_old_place_outside_of_the_photo_shows_nothing(
    printed_scene, card, quad_area
):
    gone = replace(known_card(printed_scene, card), quad_area=quad_area)

    (tracked,) = track(printed_scene, [card], [gone, known_card(printed_scene, card)])

    assert tracked.known is not None
    assert tracked.known is not gone
