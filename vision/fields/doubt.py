"""How likely the title that is made of a card is the one that stands on it.

A logistic regression over the chances that letters were misread and that it takes in
other lines. `training.fields.doubt` fits the weights in doubt.toml.
"""

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from vision.reading import CardFields

LEAST_READING, LEAST_SPLIT = 0.001, 0.02
"""Chances nearer to 0 or 1 have log odds that outweigh everything else."""


def title_confidence(fields: CardFields, confidence: float) -> float:
    """Return how likely a card's title is right, to within a fifth of its characters.

    Takes the chance that the card's text is right; gives 0 without a title.
    """
    if not fields.title:
        return 0.0
    known = weights()
    value = known["offset"] + sum(
        known[name] * said for name, said in title_evidence(fields, confidence).items()
    )
    return 1 / (1 + math.exp(-value))


def title_evidence(fields: CardFields, confidence: float) -> Mapping[str, float]:
    """Return what is known of a title, as the regression takes it."""
    return {
        "reading": _log_odds(confidence, LEAST_READING),
        "split": _log_odds(fields.split_confidence, LEAST_SPLIT),
    }


def _log_odds(chance: float, least: float) -> float:
    kept = min(max(chance, least), 1 - least)
    return math.log(kept / (1 - kept))


@cache
def weights() -> Mapping[str, float]:
    """Return the offset and the weight of each piece of evidence."""
    text = files("vision.fields").joinpath("doubt.toml").read_text("utf-8")
    known: dict[str, float] = tomllib.loads(text)["weights"]
    return known
