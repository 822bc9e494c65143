"""What a rectified board shows before its cards are found, each code from a situation."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.lens import Projection, RadialLens
from vision.quality import assess_picture
from vision.quality.light import DARK, OVEREXPOSED
from vision.quality.placement import UNCHECKED
from vision.reading import Finding
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard

PHOTO_WH = (1000, 750)
GREY = np.full((300, 400, 3), 128, np.uint8)
BLURRED = Finding(
    "blurred", "The photo is blurred. Hold still, let it focus and take it again."
)


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


@pytest.fixture(scope="module")
def good(seen_at):
    return seen_at(Rect(100, 75, 900, 675))


@pytest.fixture(scope="module")
def straight(printed_scene):
    return printed_scene.straight


def findings(pixels, registration):
    return assess_picture(RectifiedBoard(registration, pixels))


def out_of_focus(pixels, sigma):
    return cv2.GaussianBlur(pixels, (0, 0), sigma)


def test_a_good_photo_has_no_findings(good, straight):
    assert findings(GREY, good) == ()
    assert assess_picture(straight) == ()


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param(15, (DARK,), id="dark"),
        pytest.param(20, (), id="dim"),
        pytest.param(255, (OVEREXPOSED,), id="overexposed"),
    ],
)
def test_light(good, level, expected):
    assert findings(np.full_like(GREY, level), good) == expected


def test_black_around_the_photo_is_not_darkness(good):
    half = GREY.copy()
    half[:, :300] = 0

    assert findings(half, good) == ()
    assert findings(np.zeros_like(GREY), good) == ()


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param(120, (BLURRED,), id="in the light"),
        pytest.param(20, (), id="where everything is soft"),
    ],
)
def test_a_picture_is_blurred_only_in_enough_light(straight, level, expected):
    gain = level / straight.pixels.mean()
    soft = (out_of_focus(straight.pixels, 3) * gain).clip(0, 255).astype(np.uint8)

    assert findings(soft, straight.registration) == expected


@pytest.mark.parametrize(
    ("rect", "side"),
    [
        (Rect(-200, 75, 700, 675), "left"),
        (Rect(100, -300, 900, 600), "top"),
        (Rect(300, 75, 1300, 675), "right"),
        (Rect(100, 75, 900, 1000), "bottom"),
    ],
)
def test_a_board_that_is_cut_off_names_the_side(seen_at, rect, side):
    assert findings(GREY, seen_at(rect, 0.75)) == (
        Finding(
            "cut_off",
            f"The board is cut off at the {side}: 75% of it is in the photo. "
            "The rest stays as it was.",
        ),
    )


def test_staff_hear_where_only_tags_place_a_board(good):
    assert findings(GREY, replace(good, checked=False)) == (UNCHECKED,)


def test_staff_hear_which_tags_have_moved(good):
    board = replace(good.board, tags=(4, 5, 6, 7))

    assert findings(GREY, replace(good, board=board, moved_tags=(5, 7))) == (
        Finding(
            "tag_moved",
            "Tag 5 (top right) and tag 7 (bottom left) moved. The board was placed by "
            "what else it shows: put each tag back at its corner of the cells.",
        ),
    )


def test_cells_too_small_to_read_ask_to_go_closer(seen_at):
    assert findings(GREY, seen_at(Rect(100, 100, 300, 300))) == (
        Finding(
            "too_far",
            "A cell is only 50 pixels wide in the photo. Go closer, or take a larger "
            "picture.",
        ),
    )


def test_several_findings_come_together(seen_at):
    registration = seen_at(Rect(-100, 0, 100, 200), 0.5)

    several = findings(np.full_like(GREY, 10), registration)

    assert [finding.code for finding in several] == ["dark", "cut_off", "too_far"]


def test_a_board_that_reaches_beyond_the_lens_is_cut_off(seen_at):
    # Almost edge on: the far corners lie far outside of the photo.
    corners = Quad.from_array([[0, 0], [40000, -30000], [40000, 31000], [0, 700]])
    homography = Homography.from_quads(
        target=Rect(0, 0, 400, 300).to_quad(), source=corners
    )
    registration = replace(
        seen_at(Rect(0, 0, 1000, 700), 0.02),
        projection=Projection(homography, RadialLens(-0.1, PHOTO_WH)),
    )

    assert [one.code for one in findings(GREY, registration)] == ["cut_off"]


@pytest.fixture(scope="module")
def lit(straight):
    """Put something bright on a board of one colour, over its first cell."""
    registration = straight.registration
    area = registration.cell_area
    cell = registration.board.layout.cell_rect(registration.board.layout.cells[0])
    centre = (
        area.left + (cell.left + cell.width / 2) * area.width,
        area.top + (cell.top + cell.height / 2) * area.height,
    )
    reach = cell.width * area.width / 5
    width, height = registration.size_wh
    x, y = np.meshgrid(np.arange(width) - centre[0], np.arange(height) - centre[1])

    def put(light):
        level = light(x / reach, y / reach)
        board = np.array((60, 190, 200)) + level[..., None] * 255
        return np.clip(board, 0, 255).astype(np.uint8)

    return put


def lamp(x, y):
    return 3 * np.exp(-(x**2 + y**2) / 0.8)


def white_paper(x, y):
    return (np.maximum(abs(x), abs(y)) < 1).astype(float)


def soft_shine(x, y):
    return 0.15 * lamp(x, y)


def push_pin(x, y):
    return lamp(12 * x, 12 * y)


def test_a_lamp_mirrored_in_a_cell_is_glare(lit, straight):
    assert findings(lit(lamp), straight.registration) == (
        Finding(
            "glare",
            "Glare hides part of Room 301 at 10:00. Take a step to the side and take "
            "it again.",
            (CellId("Room 301", "10:00-11:00"),),
        ),
    )


@pytest.mark.parametrize("light", [white_paper, soft_shine, push_pin])
def test_other_bright_things_are_no_glare(lit, straight, light):
    assert findings(lit(light), straight.registration) == ()
