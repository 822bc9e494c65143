import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import CardDescriptor, KnownCard, ReadCard
from vision.reading import CardFields, CardLine, CardReading
from vision.tracking.replaced import is_replaced

PLACE = Rect(0.2, 0.2, 0.4, 0.3)
ELSEWHERE = Rect(0.6, 0.6, 0.8, 0.7)
LOOKS = CardDescriptor(np.zeros((64, 96), np.uint8))


def reading(text):
    quad = Rect(0, 0, 100, 50).to_quad()
    lines = (CardLine(text, 0.8, quad),) if text else ()
    return CardReading(
        quad_photo=quad,
        cell=CellId("Room 301", "10:00-11:00"),
        lines=lines,
        fields=CardFields(title=text),
        confidence=0.8,
        colour="#ffd54f",
        engine="scripted 1",
    )


def seen(text, place=PLACE, known=None):
    pixels = np.zeros((50, 100, 3), np.uint8)
    return ReadCard(
        reading(text), pixels, LOOKS, place.to_quad(), known, read_again=True
    )


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], False, id="nothing there"),
        pytest.param([seen("Board games")], True, id="another card in its place"),
        pytest.param([seen("Type hints 1O1")], False, id="perhaps read otherwise"),
        pytest.param([seen("")], False, id="nothing read"),
        pytest.param([seen("Hi!")], False, id="too little read"),
        pytest.param([seen("Board games", ELSEWHERE)], False, id="elsewhere"),
        pytest.param(
            [seen("Board games", Rect(0.25, 0.2, 0.45, 0.3))], False, id="half over it"
        ),
        pytest.param(
            [seen("Board games", Rect(0.1, 0.1, 0.5, 0.5))], False, id="far larger"
        ),
        pytest.param(
            [seen("Type hints 102", known="moved")], True, id="a known card moved there"
        ),
        pytest.param(
            [seen("Board games", known="below")], False, id="a known card hung there"
        ),
    ],
)
def test_card_is_replaced_only_by_another_one_in_its_very_place(others, expected):
    card = KnownCard("old", LOOKS, PLACE.to_quad(), reading("Type hints 101"))
    before = {"moved": ELSEWHERE.to_quad(), "below": PLACE.to_quad()}

    assert is_replaced(card, others, before) is expected
