"""The chance that a reading is right, from how sure and how unanimous its views are.

A recogniser's own confidence ranks readings well, but 0.95 of it means 0.75: it
does not know what it overlooked. Whether two views of a card, in which the lines
were found and read anew, say the same knows more.

Two logistic regressions, "right" being at most a tenth of the characters wrong. On 281
cards of real photographs, each read by a recogniser that did not learn from its event,
cards are ranked with an AUROC of .85 from the confidence of one view, and of .90 from
three.
"""

import math
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from vision.cards import Line

ONE_VIEW, VIEWS = (-20.42, 22.65), (-24.44, 19.63, 7.86)
"""Offset and weights of the confidence, and of the agreement of the first and the last of
several views."""

PHOTOS = (-5.04, 0.74, 5.76)
"""Offset and weights of the mean chance of what each photo alone says (as log odds)
and of the mean agreement of these with the reading that they support. Fitted on 40 real
and 55 drawn cards in two to four views each; for cards that it was not fitted on, AUROC
.86, and of those called .9 or more 94% were right."""

SILENT = 0.5
"""How much less likely a reading is of which another view saw nothing. Only short texts
and bad ones are lost like this: "AI" at a confidence of .8, or a mark that is no text,
which must not reach `MARK`."""

MARK = 0.5
"""Confidence below which what is read on a card on which nothing seems to be written is
a mark: an arrow, a bar, a tick."""

CERTAINTY_POWER = 4
"""How much a letter counts: its line's confidence to this power. At 1 a view
wins by inventing letters, at 8 by reading one word well; 3 to 5 are alike."""

LEAST_CHANCE = 0.001
"""Chances nearer to 0 or 1 have log odds that outweigh everything else."""


def agreement(one: str, two: str) -> float:
    """Return the part of their letters and digits, in any case, that two texts share."""
    return Levenshtein.normalized_similarity(_spelt(one), _spelt(two))


def sure_letters(lines: Sequence[Line]) -> float:
    """Return the letters of lines, weighted by certainty."""
    return sum(line.confidence**CERTAINTY_POWER * len(line.text) for line in lines)


def _spelt(text: str) -> str:
    marks = "".join(
        character if character.isalnum() else " " for character in text.casefold()
    )
    return " ".join(marks.split())


def calibrated(confidence: float, views: Sequence[str]) -> float:
    """Return how likely a reading is right, to within a tenth of its characters.

    Takes the confidence of its lines, weighted by characters, and what each view of the
    card said. Never quite 1: the surest cards are wrong one time in ten or more.
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
    """Return how likely a reading is right, of what photos say and how likely each is.

    It may be less than that of a single photo: those that disagree with the surest one
    are evidence, too.
    """
    offset, likely, unanimous = PHOTOS
    chance = sum(chance for _, chance in photos) / len(photos)
    chance = min(max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE)
    alike = sum(agreement(text, said) for said, _ in photos) / len(photos)
    return _logistic(
        offset + likely * math.log(chance / (1 - chance)) + unanimous * alike
    )


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
