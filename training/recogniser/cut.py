"""Cut labelled lines out of real cards, as the reader cuts them.

python -m training.recogniser.cut ../shared/boards

In Boardcast's own environment; training is in another one, with PyTorch.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.folds import load_folds
from calibration.geometry import Quad, Rect
from training.recogniser.labels import labels_of
from training.recogniser.lines import HEIGHT_PX, LabelledLine, Strip, save_lines
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.recognition.card_text import read_card
from vision.recognition.lexicon import common_lexicon
from vision.recognition.rapid import RapidEngine
from vision.recognition.rapid_models import (
    Recognised,
    TextModels,
    load_text_models,
    wheel_models,
)

LINES: Final = Path("build/recogniser/lines.npz")

RELEASED: Final = "PP-OCRv6_rec_small.onnx"
"""In rapidocr's wheel."""

VIEWS_PX: Final = (240, 340, 480)
"""Widths that cards are shown at: lines are found a little differently in each."""

NOT_TO_TRAIN_ON: Final = frozenset({"writethedocs-2024"})
"""Boards whose licence is non-commercial."""

WIDEST_PX: Final = 960
"""Of a strip: longer ones are several lines in one, or noise."""


class RealCard(NamedTuple):
    """A card of a photo: which, where, and what it says."""

    board: str
    event: str
    number: int
    photo: Photo
    quad_photo: Quad
    text: str


@dataclass(slots=True)
class Recorder:
    """Text models that remember the strips of a card, view by view."""

    models: TextModels
    views: list[list[tuple[Strip, str]]] = field(default_factory=list)

    @property
    def characters(self) -> tuple[str, ...]:
        return self.models.characters

    def find_lines(self, picture: Image) -> npt.NDArray[np.float64]:
        return self.models.find_lines(picture)

    def read_strips(self, strips: Sequence[Image]) -> tuple[Recognised, ...]:
        said = self.models.read_strips(strips)
        shown = [_scaled(strip) for strip in strips]
        texts = [one.text for one in said]
        self.views.append(list(zip(shown, texts, strict=True)))
        return said


def real_cards(boards: Path) -> Iterator[RealCard]:
    """Yield the legible cards of a folder of boards."""
    for folder in sorted(path.parent for path in boards.glob("*/truth.json")):
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        photo = Photo.decode((folder / "photo.jpg").read_bytes())
        event = load_folds().event_of(folder.name).name
        for number, card in enumerate(truth["cards"]):
            if card["legible"] and card["text"].strip():
                left, top, width, height = card["bbox"]
                quad = Rect(left, top, left + width, top + height).to_quad()
                name = folder.name, event, number, photo, quad
                yield RealCard(*name, card["text"])


def labelled_lines(boards: Path) -> Iterator[LabelledLine]:
    """Yield the lines of cards that may be trained on."""
    # As it was released: what labels lines has not learned from them.
    models = load_text_models(wheel_models(), wheel_models() / RELEASED)
    engine = RapidEngine(models, common_lexicon(), VIEWS_PX, turns=())
    for card in real_cards(boards):
        if card.board in NOT_TO_TRAIN_ON:
            continue
        recorder = Recorder(models)
        # It has what an engine uses of `TextModels`, but is none.
        recording = replace(engine, models=recorder)  # type: ignore[arg-type]
        read_card(card.photo, card.quad_photo, recording)
        for view in recorder.views:
            labels = labels_of(card.text, [said for _, said in view])
            for (strip, _), text in zip(view, labels, strict=True):
                if text and strip.shape[1] <= WIDEST_PX:
                    name = f"{card.board} {card.number}"
                    yield LabelledLine(strip, text, card.event, name)


def _scaled(strip: Image) -> Strip:
    height, width = strip.shape[:2]
    how = cv2.INTER_AREA if height > HEIGHT_PX else cv2.INTER_CUBIC
    size = max(1, round(width * HEIGHT_PX / height)), HEIGHT_PX
    return np.asarray(cv2.resize(strip[..., 0], size, interpolation=how), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("boards", type=Path, nargs="?")
    parser.add_argument("--released", action="store_true", help="say where it lies")
    asked = parser.parse_args()
    if asked.released:
        print(wheel_models() / RELEASED)
        return
    if asked.boards is None:
        parser.error("Name the folder of photos with truth: make train-reader BOARDS=…")
    lines = list(labelled_lines(asked.boards))
    save_lines(LINES, lines)
    print(f"{len(lines)} lines of {len({o.card for o in lines})} cards: {LINES}")


if __name__ == "__main__":
    main()
