"""What the lines of a card say, from the words of the whole card.

Whoever typed a card's text did not mark its lines. The recogniser of today reads most
lines well enough to tell which of the card's words they are.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

MOST_WORDS: Final = 9
"""Words of a line at most."""

SURE: Final = 0.34
"""Share of a line's letters that may be misread where it is matched by itself."""

LEFT_OVER: Final = 0.67
"""The same for words that no other line claims: what else should a line say?"""

LEAST_LETTERS: Final = 2
"""Of a line that is matched by what it says."""

LONGEST, SHORTEST = 2.0, 0.5
"""Letters of words left over against those that were read."""


@dataclass(frozen=True, slots=True)
class _Match:
    """Words from `start` to before `end` of a card as what line `line` says.

    Their letters differ by `distance`, a share; with signs and case by `spelling`.
    """

    distance: float
    letters: int
    spelling: int
    line: int
    start: int
    end: int


def labels_of(text: str, read: Sequence[str]) -> list[str]:
    """Return for each line that was read the card's words that it shows, or "".

    Parameters
    ----------
    text : str
        Of the whole card, in reading order.
    read : sequence of str
        What the recogniser made of each of its lines, in any order.
    """
    words = text.split()
    found: dict[int, tuple[int, int]] = {}
    free = [True] * len(words)
    for limit, least in ((SURE, LEAST_LETTERS), (LEFT_OVER, 1)):
        matches = [
            match
            for line, said in enumerate(read)
            if line not in found and len(_letters(said)) >= least
            for match in _matches(line, said, words, free)
            if match.distance <= limit
        ]
        # The best first; of equally good ones the longest, with the signs that were read.
        for match in sorted(
            matches, key=lambda one: (one.distance, -one.letters, one.spelling)
        ):
            if match.line not in found and all(free[match.start : match.end]):
                found[match.line] = match.start, match.end
                free[match.start : match.end] = [False] * (match.end - match.start)
    return [
        " ".join(words[slice(*found[line])]) if line in found else ""
        for line in range(len(read))
    ]


def _matches(
    line: int, said: str, words: Sequence[str], free: Sequence[bool]
) -> list[_Match]:
    """Return runs of free words that a line may show which was read like this."""
    letters, bare = _letters(said), [_letters(word) for word in words]
    matches = []
    for start in range(len(words)):
        run = ""
        for end in range(start + 1, min(len(words), start + MOST_WORDS) + 1):
            if not free[end - 1]:
                break
            run += bare[end - 1]
            if len(run) > LONGEST * len(letters) + LEAST_LETTERS:
                break
            if len(run) >= SHORTEST * len(letters):
                distance = Levenshtein.normalized_distance(run, letters)
                spelling = Levenshtein.distance(" ".join(words[start:end]), said)
                matches.append(_Match(distance, len(run), spelling, line, start, end))
    return matches


def _letters(text: str) -> str:
    """Return letters and digits, without case and accents."""
    bare = unicodedata.normalize("NFKD", text).lower()
    return "".join(letter for letter in bare if letter.isalnum())
