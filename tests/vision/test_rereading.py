from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from calibration.layout import CellId
from vision.cards import Line, Reading
from vision.image.photo import Photo
from vision.reading import CardFields, CardLine, CardReading
from vision.rereading import DOUBTFUL, doubtful, reread, together, unread

PLACE = Rect(40, 20, 140, 80)


class Said:
    """An engine that says what it is told to, and keeps what it is shown."""

    def __init__(self, name: str, *readings: Reading) -> None:
        self.name = name
        self.readings = list(readings)
        self.shown: list[np.ndarray] = []

    def read(self, crops):
        self.shown.extend(crops)
        return [self.readings.pop(0) for _ in crops]


def read_as(text: str, confidence: float) -> Reading:
    return Reading((Line(text, confidence, Rect(13, 7, 63, 27).to_quad()),))


def a_card(text: str, confidence: float, engine: str = "rapidocr 1") -> CardReading:
    return CardReading(
        quad_photo=PLACE.to_quad(),
        cell=CellId("Room 301", "10:00-11:00"),
        until="12:00",
        lines=(CardLine(text, confidence, PLACE.to_quad()),),
        fields=CardFields(title=text),
        confidence=confidence,
        colour="#ffd54f",
        engine=engine,
    )


@pytest.fixture(scope="module")
def photo() -> Photo:
    pixels = np.full((100, 200, 3), 90, np.uint8)
    pixels[20:80, 40:140] = 240
    pixels[25:30, 50:100] = 0
    return Photo(pixels, "0" * 64)


def test_most_doubtful_cards_come_first_and_sure_ones_not_at_all():
    sure, unsure, lost = a_card("a", DOUBTFUL), a_card("b", 0.6), a_card("c", 0.2)
    unread = a_card("d", 0.0, engine="none")
    assert doubtful([sure, unsure, unread, lost]) == (lost, unsure)


def test_a_better_reading_replaces_text_and_nothing_else(photo: Photo):
    card = a_card("Typo cheking", 0.5)
    better = reread(photo, card, Said("rapidocr 1", read_as("Type checking", 0.4)))
    assert (better.text, better.fields.title) == ("Type checking", "Type checking")
    assert (better.confidence, better.engine) == (0.4, "rapidocr 1")
    assert (better.cell, better.until, better.colour, better.quad_photo) == (
        card.cell,
        card.until,
        card.colour,
        card.quad_photo,
    )
    expected = Quad.from_array([[50, 25], [100, 25], [100, 45], [50, 45]]).to_array()
    np.testing.assert_allclose(
        better.lines[0].quad_photo.to_array(), expected, atol=1e-9
    )


@pytest.mark.parametrize(
    ("engine", "reading"),
    [
        pytest.param("rapidocr 1", Reading(), id="nothing seen"),
        pytest.param("rapidocr 1", read_as("Typo cheking", 0.5), id="the very same"),
        pytest.param("chat 1", read_as("Type checking", 0.5), id="another, not surer"),
    ],
)
def test_the_reading_stays_if_nothing_better_comes(
    photo: Photo, engine: str, reading: Reading
):
    card = a_card("Typo cheking", 0.5)
    assert reread(photo, card, Said(engine, reading)) is card


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        pytest.param(0.3, ("", True), id="an arrow"),
        pytest.param(0.6, ("Yoga", False), id="words after all"),
    ],
)
def test_a_blank_card_stays_blank_unless_words_are_seen(
    photo: Photo, confidence: float, expected: tuple[str, bool]
):
    blank = replace(unread(a_card("", 0.0)), blank=True)
    again = reread(photo, blank, Said("rapidocr 1", read_as("Yoga", confidence)))
    assert (again.text, again.blank) == expected


def test_the_same_text_seen_again_is_surer(photo: Photo):
    said = Said("rapidocr 1", read_as("Typo cheking", 0.75))
    again = reread(photo, a_card("Typo cheking", 0.5), said)
    assert (again.text, again.confidence) == ("Typo cheking", 0.75)


def test_another_engine_that_is_surer_is_believed(photo: Photo):
    said = Said("chat 1", read_as("Type checking", 0.51))
    assert reread(photo, a_card("Typo cheking", 0.5), said).text == "Type checking"


def test_an_engine_that_compared_by_itself_is_believed(photo: Photo):
    chosen = replace(read_as("Type checking", 0.3), engine="chat 1")
    better = reread(
        photo, a_card("Typo cheking", 0.5), Said("chat 1 or rapidocr", chosen)
    )
    assert (better.text, better.confidence, better.engine) == (
        "Type checking",
        0.3,
        "chat 1",
    )


def test_the_engine_is_shown_the_card_and_little_around_it(photo: Photo):
    engine = Said("rapidocr 1", Reading())
    reread(photo, a_card("x", 0.5), engine)
    # With a margin, so that no letter is cut: a little of the wall around.
    np.testing.assert_array_equal(engine.shown[0], photo.pixels[18:82, 37:143])


def test_the_engine_is_not_shown_what_other_cards_say(photo: Photo):
    pixels, said = photo.pixels.copy(), []
    pixels[50:95, 80:195] = 255
    pixels[50:95, 80:195][2:-2, 2:-2] = 240
    pixels[60:64, 90:180:3] = 0
    crowded = Photo(pixels, "1" * 64)
    upper = Rect(80, 50, 195, 95).to_quad()

    for others in ((), (upper,)):
        engine = Said("rapidocr 1", Reading())
        lower = replace(a_card("x", 0.5), covered_by=others)
        reread(crowded, lower, engine)
        said.append(int((engine.shown[0][36:60, 46:100] < 120).sum()))

    assert said[0] > 0
    assert said[1] == 0


def test_the_same_text_seen_again_may_be_less_sure(photo: Photo):
    said = Said("rapidocr 1", read_as("Typo cheking", 0.3))
    again = reread(photo, a_card("Typo cheking", 0.5), said)
    assert (again.text, again.confidence) == ("Typo cheking", 0.3)


def test_what_is_struck_in_photos_is_struck_in_all_of_them_together():
    card = a_card("Type checking", 0.5)
    struck = replace(card, lines=(replace(card.lines[0], struck=True),))

    both = together([struck, struck])

    assert [(line.text, line.struck) for line in both.lines] == [
        ("Type checking", True)
    ]
    assert both.fields.cancelled
