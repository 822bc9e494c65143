"""From what a recogniser sees in a line to what is written there.

For each step along a line the network gives a probability to every character and to
none. The likeliest *text* is sought: a prefix beam search over all alignments (Graves
et al. 2006; Hannun et al. 2014), in which a `Lexicon` says how likely the letters are
to follow each other.

On 132 real cards, two views each (title readable, character errors, words): .82/.20/.80
without the lexicon, .89/.18/.84 with it.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from vision.recognition.lexicon import END, Lexicon

LEXICON_WEIGHT, CHARACTER_GAIN = 0.8, 2.0
"""How much the lexicon counts beside the eye (0.5 to 1.2 read alike), and logarithm by
which each character is favoured: the lexicon would leave letters out."""

MIN_PROBABILITY, MAX_TEXTS, MAX_BEHIND = 1e-4, 20, 8.0
"""Of characters that are followed; texts that are, at each step, and by which logarithm
they may be less likely than the best: 12 finds the same."""

WORD_SPACE, DIGIT, MARK = math.log(0.75), math.log(0.05), math.log(0.02)
"""How likely a word is to be followed by a space, a digit, another mark."""

APOSTROPHE = math.log(0.4)
"""The same for an apostrophe inside a word."""

APOSTROPHES = "'\u2019"

FOREIGN_LETTER, LAST_LATIN = -4.0, "\u024f"
"""Logarithm of a letter's probability in a script that the lexicon lacks: above this
one."""

_State = tuple[float, float, float, str]
"""Probability of all alignments that end in a blank, and in the last character; the
lexicon's logarithm; the word that is being written."""


def decode(
    posterior: npt.NDArray[np.float32], characters: Sequence[str], lexicon: Lexicon
) -> str:
    """Find the likeliest text, perhaps none.

    Takes the probability of each character at each step, (T, C) float32, and the C
    characters; the first, the blank, is never written.
    """
    texts: dict[str, _State] = {"": (1.0, 0.0, 0.0, "")}
    for step in _steps(posterior):
        texts = _followed(_extended(texts, step, characters, lexicon))
        # Probabilities of long lines would underflow.
        largest = max(blank + last for blank, last, _, _ in texts.values())
        texts = {
            text: (blank / largest, last / largest, written, word)
            for text, (blank, last, written, word) in texts.items()
        }
    return max(texts, key=lambda text: _final_rank(text, texts[text], lexicon)).strip()


def _steps(posterior: npt.NDArray[np.float32]) -> Iterator[list[tuple[int, float]]]:
    """Yield each step's characters worth following, and their probabilities."""
    for seen in posterior:
        followed = np.flatnonzero(seen > MIN_PROBABILITY)
        yield list(zip(followed.tolist(), seen[followed].tolist(), strict=True))


def _extended(
    texts: dict[str, _State],
    step: Sequence[tuple[int, float]],
    characters: Sequence[str],
    lexicon: Lexicon,
) -> dict[str, _State]:
    extended: dict[str, _State] = {}
    for text, (blank, last, written, word) in texts.items():
        for index, seen in step:
            if index == 0:
                _add(extended, text, ((blank + last) * seen, 0.0, written, word))
                continue
            character = characters[index]
            before = blank + last
            if text.endswith(character):
                # The same stroke, still; or again, after a blank.
                _add(extended, text, (0.0, last * seen, written, word))
                before = blank
            if before > 0 and not (character == " " and text[-1:] in ("", " ")):
                after = _written(lexicon, written, word, character)
                _add(extended, text + character, (0.0, before * seen, *after))
    return extended


def _add(texts: dict[str, _State], text: str, state: _State) -> None:
    found = texts.get(text)
    if found is not None:
        state = (found[0] + state[0], found[1] + state[1], state[2], state[3])
    texts[text] = state


def _followed(texts: dict[str, _State]) -> dict[str, _State]:
    if len(texts) == 1:
        return texts
    ranked = sorted(
        ((_rank(text, state), text) for text, state in texts.items()), reverse=True
    )
    worst = ranked[0][0] - MAX_BEHIND
    return {text: texts[text] for rank, text in ranked[:MAX_TEXTS] if rank >= worst}


def _rank(text: str, state: _State) -> float:
    seen = state[0] + state[1]
    if seen <= 0:
        return -math.inf
    return math.log(seen) + LEXICON_WEIGHT * state[2] + CHARACTER_GAIN * len(text)


def _written(
    lexicon: Lexicon, written: float, word: str, character: str
) -> tuple[float, str]:
    """Return the lexicon's logarithm and the begun word after a character."""
    letter = character.lower()
    if character.isalpha() and len(letter) == 1:
        if letter > LAST_LATIN:
            return written + FOREIGN_LETTER, ""
        return written + lexicon.log_probability(word, letter), word + letter
    if word and character in APOSTROPHES:
        return written + APOSTROPHE, ""
    if word:
        written += lexicon.log_probability(word, END)
    if character == " ":
        return written + WORD_SPACE, ""
    return written + (DIGIT if character.isdigit() else MARK), ""


def _final_rank(text: str, state: _State, lexicon: Lexicon) -> float:
    blank, last, written, word = state
    if word:
        written += lexicon.log_probability(word, END)
    return _rank(text.strip(), (blank, last, written, word))
