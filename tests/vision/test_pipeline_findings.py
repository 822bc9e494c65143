"""What staff are told before the cards are read, and what is left of it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import Line, Reading
from vision.image.arrays import Image
from vision.pipeline import read_board
from vision.trace import Callbacks


@dataclass(frozen=True)
class SureEngine:
    """Reads the same into every crop, as surely as it is told to."""

    confidence: float
    name: str = "sure 1"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        return tuple(self._read_crop(crop) for crop in crops)

    def _read_crop(self, crop: Image) -> Reading:
        height, width = crop.shape[:2]
        quad = Rect(width / 4, height / 4, width * 3 / 4, height / 2).to_quad()
        return Reading((Line("Talk", self.confidence, quad),))


def test_a_card_that_looks_blurred_is_a_finding_until_it_is_read_well(printed_scene):
    card = printed_scene.truth.cards[0]
    bounds = card.quad_photo.bounds
    pixels = printed_scene.photo.pixels.copy()
    window = pixels[
        round(bounds.top) : round(bounds.bottom),
        round(bounds.left) : round(bounds.right),
    ]
    window[:] = cv2.GaussianBlur(window, (0, 0), 5)
    scene = printed_scene.with_pixels(pixels)
    said = []

    reading = read_board(
        scene.photo,
        scene.straight,
        SureEngine(0.95),
        callbacks=Callbacks(on_findings=said.append),
    ).reading

    ((early,),) = said
    assert (early.code, early.cells) == ("blurred", (CellId(card.room, card.slot),))
    assert "blurred" not in {finding.code for finding in reading.findings}


@pytest.mark.parametrize(
    ("confidence", "codes"),
    [
        pytest.param(0.95, [], id="read well"),
        pytest.param(0.1, ["too_far"], id="in doubt"),
    ],
)
def test_letters_that_look_too_small_are_a_finding_until_they_are_read_well(
    printed_scene, confidence, codes
):
    pixels = printed_scene.photo.pixels.copy()
    for card in printed_scene.truth.cards:
        within = card.quad_photo.bounds
        left, right = round(within.left + 12), round(within.right - 12)
        top, bottom = round(within.top + 12), round(within.bottom - 12)
        pixels[top:bottom, left:right] = np.median(
            pixels[top:bottom, left:right], axis=(0, 1)
        )
        for row in range(top + 8, bottom, 14):
            for column in range(left + 6, right - 6, 7):
                cv2.rectangle(pixels, (column, row), (column + 2, row + 3), 0, -1)
    scene = printed_scene.with_pixels(pixels)
    said = []

    reading = read_board(
        scene.photo,
        scene.straight,
        SureEngine(confidence),
        callbacks=Callbacks(on_findings=said.append),
    ).reading

    ((early,),) = said
    assert early.code == "too_far"
    assert [finding.code for finding in reading.findings] == codes
