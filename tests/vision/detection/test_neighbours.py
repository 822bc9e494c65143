import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.detection.neighbours import without_neighbours

YELLOW, GREEN, PINK, BROWN, WHITE, BLACK, BLUE = (
    (90, 220, 240),
    (90, 200, 120),
    (180, 120, 250),
    (92, 128, 164),
    (240, 240, 240),
    (35, 30, 30),
    (160, 60, 20),
)
WIDTH, HEIGHT, RING = 300, 190, 9
CORNER = np.s_[110:HEIGHT, 0:120]


def card(colour=YELLOW, *, ground=BROWN, pen=BLACK, title="OPEN DATA"):
    """Return a card with a title, some of the board around it."""
    crop = np.full((HEIGHT, WIDTH, 3), ground, np.uint8)
    crop[RING:-RING, RING:-RING] = colour
    written(crop, title, (40, 70), 1.4, pen)
    return crop


def written(crop, text, where, size, pen=BLACK):
    cv2.putText(crop, text, where, cv2.FONT_HERSHEY_SIMPLEX, size, pen, 4, cv2.LINE_AA)
    return crop


def with_corner(crop, colour, text="Kata"):
    """Lay another card over the lower left corner."""
    crop[CORNER] = colour
    return written(crop, text, (5, 165), 1.2)


def with_dot(crop):
    return cv2.circle(crop, (200, 140), 16, BLUE, cv2.FILLED, cv2.LINE_AA)


def with_highlight(crop):
    crop[95:125, 30:120] = PINK
    return written(crop, "new", (40, 120), 0.9)


def with_sticker(crop):
    crop[105:170, 190:270] = WHITE
    return written(crop, "PY", (205, 150), 1.2)


def with_head(crop):
    crop[:45] = BLUE
    return written(crop, "SESSION", (60, 36), 1.0, WHITE)


def with_label(crop):
    crop[:60] = PINK
    return written(crop, "OPEN", (60, 45), 1.2)


def with_underline(crop):
    return cv2.line(crop, (0, 85), (WIDTH, 88), BLUE, 6, cv2.LINE_AA)


def with_glare(crop):
    """Let a lamp shine on the left of a card, fading to the right."""
    light = 160 * np.clip(1.6 - np.arange(WIDTH) / 100, 0, 1)[None, :, None]
    return np.minimum(crop + light, 255).astype(np.uint8)


@pytest.mark.parametrize("over", [GREEN, PINK, WHITE], ids=["green", "pink", "white"])
def test_written_corner_of_another_card_becomes_paper(over):
    crop = with_corner(card(), over)

    clean = without_neighbours(crop)

    inside = clean[114 : HEIGHT - RING, RING:116].astype(int)
    assert abs(inside - YELLOW).max() <= 12
    np.testing.assert_array_equal(clean[:100], crop[:100])
    np.testing.assert_array_equal(clean[:, 130:], crop[:, 130:])


def test_card_that_lies_above_its_neighbour_loses_nothing():
    crop = with_corner(np.full((HEIGHT, WIDTH, 3), WHITE, np.uint8), GREEN)
    own = cv2.warpAffine(
        card(ground=YELLOW),
        np.array([[0.8, 0.1, 55], [-0.1, 0.8, 30]]),
        (WIDTH, HEIGHT),
    )
    on_top = own.any(axis=2)
    crop[on_top] = own[on_top]

    clean = without_neighbours(crop)

    assert clean is not crop
    far_inside = cv2.erode(on_top.astype(np.uint8), np.ones((17, 17))) > 0
    np.testing.assert_array_equal(clean[far_inside], crop[far_inside])


def test_card_without_its_neighbour_has_no_other_left():
    clean = without_neighbours(with_corner(card(), GREEN))

    assert without_neighbours(clean) is clean


def test_crop_is_not_written_into():
    crop = with_corner(card(), GREEN)
    before = crop.copy()

    without_neighbours(crop)

    np.testing.assert_array_equal(crop, before)


@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(card(), id="nothing but a card"),
        pytest.param(with_corner(card(), GREEN, text=""), id="a blank neighbour"),
        pytest.param(with_corner(card(), YELLOW), id="a neighbour of the same colour"),
        pytest.param(with_dot(card()), id="a vote dot"),
        pytest.param(with_highlight(card()), id="a highlighted word"),
        pytest.param(with_sticker(card()), id="a sticker"),
        pytest.param(with_head(card()), id="a printed head"),
        pytest.param(with_label(card()), id="a label across the card"),
        pytest.param(with_underline(card()), id="an underlined title"),
        pytest.param(with_glare(card()), id="glare"),
        pytest.param(with_glare(card(PINK)), id="glare on pink"),
        pytest.param(with_glare(card(GREEN, ground=WHITE)), id="glare beside white"),
        pytest.param(card(pen=PINK), id="a coloured pen"),
        pytest.param(card(BLACK, pen=WHITE), id="white on black"),
        pytest.param(card(BLACK, ground=BLACK, pen=YELLOW), id="yellow on black"),
        pytest.param(card(WHITE, ground=WHITE), id="white on white"),
        pytest.param(card(title="IIIIII" * 3), id="letters across the edge"),
        pytest.param(np.full((1, 1, 3), 90, np.uint8), id="one pixel"),
        pytest.param(np.full((8, 1600, 3), YELLOW, np.uint8), id="a strip"),
    ],
)
def test_what_is_not_surely_foreign_stays(crop):
    assert without_neighbours(crop) is crop


points = st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT))
colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(
    paper=colours,
    pen=colours,
    width_px=st.integers(1, 12),
    strokes=st.lists(st.tuples(points, points), max_size=6),
)
def test_no_stroke_of_a_pen_is_painted_over(paper, pen, width_px, strokes):
    crop = np.full((HEIGHT, WIDTH, 3), paper, np.uint8)
    for start, end in strokes:
        cv2.line(crop, start, end, pen, width_px, cv2.LINE_AA)

    assert without_neighbours(crop) is crop
