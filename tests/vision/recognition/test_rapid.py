import logging
from dataclasses import replace

import numpy as np
import pytest

from vision.errors import EngineUnavailableError
from vision.recognition.lexicon import lexicon_of
from vision.recognition.rapid import QUICK_VIEWS_PX, RapidEngine, load_rapid_engine
from vision.recognition.rapid_models import Recognised, load_text_models

pytestmark = pytest.mark.ocr


def test_loading_and_reading_say_nothing(capfd, caplog, printed_card):
    caplog.set_level(logging.DEBUG)

    load_rapid_engine().read([printed_card(["quiet"]), np.zeros((9, 9, 3), np.uint8)])

    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_missing_model_is_unavailable_with_what_to_do(tmp_path):
    with pytest.raises(EngineUnavailableError) as refused:
        load_text_models(tmp_path)

    assert str(refused.value) == (
        "RapidOCR's model PP-OCRv6_det_small.onnx is not installed. "
        "Install rapidocr again: its wheel carries the models."
    )


def test_damaged_model_is_unavailable(tmp_path):
    (tmp_path / "PP-OCRv6_det_small.onnx").write_bytes(b"no model at all")

    with pytest.raises(EngineUnavailableError, match="is damaged"):
        load_text_models(tmp_path)


CHARACTERS = ("", *"abcdefghijklmnopqrstuvwxyz", " ")
WORDS = lexicon_of({"board": 0.01, "games": 0.01, "knit": 0.01}, ["board", "games"])


class SureOf:
    """Models that find one line and are sure of it; each of some letters may be lost."""

    characters = CHARACTERS

    def __init__(self, text, lost=""):
        self.text, self.lost = text, lost

    def find_lines(self, _picture):
        return np.array([[[10, 10], [90, 10], [90, 30], [10, 30]]], np.float64)

    def read_strips(self, strips):
        posterior = np.zeros((2 * len(self.text), len(CHARACTERS)), np.float32)
        for number, letter in enumerate(self.text):
            seen = 0.1 if letter in self.lost else 0.99
            posterior[2 * number, [CHARACTERS.index(letter), 0]] = seen, 1 - seen
            posterior[2 * number + 1, 0] = 1
        text = "".join(letter for letter in self.text if letter not in self.lost)
        return [Recognised(text, 0.99, posterior)] * len(strips)


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        pytest.param(SureOf("board games", lost=" "), "board games", id="two words"),
        pytest.param(SureOf("xqz vwk", lost=" "), "xqzvwk", id="no known words"),
        pytest.param(SureOf("knit s", lost=" s"), "knit", id="known as it is"),
    ],
)
def test_of_a_sure_line_the_lexicon_is_asked_where_it_knows_more(models, expected):
    engine = RapidEngine(models, WORDS, QUICK_VIEWS_PX, turns=())

    (reading,) = engine.read([np.full((60, 100, 3), 255, np.uint8)])

    assert reading.text == expected


def test_two_columns_are_read_one_after_the_other(printed_card):
    card = printed_card([], size_wh=(520, 260))
    left = printed_card(["Tkinter", "PyQt", "PySide"], (220, 220), 30)
    right = printed_card(["Textual", "Kivy", "Toga"], (220, 220), 30)
    card[30:250, 20:240] = left
    card[30:250, 280:500] = right

    (reading,) = load_rapid_engine().read([card])

    assert reading.text == "Tkinter\nPyQt\nPySide\nTextual\nKivy\nToga"


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_turned_card_is_read_the_right_way_up(printed_card, quarters):
    card = printed_card(["Type checking", "at scale"])
    engine = replace(load_rapid_engine(), views_px=QUICK_VIEWS_PX)
    (reading,) = engine.read([np.ascontiguousarray(np.rot90(card, quarters))])

    first = reading.lines[0].quad_crop
    corner = first.top_left.x, first.top_left.y
    # Print starts near the card's top left, wherever that now is.
    width, height = 360, 200
    start = {1: (0, width), 2: (width, height)}[quarters]
    assert reading.text == "Type checking\nat scale"
    np.testing.assert_allclose(corner, start, atol=60)
