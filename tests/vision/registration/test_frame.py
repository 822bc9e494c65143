"""The frame of the rectified board."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from sample_boards.camera import Standpoint, project
from vision.registration.frame import (
    MAX_AREA_SIDE_PX,
    MIN_AREA_SIDE_PX,
    UNIT_CORNERS,
    UNIT_QUAD,
    aspect_of,
    coverage_of,
    is_plausible,
    registration_from_area,
)

PHOTO_WH = (1200, 900)


def unit_seen_as(corners, photo_wh=PHOTO_WH):
    """Return the projection under which the cell area has these corners."""
    homography = Homography.from_quads(
        target=UNIT_QUAD, source=Quad.from_array(corners)
    )
    return Projection(homography, RadialLens(0.0, photo_wh))


def corners_at(left, top, right, bottom):
    return Rect(left, top, right, bottom).to_quad().to_array()


@pytest.mark.parametrize(
    ("width", "height"), [(400, 300), (900, 90), (50, 450), (300, 300)]
)
def test_aspect_seen_from_the_front_is_that_of_the_picture(width, height):
    corners = corners_at(100, 100, 100 + width, 100 + height)

    assert aspect_of(corners, PHOTO_WH) == pytest.approx(width / height, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    yaw=st.floats(-35, 35),
    pitch=st.floats(-15, 15),
    aspect=st.floats(0.5, 3.0),
)
def test_aspect_is_found_from_any_standpoint(yaw, pitch, aspect):
    board_wh = (round(600 * aspect), 600)
    seen = project(board_wh, Standpoint(yaw, pitch, k1=0.0), PHOTO_WH)
    corners = seen.photo_from_board(UNIT_CORNERS * board_wh)

    assert aspect_of(corners, PHOTO_WH) == pytest.approx(
        board_wh[0] / board_wh[1], rel=0.03
    )


@pytest.mark.parametrize("yaw", [0.0, 0.5, 12.0, 28.0])
@pytest.mark.parametrize("pitch", [0.0, -1e-9, 0.3, 3.0])
def test_aspect_survives_corners_that_are_off_by_a_pixel(yaw, pitch):
    board_wh = (900, 600)
    seen = project(board_wh, Standpoint(yaw, pitch, k1=0.0), PHOTO_WH)
    corners = seen.photo_from_board(UNIT_CORNERS * board_wh)
    shaken = corners + np.random.default_rng(5).normal(0, 1, (4, 2))

    assert aspect_of(shaken, PHOTO_WH) == pytest.approx(1.5, rel=0.03)


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        pytest.param(corners_at(0, 0, 1200, 900), 1.0, id="fills the photo"),
        pytest.param(corners_at(-600, 0, 600, 900), 0.5, id="left half outside"),
        pytest.param(corners_at(-1200, -900, 1200, 900), 0.25, id="one corner"),
        pytest.param(corners_at(1300, 0, 1500, 900), 0.0, id="beside the photo"),
        pytest.param(corners_at(-600, -450, 1800, 1350), 0.25, id="around the photo"),
    ],
)
def test_coverage_is_the_share_of_the_cells_in_the_photo(corners, expected):
    assert coverage_of(unit_seen_as(corners)) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        pytest.param(np.diag([1 / 800, 1 / 600, 1]), True, id="from the front"),
        pytest.param(np.diag([-1 / 800, 1 / 600, 1]), False, id="mirrored"),
        pytest.param(np.diag([-1 / 800, -1 / 600, 1]), True, id="upside down"),
        pytest.param(
            np.linalg.inv([[800, 0, 0], [0, 600, 0], [-2, 0, 1]]),
            False,
            id="over the horizon",
        ),
        pytest.param(
            np.linalg.inv([[800, 0, 0], [0, 600, 0], [-0.6, 0, 1]]),
            True,
            id="from far to the side",
        ),
        pytest.param(
            np.linalg.inv([[800, 0, 0], [0, 600, 0], [-0.9, 0, 1]]),
            False,
            id="almost edge-on",
        ),
    ],
)
def test_only_a_board_seen_whole_from_the_front_is_plausible(matrix, expected):
    unit = Projection(Homography(matrix), RadialLens(0.0, PHOTO_WH))

    assert is_plausible(unit) is expected


@settings(max_examples=60, deadline=None)
@given(
    left=st.floats(-300, 400),
    top=st.floats(-300, 400),
    width=st.floats(150, 1200),
    height=st.floats(150, 1200),
)
def test_the_cell_area_lies_whole_in_a_picture_of_a_bounded_size(
    printed_scene, left, top, width, height
):
    unit = unit_seen_as(corners_at(left, top, left + width, top + height))

    made = registration_from_area(
        printed_scene.board,
        "reference",
        unit,
        aspect=width / height,
        residual_px=0.5,
    )

    area = made.cell_area
    longest = max(area.width, area.height)
    assert MIN_AREA_SIDE_PX - 1e-6 <= longest <= MAX_AREA_SIDE_PX + 1e-6
    assert area.width / area.height == pytest.approx(width / height)
    assert min(area.left, area.top) >= 0
    assert area.right <= made.size_wh[0] + 1
    assert area.bottom <= made.size_wh[1] + 1
    # At most one cell of margin before and a quarter of one after.
    assert area.left <= area.width / 4 + 1
    assert made.size_wh[0] - area.right <= area.width / 16 + 1
    placed = made.projection.quad_photo(area.to_quad()).to_array()
    np.testing.assert_allclose(
        placed, corners_at(left, top, left + width, top + height), atol=1e-3
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "by eye"},
        {"residual_px": -1.0},
        {"residual_px": np.inf},
        {"residual_px": np.nan},
        {"coverage": 1.1},
        {"coverage": np.nan},
    ],
    ids=str,
)
def test_what_no_fit_gives_is_no_registration(printed_scene, changed):
    with pytest.raises(ValueError, match=r"^expected "):
        replace(printed_scene.registration, **changed)
