import datetime as dt

import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.join import Join
from server.schedule.corrections.kinds import held_by
from server.schedule.corrections.split import Split
from server.schedule.hidden_crops import hides_crop, hides_cut_crop

AT = dt.datetime(2024, 5, 17, 15, 0, tzinfo=dt.UTC)
CARD, OTHER = "a" * 12, "b" * 12
HALVES = Rect(0, 0, 0.5, 1), Rect(0.5, 0, 1, 1)
SPLIT = Split.of(CARD, ("kept", "part"), HALVES)
AGAIN = Split.of(SPLIT.part, ("less", "third"), HALVES)
CELL = CellId("Room 301", "10:00-11:00")
DRAWN = Draw.of("friday", "picture", HALVES[0], "drawn", cell=CELL)


def hide(card):
    return Edit(card, hidden=True)


def held(*changes):
    return held_by(
        Correction(number, change, "Ada", AT) for number, change in enumerate(changes)
    )


@pytest.mark.parametrize(
    ("changes", "hidden"),
    [
        pytest.param([], False, id="shown"),
        pytest.param([hide(CARD)], True, id="hidden"),
        pytest.param([hide(OTHER)], False, id="another-one"),
        pytest.param([Join(OTHER, (CARD,)), hide(OTHER)], True, id="of-a-hidden-one"),
        pytest.param([Join(CARD, (OTHER,)), hide(OTHER)], False, id="its-other-one"),
        pytest.param([SPLIT], False, id="split"),
        pytest.param([SPLIT, hide(SPLIT.part)], True, id="a-part-of-it"),
        pytest.param([SPLIT, AGAIN, hide(AGAIN.part)], True, id="a-part-of-the-part"),
        pytest.param(
            [SPLIT, Join(OTHER, (SPLIT.part,)), hide(OTHER)],
            True,
            id="a-part-that-belongs-to-a-hidden-one",
        ),
    ],
)
def test_the_crop_of_a_photo_is_hidden_with_any_card_that_it_shows(changes, hidden):
    assert hides_crop(held(*changes), CARD, "seen") is hidden


@pytest.mark.parametrize(
    ("changes", "card", "crop", "hidden"),
    [
        pytest.param([SPLIT], CARD, "kept", False, id="kept"),
        pytest.param([SPLIT, hide(CARD)], CARD, "kept", True, id="kept-of-hidden"),
        pytest.param([SPLIT, hide(SPLIT.part)], CARD, "kept", False, id="part-hidden"),
        pytest.param([SPLIT], SPLIT.part, "part", False, id="part"),
        pytest.param([SPLIT, hide(SPLIT.part)], SPLIT.part, "part", True, id="hidden"),
        pytest.param([SPLIT, hide(CARD)], SPLIT.part, "part", False, id="whole-hidden"),
        pytest.param([], CARD, "kept", True, id="split-undone"),
        pytest.param([], SPLIT.part, "part", True, id="part-undone"),
        pytest.param(
            [SPLIT, AGAIN, hide(AGAIN.part)],
            SPLIT.part,
            "part",
            True,
            id="part-before-its-own-was-cut-off",
        ),
        pytest.param([DRAWN], DRAWN.card, "drawn", False, id="drawn"),
        pytest.param([DRAWN, hide(DRAWN.card)], DRAWN.card, "drawn", True, id="hid"),
        pytest.param([], DRAWN.card, "drawn", True, id="drawing-undone"),
    ],
)
def test_a_crop_that_a_person_cut_is_hidden_with_its_card(changes, card, crop, hidden):
    assert hides_cut_crop(held(*changes), card, crop, {CARD}) is hidden
