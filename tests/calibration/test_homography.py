import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Quad, Rect
from calibration.homography import Homography

PICTURE = Rect(0, 0, 4000, 3000).to_quad()
POINTS = np.array([[0, 0], [4000, 0], [4000, 3000], [0, 3000], [1234, 987]], float)


@st.composite
def views(draw):
    """Maps as a camera makes them: the picture's corners move by a quarter at most."""
    shifts = st.floats(-0.25, 0.25)
    moves = np.array(draw(st.lists(shifts, min_size=8, max_size=8))).reshape(4, 2)
    source = Quad.from_array(PICTURE.to_array() + moves * [4000, 3000] * 0.9)
    return Homography.from_quads(target=PICTURE, source=source)


def test_identity_leaves_points():
    assert Homography.identity().apply(POINTS).tolist() == POINTS.tolist()


def test_scaling_and_translation():
    moved = Homography.translation(10, -20) @ Homography.scaling(2, 3)

    assert moved.apply([[1, 1], [5, 0]]).tolist() == [[12, -17], [20, -20]]


def test_corners_of_one_quad_become_those_of_the_other():
    source = Quad.from_array([[412, 380], [3620, 402], [3590, 2804], [430, 2790]])

    target_from_source = Homography.from_quads(target=PICTURE, source=source)

    mapped = target_from_source.apply_quad(source).to_array()
    assert mapped == pytest.approx(PICTURE.to_array(), abs=1e-6)


@given(views())
def test_inverse_undoes(view):
    assert view.inverse.apply(view.apply(POINTS)) == pytest.approx(POINTS, abs=1e-5)


@given(views(), views())
def test_composition_maps_one_after_the_other(second, first):
    composed = (second @ first).apply(POINTS)

    one_by_one = second.apply(first.apply(POINTS))
    scale = np.abs(one_by_one).max()
    assert composed == pytest.approx(one_by_one, rel=1e-6, abs=1e-9 * scale)


@given(views(), st.floats(0.001, 1000) | st.floats(-1000, -0.001))
def test_scale_of_the_matrix_means_nothing(view, scale):
    scaled = Homography(view.matrix * scale)

    assert scaled.matrix == pytest.approx(view.matrix, rel=1e-9)


def test_matrix_is_read_only_and_normalised():
    homography = Homography(np.diag([2, 2, 2]))

    assert homography.matrix.tolist() == np.eye(3).tolist()
    with pytest.raises(ValueError, match="read-only"):
        homography.matrix[0, 0] = 5


def test_matrix_given_is_copied():
    matrix = np.eye(3)
    homography = Homography(matrix)

    matrix[0, 0] = 7

    assert homography.matrix[0, 0] == 1


@pytest.mark.parametrize(
    "matrix",
    [
        pytest.param(np.eye(2), id="shape"),
        pytest.param(np.zeros((3, 3)), id="zero"),
        pytest.param(np.diag([1, 0, 1]), id="onto-a-line"),
        pytest.param(np.full((3, 3), np.nan), id="not-a-number"),
        pytest.param(np.diag([1, 1, np.inf]), id="infinite"),
        pytest.param([[1, 2, 3], [2, 4, 6], [0, 0, 1]], id="singular"),
    ],
)
def test_matrix_that_maps_no_plane_is_refused(matrix):
    with pytest.raises(ValueError, match="expected"):
        Homography(matrix)


def test_map_without_a_scale_at_the_origin_is_kept():
    swap = [[0, 0, 1], [0, 1, 0], [1, 0, 0]]

    assert Homography(swap).apply([[2, 4]]).tolist() == [[0.5, 2]]


def test_point_on_the_horizon_is_not_finite():
    horizon_at_100 = Homography([[1, 0, 0], [0, 1, 0], [-0.01, 0, 1]])

    assert not np.isfinite(horizon_at_100.apply([[100, 50]])).any()


def test_quad_over_the_horizon_is_refused():
    horizon_at_100 = Homography([[1, 0, 0], [0, 1, 0], [-0.01, 0, 1]])

    with pytest.raises(ValueError, match="expected"):
        horizon_at_100.apply_quad(Rect(50, 0, 150, 10).to_quad())


def test_no_points_are_mapped_to_none():
    assert Homography.identity().apply(np.empty((0, 2))).shape == (0, 2)
