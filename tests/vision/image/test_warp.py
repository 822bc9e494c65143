"""A card's own pixels: as large as in the photo, and upright."""

import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens
from vision.image.photo import Photo
from vision.image.warp import MAX_SIDE_PX, MIN_SIDE_PX, cut_card
from vision.registration.frame import Registration

QUADRANTS = {"red": (0, 0, 255), "green": (0, 255, 0), "blue": (255, 0, 0)}
WHITE = (255, 255, 255)


@pytest.fixture(scope="module")
def placed(printed_scene):
    """Place a board whose pixels are the photo's, times a scale."""

    def place(photo, scale=1.0):
        return Registration(
            board=printed_scene.board,
            method="tags",
            projection=Projection(
                Homography.scaling(scale, scale), RadialLens(0.0, photo.size_wh)
            ),
            size_wh=(400, 300),
            cell_area=Rect(0, 0, 400, 300),
            residual_px=0.0,
            coverage=1.0,
        )

    return place


def coloured_card(rect):
    """Return a grey photo with a card: red, green / blue, white quarters."""
    pixels = np.full((300, 400, 3), 90, np.uint8)
    left, top, right, bottom = rect
    x, y = (left + right) // 2, (top + bottom) // 2
    pixels[top:y, left:x] = QUADRANTS["red"]
    pixels[top:y, x:right] = QUADRANTS["green"]
    pixels[y:bottom, left:x] = QUADRANTS["blue"]
    pixels[y:bottom, x:right] = WHITE
    return Photo.from_pixels(pixels)


def quarters(pixels):
    """Return the colours in the middles of a crop's quarters, row by row."""
    height, width = pixels.shape[:2]
    return [
        tuple(pixels[height * row // 4, width * column // 4].tolist())
        for row in (1, 3)
        for column in (1, 3)
    ]


@pytest.mark.parametrize("scale", [0.25, 1.0, 3.0])
def test_size_is_that_of_the_card_in_the_photo_not_on_the_board(placed, scale):
    photo = coloured_card((100, 80, 220, 160))
    quad = Rect(100 * scale, 80 * scale, 220 * scale, 160 * scale).to_quad()

    crop = cut_card(photo, placed(photo, scale).projection, quad)

    assert crop.shape == (80, 120, 3)
    assert quarters(crop) == [*QUADRANTS.values(), WHITE]


def test_every_card_of_a_photo_is_cut_at_its_size(taped_scene):
    registration = taped_scene.registration
    for card in taped_scene.truth.cards:
        width, height = card.quad_photo.size_wh
        quad_board = registration.projection.quad_board(card.quad_photo)

        crop = cut_card(taped_scene.photo, registration.projection, quad_board)

        assert abs(crop.shape[1] - width) <= 1
        assert abs(crop.shape[0] - height) <= 1


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (0, ["red", "green", "blue", "white"]),
        (1, ["green", "white", "red", "blue"]),
        (2, ["white", "blue", "green", "red"]),
        (3, ["blue", "red", "white", "green"]),
    ],
)
def test_content_stands_as_the_corners_are_named(placed, turns, expected):
    photo = coloured_card((100, 80, 220, 160))
    quad = Rect(100, 80, 220, 160).to_quad().turned(turns)

    crop = cut_card(photo, placed(photo).projection, quad)

    colours = QUADRANTS | {"white": WHITE}
    assert quarters(crop) == [colours[name] for name in expected]
    assert crop.shape[:2] == ((80, 120) if turns % 2 == 0 else (120, 80))


def test_a_crop_has_an_upper_and_a_lower_limit(placed):
    wide = Photo.from_pixels(np.full((40, 5000, 3), 200, np.uint8))
    huge = cut_card(wide, placed(wide).projection, Rect(0, 0, 5000, 10).to_quad())
    tiny = cut_card(wide, placed(wide).projection, Rect(5, 5, 6, 7).to_quad())

    assert huge.shape == (MIN_SIDE_PX, MAX_SIDE_PX, 3)
    assert tiny.shape == (MIN_SIDE_PX, MIN_SIDE_PX, 3)


@pytest.mark.parametrize(
    ("quad", "black"),
    [
        pytest.param(Rect(-200, 10, -100, 60).to_quad(), 1.0, id="beside the photo"),
        pytest.param(Rect(-50, 10, 50, 60).to_quad(), 0.5, id="half outside"),
        pytest.param(
            Quad.from_array([[399, 299], [900, 290], [900, 900], [390, 900]]),
            1.0,
            id="touching a corner",
        ),
    ],
)
def test_what_lies_outside_of_the_photo_is_black(placed, quad, black):
    photo = Photo.from_pixels(np.full((300, 400, 3), 200, np.uint8))

    crop = cut_card(photo, placed(photo).projection, quad)

    assert (crop == 0).mean() == pytest.approx(black, abs=0.03)
