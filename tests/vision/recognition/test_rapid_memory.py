from dataclasses import replace

import numpy as np
import pytest
from cachetools import LRUCache

from vision.recognition.rapid import VIEWS_KEPT, load_rapid_engine
from vision.recognition.rapid_models import TextModels

pytestmark = pytest.mark.ocr


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
    return replace(fresh, models=models, _known=LRUCache(VIEWS_KEPT)), models


def test_a_further_reading_does_what_the_first_one_left(printed_card, fresh, watched):
    engine, models = watched
    card = printed_card(["Type checking", "at scale"])

    engine.quick.read([card])
    looked_first = models.looked
    (further,) = engine.read([card])

    assert (looked_first, models.looked) == (1, 3)
    assert further == fresh.read([card])[0]


def test_other_words_are_another_memory(printed_card, watched):
    engine, models = watched
    card = printed_card(["Type checking", "at scale"])

    engine.quick.read([card])
    engine.with_words(("Zuffenhausen",)).quick.read([card])

    assert models.looked == 2


def test_what_differs_is_read(watched):
    engine, models = watched
    crop = np.arange(288, dtype=np.uint8).reshape(8, 12, 3)

    for other in (crop, crop + np.uint8(1), crop.reshape(12, 8, 3), crop[:4], crop):
        engine.quick.read([other])

    assert models.looked == 4
