"""Cards of real boards, cut along their true outlines, against a floor each.

Every third card: all of them, and those of more boards, are read by ``make bench``.
The photographs are other people's and lie beside the checkout, or where
BOARDCAST_BOARDS says; without them there is nothing to test.
"""

import json
import os
import re
import unicodedata
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from vision.image.photo import Photo
from vision.recognition.registry import engine_named

BOARDS = Path(
    os.environ.get("BOARDCAST_BOARDS", Path(__file__).parents[4] / "shared" / "boards")
)

pytestmark = [
    pytest.mark.ocr,
    pytest.mark.slow,
    pytest.mark.skipif(
        not BOARDS.is_dir(),
        reason="the photographs of real boards are not here (BOARDCAST_BOARDS)",
    ),
]


def plain(text):
    decomposed = unicodedata.normalize("NFKD", text).lower()
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w@#]+", " ", letters).split())


def character_errors(truth, got):
    return min(1.0, Levenshtein.distance(plain(truth), plain(got)) / len(plain(truth)))


FIRST, STEP = 2, 3
"""Every third card, from the third on: of each board clear ones and hard ones."""


def legible_cards(board):
    truth = json.loads((BOARDS / board / "truth.json").read_text())
    photo = Photo.decode((BOARDS / board / "photo.jpg").read_bytes())
    legible = [
        card for card in truth["cards"] if card["legible"] and card["cell"] is not None
    ]
    for card in legible[FIRST::STEP]:
        left, top, width, height = (round(value) for value in card["bbox"])
        rows = slice(max(0, top), top + height)
        yield card["text"], photo.pixels[rows, max(0, left) : left + width]


@pytest.mark.parametrize(
    ("board", "most_errors"),
    [
        # Measured, and a fifth of a card's worth of slack; lower them when beaten.
        pytest.param("pycon-us-2023", 0.32, id="marker on ruled cards"),
        pytest.param("foerbico-2025", 0.17, id="German, 170 px wide"),
        pytest.param("foss-backstage-2025", 0.05, id="whiteboard"),
    ],
)
def test_real_cards_are_read_with_few_character_errors(board, most_errors):
    texts, crops = zip(*legible_cards(board), strict=True)

    readings = engine_named("rapidocr").read(crops)

    errors = [
        character_errors(text, reading.text)
        for text, reading in zip(texts, readings, strict=True)
    ]
    assert sum(errors) / len(errors) <= most_errors
