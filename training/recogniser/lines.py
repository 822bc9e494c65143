"""Lines of writing as the recogniser sees them, with what they say, in one file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

HEIGHT_PX: Final = 48
"""What the recogniser scales every line to."""

Strip = npt.NDArray[np.uint8]
"""Grey, `HEIGHT_PX` high, (48, W)."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledLine:
    """A line of a card.

    Parameters
    ----------
    strip : ndarray of shape (48, W), uint8
    text : str
    event, card : str
        Whose it is.
    """

    strip: Strip
    text: str
    event: str
    card: str


def save_lines(path: Path, lines: Sequence[LabelledLine]) -> None:
    """Write lines, whole or not at all."""
    said = [
        {"text": o.text, "event": o.event, "card": o.card, "width": o.strip.shape[1]}
        for o in lines
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        strips=np.concatenate([line.strip for line in lines], axis=1),
        said=np.frombuffer(json.dumps(said).encode(), np.uint8),
    )
    part.replace(path)


def load_lines(path: Path) -> list[LabelledLine]:
    """Read what `save_lines` wrote."""
    with np.load(path) as file:
        strips, said = file["strips"], json.loads(file["said"].tobytes())
    ends = np.cumsum([one["width"] for one in said])
    return [
        LabelledLine(strip, one["text"], one["event"], one["card"])
        for strip, one in zip(np.split(strips, ends[:-1], axis=1), said, strict=True)
    ]


def steps_needed(text: str) -> int:
    """Return how many steps CTC needs: a blank between two letters that are the same."""
    return len(text) + sum(one == other for one, other in pairwise(text))
