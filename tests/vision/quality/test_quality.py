"""Remarks on a photo, each from a situation made for it."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from vision.image.rectify import RectifiedBoard, Registration
from vision.quality import assess_picture
from vision.reading import Finding

PHOTO_WH = (1000, 750)
GREY = np.full((300, 400, 3), 128, np.uint8)


@pytest.fixture(scope="module")
def seen_at(printed_scene):
    """Place the cell area of a 4 x 4 board at a rect of the photo."""

    def place(rect, coverage=1.0):
        area = Rect(0, 0, 400, 300)
        homography = Homography.from_quads(target=area.to_quad(), source=rect.to_quad())
        return Registration(
            board=printed_scene.board,
            method="tags",
            projection=Projection(homography, RadialLens(0.0, PHOTO_WH)),
            size_wh=(400, 300),
            cell_area=area,
            residual_px=0.3,
            coverage=coverage,
        )

    return place


def remarks(pixels, registration):
    return assess_picture(RectifiedBoard(registration, pixels))


@pytest.fixture(scope="module")
def good(seen_at):
    return seen_at(Rect(100, 75, 900, 675))


def test_a_good_photo_is_not_remarked_on(good, printed_scene):
    assert remarks(GREY, good) == ()
    assert assess_picture(printed_scene.straight) == ()


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param(
            15,
            Finding(
                "dark", "The photo is dark. Switch on the light and take it again."
            ),
            id="dark",
        ),
        pytest.param(
            255,
            Finding(
                "overexposed",
                "The photo is overexposed. Tap on the board before you take it again.",
            ),
            id="overexposed",
        ),
    ],
)
def test_light(good, level, expected):
    assert remarks(np.full_like(GREY, level), good) == (expected,)


def test_dim_light_is_no_darkness_before_the_cards_are_looked_at(good):
    assert remarks(np.full_like(GREY, 20), good) == ()


def test_black_around_the_photo_is_not_darkness(good):
    half = GREY.copy()
    half[:, :300] = 0

    assert remarks(half, good) == ()
    assert remarks(np.zeros_like(GREY), good) == ()


@pytest.mark.parametrize(
    ("rect", "side"),
    [
        (Rect(-200, 75, 700, 675), "left"),
        (Rect(100, -300, 900, 600), "top"),
        (Rect(300, 75, 1300, 675), "right"),
        (Rect(100, 75, 900, 1000), "bottom"),
    ],
)
def test_a_board_cut_off_names_the_side(seen_at, rect, side):
    (finding,) = remarks(GREY, seen_at(rect, 0.75))

    assert finding == Finding(
        "cut_off",
        f"The board is cut off at the {side}: 75% of it is in the photo. "
        "The rest stays as it was.",
    )


def test_staff_are_told_where_only_tags_place_a_board(good):
    (finding,) = remarks(GREY, replace(good, checked=False))

    assert finding.code == "unchecked"
    assert "each tag hangs at its corner" in finding.message


def test_staff_are_told_which_tags_have_moved(good):
    board = replace(good.board, tags=(4, 5, 6, 7))
    moved = replace(good, board=board, moved_tags=(5, 7))

    (finding,) = remarks(GREY, moved)

    assert finding == Finding(
        "tag_moved",
        "Tag 5 (top right) and tag 7 (bottom left) moved. The board was placed by "
        "what else it shows: put each tag back at its corner of the cells.",
    )


def test_cells_too_small_to_read_ask_to_go_closer(seen_at):
    (finding,) = remarks(GREY, seen_at(Rect(100, 100, 300, 300)))

    assert finding == Finding(
        "too_far",
        "A cell is only 50 pixels wide in the photo. Go closer, or take a larger "
        "picture.",
    )


def test_several_remarks_come_together(seen_at):
    registration = seen_at(Rect(-100, 0, 100, 200), 0.5)

    findings = remarks(np.full_like(GREY, 10), registration)

    assert [finding.code for finding in findings] == ["dark", "cut_off", "too_far"]


def test_a_board_reaching_beyond_the_lens_is_remarked_on_not_crashed_on(seen_at):
    # Almost edge on: the far corners lie far outside of the photo.
    corners = Quad.from_array([[0, 0], [40000, -30000], [40000, 31000], [0, 700]])
    homography = Homography.from_quads(
        target=Rect(0, 0, 400, 300).to_quad(), source=corners
    )
    registration = replace(
        seen_at(Rect(0, 0, 1000, 700), 0.02),
        projection=Projection(homography, RadialLens(-0.1, PHOTO_WH)),
    )

    (finding,) = remarks(GREY, registration)

    assert finding.code == "cut_off"
