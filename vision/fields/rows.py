"""The lines of a card as rows: what is left to read of each, and how it lies there."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extractOne

from vision.cards import Line
from vision.fields import listed
from vision.fields.mentions import LineMentions, ends_open

KEPT = 4096
"""Words and lines that are remembered."""

LABEL_LIKENESS = 0.85
"""From which something is a form's label, read well or not; of 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is left of a line on its way to become title, description or host.

    The size of its letters, px of the crop, its ends and its middle along the card's
    own baseline; what a label before it or above it says that it is, "text" or "host";
    its first handle; whether it says when, where or whom to write to and nothing else;
    and whether it stands above the only rule across the card.
    """

    text: str
    height: float
    letter_width: float
    left: float
    right: float
    middle: float
    label: str = ""
    handle: str = ""
    is_aside: bool = False
    struck: bool = False
    heading: bool = False

    @property
    def size(self) -> float:
        """How large its letters are: a line's height alone says it badly."""
        return math.sqrt(self.height * self.letter_width)

    @property
    def is_spoken(self) -> bool:
        """Whether it can be a part of the title or the description."""
        return bool(self.text) and not self.is_aside


def rows_of(
    lines: Sequence[Line],
    texts: Sequence[str],
    mentions: Sequence[LineMentions],
    told: frozenset[str],
) -> tuple[Row, ...]:
    """Return the lines as rows; those that are only a label are none.

    What is not `told` stays readable, as must what ends an open sentence.
    """
    widest = max(lines, key=lambda line: line.quad_crop.size_wh[0]).quad_crop
    angle = math.atan2(
        widest.top_right.y - widest.top_left.y, widest.top_right.x - widest.top_left.x
    )
    cosine, sine = math.cos(angle), math.sin(angle)
    rows: list[Row] = []
    above = ""
    for line, before, text, mention in zip(
        lines, ("", *texts[:-1]), texts, mentions, strict=True
    ):
        goes_on = mention.is_aside and ends_open(before)
        keeps = goes_on or not told >= {mention.time, mention.room}
        said = text if keeps else mention.text
        label, rest = labelled(said)
        if label and not rest and not mention.handles:
            above = label
            continue
        (width, height), (x, y) = line.quad_crop.size_wh, line.quad_crop.centre
        along = x * cosine + y * sine
        rows.append(
            Row(
                text=rest,
                height=height,
                letter_width=width / (len(line.text) + 1),  # a frame has margins
                left=along - width / 2,
                right=along + width / 2,
                middle=y * cosine - x * sine,
                label=label or above,
                handle=next(iter(mention.handles), ""),
                is_aside=mention.is_aside and not goes_on,
                struck=line.struck,
                heading=line.heading,
            )
        )
        above = ""
    return tuple(rows)


@lru_cache(KEPT)
def labelled(text: str) -> tuple[str, str]:
    """Return which label a line begins with, as in `Row`, and the rest of the line."""
    before, colon, rest = text.partition(":")
    words = text.split()
    starts = [(before, rest)] if colon else [(text, "")]
    if len(words) > 2:  # noqa: PLR2004  (labels of two words need no colon)
        starts.insert(0, (" ".join(words[:2]), " ".join(words[2:])))
    for start, left in starts:
        plain = re.sub(r"[\W_]+", " ", start).strip().casefold()
        for kind in ("text", "host"):
            if extractOne(
                plain,
                _labels(kind, with_colon=bool(colon)),
                scorer=Levenshtein.normalized_similarity,
                score_cutoff=LABEL_LIKENESS,
            ):
                return kind, left.strip()
    return "", text


@cache
def _labels(kind: str, *, with_colon: bool) -> tuple[str, ...]:
    """Return the labels of a kind; some are labels only with a colon behind them."""
    known = sorted(listed(f"labels_of_{kind}s"))
    return tuple(label.rstrip(":") for label in known if with_colon or label[-1] != ":")
