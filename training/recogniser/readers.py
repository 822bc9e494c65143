"""Readers that did not learn from the event that they read."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from training.recogniser.folds import ALL, FOLDS
from vision.recognition.lexicon import common_lexicon
from vision.recognition.rapid import RapidEngine, load_rapid_engine
from vision.recognition.rapid_models import load_text_models, wheel_models

FOLDER: Final = Path("build/recogniser")
RELEASED: Final = "released"
"""The recogniser before it was trained on, with Latin letters only."""


@cache
def reader(name: str) -> RapidEngine:
    """Return the reader with a model that was trained here, by its name."""
    models = load_text_models(wheel_models(), FOLDER / f"{name}.onnx")
    return RapidEngine(models, common_lexicon(), turns=())


@cache
def reader_of(event: str) -> RapidEngine:
    """Return the reader that was trained without an event.

    Where none was trained on this machine, it is the one that ships, which has learned
    from all events: figures are too good then.
    """
    without = [name for name, events in FOLDS.items() if event in events]
    name = without[0] if without else ALL
    if (FOLDER / f"{name}.onnx").is_file():
        return reader(name)
    print(f"No reader was trained without {event}: the one that ships reads it.")
    return load_rapid_engine()


def readers_digest() -> str:
    """Return a name for all readers that were trained here."""
    digest = blake2b(digest_size=6)
    for name in (*FOLDS, ALL):
        file = FOLDER / f"{name}.onnx"
        digest.update(file.read_bytes() if file.is_file() else b"-")
    return digest.hexdigest()
