"""Letters of a script that a card is not written in: drawings taken for letters.

The recogniser knows fifty languages. A box with a cross in it, a sun or a checkered
corner is 回 to it, or 业: on a card in Latin letters that is a drawing. On a card in
Chinese or Japanese it is text, Latin words or not.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from vision.cards import Line

MAX_STRAY_SHARE = 0.15
"""Part of a card's letters up to which single ideographs among others are drawings:
one beside a word of six. Two in a row are a name, as hosts sign with, and stay."""


def without_stray_ideographs(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Drop ideographs that stand alone on a card that is written in other letters.

    Parameters
    ----------
    lines : sequence of Line
        All of one card.

    Returns
    -------
    tuple of Line
        In the same order; without those of which nothing is left.
    """
    letters = [one for line in lines for one in line.text if one.isalpha()]
    strange = sum(map(_is_ideograph, letters))
    if strange == 0 or strange > MAX_STRAY_SHARE * len(letters):
        return tuple(lines)
    texts = [_without(line.text) for line in lines]
    return tuple(
        replace(line, text=text)
        for line, text in zip(lines, texts, strict=True)
        if text
    )


def _without(text: str) -> str:
    """Return the words of a text that are more than one ideograph."""
    return " ".join(
        word for word in text.split() if len(word) > 1 or not _is_ideograph(word)
    )


def _is_ideograph(character: str) -> bool:
    """Tell whether a letter is as wide as it is high: Chinese, kana, hangul."""
    return character.isalpha() and unicodedata.east_asian_width(character) in "WF"
