"""The frame of the straight picture, and the fit below both ways to register."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from sample_boards.camera import Standpoint, project
from vision.register.fit import CollapsedFitError, Fit, fit_projection
from vision.register.frame import (
    MAX_AREA_SIDE_PX,
    MIN_AREA_SIDE_PX,
    UNIT_CORNERS,
    UNIT_QUAD,
    aspect_of,
    coverage_of,
    hull_share,
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


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        pytest.param(np.empty((0, 2)), 0.0, id="none"),
        pytest.param(np.zeros((2, 2)), 0.0, id="two"),
        pytest.param(np.zeros((9, 2)), 0.0, id="one spot"),
        pytest.param(np.column_stack([np.arange(9.0)] * 2), 0.0, id="one line"),
        pytest.param(corners_at(0, 0, 600, 450), 0.25, id="a quarter"),
    ],
)
def test_hull_share_exposes_matches_on_one_spot(points, expected):
    assert hull_share(points, PHOTO_WH) == pytest.approx(expected, abs=1e-6)


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
        unit.homography,
        unit.lens,
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


@pytest.mark.parametrize("k1", [-0.05, -0.012, 0.0, 0.03])
def test_a_fit_recovers_homography_and_radial_term(k1):
    truth = project((1000, 700), Standpoint(25, 8, 3, k1=k1), PHOTO_WH)
    board = np.stack(
        np.meshgrid(np.linspace(0, 1000, 9), np.linspace(0, 700, 7)), axis=-1
    ).reshape(-1, 2)
    photo = truth.photo_from_board(board)
    noise = np.random.default_rng(3).normal(0, 0.3, photo.shape)
    start = Homography(truth.homography.matrix * 1.02)

    fit = fit_projection(photo + noise, board, start, RadialLens(0.0, PHOTO_WH))

    assert fit.projection.lens.k1 == pytest.approx(k1, abs=0.003)
    off = fit.projection.photo_from_board(board) - photo
    assert np.hypot(*off.T).max() < 0.6
    assert fit.rms_px < 0.5


def test_outliers_do_not_pull_a_fit_away():
    truth = project((1000, 700), Standpoint(-20, 5, k1=-0.01), PHOTO_WH)
    rng = np.random.default_rng(4)
    board = rng.uniform(0, 1, (80, 2)) * (1000, 700)
    photo = truth.photo_from_board(board)
    wrong = photo.copy()
    wrong[:12] += rng.uniform(-20, 20, (12, 2))

    fit = fit_projection(wrong, board, truth.homography, RadialLens(0.0, PHOTO_WH))

    off = fit.projection.photo_from_board(board) - photo
    assert np.hypot(*off.T).mean() < 1.0


@pytest.mark.parametrize(
    ("residuals", "expected"),
    [
        pytest.param([], 0.0, id="no points"),
        pytest.param([2.0], 2.0, id="one point"),
        pytest.param([1.0, 1.0, 1.0, 50.0], 1.0, id="the worst quarter is left out"),
    ],
)
def test_rms_is_that_of_the_better_three_quarters(residuals, expected):
    unit = unit_seen_as(corners_at(0, 0, 100, 100))

    rms = Fit(unit, np.array(residuals, dtype=np.float64)).rms_px

    assert rms == expected
    assert math.isfinite(rms)


def test_a_fit_that_puts_the_plane_onto_a_line_says_so():
    almost_flat = Homography(np.diag([1.0, 2e-11, 1.0]))
    line = np.column_stack([np.arange(9.0), np.zeros(9)]) * 100

    with pytest.raises(CollapsedFitError):
        fit_projection(line, line, almost_flat, RadialLens(0.0, PHOTO_WH))
