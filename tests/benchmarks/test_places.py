"""Photos of drawn boards: placed, refused, placed wrongly."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.places import (
    KINDS,
    Place,
    PlacingRow,
    place_shot,
    placing_rows,
)
from benchmarks.placing import placing_error, placing_of, turned
from benchmarks.samples import area_from_photo
from benchmarks.scenarios import Scenario, close_up
from calibration.geometry import Quad
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from vision.registration import Reference
from vision.registration.frame import registration_from_area

TAGGED = Scenario(1, tags=True, lines=True, look="taped", people=0, changed=0.6)
BARE = replace(TAGGED, tags=False, look="printed", people=2, changed=0.1)


@pytest.fixture
def registration(pair):
    """Make the registration of the first photo, off by shares of a cell."""
    truth = pair.before.truth

    def make(off_x=0.0):
        exact = area_from_photo(truth)
        moved = Homography.translation(off_x / len(truth.rooms), 0)
        unit = Projection(moved @ exact.homography, exact.lens)
        return registration_from_area(
            pair.board,
            "tags",
            unit.homography,
            unit.lens,
            aspect=truth.cell_area_board.width / truth.cell_area_board.height,
            residual_px=0.0,
        )

    return make


def test_exact_registration_has_no_error(registration, pair):
    assert placing_error(registration(), pair.before.truth) == pytest.approx(
        0, abs=1e-3
    )


@pytest.mark.parametrize(
    ("off_x", "expected"), [(0.01, "ok"), (0.1, "wrong"), (-1.0, "wrong")]
)
def test_registration_off_by_a_share_of_a_cell_is(off_x, expected, registration, pair):
    assert placing_of(registration(off_x), pair.before.truth) == expected


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_error_of_a_turned_photo_is_that_of_the_photo(registration, pair, turns):
    truth = pair.before.truth
    photo_wh = truth.projection.lens.photo_wh
    upright = registration(0.02)
    wh = photo_wh if turns % 2 == 0 else photo_wh[::-1]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * (photo_wh[0], photo_wh[1])
    there = Homography.from_quads(
        target=Quad.from_array(turned(corners, photo_wh, turns)),
        source=Quad.from_array(corners),
    )
    found = replace(
        upright,
        projection=Projection(
            upright.projection.homography @ there.inverse,
            RadialLens(upright.projection.lens.k1, wh),
        ),
    )

    assert placing_error(found, truth, turns) == pytest.approx(
        placing_error(upright, truth), abs=0.003
    )


@pytest.mark.parametrize("turns", range(4))
def test_points_are_turned_as_pixels_are(turns):
    pixels = np.zeros((3, 5), np.uint8)
    pixels[1, 4] = 1

    (found,) = turned(np.array([[4.0, 1.0]]), (5, 3), turns)

    y, x = np.argwhere(np.rot90(pixels, turns))[0]
    assert found.tolist() == [x, y]


@pytest.mark.parametrize("turns", [0, 1])
def test_a_shot_is_placed_by_tags_or_by_the_first_photo(pair, turns):
    bare = replace(pair.board, tags=None)
    first = pair.before
    reference = Reference.from_photo(bare, first.photo, first.truth.corners_photo)

    assert place_shot(pair.after, turns, pair.board, reference) == "ok"
    assert place_shot(pair.after, turns, bare, reference) == "ok"


def test_a_shot_of_something_else_is_refused(pair):
    bare = replace(pair.board, tags=None)
    first = pair.before
    reference = Reference.from_photo(bare, first.photo, first.truth.corners_photo)
    black = replace(first.photo, pixels=first.photo.pixels * 0, sha256="0" * 64)

    assert place_shot(replace(first, photo=black), 0, bare, reference) == "refused"


def test_a_close_up_shows_a_part_of_the_board():
    shot = close_up(TAGGED, (800, 600))

    assert shot.photo.size_wh == shot.truth.projection.lens.photo_wh == (800, 600)
    states = {cell.state for cell in shot.truth.cells}
    assert "unseen" in states
    assert states & {"free", "taken"}


def test_places_are_counted_by_kind():
    places = [
        Place(TAGGED, "whole", "ok"),
        Place(TAGGED, "close-up", "refused"),
        Place(BARE, "turned", "wrong"),
    ]

    rows = {row.boards: row for row in placing_rows(places)}

    assert set(rows) == set(KINDS)
    assert rows["with tags"] == PlacingRow("with tags", 1, 1, 0)
    assert rows["without tags"] == PlacingRow("without tags", 0, 0, 1)
    assert rows["printed"] == PlacingRow("printed", 0, 0, 1)
    assert rows["taped"] == PlacingRow("taped", 1, 1, 0)
    assert rows["whiteboard"] == PlacingRow("whiteboard", 0, 0, 0)
    assert rows["people in front"] == PlacingRow("people in front", 0, 0, 1)
    assert rows["a close-up"] == PlacingRow("a close-up", 0, 1, 0)
    assert rows["all"] == PlacingRow("all", 1, 1, 1)
