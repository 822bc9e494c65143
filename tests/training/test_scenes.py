from dataclasses import replace

import cv2
import numpy as np
import pytest

from training.scenes import draw_scene, load_scene, save_scene
from training.scenes.grid import cell_box
from training.scenes.hanging import hang_cards
from training.scenes.lettered import add_writing
from training.scenes.paint import cut, flat
from training.scenes.plan import make_plan
from training.scenes.stacks import in_stacks
from training.scenes.stage import Stage

SEEDS = (26, 44)


@pytest.fixture(scope="module")
def scenes():
    return [draw_scene(seed) for seed in SEEDS]


def test_a_seed_always_draws_the_same_scene(scenes):
    again = draw_scene(SEEDS[0])

    np.testing.assert_array_equal(again.pixels, scenes[0].pixels)
    np.testing.assert_array_equal(again.instances, scenes[0].instances)
    np.testing.assert_array_equal(again.quads, scenes[0].quads)


def test_a_card_is_seen_within_its_corners_and_as_much_as_the_truth_says(scenes):
    for scene in scenes:
        assert len(scene.quads) == len(scene.visible) == len(scene.written) > 0
        for card, quad in enumerate(scene.quads):
            seen = scene.instances == card + 1
            whole = np.zeros(seen.shape, np.uint8)
            cv2.fillPoly(whole, [np.rint(quad).astype(np.int32)], 1)
            near = cv2.dilate(whole, np.ones((5, 5), np.uint8)) > 0

            assert not (seen & ~near).any()
            assert seen.sum() <= scene.visible[card] * cv2.contourArea(quad) * 1.05 + 9


def test_sessions_written_straight_on_a_board_are_no_cards():
    plan = replace(_plan("none"), inked=frozenset({0, 1, 2, 3}))
    board = flat(*plan.size_wh[::-1], (230, 230, 230))

    stage = Stage(board, np.zeros(board.shape[:2], np.int16), plan.lamp)
    add_writing(stage, plan, np.random.default_rng(1))
    hang_cards(stage, plan, np.random.default_rng(2))

    assert not stage.instances.any()
    assert not stage.cards
    for cell in sorted(plan.inked):
        columns = len(plan.grid.columns) - 1
        box = cell_box(plan.grid, cell % columns, cell // columns)
        part = cut(board.shape, box.left, box.top, box.width, box.height)
        assert board[part].std() > 2


def test_cards_of_a_stack_hide_each_other_and_leave_strips():
    plan = replace(_plan("stacks"), tilt_deg=0.5)
    spots = in_stacks(plan, np.random.default_rng(3))
    board = flat(*plan.size_wh[::-1], (230, 230, 230))

    stage = Stage(board, np.zeros(board.shape[:2], np.int16), plan.lamp)
    hang_cards(stage, plan, np.random.default_rng(4))

    assert len(spots) > 2
    whole = np.array([cv2.contourArea(card.quad) * card.cover for card in stage.cards])
    seen = np.bincount(stage.instances.ravel(), minlength=len(whole) + 1)[1:]
    assert ((seen / whole > 0.25) & (seen / whole < 0.75)).any()


def _plan(order):
    rng = np.random.default_rng(5)
    while True:
        plan = make_plan(rng)
        if plan.order == order and len(plan.grid.rows) > 3:
            return plan


def test_a_stored_scene_comes_back(scenes, tmp_path):
    save_scene(scenes[0], tmp_path / "000003.npz")

    back = load_scene(tmp_path / "000003.npz")

    np.testing.assert_array_equal(back.instances, scenes[0].instances)
    np.testing.assert_array_equal(back.quads, scenes[0].quads)
    np.testing.assert_array_equal(back.written, scenes[0].written)
    assert np.abs(back.pixels.astype(int) - scenes[0].pixels).mean() < 4
    assert [file.name for file in tmp_path.iterdir()] == ["000003.npz"]
