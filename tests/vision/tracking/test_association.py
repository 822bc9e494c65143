"""Same card or another, across photos."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import (
    CardDescriptor,
    DetectedCard,
    KnownCard,
    ReadCard,
    TrackedCard,
)
from vision.image.warp import cut_card
from vision.reading import CardFields, CardLine, CardReading
from vision.tracking.appearance import PATCH_WH, patch_of
from vision.tracking.association import is_replaced, match_cards

CELL = CellId("Room 301", "10:00-11:00")
PLACE, ELSEWHERE = Rect(0.2, 0.2, 0.4, 0.3), Rect(0.6, 0.6, 0.8, 0.7)
PIXELS = np.zeros((64, 96, 3), np.uint8)


def reading(text=""):
    quad = Rect(0, 0, 100, 50).to_quad()
    lines = (CardLine(text, 0.8, quad),) if text else ()
    return CardReading(
        quad, CELL, lines, CardFields(title=text), 0.8, "#ffd54f", "scripted 1"
    )


def tracked(patch, quad_area):
    detected = DetectedCard(quad_area, CELL, (80, 200, 250), "card")
    return TrackedCard(detected, PIXELS, CardDescriptor(patch), quad_area)


def known(patch, quad_area, name="card-1", text=""):
    return KnownCard(name, CardDescriptor(patch), quad_area, reading(text))


def noise(seed):
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (16, 24), dtype=np.uint8)
    return np.asarray(cv2.resize(small, PATCH_WH, interpolation=cv2.INTER_CUBIC))


def pairs_of(matches):
    return {(match.current, match.previous) for match in matches}


def true_cards(scene):
    """Return the ids, patches and places of the cards that are seen well."""
    registration = scene.registration
    cards = [card for card in scene.truth.cards if card.visible > 0.9]
    quads = [registration.projection.quad_board(card.quad_photo) for card in cards]
    patches = [
        patch_of(cut_card(scene.photo, registration.projection, quad)) for quad in quads
    ]
    places = [registration.area_from_board.apply_quad(quad) for quad in quads]
    return [card.card_id for card in cards], patches, places


@pytest.fixture(scope="module")
def change(printed_scene, later_scene):
    """A board before and after half its cards changed, seen from elsewhere."""
    hosts = {card.card_id: card.host for card in printed_scene.drawn.cards}
    edited = {
        card.card_id
        for card in later_scene.drawn.cards
        if hosts.get(card.card_id) != card.host
    }
    return true_cards(printed_scene), true_cards(later_scene), edited


def test_cards_are_kept_moved_and_replaced_without_a_wrong_pair(change):
    (ids, patches, places), (ids_after, patches_after, places_after), edited = change

    matches = match_cards(
        [*map(tracked, patches_after, places_after)], [*map(known, patches, places)]
    )

    pairs = {(ids_after[m.current], ids[m.previous]) for m in matches}
    assert all(now == then for now, then in pairs)
    assert (set(ids) & set(ids_after)) - edited <= {now for now, _ in pairs}


seeds = st.lists(st.integers(0, 4), max_size=4)


@settings(max_examples=12, deadline=None)
@given(now=seeds, then=seeds, data=st.data())
def test_matches_are_one_to_one_between_equal_cards_in_whatever_order(now, then, data):
    current = [
        tracked(noise(seed), Rect(i, 0, i + 1, 1).to_quad())
        for i, seed in enumerate(now)
    ]
    previous = [
        known(noise(seed), Rect(i, 9, i + 1, 10).to_quad())
        for i, seed in enumerate(then)
    ]

    pairs = pairs_of(match_cards(current, previous))

    assert len(dict(pairs)) == len({column for _, column in pairs}) == len(pairs)
    assert all(now[row] == then[column] for row, column in pairs)
    assert len(pairs) == sum(min(now.count(s), then.count(s)) for s in set(now))
    order = data.draw(st.permutations(range(len(now))))
    again = pairs_of(match_cards([current[row] for row in order], previous))
    assert sorted((now[order[row]]) for row, _ in again) == sorted(
        now[row] for row, _ in pairs
    )


def test_copies_are_told_apart_by_their_places_and_others_by_their_appearance():
    here, there, far = (Rect(x, 0, x + 1, 1).to_quad() for x in (0, 5, 9))
    copies = [known(noise(1), here), known(noise(1), there)]
    swapped = [known(noise(1), here), known(noise(2), there)]

    assert pairs_of(
        match_cards([tracked(noise(1), there), tracked(noise(1), here)], copies)
    ) == {(0, 1), (1, 0)}
    assert pairs_of(
        match_cards([tracked(noise(2), here), tracked(noise(1), there)], swapped)
    ) == {(0, 1), (1, 0)}
    # A new copy does not take the old one's place.
    assert pairs_of(
        match_cards([tracked(noise(1), far), tracked(noise(1), here)], copies[:1])
    ) == {(1, 0)}


def test_a_match_says_where_the_whole_card_is_of_which_a_part_is_seen():
    whole, moved = Rect(0, 0, 0.2, 0.1), Rect(0.5, 0.5, 0.7, 0.6)
    left = noise(3)[:, : PATCH_WH[0] * 3 // 4]
    part = np.asarray(cv2.resize(left, PATCH_WH))

    (match,) = match_cards(
        [tracked(part, Rect(0.5, 0.5, 0.65, 0.6).to_quad())],
        [known(noise(3), whole.to_quad())],
    )

    assert match.place_area.iou(moved.to_quad()) > 0.95


@pytest.mark.parametrize("level", [0, 7, 128, 255])
def test_a_blank_card_is_the_same_as_no_card(level):
    blank = np.full(PATCH_WH[::-1], level, np.uint8)
    place = PLACE.to_quad()

    for now, then in ((blank, blank), (blank, noise(1)), (noise(1), blank)):
        assert match_cards([tracked(now, place)], [known(then, place)]) == ()


def seen(text, place=PLACE, name=None):
    descriptor = CardDescriptor(np.zeros((64, 96), np.uint8))
    return ReadCard(reading(text), PIXELS, descriptor, place.to_quad(), name)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], False, id="nothing there"),
        pytest.param([seen("Board games")], True, id="another card in its place"),
        pytest.param([seen("Type hints 1O1")], False, id="perhaps read otherwise"),
        pytest.param([seen("")], False, id="nothing read"),
        pytest.param([seen("Hi!")], False, id="too little read"),
        pytest.param([seen("Board games", ELSEWHERE)], False, id="elsewhere"),
        pytest.param(
            [seen("Board games", Rect(0.25, 0.2, 0.45, 0.3))], False, id="half over it"
        ),
        pytest.param(
            [seen("Board games", Rect(0.1, 0.1, 0.5, 0.5))], False, id="far larger"
        ),
        pytest.param(
            [seen("Type hints 102", name="moved")], True, id="a known card moved there"
        ),
        pytest.param(
            [seen("Board games", name="below")], False, id="a known card was there"
        ),
    ],
)
def test_card_is_replaced_only_by_another_one_in_its_very_place(others, expected):
    patch = np.zeros((64, 96), np.uint8)
    card = known(patch, PLACE.to_quad(), "old", "Type hints 101")
    before = {"moved": ELSEWHERE.to_quad(), "below": PLACE.to_quad()}

    assert is_replaced(card, others, before) is expected
