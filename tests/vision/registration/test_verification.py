"""Whether a match with a reference can be trusted: drawn from bare features."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.layout import Layout, Slot
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from vision.registration.features import Features
from vision.registration.fit import K1_SPREAD
from vision.registration.frame import registration_from_area
from vision.registration.reference import Reference, match_reference
from vision.registration.verification import Evidence, distance_in_cells, evidence_of

PHOTO_WH = (1000, 800)
AREA = Rect(100, 100, 900, 700)
CELL = (200, 150)
CAMERA = Homography(
    np.array([[0.8, -0.1, 120.0], [0.07, 0.75, 60.0], [1e-4, 5e-5, 1.0]])
)
"""A photo from the reference."""


def looks(rng, count):
    """Return descriptors that are all different, (count, 128) float32."""
    raw = rng.random((count, 128)) ** 4
    return np.sqrt(raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)


def within(rng, rect, count):
    return rng.uniform((rect.left, rect.top), (rect.right, rect.bottom), (count, 2))


@pytest.fixture
def rng():
    return np.random.default_rng(8)


@pytest.fixture
def board():
    layout = Layout(
        rooms=("A", "B", "C", "D"),
        slots=tuple(Slot.parse(f"{hour}:00-{hour + 1}:00") for hour in range(10, 14)),
    )
    return Board("board", "Board", dt.date(2026, 1, 1), layout)


@pytest.fixture
def reference_with(board):
    def make(points, descriptors):
        return Reference(
            board=board,
            sha256="0" * 64,
            corners_photo=AREA.to_quad().to_array(),
            lens=RadialLens(0.0, PHOTO_WH),
            k1_spread=K1_SPREAD,
            aspect=AREA.width / AREA.height,
            features=Features(points, descriptors),
        )

    return make


@pytest.fixture
def judged(reference_with, rng):
    """Match photo points and descriptors with a reference's; return the evidence."""

    def judge(reference_points, reference_looks, points, descriptors):
        reference = reference_with(reference_points, reference_looks)
        photo = CAMERA.apply(points) + rng.normal(0, 0.3, points.shape)
        features = Features(photo, descriptors)
        match = match_reference(PHOTO_WH, features, reference)
        return evidence_of(match, features, reference) if match else None

    return judge


def test_a_board_that_is_all_there_is_sure(judged, rng):
    points, descriptors = within(rng, AREA, 400), looks(rng, 400)

    evidence = judged(points, descriptors, points, descriptors)

    assert evidence.doubt == ""
    assert evidence.sure
    assert evidence.close >= 390
    assert evidence.rival == 0
    assert evidence.spread < 0.002
    assert evidence.residual_px < 0.5


def test_a_board_whose_cards_have_mostly_changed_is_found(judged, rng):
    points, descriptors = within(rng, AREA, 300), looks(rng, 300)
    new = looks(rng, 300)
    new[:60] = descriptors[:60]

    evidence = judged(points, descriptors, points, new)

    assert evidence.doubt == ""
    assert 50 <= evidence.close <= 70


def test_a_moved_card_does_not_take_the_board_along(judged, rng):
    card = Rect(310, 260, 480, 390)
    points = np.concatenate([within(rng, AREA, 200), within(rng, card, 90)])
    descriptors = looks(rng, 290)
    elsewhere = looks(rng, 290)
    elsewhere[200:] = descriptors[200:]
    moved = points.copy()
    moved[200:] += [1.3 * CELL[0], 1.2 * CELL[1]]

    evidence = judged(points, descriptors, moved, elsewhere)

    assert evidence.close >= 80
    assert evidence.doubt == "what matches is a single card, which may have been moved"


def test_a_bare_grid_that_fits_a_cell_further_as_well_is_refused(judged, rng):
    # The same look at every crossing; what is different is a cell of the photo.
    crossing, of_cell = within(rng, Rect(-20, -20, 20, 20), 12), looks(rng, 12)
    steps = np.stack(np.meshgrid(range(5), range(5)), axis=-1).reshape(-1, 1, 2)
    grid = (crossing + (AREA.left, AREA.top) + steps * CELL).reshape(-1, 2)
    on_grid = np.tile(of_cell, (25, 1))
    own, other = within(rng, AREA, 24), looks(rng, 24)
    points = np.concatenate([grid, own])

    evidence = judged(
        points,
        np.concatenate([on_grid, other]),
        points,
        np.concatenate([on_grid, other]),
    )

    assert evidence is None or evidence.doubt == "it fits as well a cell further"


def test_a_photo_of_something_else_is_no_match(judged, rng):
    points = within(rng, AREA, 400)

    evidence = judged(points, looks(rng, 400), points, looks(rng, 400))

    assert evidence is None or evidence.doubt


GOOD = Evidence(
    close=200,
    share=0.8,
    elsewhere=150,
    rival=0.1,
    spread=0.001,
    residual_px=0.8,
    plausible=True,
)


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        pytest.param({}, "", id="good"),
        pytest.param(
            {"plausible": False}, "the fit shows the board edge-on", id="edge-on"
        ),
        pytest.param({"close": 24}, "only 24 places match", id="few"),
        pytest.param({"close": 25}, "", id="just enough"),
        pytest.param({"share": 0.29}, "only 29% of the matches agree", id="chance"),
        pytest.param({"elsewhere": 14}, "a single card", id="one card"),
        pytest.param({"rival": 0.51}, "a cell further", id="rival"),
        pytest.param({"spread": 0.013}, "too small a part", id="loose"),
        pytest.param({"spread": None}, "too small a part", id="not known"),
    ],
)
def test_what_is_lacking_is_said(changed, doubt):
    evidence = replace(GOOD, **changed)

    assert doubt in evidence.doubt
    assert bool(evidence.doubt) == bool(doubt)


@pytest.mark.parametrize(
    ("changed", "sure"),
    [
        pytest.param({}, True, id="good"),
        pytest.param({"close": 99}, False, id="few"),
        pytest.param({"share": 0.39}, False, id="changed"),
        pytest.param({"spread": 0.003}, False, id="loose"),
        pytest.param({"rival": 0.9}, False, id="doubted"),
    ],
)
def test_only_what_needs_no_second_look_is_sure(changed, sure):
    assert replace(GOOD, **changed).sure is sure


def test_matches_that_all_lie_on_a_line_are_no_match(judged, rng):
    descriptors = looks(rng, 200)
    along = rng.uniform(0, 800, 200)
    line = np.column_stack([100 + along, 100 + 0.6 * along])

    assert judged(within(rng, AREA, 200), descriptors, line, descriptors) is None


@pytest.fixture
def placed(board):
    """Place the board so many of its own widths to the right of the photo's middle."""

    def place(shift):
        onto = Homography.translation(-shift, 0) @ Homography.scaling(1 / 1000, 1 / 800)
        lens = RadialLens(0.0, PHOTO_WH)
        return registration_from_area(
            board, "tags", Projection(onto, lens), aspect=1.25, residual_px=0
        )

    return place


def test_distance_is_in_cells_of_what_the_photo_shows(placed):
    assert distance_in_cells(placed(0.0), placed(0.1)) == pytest.approx(0.4)
    assert distance_in_cells(placed(0.0), placed(3.0)) is None
