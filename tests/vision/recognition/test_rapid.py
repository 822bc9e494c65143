import logging
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from vision.errors import EngineUnavailableError
from vision.recognition.lexicon import common_lexicon
from vision.recognition.rapid import RapidEngine, load_rapid_engine
from vision.recognition.rapid_models import Recognised, load_text_models

pytestmark = pytest.mark.ocr


@dataclass
class Networks:
    """Finds lines where a test says and remembers what it was given to read."""

    places: list[tuple[int, int, int, int]]
    characters: tuple[str, ...] = (" ", "a")
    widths_px: list[int] = field(default_factory=list)

    def find_lines(self, _picture):
        return np.array(
            [
                [(left, top), (right, top), (right, bottom), (left, bottom)]
                for left, top, right, bottom in self.places
            ],
            np.float64,
        )

    def read_strips(self, strips):
        self.widths_px += [strip.shape[1] for strip in strips]
        return tuple(
            Recognised("word", 1.0, np.ones((1, 2), np.float32)) for _ in strips
        )


def test_marks_are_taken_out_before_lines_are_recognised():
    crop = np.full((288, 480, 3), (90, 220, 240), np.uint8)
    cv2.putText(crop, "DATA", (30, 80), cv2.FONT_HERSHEY_SIMPLEX, 2, (30,) * 3, 6)
    for x, y in ((250, 60), (390, 210)):
        cv2.circle(crop, (x, y), 18, (160, 60, 20), cv2.FILLED, cv2.LINE_AA)
    networks = Networks([(20, 20, 280, 100), (360, 180, 420, 240)])

    RapidEngine(networks, common_lexicon()).quick.read([crop])

    (width_px,) = networks.widths_px
    assert width_px == pytest.approx(250 - 18 - 20, abs=4)


def test_loading_and_reading_say_nothing(capfd, caplog, printed_card):
    caplog.set_level(logging.DEBUG)

    load_rapid_engine().read([printed_card(["quiet"]), np.zeros((9, 9, 3), np.uint8)])

    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_missing_model_is_unavailable_with_what_to_do(tmp_path):
    with pytest.raises(EngineUnavailableError) as refused:
        load_text_models(tmp_path)

    assert str(refused.value) == (
        "RapidOCR's model PP-OCRv6_rec_small.onnx is not installed. "
        "Install rapidocr again: its wheel carries the models."
    )


def test_damaged_model_is_unavailable(tmp_path):
    (tmp_path / "PP-OCRv6_rec_small.onnx").write_bytes(b"no model at all")

    with pytest.raises(EngineUnavailableError, match="is damaged"):
        load_text_models(tmp_path)


def test_two_columns_are_read_one_after_the_other(printed_card):
    card = printed_card([], size_wh=(520, 260))
    left = printed_card(["Tkinter", "PyQt", "PySide"], (220, 220), 30)
    right = printed_card(["Textual", "Kivy", "Toga"], (220, 220), 30)
    card[30:250, 20:240] = left
    card[30:250, 280:500] = right

    (reading,) = load_rapid_engine().read([card])

    assert reading.text == "Tkinter\nPyQt\nPySide\nTextual\nKivy\nToga"


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_card_is_read_the_right_way_up(printed_card, quarters):
    card = printed_card(["Type checking", "at scale"])
    (reading,) = load_rapid_engine().read(
        [np.ascontiguousarray(np.rot90(card, quarters))]
    )

    first = reading.lines[0].quad_crop
    corner = first.top_left.x, first.top_left.y
    # Print starts near the card's top left, wherever that now is.
    width, height = 360, 200
    start = {1: (0, width), 2: (width, height), 3: (height, 0)}[quarters]
    assert reading.text == "Type checking\nat scale"
    np.testing.assert_allclose(corner, start, atol=60)
