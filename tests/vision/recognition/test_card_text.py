import cv2
import numpy as np

from calibration.geometry import Rect
from calibration.homography import Homography
from vision.cards import Line, Reading
from vision.image.photo import Photo
from vision.recognition.card_text import CardText, read_card

YELLOW, GREEN = (90, 220, 240), (90, 200, 120)
CARD, OVER = Rect(60, 40, 360, 230), Rect(20, 160, 180, 280)


class Looking:
    """An engine that keeps what it is shown and reads one line."""

    name = "looking"

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def read(self, crops):
        self.shown.extend(crops)
        return [Reading((Line("Kata", 0.9, Rect(9, 6, 59, 26).to_quad()),))]


def painted(pixels: np.ndarray, rect: Rect, colour: tuple[int, int, int]) -> None:
    start = round(rect.left), round(rect.top)
    end = round(rect.right) - 1, round(rect.bottom) - 1
    cv2.rectangle(pixels, start, end, colour, cv2.FILLED)


def photo_of(*, over: bool) -> Photo:
    """Return a photo of a card; another one may hang over its corner."""
    pixels = np.full((300, 420, 3), (60, 60, 40), np.uint8)
    painted(pixels, CARD, YELLOW)
    if over:
        painted(pixels, OVER, GREEN)
        cv2.putText(pixels, "Yoga", (70, 215), 0, 1.2, (20, 20, 20), 4)
    return Photo(pixels, "0" * 64)


def test_engine_sees_a_card_without_what_another_on_it_says():
    engine = Looking()

    read_card(photo_of(over=True), CARD.to_quad(), engine, [OVER.to_quad()])

    (seen,) = engine.shown
    inside = np.s_[16:-16, 22:-22]
    assert abs(seen[inside].astype(int) - YELLOW).max() <= 25


def test_lines_are_where_they_are_in_the_photo():
    text = read_card(photo_of(over=False), CARD.to_quad(), Looking())

    (line,) = text.lines
    assert (line.text, line.confidence) == ("Kata", 0.9)
    np.testing.assert_allclose(
        line.quad_photo.to_array(), Rect(60, 40, 110, 60).to_quad().to_array()
    )


def test_only_rows_of_round_signs_are_dots():
    texts = [
        "99",
        "0.9",
        "9.00",
        "O O",
        "Ooo",
        "0 o O",
        "\u2022\u2022\u2022 0",
        "Tea for 3",
    ]
    place = Rect(0, 0, 90, 30).to_quad()
    reading = Reading(tuple(Line(text, 0.9, place) for text in texts))

    left = CardText(reading, Homography.identity()).without_dots().reading

    assert [line.text for line in left.lines] == [
        "99",
        "0.9",
        "9.00",
        "O O",
        "Tea for 3",
    ]
