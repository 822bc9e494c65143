import cv2
import numpy as np
import pytest

from sample_boards.pins import pin_sprite
from vision.recognition.ground import ground_of
from vision.recognition.marks import Marks, marks_on

YELLOW, PINK, WHITE, GREY = (90, 220, 240), (180, 120, 250), (240,) * 3, (150,) * 3
BLACK, BLUE, RED, GREEN = (35, 30, 30), (160, 60, 20), (50, 40, 210), (60, 170, 60)
WIDTH, HEIGHT = 480, 300
MIDDLE = (380, 210)
RADIUS = 16


def card(colour=YELLOW, pen=BLACK):
    crop = np.full((HEIGHT, WIDTH, 3), colour, np.uint8)
    return cv2.putText(
        crop, "OPEN DATA", (30, 110), cv2.FONT_HERSHEY_SIMPLEX, 2.2, pen, 7, cv2.LINE_AA
    )


def with_dot(crop, colour=BLUE, radius=RADIUS):
    return cv2.circle(crop, MIDDLE, radius, colour, cv2.FILLED, cv2.LINE_AA)


def with_ring(crop, width=6):
    radius = RADIUS - width // 2
    return cv2.circle(crop, MIDDLE, radius, BLUE, width, cv2.LINE_AA)


def with_square(crop, colour=BLUE):
    (x, y), side = MIDDLE, RADIUS
    crop[y - side : y + side, x - side : x + side] = colour
    return crop


def with_stroke(crop, colour=BLUE):
    return cv2.line(crop, (330, 200), (430, 220), colour, 24, cv2.LINE_AA)


def with_pin(crop, px_per_mm=3.0):
    colours, opacity = pin_sprite(px_per_mm, 30)
    side = len(colours)
    rows, columns = (
        slice(at - side // 2, at - side // 2 + side) for at in MIDDLE[::-1]
    )
    part = opacity[..., None] / 255
    crop[rows, columns] = crop[rows, columns] * (1 - part) + colours * part
    return crop


def found_at(marks: Marks, where: tuple[int, int]) -> bool:
    x, y = (round(at * marks.scale) for at in where)
    return bool(marks.marks[y, x])


@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(with_dot(card()), id="dot"),
        pytest.param(with_dot(card(PINK), GREEN), id="green dot on pink"),
        pytest.param(with_dot(card(WHITE), RED), id="dot on white"),
        pytest.param(with_dot(card(pen=BLUE), RED), id="dot beside coloured ink"),
        pytest.param(with_dot(card(), radius=32), id="round sticker"),
        pytest.param(with_pin(card()), id="clear pin"),
        pytest.param(with_pin(card(PINK)), id="clear pin on pink"),
    ],
)
def test_a_mark_is_found_and_nothing_else(crop):
    marks = marks_on(ground_of(crop))

    assert marks.found
    assert found_at(marks, MIDDLE)
    written = marks.marks[: round(130 * marks.scale)]
    assert not written.any()


@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(card(), id="writing alone"),
        pytest.param(card(pen=BLUE), id="coloured ink"),
        pytest.param(with_dot(card(), BLACK), id="black disc: a pen's"),
        pytest.param(with_dot(card(), GREY), id="grey disc"),
        pytest.param(with_dot(card(pen=BLUE)), id="disc of the ink's own colour"),
        pytest.param(with_dot(card(), (80, 200, 220)), id="disc of the paper's hue"),
        pytest.param(with_dot(card(), radius=4), id="dot of an i"),
        pytest.param(with_dot(card(), radius=60), id="disc as large as a drawing"),
        pytest.param(with_dot(card(pen=BLUE), BLACK), id="black beside blue ink"),
        pytest.param(with_ring(card()), id="ring"),
        pytest.param(with_ring(card(), 10), id="letter of a thick pen"),
        pytest.param(with_square(card()), id="square"),
        pytest.param(with_stroke(card()), id="stroke of a marker"),
        pytest.param(with_pin(card(GREY)), id="clear pin on grey: not to be seen"),
        pytest.param(np.full((1, 1, 3), 200, np.uint8), id="one pixel"),
    ],
)
def test_what_is_no_mark_is_not_found(crop):
    assert not marks_on(ground_of(crop)).found


def test_a_dark_board_around_a_card_is_not_its_ink():
    card_on_board = with_dot(card(pen=BLUE))
    card_on_board[:, :40] = card_on_board[:, -40:] = (46, 50, 22)

    assert not marks_on(ground_of(card_on_board)).found


def test_ink_is_what_is_neither_paper_nor_mark_nor_a_mark_s_shadow():
    plain, marked = (marks_on(ground_of(crop)) for crop in (card(), with_dot(card())))

    np.testing.assert_array_equal(marked.ink, plain.ink)


def test_marks_of_two_shapes_are_refused():
    with pytest.raises(ValueError, match=r"expected one shape, got \(2, 3\) and \(3,"):
        Marks(1.0, np.zeros((2, 3), np.uint8), np.zeros((3, 2), np.uint8))
