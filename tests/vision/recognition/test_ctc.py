import math
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.recognition.ctc import CHARACTER_GAIN, LEXICON_WEIGHT, decode
from vision.recognition.lexicon import END, Lexicon, lexicon_of

Posterior = npt.NDArray[np.float32]

BLANK = "blank"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    words = {
        "functional": 3.0,
        "book": 2.0,
        "of": 9.0,
        "use": 5.0,
        "don": 1.0,
        "t": 1.0,
    }
    return lexicon_of(words, words)


def seen(*steps: dict[str, float]) -> tuple[Posterior, list[str]]:
    """Return what a network saw, step by step; the rest is blank."""
    characters = [BLANK, *sorted({character for step in steps for character in step})]
    posterior = np.zeros((len(steps), len(characters)), np.float32)
    for row, step in zip(posterior, steps, strict=True):
        for character, probability in step.items():
            row[characters.index(character)] = probability
        row[0] = 1 - row.sum()
    return posterior, characters


def spelt(text: str) -> list[dict[str, float]]:
    """Return steps that are sure of a text."""
    return [step for letter in text for step in ({letter: 0.99}, {})]


def test_nothing_seen_is_no_text(lexicon: Lexicon) -> None:
    assert decode(*seen({}, {}), lexicon) == ""


def test_the_lexicon_decides_where_the_eye_is_torn(lexicon: Lexicon) -> None:
    torn = [*spelt("fun"), {"d": 0.7, "c": 0.29}, {}, *spelt("tional")]
    assert decode(*seen(*torn), lexicon) == "functional"


def test_what_is_seen_clearly_stays_whatever_the_lexicon_says(lexicon: Lexicon) -> None:
    assert decode(*seen(*spelt("Xqzrk 7")), lexicon) == "Xqzrk 7"


def test_a_weak_space_parts_two_words(lexicon: Lexicon) -> None:
    joined = [*spelt("use"), {" ": 0.05}, *spelt("of")]
    assert decode(*seen(*joined), lexicon) == "use of"


def test_a_letter_is_doubled_only_with_a_gap_between(lexicon: Lexicon) -> None:
    gap = [*spelt("b"), {"o": 0.99}, {}, {"o": 0.99}, {}, *spelt("k")]
    no_gap = [*spelt("b"), {"o": 0.99}, {"o": 0.99}, {}, *spelt("k")]
    texts = [decode(*seen(*steps), lexicon) for steps in (gap, no_gap)]
    assert texts == ["book", "bok"]


def test_a_script_without_lexicon_is_read_as_seen(lexicon: Lexicon) -> None:
    assert decode(*seen(*spelt("会议室 Зал")), lexicon) == "会议室 Зал"


def test_capitals_and_apostrophes_are_kept(lexicon: Lexicon) -> None:
    assert decode(*seen(*spelt("DON'T")), lexicon) == "DON'T"


CHARACTERS = (BLANK, "a", "b")

POSTERIORS = st.lists(
    st.tuples(*(st.floats(0.05, 1) for _ in CHARACTERS)), min_size=1, max_size=4
).map(lambda rows: np.array([np.divide(row, sum(row)) for row in rows], np.float32))


@given(posterior=POSTERIORS)
def test_the_best_text_over_all_alignments_is_found(posterior: Posterior) -> None:
    words = {"ab": 3.0, "ba": 1.0}
    lexicon = lexicon_of(words, words)
    scores: dict[str, float] = {}
    for path in product(range(3), repeat=len(posterior)):
        kept = [
            now for before, now in zip((0, *path), path, strict=False) if now != before
        ]
        text = "".join(CHARACTERS[index] for index in kept if index)
        likely = math.prod(posterior[step, index] for step, index in enumerate(path))
        scores[text] = scores.get(text, 0.0) + float(likely)
    ranks = {text: _score(text, likely, lexicon) for text, likely in scores.items()}
    found = decode(posterior, CHARACTERS, lexicon)
    assert ranks[found] == pytest.approx(max(ranks.values()), abs=1e-4)


def _score(text: str, likely: float, lexicon: Lexicon) -> float:
    spelling = [*text, END] if text else []
    written = sum(
        lexicon.log_probability(text[:place], letter)
        for place, letter in enumerate(spelling)
    )
    return math.log(likely) + LEXICON_WEIGHT * written + CHARACTER_GAIN * len(text)
