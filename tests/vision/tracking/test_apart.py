"""A known card and another of its colour, found as one rectangle."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calibration.geometry import Quad
from calibration.layout import CellId
from vision.cards import DetectedCard, KnownCard
from vision.image.crop import cut_card
from vision.reading import CardFields, CardReading
from vision.tracking.apart import taken_apart
from vision.tracking.appearance import describe
from vision.tracking.following import follow_cards

SHIFT = 0.8
"""By how much of its height the other card hangs lower."""


def found_card(scene, truth) -> DetectedCard:
    quad = scene.registration.projection.quad_board(truth.quad_photo)
    return DetectedCard(
        quad, CellId(truth.room, truth.slot), (90, 200, 240), quad, "card"
    )


def known_card(scene, found, identity) -> KnownCard:
    crop = cut_card(scene.photo, scene.registration, found.quad_board)
    reading = CardReading(
        quad_photo=scene.registration.projection.quad_photo(found.quad_board),
        cell=found.cell,
        lines=(),
        fields=CardFields(title=identity),
        confidence=0.95,
        colour="#f0c85a",
        engine="scripted 1",
    )
    quad_area = scene.registration.area_from_board.apply_quad(found.quad_board)
    return KnownCard(identity, describe(crop.pixels), quad_area, reading)


@pytest.fixture(scope="module")
def hung(printed_scene) -> list[DetectedCard]:
    return [found_card(printed_scene, truth) for truth in printed_scene.truth.cards]


@pytest.fixture(scope="module")
def known(printed_scene, hung) -> list[KnownCard]:
    return [
        known_card(printed_scene, card, f"card-{index}")
        for index, card in enumerate(hung)
    ]


@pytest.fixture(scope="module")
def card(hung) -> DetectedCard:
    """The highest one: there is room below it."""
    return min(hung, key=lambda one: one.quad_board.centre.y)


def longer(quad: Quad, upwards: float, downwards: float) -> Quad:
    """Make a quad longer, in parts of its height."""
    tl, tr, br, bl = quad.to_array()
    return Quad.from_array(
        [
            tl + (tl - bl) * upwards,
            tr + (tr - br) * upwards,
            br + (br - tr) * downwards,
            bl + (bl - tl) * downwards,
        ]
    )


def wider(quad: Quad, share: float) -> Quad:
    return longer(quad.turned(1), share, 0).turned(3)


def as_one(card: DetectedCard, quad: Quad) -> DetectedCard:
    return replace(card, quad_board=quad, paper_board=quad)


def corners(cards):
    return [card.quad_board.to_array() for card in cards]


def apart(scene, found, known):
    return taken_apart(scene.photo, scene.registration, found, known)


@pytest.mark.parametrize(
    ("upwards", "downwards"),
    [
        pytest.param(0, SHIFT, id="the other one below"),
        pytest.param(SHIFT, 0, id="the other one above"),
        pytest.param(0.05, SHIFT, id="a little askew"),
    ],
)
def test_known_card_and_another_are_taken_apart(
    printed_scene, card, known, upwards, downwards
):
    place = card.quad_board
    both = as_one(card, longer(place, upwards, downwards))
    other = longer(place, -downwards, downwards)
    if upwards > downwards:
        other = longer(place, upwards, -upwards)

    parts = apart(printed_scene, [both], known)

    np.testing.assert_allclose(
        corners(parts), [place.to_array(), other.to_array()], atol=2
    )
    assert parts[0].cell == card.cell


@pytest.mark.parametrize(
    "reshaped",
    [
        pytest.param(lambda quad: quad, id="as large as ever"),
        pytest.param(lambda quad: longer(quad, 0, 0.5), id="a bit longer"),
        pytest.param(lambda quad: longer(quad, 0.6, 0.6), id="longer both ways"),
        pytest.param(lambda quad: longer(quad, 0, 1.6), id="much longer"),
        pytest.param(lambda quad: wider(longer(quad, 0, SHIFT), 0.5), id="wider, too"),
        pytest.param(lambda quad: longer(quad, -0.4, 1.4), id="elsewhere"),
    ],
)
def test_rectangle_that_is_not_two_cards_stays(printed_scene, card, known, reshaped):
    found = (as_one(card, reshaped(card.quad_board)),)

    assert apart(printed_scene, found, known) == found


def test_rectangle_stays_where_the_known_card_is_not_seen(printed_scene, card, known):
    pixels = printed_scene.photo.pixels.copy()
    place = printed_scene.registration.projection.quad_photo(card.quad_board)
    cv2.fillConvexPoly(pixels, np.rint(place.to_array()).astype(np.int32), (90, 200, 9))
    found = (as_one(card, longer(card.quad_board, 0, SHIFT)),)

    assert apart(printed_scene.with_pixels(pixels), found, known) == found


def test_rectangle_stays_where_cards_are_of_no_usual_size(printed_scene, card, known):
    found = (as_one(card, longer(card.quad_board, 0, SHIFT)),)
    few = [one for one in known if one.reading.cell == card.cell]

    assert apart(printed_scene, found, few) == found


def test_card_that_hangs_as_it_hung_is_not_looked_at(printed_scene, card, known):
    found = (replace(as_one(card, longer(card.quad_board, 0, SHIFT)), known="card-0"),)

    assert apart(printed_scene, found, known) == found


def test_other_card_is_new_and_the_known_one_known(printed_scene, hung, card, known):
    both = as_one(card, longer(card.quad_board, 0, SHIFT))
    found = [both if one is card else one for one in hung]

    sightings = follow_cards(
        printed_scene.photo, printed_scene.registration, found, known
    )

    told = {one.known.id for one in sightings if one.known is not None}
    assert told == {one.id for one in known}
    (new,) = (one for one in sightings if one.known is None)
    np.testing.assert_allclose(
        new.card.quad_board.to_array(),
        longer(card.quad_board, -SHIFT, SHIFT).to_array(),
        atol=2,
    )
