"""Where a live camera's small picture shows the board, and what it says to do."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calibration.layout import Layout
from sample_boards.render import Standpoint, change_cards, random_board
from vision.aiming import aim
from vision.image.photo import Photo, encode_jpeg
from vision.registration import Reference

FRAME_WH = (960, 720)
PHONE_PX = 4000
TAGGED = random_board(5, rooms=6, slots=5, cards=14, tags=True)
BARE = replace(TAGGED, tags=())


def frame_of(pixels):
    return Photo.decode(encode_jpeg(pixels, 60))


def seen(photographed, drawn, **standpoint):
    return photographed(drawn, Standpoint(**standpoint), None, FRAME_WH)


def off_px(found, scene):
    """By how much the outline misses the truth; corners of a frame of 960 pixels."""
    true = scene.truth.corners_photo.to_array()
    return float(np.abs(found.outline * FRAME_WH - true).max())


@pytest.mark.parametrize(
    ("standpoint", "advice"),
    [
        ({}, "good"),
        ({"yaw_deg": -25, "pitch_deg": 8, "fill": 0.75}, "good"),
        ({"fill": 0.42}, "far"),
    ],
)
def test_outline_by_tags_lies_on_the_board(photographed, standpoint, advice):
    scene = seen(photographed, TAGGED, **standpoint)

    found = aim(frame_of(scene.photo.pixels), [scene.board], (), PHONE_PX)

    assert found.advice == advice
    assert found.board == scene.board
    assert off_px(found, scene) < 4


@pytest.fixture(scope="module")
def reference(photographed):
    scene = photographed(BARE, Standpoint(), None, (1600, 1200))
    return Reference.from_photo(scene.board, scene.photo, scene.truth.corners_photo)


@pytest.mark.parametrize(
    ("standpoint", "advice"),
    [
        ({"yaw_deg": 20, "fill": 0.8}, "good"),
        ({"fill": 0.42}, "far"),
        ({"fill": 1.3}, "cut_off"),
    ],
)
def test_outline_by_a_photo_lies_on_the_board(
    photographed, reference, standpoint, advice
):
    scene = seen(photographed, change_cards(BARE, 2, 0.4), **standpoint)

    found = aim(frame_of(scene.photo.pixels), [scene.board], [reference], PHONE_PX)

    assert found.advice == advice
    assert off_px(found, scene) < 4


def test_photo_of_few_pixels_is_too_far(photographed):
    scene = seen(photographed, TAGGED)
    frame = frame_of(scene.photo.pixels)

    assert aim(frame, [scene.board], (), 320).advice == "far"


def test_some_tags_mean_a_step_back(photographed):
    scene = seen(photographed, TAGGED)
    corner = scene.photo.pixels[: FRAME_WH[1] // 2]

    found = aim(frame_of(corner), [scene.board], (), PHONE_PX)

    assert (found.outline, found.advice) == (None, "cut_off")


def test_step_back_is_no_help_where_the_board_has_other_cells(photographed):
    scene = seen(photographed, TAGGED)
    layout = Layout(("A", "B", "C"), scene.board.layout.slots)
    other = replace(scene.board, layout=layout)

    found = aim(frame_of(scene.photo.pixels), [other], (), PHONE_PX)

    assert (found.outline, found.advice) == (None, "")


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (lambda pixels: pixels // 16, "dark"),
        (lambda pixels: np.clip(pixels.astype(int) * 4, 0, 255), "bright"),
        (lambda pixels: cv2.GaussianBlur(pixels, (0, 0), 12), "blurred"),
    ],
    ids=["dark", "bright", "blurred"],
)
def test_what_is_wrong_with_the_light_or_focus_is_said(photographed, change, advice):
    scene = seen(photographed, TAGGED)
    pixels = np.asarray(change(scene.photo.pixels), np.uint8)

    assert aim(frame_of(pixels), [scene.board], (), PHONE_PX).advice == advice


def test_wall_without_the_board_says_nothing(photographed, reference):
    wall = np.full((*FRAME_WH[::-1], 3), 180, np.uint8)
    other = seen(photographed, random_board(8, rooms=3, slots=3, cards=4))

    for pixels in (wall, other.photo.pixels):
        found = aim(frame_of(pixels), [reference.board], [reference], PHONE_PX)
        assert (found.board, found.outline) == (None, None)
        assert found.advice in {"", "blurred"}
