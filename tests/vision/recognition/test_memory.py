from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Rect
from vision.cards import Line
from vision.recognition.memory import VIEWS_KEPT, ViewMemory
from vision.recognition.rapid import load_rapid_engine
from vision.recognition.rapid_models import TextModels

SAID = (Line("said", 0.9, Rect(1, 2, 3, 4).to_quad()),)


class Reads:
    """Counts how often it is asked to read."""

    def __init__(self, lines=SAID):
        self.times = 0
        self._lines = lines

    def __call__(self):
        self.times += 1
        return self._lines


def crop_of(value: int) -> np.ndarray:
    return np.full((4, 6, 3), value, np.uint16).view(np.uint8).reshape(4, 12, 3)


def test_a_view_is_read_once():
    memory, reads = ViewMemory(), Reads()

    told = [memory.lines(crop_of(7), 480, reads) for _ in range(3)]

    assert (told, reads.times) == ([SAID] * 3, 1)


@pytest.mark.parametrize(
    ("other", "width_px"),
    [
        pytest.param(crop_of(8), 480, id="other pixels"),
        pytest.param(crop_of(7), 240, id="another view"),
        pytest.param(crop_of(7).reshape(12, 4, 3), 480, id="another shape"),
        pytest.param(np.rot90(crop_of(7), 2)[::-1][:, ::-1][:2], 480, id="a part"),
    ],
)
def test_what_differs_is_read(other, width_px):
    memory, reads = ViewMemory(), Reads()

    memory.lines(crop_of(7), 480, Reads(()))

    assert memory.lines(other, width_px, reads) == SAID
    assert reads.times == 1


def test_a_turned_picture_is_known_by_its_pixels():
    memory, reads = ViewMemory(), Reads()
    crop = np.arange(72, dtype=np.uint8).reshape(4, 6, 3)

    memory.lines(np.ascontiguousarray(np.rot90(crop)), 480, Reads())
    memory.lines(np.rot90(crop), 480, reads)

    assert reads.times == 0


def test_what_was_asked_for_longest_ago_is_forgotten():
    memory, again = ViewMemory(), Reads()
    for number in range(VIEWS_KEPT):
        memory.lines(crop_of(number), 480, Reads())
    memory.lines(crop_of(0), 480, again)

    memory.lines(crop_of(VIEWS_KEPT), 480, Reads())

    memory.lines(crop_of(0), 480, again)
    assert again.times == 0
    memory.lines(crop_of(1), 480, again)
    assert again.times == 1


def test_nothing_found_is_remembered_too():
    memory, reads = ViewMemory(), Reads(())

    assert [memory.lines(crop_of(7), 480, reads) for _ in range(2)] == [(), ()]
    assert reads.times == 1


class Watched:
    """Real networks that count the pictures in which lines are sought."""

    def __init__(self, models: TextModels) -> None:
        self._models = models
        self.looked = 0

    @property
    def characters(self):
        return self._models.characters

    def find_lines(self, picture):
        self.looked += 1
        return self._models.find_lines(picture)

    def read_strips(self, strips):
        return self._models.read_strips(strips)


@pytest.fixture(scope="module")
def fresh():
    return load_rapid_engine()


@pytest.fixture
def watched(fresh):
    """An engine that has read nothing yet, and its networks."""
    models = Watched(fresh.models)
    return replace(fresh, models=models, memory=ViewMemory()), models


@pytest.mark.ocr
def test_a_further_reading_does_what_the_first_one_left(printed_card, fresh, watched):
    engine, models = watched
    card = printed_card(["Type checking", "at scale"])

    engine.quick.read([card])
    looked_first = models.looked
    (further,) = engine.read([card])

    assert (looked_first, models.looked) == (1, 2)
    assert further == fresh.read([card])[0]


@pytest.mark.ocr
def test_other_words_are_another_memory(printed_card, watched):
    engine, models = watched
    card = printed_card(["Type checking", "at scale"])

    engine.quick.read([card])
    engine.with_words(("Zuffenhausen",)).quick.read([card])

    assert models.looked == 2
