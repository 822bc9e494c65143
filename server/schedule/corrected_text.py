"""A card's whole text with what people corrected in it. Pure.

People correct title, description and host; what else is written on the card, and in
which order, only the reading tells. So each corrected word takes the place of the word
that it corrects.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from rapidfuzz import fuzz

SIMILAR = 60.0
"""Likeness in percent from which a word that came into one field is one that went
out of another: "Maja" in a title, "Maya" as the host."""

SIGNS = re.compile(r"^\W+|\W+$")
"""Commas, brackets and the like around a word."""


@dataclass(slots=True)
class _Words:
    """The words of a text that is being corrected, line by line.

    Parameters
    ----------
    written : list of str
    line : list of int
        Of each word.
    taken : set of int
        Places of words that belong to a field.
    gone : dict of int to int
        By the places of words that went out of a field: the field's number.
    """

    written: list[str]
    line: list[int]
    taken: set[int] = field(default_factory=set)
    gone: dict[int, int] = field(default_factory=dict)

    def places_of(self, words: list[str]) -> list[int | None]:
        """Return where the words of a field stand, and let them be the field's."""
        open_words = [
            "" if place in self.taken else _bare(word)
            for place, word in enumerate(self.written)
        ]
        places: list[int | None] = [None] * len(words)
        matcher = SequenceMatcher(None, open_words, list(map(_bare, words)))
        for start, first, size in matcher.get_matching_blocks():
            for step in range(size):
                places[first + step] = start + step
        self.taken.update(place for place in places if place is not None)
        return places

    def replace(self, place: int, old: str, new: str) -> None:
        """Write a word in the place of another; signs around it stay."""
        before = self.written[place]
        self.written[place] = before.replace(old, new) if old in before else new


_Beside = tuple[int, int]
"""The place of a word, and the side of it where another one goes: `BEFORE` or `AFTER`."""

BEFORE, AFTER = -1, 1


class _Added(NamedTuple):
    """A word that came into a field, and where it goes, if there is such a place."""

    beside: _Beside | None
    word: str
    field: int


def corrected_text(text: str, changes: Iterable[tuple[str, str]]) -> str:
    """Return a text, line by line, in which fields say what they say now.

    Parameters
    ----------
    text : str
        As read, its lines joined by line breaks.
    changes : iterable of (str, str)
        What each field said as it was read, and what it says now.

    Returns
    -------
    str
        Words that came anew stand after those before them in their field; those of a
        field that was empty, in a line of their own at the end.
    """
    lines = [line.split() for line in text.split("\n")]
    words = _Words(
        [word for line in lines for word in line],
        [number for number, line in enumerate(lines) for _ in line],
    )
    fields = [(before.split(), now.split()) for before, now in changes]
    placed = [words.places_of(before) for before, _ in fields]
    added = [
        _Added(beside, new, number)
        for number, (before, now) in enumerate(fields)
        for beside, new in _changed(words, before, now, placed[number], number)
    ]
    return _written(words, added)


def _changed(
    words: _Words,
    before: list[str],
    now: list[str],
    places: list[int | None],
    number: int,
) -> Iterator[tuple[_Beside | None, str]]:
    """Change the words of a field; yield those that have no place, and where they go.

    That is after the word before them in their field, else before the one after them, on
    its line; None if there is neither.
    """
    matcher = SequenceMatcher(None, before, now)
    for tag, start, stop, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        known = [(place, AFTER) for place in places[:start] if place is not None]
        later = [(place, BEFORE) for place in places[start:] if place is not None]
        beside = next(iter([*known[-1:], *later[:1]]), None)
        pairs = min(stop - start, last - first)
        for step in range(pairs):
            place = places[start + step]
            if place is None:
                yield beside, now[first + step]
            else:
                words.replace(place, before[start + step], now[first + step])
                beside = place, AFTER
        for step in range(start + pairs, stop):
            if (place := places[step]) is not None:
                words.gone[place] = number
        yield from ((beside, new) for new in now[first + pairs : last])


def _written(words: _Words, added: Iterable[_Added]) -> str:
    """Return the text: words that went out are left out, unless they came into another field."""
    beside: dict[_Beside, list[str]] = {}
    own_line: list[str] = []
    for one in added:
        back = _moved_from(one, words)
        if back is not None:
            del words.gone[back]
            words.replace(back, words.written[back], one.word)
        elif one.beside is None:
            own_line.append(one.word)
        else:
            beside.setdefault(one.beside, []).append(one.word)
    lines: dict[int, list[str]] = {}
    for place, word in enumerate(words.written):
        line = lines.setdefault(words.line[place], [])
        line += beside.pop((place, BEFORE), [])
        line += [] if place in words.gone else [word]
        line += beside.pop((place, AFTER), [])
    whole = [*(" ".join(line) for line in lines.values()), " ".join(own_line)]
    return "\n".join(line for line in whole if line)


def _moved_from(one: _Added, words: _Words) -> int | None:
    """Return the place of the word that went out of another field as this one came."""
    scores = {
        place: fuzz.ratio(_bare(one.word), _bare(words.written[place]))
        for place, number in words.gone.items()
        if number != one.field
    }
    best = max(scores, key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] >= SIMILAR else None


def _bare(word: str) -> str:
    """Return a word without the signs around it, unless it has nothing else."""
    return (SIGNS.sub("", word) or word).casefold()
