"""Photographs as scenes to train on; which events are left out together."""

import json
from collections import Counter

import numpy as np
import pytest

from benchmarks.folds import load_folds
from training.boards.cut import BOXES, scene_of_boxes
from training.boards.folds import FOLDS

FILES = sorted(BOXES.glob("*.json"))


def test_a_boxed_photo_says_where_there_is_no_loss():
    pixels = np.zeros((60, 100, 3), np.uint8)
    cards = [[10, 10, 39, 10, 39, 39, 10, 39], [30, 20, 59, 20, 59, 49, 30, 49]]

    scene = scene_of_boxes(pixels, {"cards": cards, "unsure": [[80, 0, 20, 60]]})

    seen = {place: scene.instances[place[::-1]] for place in ((15, 15), (50, 40))}
    assert seen == {(15, 15): 1, (50, 40): 2}
    assert (scene.instances[20:40, 30:40] == -1).all()  # they overlap
    assert (scene.instances[:, 80:] == -1).all()
    assert scene.instances[5, 5] == 0
    np.testing.assert_array_equal(scene.quads.reshape(2, 8), cards)


def test_a_photo_without_cards_is_a_scene():
    scene = scene_of_boxes(np.zeros((9, 9, 3), np.uint8), {"cards": [], "unsure": []})

    assert (scene.quads.shape, scene.instances.any()) == ((0, 4, 2), False)


def test_every_event_is_left_out_once():
    boxed = {json.loads(path.read_text("utf-8"))["event"] for path in FILES}
    known = {event.name for event in load_folds().events}

    left_out = Counter(event for events in FOLDS.values() for event in events)

    assert left_out == dict.fromkeys(boxed | known, 1)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_boxes_say_geometry_and_nothing_else(path):
    boxed = json.loads(path.read_text("utf-8"))

    assert set(boxed) == {"photo", "event", "cards", "unsure"}
    sizes = {(len(card), *map(type, card)) for card in boxed["cards"]}
    assert sizes <= {(8, *[int] * 8)}
    for card in boxed["cards"]:
        sides = np.roll(np.reshape(card, (4, 2)), -1, axis=0) - np.reshape(card, (4, 2))
        after = np.roll(sides, -1, axis=0)
        assert (sides[:, 0] * after[:, 1] > sides[:, 1] * after[:, 0]).all()
