"""One reading of several views of a card: of one photo at several sizes, or of photos.

A detector finds large letters in a small picture and small ones in a large picture, and
each photo misreads other letters. Lines of different views that cover each other are
alternatives; the one whose letters have the most support is taken there.

On 132 real cards (title readable, character errors, words): one view .80/.22/.78, two
at each place .82/.20/.80; a third takes characters wrong from .162 to .159 (281 cards).
On 95 cards in 1, 2, 3, 4 photos: titles .73, .79, .81, .82, characters wrong .32, .27,
.24, .23.

How likely the reading is right follows from how sure and how unanimous its views are,
by two logistic regressions, "right" being at most a tenth of the characters wrong:
AUROC .85 from one view, .90 from three.
"""

import math
import re
from collections.abc import Sequence
from itertools import chain

from rapidfuzz.distance import Levenshtein

from vision.cards import Line

MIN_SHARED, MIN_CONFIDENCE = 0.5, 0.4
"""Part of a line's area that is shared where it is the same text; lines of less
confidence are rules, pins and tape."""

SHORT, MIN_SHORT_CONFIDENCE = 3, 0.8
"""The same for lines of up to so many characters: pins, dots, corners of stickers. .6
to .8 read alike, and better than with all short lines."""

ONE_VIEW, VIEWS = (-20.42, 22.65), (-24.44, 19.63, 7.86)
"""Offset and weights of the confidence, and of the agreement of the first and the last of
several views."""

PHOTOS = (-5.04, 0.74, 5.76)
"""Offset and weights of the mean chance of what each photo alone says (as log odds) and
of their mean agreement with the reading. Fitted on 95 cards in two to four views: AUROC
.86 on others, and 94% of those called .9 or more were right."""

SILENT = 0.5
"""How much less likely a reading is of which another view saw nothing: only short texts
and bad ones are lost like this."""

MARK = 0.5
"""Confidence below which what is read on a card on which nothing seems to be written is
a mark: an arrow, a bar, a tick."""

CERTAINTY_POWER = 4
"""How much a letter counts: its line's confidence to this power. At 1 a view
wins by inventing letters, at 8 by reading one word well; 3 to 5 are alike."""

LEAST_CHANCE = 0.001
"""Chances nearer to 0 or 1 have log odds that outweigh everything else."""


_Seen = tuple[int, Line]
"""The number of a view, and a line in it."""


def best_of_views(views: Sequence[Sequence[Line]]) -> tuple[Line, ...]:
    """Choose among the lines of several views of one crop, place by place.

    Gives lines in no particular order; no two of them are the same text.
    """
    return tuple(
        line for place in _places(views) for line in _best_of(place, len(views))
    )


def without_pins(pieces: Sequence[Line]) -> tuple[Line, ...]:
    """Drop single digits and marks that were found by themselves beside other text.

    A push-pin is two circles, an 8 to the recogniser, vote dots are a 0 and ticks a 1.
    Of seven such pieces on 132 real cards six are none of the text.
    """
    text = [piece for piece in pieces if len(piece.text) > 1 or piece.text.isalpha()]
    return tuple(text or pieces)


def without_stray_marks(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Drop lines that are marks of something else than a pen."""
    return tuple(
        line
        for line in lines
        if line.confidence
        >= (MIN_CONFIDENCE if len(line.text) > SHORT else MIN_SHORT_CONFIDENCE)
    )


def _best_of(place: Sequence[_Seen], views: int) -> list[Line]:
    """Return what the view says of a place whose letters have the most support.

    Each supports what any says, as far as it says the same, with all of its certainty.
    """
    said = [
        sorted(
            (line for seen, line in place if seen == view),
            key=lambda line: line.quad_crop.centre.x,
        )
        for view in range(views)
    ]
    texts = [" ".join(line.text for line in lines) for lines in said]
    certainties = [sure_letters(lines) for lines in said]

    def support(view: int) -> tuple[float, int]:
        of_letters = sum(
            certainty * agreement(texts[view], text)
            for certainty, text in zip(certainties, texts, strict=True)
            if certainty > 0
        )
        # Something rather than nothing in a tie.
        return of_letters, len(said[view])

    return said[max(range(views), key=support)]


def _places(views: Sequence[Sequence[Line]]) -> list[list[_Seen]]:
    """Group lines that cover each other, directly or through others."""
    places: list[list[_Seen]] = []
    for view, lines in enumerate(views):
        for line in lines:
            seen = view, line
            same = [place for place in places if _belongs(seen, place)]
            places = [place for place in places if not _belongs(seen, place)]
            places.append([*chain.from_iterable(same), seen])
    return places


def _belongs(seen: _Seen, place: Sequence[_Seen]) -> bool:
    """Whether a line covers one that another view has in this place."""
    return any(
        view != seen[0] and _shared(line, seen[1]) > MIN_SHARED for view, line in place
    )


def _shared(one: Line, two: Line) -> float:
    """Overlap as a part of the smaller line's area, 0 to 1."""
    smaller = max(1.0, min(one.quad_crop.area, two.quad_crop.area))
    return one.quad_crop.overlap(two.quad_crop) / smaller


def agreement(one: str, two: str) -> float:
    """Return the part of their letters and digits, in any case, that two texts share."""
    return Levenshtein.normalized_similarity(_spelt(one), _spelt(two))


def sure_letters(lines: Sequence[Line]) -> float:
    """Return the letters of lines, weighted by certainty."""
    return sum(line.confidence**CERTAINTY_POWER * len(line.text) for line in lines)


def _spelt(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def calibrated(confidence: float, views: Sequence[str]) -> float:
    """Return how likely a reading is right, to within a tenth of its characters.

    Takes the confidence of its lines, weighted by characters, and what each view said.
    """
    if len(views) == 1:
        offset, sure = ONE_VIEW
        return _logistic(offset + sure * confidence)
    if len(said := [view for view in views if view.strip()]) == 1:
        # Nothing is no other text: that letters differ would make it one.
        return SILENT * calibrated(confidence, said)
    offset, sure, unanimous = VIEWS
    alike = agreement(views[0], views[-1])
    return _logistic(offset + sure * confidence + unanimous * alike)


def calibrated_in_photos(text: str, photos: Sequence[tuple[str, float]]) -> float:
    """Return how likely a reading is right, of what photos say and how likely each is."""
    offset, likely, unanimous = PHOTOS
    chance = sum(chance for _, chance in photos) / len(photos)
    chance = min(max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE)
    alike = sum(agreement(text, said) for said, _ in photos) / len(photos)
    return _logistic(
        offset + likely * math.log(chance / (1 - chance)) + unanimous * alike
    )


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
