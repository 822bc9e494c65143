"""Same card or another, across photos."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Rect
from sample_boards.camera import Standpoint
from sample_boards.random_boards import change_cards, random_board
from sample_boards.render import random_conditions
from vision.cards import CardDescriptor, Look
from vision.image.crop import cut_card
from vision.tracking.appearance import PATCH_WH, describe
from vision.tracking.association import MIN_SAME, likeness, match_cards

CHANGE_SEEDS = (1, 2, 3)


def look_of(scene, card):
    """Return how a true card looks in its photo, cut at its true place."""
    registration = scene.registration
    quad_board = registration.projection.quad_board(card.quad_photo)
    crop = cut_card(scene.photo, registration, quad_board)
    area = registration.area_from_board
    return Look(describe(crop.pixels), area.apply_quad(quad_board))


def looks_of(scene):
    """Return the ids and looks of the cards that are seen well."""
    cards = [card for card in scene.truth.cards if card.visible > 0.9]
    return [card.card_id for card in cards], [look_of(scene, card) for card in cards]


@pytest.fixture(scope="module")
def before(photographed):
    drawn = random_board(31, rooms=4, slots=4, cards=10)
    return photographed(
        drawn, Standpoint(yaw_deg=-8), random_conditions(31), (800, 600)
    )


@pytest.fixture(scope="module")
def looks_before(before):
    return looks_of(before)


@pytest.fixture(scope="module", params=CHANGE_SEEDS)
def after(request, before, photographed):
    drawn = change_cards(before.drawn, request.param, 0.6)
    standpoint = Standpoint(yaw_deg=10 * request.param, pitch_deg=4)
    return photographed(drawn, standpoint, random_conditions(request.param))


def noise_look(seed, rect=None):
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (16, 24), dtype=np.uint8)
    patch = cv2.resize(small, PATCH_WH, interpolation=cv2.INTER_CUBIC)
    place = rect or Rect(seed * 10, 0, seed * 10 + 1, 1)
    return Look(CardDescriptor(np.asarray(patch, np.uint8)), place.to_quad())


def test_cards_are_kept_moved_and_replaced_without_a_wrong_pair(
    before, looks_before, after
):
    ids_before, previous = looks_before
    ids_after, current = looks_of(after)

    matches = match_cards(current, previous)

    pairs = {(ids_after[m.current], ids_before[m.previous]) for m in matches}
    assert all(now == then for now, then in pairs)
    edited = {
        card.card_id
        for card in after.drawn.cards
        if any(
            card.card_id == old.card_id and card.host != old.host
            for old in before.drawn.cards
        )
    }
    same = set(ids_after) & set(ids_before) - edited
    assert same <= {now for now, _ in pairs}


def test_the_order_of_the_cards_does_not_matter(looks_before, after):
    _, previous = looks_before
    _, current = looks_of(after)
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(len(current)), rng.permutation(len(previous))

    straight = match_cards(current, previous)
    shuffled = match_cards(
        [current[row] for row in rows], [previous[column] for column in columns]
    )

    assert {(m.current, m.previous) for m in straight} == {
        (int(rows[m.current]), int(columns[m.previous])) for m in shuffled
    }


def test_identical_copies_are_told_apart_by_their_places():
    places = [Rect(0, 0, 1, 1), Rect(5, 0, 6, 1), Rect(0, 5, 1, 6)]
    copies = [noise_look(1, place) for place in places]

    matches = match_cards([copies[2], copies[0], copies[1]], copies)

    assert [(m.current, m.previous) for m in matches] == [(0, 2), (1, 0), (2, 1)]
    assert min(m.score for m in matches) > 0.99


def test_cards_that_changed_places_are_known_by_their_looks():
    here, there = Rect(0, 0, 1, 1), Rect(5, 0, 6, 1)
    before = [noise_look(1, here), noise_look(2, there)]
    after = [noise_look(2, here), noise_look(1, there)]

    matches = match_cards(after, before)

    assert [(m.current, m.previous) for m in matches] == [(0, 1), (1, 0)]


def test_a_copy_that_is_new_does_not_take_the_old_ones_place():
    old = noise_look(1, Rect(0, 0, 1, 1))
    new = noise_look(1, Rect(7, 7, 8, 8))

    (match,) = match_cards([new, old], [old])

    assert (match.current, match.previous) == (1, 0)


@pytest.mark.parametrize(
    ("current", "previous"), [(0, 0), (0, 3), (3, 0)], ids=["both", "now", "then"]
)
def test_without_cards_nothing_matches(current, previous):
    def looks(count):
        return [noise_look(seed) for seed in range(count)]

    assert match_cards(looks(current), looks(previous)) == ()


@settings(max_examples=15, deadline=None)
@given(
    now=st.lists(st.integers(0, 5), max_size=5),
    then=st.lists(st.integers(0, 5), max_size=5),
)
def test_matches_are_one_to_one_and_between_equal_looks(now, then):
    current = [noise_look(seed, Rect(i, 0, i + 1, 1)) for i, seed in enumerate(now)]
    previous = [noise_look(seed, Rect(i, 9, i + 1, 10)) for i, seed in enumerate(then)]

    matches = match_cards(current, previous)

    assert len({m.current for m in matches}) == len(matches)
    assert len({m.previous for m in matches}) == len(matches)
    assert all(now[m.current] == then[m.previous] for m in matches)
    shared = sum(min(now.count(seed), then.count(seed)) for seed in set(now))
    assert len(matches) == shared


@pytest.mark.parametrize("level", [0, 1, 7, 128, 254, 255])
def test_a_blank_card_is_the_same_as_no_card(level):
    blank = Look(
        describe(np.full((80, 120, 3), level, np.uint8)), Rect(0, 0, 1, 1).to_quad()
    )
    written = noise_look(1, Rect(0, 0, 1, 1))

    for one, other in ((blank, blank), (blank, written), (written, blank)):
        assert likeness(one.descriptor, other.descriptor) == -1
        assert match_cards([one], [other]) == ()


def test_light_and_a_little_turn_do_not_change_a_card(before):
    registration = before.registration
    card = before.truth.cards[0]
    quad = registration.projection.quad_board(card.quad_photo)
    crop = cut_card(before.photo, registration, quad).pixels
    height, width = crop.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 3, 1.03)
    turned = cv2.warpAffine(crop, turn, (width, height), borderMode=1)
    ramp = np.linspace(0.5, 1.1, width)[None, :, None]
    dimmed = np.clip(turned * ramp, 0, 255).astype(np.uint8)

    assert likeness(describe(dimmed), describe(crop)) > MIN_SAME


def test_a_match_says_how_alike_the_cards_are():
    one = noise_look(3)
    other = replace(one, quad_area=Rect(50, 50, 51, 51).to_quad())

    (match,) = match_cards([one], [other])

    assert (match.current, match.previous) == (0, 0)
    assert match.score == pytest.approx(1.0, abs=1e-4)
    assert match.place_area.iou(one.quad_area) == pytest.approx(1, abs=1e-4)
