"""Which rows of a card are title and description, and who hosts: a log-linear model.

Every way to split a card is an option: a host or none, and how many of the other rows
make the title. A feature says something of an option that a person would notice; an
option's score is the sum of its features by the weights in weights.toml, and its
probability the softmax over all of a card's. `training.fields` fits the weights.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from statistics import fmean

from vision.fields import listed
from vision.fields.hosts import clip, host_options, ratio
from vision.fields.mentions import ends_open
from vision.fields.names import Looks, sentence_share, words_of
from vision.fields.rows import Row

MAX_TITLE_ROWS = 10
CLEARLY = 0.18
"""By how much a title's smallest row is larger than all others, as a logarithm, if
letters become smaller there and nowhere else."""
BULLETS = tuple("-*+>\u2022\u00b7\u25cf\u25e6\u2013\u2014")


@dataclass(frozen=True, slots=True)
class Split:
    """One way to split a card, with its features by name; no host is an empty one."""

    host: str
    title: tuple[Row, ...]
    after: tuple[Row, ...]
    looks: Mapping[str, float]


@cache
def weights() -> Mapping[str, float]:
    """Return the weight of each feature."""
    text = files("vision.fields").joinpath("weights.toml").read_text("utf-8")
    groups = tomllib.loads(text)
    return {
        f"{group}: {name}": weight
        for group in ("host", "title")
        for name, weight in groups[group].items()
    }


def likely_splits(
    rows: Sequence[Row], known: Mapping[str, float] | None = None
) -> list[tuple[Split, float]]:
    """Return every way to split a card with its probability, the most likely first.

    By these weights, or the shipped ones. Options that say the same are one.
    """
    options, known = list(splits(rows)), known or weights()
    scores = [
        sum(known.get(name, 0.0) * value for name, value in option.looks.items())
        for option in options
    ]
    best = max(scores, default=0.0)
    found: dict[tuple[str, tuple[Row, ...]], tuple[Split, float]] = {}
    for score, option in sorted(
        zip(scores, options, strict=True), key=lambda one: -one[0]
    ):
        likeliest, chance = found.get((option.host, option.title), (option, 0.0))
        found[option.host, option.title] = likeliest, chance + math.exp(score - best)
    total = sum(chance for _, chance in found.values())
    return [(option, chance / total) for option, chance in found.values()]


def splits(rows: Sequence[Row]) -> Iterator[Split]:
    """Return every way to split a card."""
    for option in host_options(rows):
        said = {f"host: {name}": value for name, value in option.looks.items()}
        left = option.rows
        seams = [_seam(above, below, left) for above, below in pairwise(left)]
        for end in range(1, min(len(left), MAX_TITLE_ROWS) + 1):
            looks = _looks(left[:end], left[end:], seams)
            named = {f"title: {name}": value for name, value in looks.items()}
            yield Split(option.name, left[:end], left[end:], said | named)


def _seam(above: Row, below: Row, rows: Sequence[Row]) -> Looks:
    """Return what can be seen between two rows."""
    right = max(row.right for row in rows)
    word = below.text.split()[0]
    room = (right - above.right) / (below.letter_width * (len(word) + 1))
    pitch = (below.middle - above.middle) * 2 / (above.height + below.height)
    first = words_of(word)[:1]
    return {
        "smaller letters": ratio(above.size, below.size),
        "the rule": above.heading and not below.heading,
        "space": clip(pitch - 1, -0.5, 1.5),
        "room for the next word": clip(room - 1, -1, 2),
        "a label": bool(below.label),
        "a bullet": below.text.startswith(BULLETS),
        "a bullet after a bullet": below.text.startswith(BULLETS)
        and above.text.startswith(BULLETS),
        "a bracket": below.text.startswith(("(", "[")),
        "no capital": below.text[:1].islower(),
        "an open end": ends_open(above.text),
        "a sentence's end": above.text.endswith((".", "?", "!", ":", "\u2026")),
        "the end of capitals": above.text.isupper() and not below.text.isupper(),
        "a word that joins": listed("joining_words").issuperset(first),
        "a word that opens": bool(first) and first[0] in listed("opening_words"),
    }


def _looks(title: Sequence[Row], after: Sequence[Row], seams: Sequence[Looks]) -> Looks:
    """Return what speaks for rows being a title and those after it none, and against."""
    text = " ".join(row.text for row in title)
    count = len(words_of(text))
    asks = bool(count) and words_of(text)[0] in listed("question_words")
    looks: Looks = {
        "one word": count <= 1,
        "words over six": max(0, count - 6) / 6,
        "rows after the first": len(title) - 1,
        "sentence words": sentence_share(text),
        "sentence words in the first row": sentence_share(title[0].text),
        "an open bracket": text.count("(") > text.count(")"),
        "a whole question": asks and text.endswith("?"),
    }
    end = len(title)
    if end > 1:
        inside = seams[: end - 1]
        looks |= {f"within, {name}": max(s[name] for s in inside) for name in seams[0]}
    if not after:
        return looks | {"all": 1.0, "all, by rows": min(6, end - 1)}
    said = " ".join(row.text for row in after)
    lists = sum(row.text.startswith(BULLETS) for row in after)
    sizes, others = [row.size for row in title], [row.size for row in after]
    looks |= {f"before {name}": value for name, value in seams[end - 1].items()}
    clear = ratio(min(sizes), max(others))
    return looks | {
        "before words": math.log1p(len(words_of(said))),
        "before sentence words": sentence_share(said),
        "before an answer": asks and not text.endswith("?") and "?" in said,
        "before a list": lists > 1,
        "before smaller letters all over": clear,
        "before clearly smaller letters": clear > CLEARLY,
        "before clearly smaller letters, after rows": clear > CLEARLY and end > 1,
        "before no capital, but smaller": seams[end - 1]["no capital"] * clear
        > CLEARLY,
        "before smaller letters on average": ratio(fmean(sizes), fmean(others)),
        "before longer rows": ratio(
            fmean(len(row.text) for row in after), fmean(len(row.text) for row in title)
        ),
        "before larger letters": max(0, ratio(max(others), max(sizes))),
    }
