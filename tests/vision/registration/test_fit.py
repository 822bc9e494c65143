"""The view of a plane with its slopes, and the fit of two photos of one plane."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from sample_boards.camera import Standpoint, project
from vision.registration.fit import (
    K1_SPREAD,
    CollapsedFitError,
    fit_pair,
    fitting,
    homography_found,
    parameters_of,
    projection_of,
    rms_px,
    view,
)

PHOTO_WH = (1200, 900)
BOARD_WH = (1000, 700)
BOARD = np.stack(
    np.meshgrid(np.linspace(0, 1000, 9), np.linspace(0, 700, 7)), axis=-1
).reshape(-1, 2)


@dataclass(frozen=True)
class Pair:
    """Two photos of the points of BOARD: true ways, and where they show them."""

    first: Projection
    second: Projection

    @property
    def points(self):
        return self.second.photo_from_board(BOARD), self.first.photo_from_board(BOARD)

    @property
    def straight_from_second(self):
        """The way from the second photo to the straight first one."""
        return Projection(
            self.first.homography.inverse @ self.second.homography, self.second.lens
        )


def pair_of(k1, reference_k1, second=(25, 8, 3)):
    return Pair(
        project(BOARD_WH, Standpoint(-12, 3, -1, k1=reference_k1), PHOTO_WH),
        project(BOARD_WH, Standpoint(*second, k1=k1), PHOTO_WH),
    )


def fitted(pair, photo, reference, spread=K1_SPREAD):
    start = pair.straight_from_second
    return fit_pair(
        photo,
        reference,
        Projection(start.homography, RadialLens(0.0, PHOTO_WH)),
        RadialLens(0.0, PHOTO_WH),
        spread,
    )


def placed(found, points_reference):
    """Return where a fit puts the reference's points in the photo."""
    straight = found.reference_lens.straight_from_photo(points_reference)
    return found.projection.photo_from_board(straight)


@settings(max_examples=40, deadline=None)
@given(
    yaw=st.floats(-40, 40),
    pitch=st.floats(-15, 15),
    k1=st.sampled_from([-0.05, 0, 0.03]),
)
def test_a_view_is_the_projection_and_back(yaw, pitch, k1):
    truth = project(BOARD_WH, Standpoint(yaw, pitch, 2, k1=k1), PHOTO_WH)
    normal = Homography.scaling(1e-3, 1e-3) @ Homography.translation(-500, -350)
    parameters = parameters_of(truth, normal)

    seen = view(parameters, normal.apply(BOARD), PHOTO_WH)
    back = projection_of(parameters, normal, PHOTO_WH)

    np.testing.assert_allclose(seen, truth.photo_from_board(BOARD), atol=1e-6)
    np.testing.assert_allclose(back.photo_from_board(BOARD), seen, atol=1e-6)
    assert back.lens.k1 == pytest.approx(k1, abs=1e-12)


@pytest.mark.parametrize("k1", [-0.05, -0.012, 0.0, 0.03])
@pytest.mark.parametrize("reference_k1", [-0.02, 0.0, 0.015])
def test_a_fit_places_points_through_both_lenses(k1, reference_k1):
    pair = pair_of(k1, reference_k1)
    photo, reference = pair.points
    noise = np.random.default_rng(3).normal(0, 0.3, photo.shape)

    found = fitted(pair, photo + noise, reference)

    off = placed(found, reference) - photo
    assert np.hypot(*off.T).mean() < 0.3
    assert found.rms_px < 0.5
    assert found.reference_lens.k1 == pytest.approx(reference_k1, abs=0.02)
    assert found.projection.lens.k1 == pytest.approx(k1, abs=0.02)


def test_what_one_standpoint_cannot_tell_is_left_to_what_lenses_usually_do():
    pair = pair_of(-0.02, -0.02, second=(-12, 3, -1))
    photo, reference = pair.points

    found = fitted(pair, photo, reference)

    np.testing.assert_allclose(placed(found, reference), photo, atol=0.05)
    assert abs(found.reference_lens.k1) < 0.02
    assert abs(found.projection.lens.k1) < 0.02


def test_a_lens_that_is_known_stays():
    pair = pair_of(-0.02, -0.02)
    photo, reference = pair.points

    found = fit_pair(
        photo,
        reference,
        pair.straight_from_second,
        pair.first.lens,
        1e-5,
    )

    assert found.reference_lens.k1 == pytest.approx(-0.02, abs=1e-4)
    assert found.projection.lens.k1 == pytest.approx(-0.02, abs=1e-3)


def test_outliers_do_not_pull_a_fit_away():
    pair = pair_of(-0.01, 0.0, second=(-20, 5, 0))
    photo, reference = pair.points
    rng = np.random.default_rng(4)
    wrong = photo.copy()
    wrong[:9] += rng.uniform(-20, 20, (9, 2))

    found = fitted(pair, wrong, reference)

    assert np.hypot(*(placed(found, reference) - photo).T).mean() < 1.0


def test_the_spread_grows_away_from_the_points_and_with_their_noise():
    pair = pair_of(-0.01, 0.0)
    photo, reference = pair.points
    corner = (BOARD < (400, 300)).all(axis=1)
    noise = np.random.default_rng(5).normal(0, 1, photo.shape)

    quiet = fitted(pair, (photo + noise * 0.3)[corner], reference[corner])
    noisy = fitted(pair, (photo + noise)[corner], reference[corner])

    near, far = reference[corner], reference[-1:]
    assert quiet.spread_px(near).max() < 1.0 < quiet.spread_px(far)[0]
    assert quiet.spread_px(far)[0] < noisy.spread_px(far)[0]


@pytest.mark.parametrize(
    ("residuals", "expected"),
    [
        pytest.param([2.0], 2.0, id="one point"),
        pytest.param([1.0, 1.0, 1.0, 50.0], 1.0, id="the worst quarter is left out"),
    ],
)
def test_rms_is_that_of_the_better_three_quarters(residuals, expected):
    assert rms_px(np.array(residuals)) == expected


def test_a_fit_that_puts_the_plane_onto_a_line_says_so():
    line = np.column_stack([np.arange(9.0), np.zeros(9)]) * 100
    lens = RadialLens(0.0, PHOTO_WH)
    almost_flat = Projection(Homography(np.diag([1.0, 2e-11, 1.0])), lens)

    with pytest.raises(CollapsedFitError):
        fit_pair(line, line, almost_flat, lens, K1_SPREAD)


@pytest.mark.parametrize("found", [None, np.zeros((3, 3)), np.full((3, 3), np.nan)])
def test_no_homography_found_is_a_collapsed_fit(found):
    with pytest.raises(CollapsedFitError), fitting():
        homography_found(found)


def test_a_mistake_in_a_fit_is_no_collapsed_fit():
    with pytest.raises(ValueError, match="shape") as raised, fitting():
        Homography(np.eye(2))
    assert not isinstance(raised.value, CollapsedFitError)
