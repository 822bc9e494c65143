"""Cut labelled lines out of real cards, as the reader cuts them.

python -m training.recogniser.cut ../shared/boards labels-2025

A folder holds boards with truth, or labels that ``boardcast export-labels`` wrote. In
Boardcast's own environment; training is in another one, with PyTorch.
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

LABELS: Final = "labels.jsonl"
"""What a folder of exported labels has; its README.md says what is in it."""

WIDEST_PX: Final = 960
"""Of a strip: longer ones are several lines in one, or noise."""


class RealCard(NamedTuple):
    """A card of a photo: which, where, and what it says.

    It is called by its place in the truth, or by its id.
    """

    board: str
    event: str
    number: int | str
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


def exported_cards(folder: Path) -> Iterator[RealCard]:
    """Yield the cards of a folder of exported labels, with what a person checked of each.

    Words that nobody checked are left out: they may be misread. Such a folder is one
    event, with a board or several.
    """
    for line in (folder / LABELS).read_text("utf-8").splitlines():
        label = json.loads(line)
        text = " ".join(label[name] for name in label["checked"])
        if text.strip():
            photo = Photo.decode((folder / label["file"]).read_bytes())
            quad = Rect(0, 0, *photo.size_wh).to_quad()
            yield RealCard(
                label["board"], str(folder), label["card"], photo, quad, text
            )


def labelled_lines(folder: Path) -> Iterator[LabelledLine]:
    """Yield the lines of cards that may be trained on."""
    # As it was released: what labels lines has not learned from them.
    models = load_text_models(wheel_models(), wheel_models() / RELEASED)
    engine = RapidEngine(models, common_lexicon(), VIEWS_PX, turns=())
    exported = (folder / LABELS).is_file()
    for card in exported_cards(folder) if exported else real_cards(folder):
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
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--released", action="store_true", help="say where it lies")
    asked = parser.parse_args()
    if asked.released:
        print(wheel_models() / RELEASED)
        return
    if not asked.folders:
        parser.error(
            "Name folders of photos with truth or of exported labels: "
            "make train-reader BOARDS=…"
        )
    lines = [line for folder in asked.folders for line in labelled_lines(folder)]
    save_lines(LINES, lines)
    print(f"{len(lines)} lines of {len({o.card for o in lines})} cards: {LINES}")


if __name__ == "__main__":
    main()
