"""Cards of other languages keep their umlauts and accents, from pixels to title."""

import pytest

from sample_boards.cards import Card, draw_card
from vision.fields.title import parse_fields
from vision.recognition.registry import quick_engine_named

SCALE_PX_PER_MM = 3.0
"""A card is 380 pixels wide: as on a photo of a board, close by."""


@pytest.mark.parametrize(
    ("title", "hand", "pen"),
    [
        ("Frühstück in Zürich", "round", "fibre pen"),
        ("Müdigkeit und Überstunden", "round", "ballpoint"),
        ("Sécurité des réseaux", "schoolbook", "fibre pen"),
        ("LE FRANÇAIS À LA FENÊTRE", "bold capitals", "fibre pen"),
        ("Programación para niños", "round", "fibre pen"),
        ("Música y matemáticas", "narrow upright", "fibre pen"),
    ],
)
def test_title_keeps_its_accents(title, hand, pen):
    card = Card("card", title, "", "", (0.0, 0.0), hand=hand, pen=pen, seed=3)
    (reading,) = quick_engine_named("rapidocr").read([draw_card(card, SCALE_PX_PER_MM)])

    assert parse_fields(reading.lines).title == title
