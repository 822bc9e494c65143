"""Why a card of an unchanged outline is read again."""

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import CardDescriptor, KnownCard
from vision.image.sharpness import sharpness_of
from vision.reading import CardFields, CardReading
from vision.tracking.appearance import patch_of
from vision.tracking.news import SURE, Told, told_of, told_of_same

PLACE = Rect(0, 0, 1, 1).to_quad()


@pytest.fixture(scope="module")
def crop(printed_card):
    return printed_card(["Type checking", "at scale", "Maya"])


def known_as(crop, confidence, times_as_sharp=1.0):
    """Return a card that was read in a crop."""
    descriptor = CardDescriptor(patch_of(crop), sharpness_of(crop) * times_as_sharp)
    cell = CellId("Room 1", "10:00-11:00")
    reading = CardReading(
        PLACE, cell, (), CardFields(title="Type"), confidence, "#ffffff", "scripted 1"
    )
    return KnownCard("card-1", descriptor, PLACE, reading)


def struck(crop):
    written = crop.copy()
    cv2.line(written, (20, 45), (300, 45), (30, 30, 30), 6)
    return written


def half_hidden(crop):
    hidden = crop.copy()
    hidden[:, 180:] = (150, 60, 40)
    return hidden


def told(now, card):
    return told_of(card, now, patch_of(now))


@pytest.mark.parametrize(
    ("confidence", "times_as_sharp", "news"),
    [
        pytest.param(SURE, 1.0, "same", id="sure"),
        pytest.param(SURE - 0.01, 1.0, "same", id="in doubt, as sharp"),
        pytest.param(SURE - 0.01, 0.51, "same", id="in doubt, a little sharper"),
        pytest.param(SURE - 0.01, 0.49, "sharper", id="in doubt, much sharper"),
        pytest.param(SURE, 0.49, "same", id="sure, much sharper"),
    ],
)
def test_an_unchanged_card_is_read_again_if_it_is_in_doubt_and_much_sharper(
    crop, confidence, times_as_sharp, news
):
    sharpness = sharpness_of(crop) if confidence < SURE else 0.0

    found = told(crop, known_as(crop, confidence, times_as_sharp))

    assert found == Told(news, pytest.approx(sharpness), whole=True)


def test_a_card_on_which_somebody_wrote_is_edited_however_sure_it_was(crop):
    now = struck(crop)

    found = told(now, known_as(crop, 1.0))

    assert found == Told("edited", pytest.approx(sharpness_of(now)), whole=True)


def test_of_a_half_hidden_card_nothing_is_told(crop):
    assert told(half_hidden(crop), known_as(crop, 0.5)) == Told(
        "same", 0.0, whole=False
    )


def test_what_is_written_is_not_read_where_it_is_illegible_nor_is_it_unchanged(crop):
    now = cv2.GaussianBlur(struck(crop), (0, 0), 3)

    found = told(now, known_as(crop, 0.5, times_as_sharp=100))

    assert found == Told("same", 0.0, whole=False)


def test_another_card_is_not_the_whole_one(crop, printed_card):
    other = printed_card(["Knitting", "for beginners"])

    assert not told(np.ascontiguousarray(other), known_as(crop, 0.5)).whole


@pytest.mark.parametrize(
    ("confidence", "times_as_sharp", "told_as"),
    [
        pytest.param(SURE, 0.1, Told("same", 0.0, whole=True), id="sure"),
        pytest.param(SURE - 0.01, 8.0, Told("same", 0.0, whole=True), id="illegible"),
        pytest.param(SURE - 0.01, 0.8, None, id="perhaps sharper"),
    ],
)
def test_of_a_card_that_is_as_it_was_only_more_sharpness_is_new(
    crop, confidence, times_as_sharp, told_as
):
    assert told_of_same(known_as(crop, confidence, times_as_sharp), crop) == told_as


def test_how_sharp_a_card_is_that_is_as_it_was_is_told_where_it_is_in_doubt(crop):
    expected = Told("same", sharpness_of(crop), whole=True)

    assert told_of_same(known_as(crop, SURE - 0.01), crop) == expected
