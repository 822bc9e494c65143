import cv2
import numpy as np
from vision.detection.neighbours import without_neighbours

from calibration.geometry import Rect
from vision.cards import Line, Reading
from vision.image.photo import Photo
from vision.recognition.card_text import read_card

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


def test_engine_sees_a_card_without_what_another_has_written_on_it():
    engine, alone = Looking(), Looking()

    read_card(photo_of(over=True), CARD.to_quad(), engine)
    read_card(photo_of(over=False), CARD.to_quad(), alone)

    (seen,), (expected,) = engine.shown, alone.shown
    assert without_neighbours(seen) is seen
    inside = np.s_[12:-12, 15:-15]
    off = abs(seen[inside].astype(int) - expected[inside]).max(axis=2)
    assert off.max() <= 90  # a faint seam, where it is narrower than a stroke
    assert (off > 12).mean() < 0.01


def test_engine_sees_a_card_without_one_of_its_colour_that_lies_on_it():
    pixels = photo_of(over=False).pixels.copy()
    painted(pixels, OVER, (70, 190, 210))
    painted(pixels, Rect(22, 162, 178, 278), YELLOW)
    cv2.putText(pixels, "Yoga", (70, 215), 0, 1.2, (20, 20, 20), 4)
    photo, places = Photo(pixels, "0" * 64), [CARD.to_quad(), OVER.to_quad()]
    lower, upper, unaware = Looking(), Looking(), Looking()

    read_card(photo, CARD.to_quad(), lower, places)
    read_card(photo, OVER.to_quad(), upper, places)
    read_card(photo, OVER.to_quad(), unaware)

    (seen,) = lower.shown
    inside = np.s_[12:-12, 15:-15]
    assert abs(seen[inside].astype(int) - YELLOW).max() <= 25
    np.testing.assert_array_equal(upper.shown, unaware.shown)


def test_lines_are_where_they_are_in_the_photo():
    text = read_card(photo_of(over=False), CARD.to_quad(), Looking())

    (line,) = text.lines
    assert (line.text, line.confidence) == ("Kata", 0.9)
    np.testing.assert_allclose(
        line.quad_photo.to_array(), Rect(60, 40, 110, 60).to_quad().to_array()
    )
