"""Straightening: what is known on the board must come out where it belongs."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from sample_boards.camera import Standpoint, photograph, project
from vision.image.photo import Photo
from vision.image.warp import warp
from vision.registration.frame import Registration
from vision.registration.rectify import rectify

BOARD_WH = (800, 600)
PHOTO_WH = (1000, 750)


def dotted_board():
    """Return a pale board (H, W, 3) with a black dot every 100 px, and the dots."""
    board = np.full((BOARD_WH[1], BOARD_WH[0], 3), 220, np.uint8)
    dots = np.stack(np.meshgrid(range(50, 800, 100), range(50, 600, 100)), -1)
    for x, y in dots.reshape(-1, 2).tolist():
        cv2.circle(board, (x, y), 9, (0, 0, 0), cv2.FILLED, cv2.LINE_AA)
    return board, dots.reshape(-1, 2).astype(np.float64)


def registration_of(board, projection, area):
    return Registration(
        board=board,
        method="tags",
        projection=projection,
        size_wh=BOARD_WH,
        cell_area=area,
        residual_px=0.0,
        coverage=1.0,
    )


@pytest.mark.parametrize(
    "standpoint",
    [
        pytest.param(Standpoint(k1=0.0), id="front"),
        pytest.param(Standpoint(yaw_deg=35, pitch_deg=10, k1=0.0), id="side"),
        pytest.param(Standpoint(roll_deg=178, k1=0.0), id="upside down"),
        pytest.param(Standpoint(yaw_deg=-25, roll_deg=4, k1=-0.06), id="barrel"),
        pytest.param(Standpoint(pitch_deg=-14, k1=0.04), id="pincushion"),
    ],
)
def test_a_photographed_board_comes_out_straight(printed_scene, standpoint):
    board, dots = dotted_board()
    projection = project(BOARD_WH, standpoint, PHOTO_WH)
    room = np.full((PHOTO_WH[1], PHOTO_WH[0], 3), 120, np.uint8)
    photo = Photo.from_pixels(photograph(board, room, projection))
    area = printed_scene.registration.cell_area

    straight = rectify(photo, registration_of(printed_scene.board, projection, area))

    assert straight.pixels.shape == board.shape
    for x, y in dots.astype(int).tolist():
        window = 255.0 - straight.pixels[y - 20 : y + 21, x - 20 : x + 21, 0]
        ink = np.clip(window - 100, 0, None)
        steps = np.arange(-20, 21)
        middle = (ink.sum(axis=0) @ steps, ink.sum(axis=1) @ steps) / ink.sum()
        assert np.hypot(*middle) < 0.5, f"dot at {x}, {y}"


def test_the_found_cell_area_holds_the_cells_of_the_truth(taped_scene):
    registration = taped_scene.registration

    corners = registration.projection.board_from_photo(
        taped_scene.truth.corners_photo.to_array()
    )

    np.testing.assert_allclose(
        corners, registration.cell_area.to_quad().to_array(), atol=1e-6
    )


def test_what_the_photo_does_not_show_is_black(printed_scene):
    registration = printed_scene.registration
    cut = replace(
        registration,
        projection=Projection(
            Homography.translation(registration.size_wh[0], 0)
            @ registration.projection.homography,
            registration.projection.lens,
        ),
    )

    assert rectify(printed_scene.photo, cut).pixels.max() == 0


@settings(max_examples=40, deadline=None)
@given(width=st.integers(1, 70), height=st.integers(1, 70), seed=st.integers(0, 99))
def test_warping_to_the_same_plane_changes_nothing(width, height, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    projection = Projection(Homography.identity(), RadialLens(0.0, (width, height)))

    warped = warp(pixels, projection, Homography.identity(), (width, height))

    np.testing.assert_allclose(warped.astype(int), pixels.astype(int), atol=1)


def test_the_photo_itself_is_not_touched(printed_scene):
    before = printed_scene.photo.pixels.copy()

    assert not np.shares_memory(
        printed_scene.straight.pixels, printed_scene.photo.pixels
    )
    np.testing.assert_array_equal(printed_scene.photo.pixels, before)
