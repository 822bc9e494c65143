import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Point, Quad, Rect
from calibration.homography import Homography
from calibration.lens import MAX_RADIAL_K1, Projection, RadialLens

SIZES = st.sampled_from([(4032, 3024), (3024, 4032), (640, 480), (1, 1), (8000, 2000)])
TERMS = st.floats(-MAX_RADIAL_K1, MAX_RADIAL_K1)
LENSES = st.builds(RadialLens, TERMS, SIZES)


@st.composite
def lens_and_points(draw):
    """A lens and points of its photo."""
    lens = draw(LENSES)
    shares = draw(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1))
    return lens, np.array(shares) * lens.photo_wh


@given(lens_and_points())
def test_bending_undoes_straightening_within_a_millionth_of_a_pixel(drawn):
    lens, points = drawn

    back = lens.photo_from_straight(lens.straight_from_photo(points))

    assert np.abs(back - points).max() < 1e-6


@given(lens_and_points())
def test_straightening_undoes_bending_within_a_millionth_of_a_pixel(drawn):
    lens, points = drawn
    points = lens.straight_from_photo(points)

    back = lens.straight_from_photo(lens.photo_from_straight(points))

    assert np.abs(back - points).max() < 1e-6


@given(LENSES)
def test_centre_stays(lens):
    centre = np.array([lens.centre])

    assert lens.straight_from_photo(centre).tolist() == centre.tolist()
    assert lens.photo_from_straight(centre).tolist() == centre.tolist()


def test_no_term_changes_nothing():
    points = np.array([[0, 0], [4032, 3024], [17.5, 2000]])

    assert RadialLens(0, (4032, 3024)).straight_from_photo(points) == pytest.approx(
        points
    )


@pytest.mark.parametrize(
    ("k1", "outward"),
    [pytest.param(-0.1, True, id="barrel"), pytest.param(0.1, False, id="pincushion")],
)
def test_corner_moves_along_its_radius_as_the_model_says(k1, outward):
    lens = RadialLens(k1, (400, 300))

    straight = lens.straight_from_photo([[0, 0]])[0]

    assert lens.radius_px == 250
    assert lens.centre == Point(200, 150)
    # The corner is at radius 1: it moves to 1 / (1 + k1).
    assert straight == pytest.approx(np.array([200, 150]) * (1 - 1 / (1 + k1)))
    assert (straight < 0).all() == outward


@pytest.mark.parametrize("k1", [0.1201, -0.1201, float("nan"), float("inf")])
def test_implausible_term_is_refused(k1):
    with pytest.raises(ValueError, match="expected"):
        RadialLens(k1, (400, 300))


def test_point_far_beyond_the_model_is_clamped():
    lens = RadialLens(0.12, (400, 300))

    assert np.isfinite(lens.photo_from_straight([[1e6, 1e6]])).all()


@given(TERMS)
def test_projection_goes_to_the_board_and_back(k1):
    photo_quad = Quad.from_array([[700, 500], [3500, 300], [3600, 2800], [500, 2500]])
    homography = Homography.from_quads(
        target=Rect(0, 0, 1600, 1200).to_quad(), source=photo_quad
    )
    projection = Projection(homography, RadialLens(k1, (4032, 3024)))
    card = Rect(100, 200, 300, 380).to_quad()

    there_and_back = projection.quad_board(projection.quad_photo(card)).to_array()

    assert there_and_back == pytest.approx(card.to_array(), abs=1e-6)
    points = projection.photo_from_board(card.to_array())
    assert projection.quad_photo(card).to_array() == pytest.approx(points, abs=1e-9)
