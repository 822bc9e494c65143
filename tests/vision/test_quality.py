"""Remarks on a photo, each from a situation made for it."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.lens import Projection, RadialLens
from vision.quality import assess
from vision.reading import CellReading, Finding
from vision.rectify import RectifiedBoard, Registration

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


def remarks(pixels, registration, cells=(), cards=()):
    return assess(RectifiedBoard(registration, pixels), cells, cards)


@pytest.fixture(scope="module")
def good(seen_at):
    return seen_at(Rect(100, 75, 900, 675))


def test_a_good_photo_is_not_remarked_on(good, printed_scene):
    cells = [CellReading(cell, "free") for cell in printed_scene.board.layout.cells]

    assert remarks(GREY, good, cells) == ()


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param(
            20,
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


def test_cells_too_small_to_read_ask_to_go_closer(seen_at):
    (finding,) = remarks(GREY, seen_at(Rect(100, 100, 340, 340)))

    assert finding == Finding(
        "too_far",
        "A cell is only 60 pixels wide in the photo. Go closer, or take a larger "
        "picture.",
    )


@pytest.mark.parametrize(
    ("count", "where"),
    [
        (1, "Room 301 at 10:00 cannot be seen for certain"),
        (2, "Room 301 at 10:00 and Room 302 at 10:00 cannot be seen"),
        (5, "Room 301 at 10:00, Room 302 at 10:00 and 3 more cannot be seen"),
    ],
)
def test_covered_cells_are_named_and_counted(good, printed_scene, count, where):
    cells = printed_scene.board.layout.cells
    states = [
        CellReading(cell, "covered" if index < count else "free")
        for index, cell in enumerate(cells)
    ]

    (finding,) = remarks(GREY, good, states)

    assert finding.code == "covered"
    assert finding.cells == cells[:count]
    assert cells[0] == CellId("Room 301", "10:00-11:00")
    assert where in finding.message
    assert "stays published" in finding.message


def test_several_remarks_come_together(seen_at, printed_scene):
    registration = seen_at(Rect(-100, 0, 100, 200), 0.5)
    cells = [CellReading(printed_scene.board.layout.cells[0], "covered")]

    findings = remarks(np.full_like(GREY, 10), registration, cells)

    assert [finding.code for finding in findings] == [
        "dark",
        "cut_off",
        "too_far",
        "covered",
    ]


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
