"""Pictures in which nothing can be read, and such in which something can."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from vision.errors import BoardNotFoundError
from vision.image.photo import Photo
from vision.pipeline import straighten
from vision.quality import unreadable, why_unreadable
from vision.quality.blurred import focus_of_places

TOO_DARK = (
    "The photo is too dark to be read.",
    "Switch on the light, or tap on the board, and take it again.",
)
TOO_BLURRED = (
    "The photo is too blurred to be read.",
    "Hold still, let it focus and take it again.",
)


@pytest.fixture(scope="module")
def straight(printed_scene):
    return printed_scene.straight


@pytest.fixture(scope="module")
def places(straight):
    return tuple(straight.registration.cell_rects.values())


def out_of_focus(pixels, sigma):
    return cv2.GaussianBlur(pixels, (0, 0), sigma) if sigma else pixels


def darkened(pixels, gain):
    return (pixels * gain).astype(np.uint8)


def why(pixels, places):
    refusal = unreadable(pixels, places)
    return refusal and (refusal.message, refusal.hint)


@pytest.mark.parametrize(
    ("change", "amount", "expected"),
    [
        pytest.param(out_of_focus, 0, None, id="as it is"),
        pytest.param(out_of_focus, 1, None, id="a little soft"),
        pytest.param(out_of_focus, 9, TOO_BLURRED, id="blurred beyond reading"),
        pytest.param(darkened, 0.3, None, id="dim"),
        pytest.param(darkened, 0.04, TOO_DARK, id="nearly black"),
        pytest.param(darkened, 0, None, id="not a pixel of the board"),
    ],
)
def test_a_picture_is_unreadable_only_if_no_word_can_be_read(
    straight, places, change, amount, expected
):
    assert why(change(straight.pixels, amount), places) == expected


def test_a_bare_wall_is_not_called_blurred(places, straight):
    assert why(np.full_like(straight.pixels, 180), places) is None


def test_more_blur_never_makes_a_picture_readable(straight, places):
    found = [
        why(out_of_focus(straight.pixels, sigma), places) for sigma in (1, 3, 5, 8, 13)
    ]

    lost = found.index(TOO_BLURRED)
    assert found == [None] * lost + [TOO_BLURRED] * (len(found) - lost)


@pytest.mark.parametrize(
    "rect",
    [
        pytest.param(Rect(0, 0, 9, 9), id="tiny"),
        pytest.param(Rect(9_000, 0, 9_100, 90), id="far away"),
    ],
)
def test_places_that_cannot_be_judged_say_nothing(straight, rect):
    assert focus_of_places(straight.pixels, [rect] * 9) == ()


def test_a_board_without_a_readable_word_is_refused_with_what_to_do(straight):
    places = tuple(straight.registration.cell_rects.values())

    refusal = unreadable(darkened(straight.pixels, 0.04), places)

    assert (refusal.message, refusal.hint) == TOO_DARK


def test_a_board_that_is_not_found_for_blur_says_so(printed_scene):
    lost = printed_scene.with_pixels(out_of_focus(printed_scene.photo.pixels, 15))

    board = replace(printed_scene.board, tags=(0, 1, 2, 3))

    with pytest.raises(BoardNotFoundError) as refusal:
        straighten(lost.photo, [board], [])

    assert refusal.value.hint == TOO_BLURRED[1]
    assert TOO_BLURRED[0] in refusal.value.message


def test_a_readable_photo_is_not_to_blame_where_no_board_is_found(
    printed_scene, odd_pictures
):
    photos = [Photo.from_pixels(odd_pictures[name]) for name in ("noise", "plain wall")]

    assert [why_unreadable(photo) for photo in (printed_scene.photo, *photos)] == (
        [None] * 3
    )
