"""Titles that are shown as a guess, and those that are not shown at all. Pure.

A card's picture is never wrong. A title that may well be is told as a guess beside it,
and one that hardly ever is right would only mislead. See docs/how-cards-are-split.md.
"""

from typing import Literal

DOUBT = 0.6
"""Chance that a title is right below which it is a guess. Of 279 real titles 168 stand
as they are, 137 of them rightly; of the other 111 a person would find 48 right. Each
was read and judged by what knows nothing of its event."""

FLOOR = 0.14
"""Chance below which it is withheld: of eight such titles, in two readings of the same
cards, one is right; under .16 five of thirteen are."""

Doubt = Literal["none", "guess", "unreadable"]
"""A title that stands as it is; one that is told as a guess; one that is not told."""


def doubt_of(title: str, title_confidence: float) -> Doubt:
    """Return how a title is shown that is right with this chance."""
    if not title or title_confidence < FLOOR:
        return "unreadable"
    return "guess" if title_confidence < DOUBT else "none"
