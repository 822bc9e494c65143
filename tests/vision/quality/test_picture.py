"""Pictures in which nothing can be read, and such in which something can."""

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from vision.detection import cell_rects
from vision.errors import BoardNotFoundError, UnreadablePhotoError
from vision.image.rectify import RectifiedBoard
from vision.pipeline import straighten
from vision.quality import assess_picture, require_readable, why_unreadable
from vision.quality.legible import (
    TOO_BLURRED,
    TOO_DARK,
    Illegible,
    focus_of_places,
    why_illegible,
)
from vision.reading import Finding
from vision.registration import Reference


@pytest.fixture(scope="module")
def straight(taped_scene):
    return taped_scene.straight


@pytest.fixture(scope="module")
def places(straight):
    return tuple(cell_rects(straight.registration).values())


def out_of_focus(pixels, sigma):
    return cv2.GaussianBlur(pixels, (0, 0), sigma) if sigma else pixels


def darkened(pixels, gain):
    return (pixels * gain).astype(np.uint8)


@pytest.mark.parametrize(
    ("change", "amount", "expected"),
    [
        pytest.param(out_of_focus, 0, None, id="as it is"),
        pytest.param(out_of_focus, 1, None, id="a little soft"),
        pytest.param(out_of_focus, 9, TOO_BLURRED, id="blurred beyond reading"),
        pytest.param(darkened, 0.3, None, id="dim"),
        pytest.param(darkened, 0.04, TOO_DARK, id="nearly black"),
    ],
)
def test_a_picture_is_illegible_only_if_no_word_can_be_read(
    straight, places, change, amount, expected
):
    assert why_illegible(change(straight.pixels, amount), places) == expected


def test_a_picture_without_a_pixel_of_the_board_is_not_called_dark(straight, places):
    assert why_illegible(np.zeros_like(straight.pixels), places) is None


def test_a_bare_wall_is_not_called_blurred(places, straight):
    assert why_illegible(np.full_like(straight.pixels, 180), places) is None


def test_more_blur_never_makes_a_picture_legible(straight, places):
    sigmas = (0, 1, 2, 3, 5, 8, 13)

    found = [
        why_illegible(out_of_focus(straight.pixels, sigma), places) for sigma in sigmas
    ]

    lost = found.index(TOO_BLURRED)
    assert found == [None] * lost + [TOO_BLURRED] * (len(sigmas) - lost)


@pytest.mark.parametrize(
    "rect",
    [
        pytest.param(Rect(-30, 0, 60, 90), id="beyond the left"),
        pytest.param(Rect(0, 0, 9, 9), id="tiny"),
        pytest.param(Rect(9_000, 0, 9_100, 90), id="far away"),
    ],
)
def test_places_that_cannot_be_judged_say_nothing(straight, rect):
    assert focus_of_places(straight.pixels, [rect] * 9) == ()


def test_a_blurred_photo_is_told_before_anything_is_read(straight):
    soft = RectifiedBoard(straight.registration, out_of_focus(straight.pixels, 2.5))

    assert assess_picture(soft) == (
        Finding(
            "blurred",
            "The photo is blurred. Hold still, let it focus and take it again.",
        ),
    )


@pytest.mark.parametrize(
    ("gain", "codes"),
    [
        pytest.param(0.3, ["blurred"], id="in the light"),
        pytest.param(0.14, [], id="where everything is soft"),
    ],
)
def test_softness_is_told_only_in_enough_light(straight, gain, codes):
    soft = darkened(out_of_focus(straight.pixels, 2.5), gain)

    told = assess_picture(RectifiedBoard(straight.registration, soft))

    assert [finding.code for finding in told] == codes


def test_an_unreadable_picture_is_refused_with_what_to_do(straight):
    black = RectifiedBoard(straight.registration, darkened(straight.pixels, 0.04))

    with pytest.raises(UnreadablePhotoError) as refusal:
        require_readable(black)

    assert (refusal.value.message, refusal.value.hint) == (
        TOO_DARK.message,
        TOO_DARK.hint,
    )


def test_a_photo_that_shows_the_board_but_no_word_is_refused(taped_scene):
    blurred = taped_scene.with_pixels(out_of_focus(taped_scene.photo.pixels, 4))

    with pytest.raises((UnreadablePhotoError, BoardNotFoundError)) as refusal:
        straighten(blurred.photo, [taped_scene.board], [])

    assert refusal.value.hint == TOO_BLURRED.hint


def test_a_board_that_is_not_found_for_blur_says_so(printed_scene):
    reference = Reference.from_photo(
        printed_scene.board, printed_scene.photo, printed_scene.truth.corners_photo
    )
    lost = printed_scene.with_pixels(out_of_focus(printed_scene.photo.pixels, 15))

    with pytest.raises(BoardNotFoundError) as refusal:
        straighten(lost.photo, [printed_scene.board], [reference])

    assert refusal.value.hint == TOO_BLURRED.hint
    assert TOO_BLURRED.message in refusal.value.message


def test_a_sharp_photo_of_something_else_is_not_called_blurred(
    printed_scene, later_scene, taped_scene, whiteboard_scene
):
    scenes = (printed_scene, later_scene, taped_scene, whiteboard_scene)

    assert [why_unreadable(scene.photo) for scene in scenes] == [None] * 4


def test_every_refusal_says_what_to_do():
    assert all(
        isinstance(why, Illegible) and "again" in why.hint
        for why in (TOO_DARK, TOO_BLURRED)
    )
