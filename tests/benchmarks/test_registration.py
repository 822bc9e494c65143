"""Photos of drawn boards: placed, refused, placed wrongly."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.registration import (
    Place,
    place_shot,
    placing_error,
    registration_table,
)
from benchmarks.samples import area_from_photo
from benchmarks.scenarios import Scenario, close_up, scenarios, with_lying_tags
from calibration.homography import Homography
from calibration.lens import Projection
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
            unit,
            aspect=truth.cell_area_board.width / truth.cell_area_board.height,
            residual_px=0.0,
        )

    return make


@pytest.mark.parametrize("off_x", [0.0, 0.01, 0.1, -1.0])
def test_error_is_told_in_cells(off_x, registration, pair):
    error = placing_error(registration(off_x), pair.before.truth)

    # Cells are broader than they are high: of their mean side it is a little more.
    assert error == pytest.approx(1.24 * abs(off_x), rel=0.1, abs=1e-3)


def test_a_shot_is_placed_by_tags_or_by_the_first_photo(pair):
    bare = replace(pair.board, tags=None)
    first = pair.before
    reference = Reference.from_photo(bare, first.photo, first.truth.corners_photo)

    assert place_shot(pair.after, pair.board, reference) == "ok"
    assert place_shot(pair.after, bare, reference) == "ok"


def test_a_shot_of_something_else_is_refused(pair):
    bare = replace(pair.board, tags=None)
    first = pair.before
    reference = Reference.from_photo(bare, first.photo, first.truth.corners_photo)
    black = replace(first.photo, pixels=first.photo.pixels * 0, sha256="0" * 64)

    assert place_shot(replace(first, photo=black), bare, reference) == "refused"


def test_a_close_up_shows_a_part_of_the_board():
    states = {cell.state for cell in close_up(TAGGED, (800, 600)).truth.cells}

    assert "unseen" in states
    assert states & {"free", "taken"}


def test_of_lying_tags_one_hangs_elsewhere_or_the_layout_is_another():
    moved, other = with_lying_tags(TAGGED, (800, 600))
    truth = moved.truth
    top_left, top_right, bottom_right, bottom_left = (
        np.array(truth.projection.quad_board(quad).centre)
        for _, quad in truth.tag_quads_photo
    )
    # Where none was moved, they are the corners of a rectangle.
    off = np.abs(top_left + bottom_right - top_right - bottom_left).max()
    column = truth.cell_area_board.width / len(truth.rooms)

    assert 0.05 * column < off <= column
    assert len(other.truth.slots) == len(truth.slots) - 1


def test_places_are_counted_by_kind():
    places = [
        Place(TAGGED, "whole", "ok"),
        Place(TAGGED, "close-up", "refused"),
        Place(TAGGED, "a tag moved", "told"),
        Place(BARE, "whole", "wrong"),
    ]

    assert registration_table(places).rows == (
        ("with tags", 3, 1, 1, 1, 0, "≤ 0", "yes"),
        ("without tags", 1, 0, 0, 0, 1, "≤ 0", "NO"),
        ("people in front", 1, 0, 0, 0, 1, "≤ 0", "NO"),
        ("40% of the cards changed, or more", 3, 1, 1, 1, 0, "≤ 0", "yes"),
        ("whole", 2, 1, 0, 0, 1, "≤ 0", "NO"),
        ("close-up", 1, 0, 0, 1, 0, "≤ 0", "yes"),
        ("a tag moved", 1, 0, 1, 0, 0, "≤ 0", "yes"),
        ("all", 4, 1, 1, 1, 1, "≤ 0", "NO"),
    )


def test_scenarios_hold_every_kind_of_board_with_every_crowd():
    chosen = scenarios(36)

    kinds = {(one.tags, one.lines, one.look, one.people) for one in chosen}
    assert len(kinds) == len(chosen) == 36
    assert {one.changed for one in chosen} >= {0.0, 0.7}
