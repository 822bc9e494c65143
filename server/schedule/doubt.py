"""Titles that are shown as a guess, and those that are not shown at all. Pure.

A card's picture is never wrong. A title that may well be is told as a guess beside it,
and one that hardly ever is right would only mislead. See docs/how-cards-are-split.md.
"""

from typing import Literal

DOUBT = 0.6
"""Chance that a title is right below which it is a guess. Of 279 real titles 159 stand
as they are, 129 of them rightly; of the other 120 a person would find 52 right. Each
was read and judged by what knows nothing of its event."""

FLOOR = 0.1
"""Chance below which it is withheld: of two such titles, in two readings of the same
cards, none is right; under .14 four of eleven are."""

Doubt = Literal["none", "guess", "unreadable"]
"""A title that stands as it is; one that is told as a guess; one that is not told."""


def doubt_of(title: str, title_confidence: float) -> Doubt:
    """Return how a title is shown that is right with this chance."""
    if not title or title_confidence < FLOOR:
        return "unreadable"
    return "guess" if title_confidence < DOUBT else "none"
