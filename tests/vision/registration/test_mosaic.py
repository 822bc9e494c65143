"""Close-ups set into earlier pictures of the board."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.layout import Layout, Slot
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from vision.image.photo import Photo
from vision.registration.frame import Registration
from vision.registration.mosaic import compose, frame_of, showing
from vision.registration.rectify import rectify

BOARD = Board(
    "friday",
    "Friday",
    dt.date(2026, 1, 2),
    Layout(rooms=("A", "B"), slots=(Slot.parse("10:00-11:00"),)),
)
WHOLE = Rect(0, 0, 1, 1)
AREA_WH = (400, 200)
"""Size of the cell area in pictures at scale 1."""


def registration(part, *, scale=1.0, margin=(0, 0, 0, 0)):
    """Place a photo that shows a part of the cell area exactly, pixel by pixel.

    The rectified board has margins (left, top, right, bottom), in pixels.
    """
    width, height = AREA_WH[0] * scale, AREA_WH[1] * scale
    left, top, right, bottom = margin
    photo_wh = round(part.width * width), round(part.height * height)
    at = Homography.translation(left + part.left * width, top + part.top * height)
    return Registration(
        board=BOARD,
        method="tags",
        projection=Projection(at, RadialLens(0.0, photo_wh)),
        size_wh=(round(width + left + right), round(height + top + bottom)),
        cell_area=Rect(left, top, left + width, top + height),
        residual_px=0.0,
        coverage=part.overlap(WHOLE),
    )


def picture(shade, part=WHOLE, **frame):
    """Straighten a photo of one shade that shows a part of the board."""
    placed = registration(part, **frame)
    width, height = placed.projection.lens.photo_wh
    pixels = np.full((height, width, 3), shade, np.uint8)
    return rectify(Photo.from_pixels(pixels), placed)


def shades(composite, *places):
    """Return the shades at places of the unit square, for pictures without margins."""
    height, width = composite.shape[:2]
    return [int(composite[int(y * height), int(x * width), 0]) for x, y in places]


LEFT, RIGHT = Rect(0, 0, 0.5, 1), Rect(0.4, 0, 1, 1)
POINTS = ((0.2, 0.5), (0.45, 0.5), (0.8, 0.5))


@pytest.mark.parametrize(
    ("pictures", "expected"),
    [
        ([picture(90)], [90, 90, 90]),
        ([picture(90), picture(150, LEFT)], [150, 150, 90]),
        ([picture(90), picture(150, LEFT), picture(220, RIGHT)], [150, 220, 220]),
        ([picture(90), picture(220, RIGHT), picture(150, LEFT)], [150, 150, 220]),
        ([picture(150, LEFT)], [150, 150, 0]),
        ([picture(150, LEFT), picture(220, RIGHT)], [150, 220, 220]),
        ([picture(150, LEFT), picture(90)], [90, 90, 90]),
        ([picture(90), picture(150, LEFT, scale=3.0)], [150, 150, 90]),
        ([picture(90, scale=2.0), picture(150, LEFT)], [150, 150, 90]),
    ],
    ids=[
        "one",
        "a close-up lies on the whole board",
        "the newest close-up on top",
        "whichever it is",
        "nothing but a close-up",
        "nothing but close-ups",
        "a whole photo replaces all",
        "a sharper close-up",
        "a coarser close-up",
    ],
)
def test_the_newest_part_lies_on_top(pictures, expected):
    assert shades(compose(pictures), *POINTS) == expected


def test_scale_is_that_of_the_finest_picture():
    assert compose([picture(90), picture(150, LEFT, scale=3.0)]).shape == (600, 1200, 3)
    assert compose([picture(90, scale=2.0), picture(150, LEFT)]).shape == (400, 800, 3)


def test_a_picture_kept_smaller_than_it_was_placed_fits_all_the_same():
    whole = picture(90)
    half = np.ascontiguousarray(picture(150, LEFT).pixels[::2, ::2])
    close = type(whole)(registration(LEFT), half)

    assert shades(compose([whole, close]), *POINTS) == [150, 150, 90]
    assert compose([whole, close]).shape == (200, 400, 3)


def test_outside_of_a_close_up_every_pixel_is_as_it_was():
    rng = np.random.default_rng(1)
    pixels = rng.integers(1, 256, (200, 400, 3), dtype=np.uint8)
    whole = rectify(Photo.from_pixels(pixels), registration(WHOLE))

    composite = compose([whole, picture(150, LEFT)])

    np.testing.assert_array_equal(composite[:, 201:], pixels[:, 201:])
    # The seam is narrow, and inside of it there is nothing but the close-up (whose
    # corners are rounded).
    assert (composite[16:-16, 2:197] == 150).all()


def test_margins_are_those_of_the_whole_photo():
    margin = (40, 20, 8, 8)
    whole = picture(90, Rect(-0.1, -0.1, 1.02, 1.04), margin=margin)

    composite = compose([whole, picture(150, LEFT)])

    assert composite.shape == (228, 448, 3)
    assert composite[120, 20, 0] == 90
    assert composite[120, 100, 0] == 150


def test_margins_of_close_ups_alone_are_as_wide_as_any():
    left = picture(150, Rect(-0.1, 0, 0.5, 1), margin=(40, 0, 0, 0))
    right = picture(220, Rect(0.4, 0, 1.02, 1), margin=(0, 0, 8, 0))

    composite = compose([left, right])

    assert composite.shape == (200, 448, 3)
    assert [int(composite[100, x, 0]) for x in (20, 100, 300, 445)] == [
        150,
        150,
        220,
        220,
    ]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (registration(WHOLE, margin=(40, 20, 0, 10)), Rect(-0.1, -0.1, 1, 1.05)),
        (registration(LEFT, margin=(40, 20, 0, 10)), Rect(-0.1, -0.1, 1.2, 1.05)),
    ],
    ids=["whole: its own margins", "close-ups: all of theirs"],
)
def test_a_frame_is_in_units_of_the_cell_area(first, expected):
    frame = frame_of([first, registration(RIGHT, margin=(0, 0, 80, 0))])

    assert frame.to_quad().to_array() == pytest.approx(expected.to_quad().to_array())


def test_a_photo_of_another_part_of_the_wall_changes_nothing():
    whole, beside = picture(90), picture(150, Rect(3, 0, 4, 1))

    np.testing.assert_array_equal(compose([whole, beside]), whole.pixels)


def test_no_picture_is_a_mistake():
    with pytest.raises(ValueError, match="at least one picture"):
        compose([])


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], ()),
        ([WHOLE], (0,)),
        ([WHOLE, WHOLE], (1,)),
        ([WHOLE, LEFT, RIGHT], (0, 1, 2)),
        ([LEFT, WHOLE, RIGHT], (1, 2)),
        ([WHOLE, LEFT, LEFT], (0, 2)),
        ([WHOLE, Rect(0.1, 0.1, 0.3, 0.9), LEFT], (0, 2)),
        ([LEFT, RIGHT], (0, 1)),
        ([LEFT, Rect(0, 0, 0.6, 1), Rect(0.5, 0, 1, 1)], (1, 2)),
        ([WHOLE, Rect(3, 0, 4, 1)], (0, 1)),
    ],
    ids=[
        "none",
        "one",
        "a newer whole one",
        "close-ups on a whole one",
        "what is older than the whole one",
        "the same close-up again",
        "a close-up inside a newer one",
        "only close-ups",
        "hidden by two newer ones",
        "the newest though it shows nothing",
    ],
)
def test_what_newer_pictures_hide_is_left_out(parts, expected):
    assert showing([registration(part) for part in parts]) == expected


@st.composite
def some_parts(draw):
    edges = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
    left, right = sorted(draw(st.lists(edges, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(edges, min_size=2, max_size=2, unique=True)))
    return Rect(left, top, right, bottom)


@settings(max_examples=20, deadline=None)
@given(parts=st.lists(some_parts(), min_size=1, max_size=5))
def test_what_is_left_out_would_not_have_shown(parts):
    pictures = [picture(20 + 40 * index, part) for index, part in enumerate(parts)]

    kept = [pictures[index] for index in showing([registration(p) for p in parts])]

    # In the middle of each sixteenth of the board: far from every seam.
    middles = [((x + 0.5) / 4, (y + 0.5) / 4) for x in range(4) for y in range(4)]
    assert shades(compose(kept), *middles) == shades(compose(pictures), *middles)
