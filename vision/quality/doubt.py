"""Whether the words of a photo are in doubt: else nobody needs to come back."""

from collections.abc import Sequence

import numpy as np

from vision.identity import SeenCard

DOUBTFUL = 0.8
"""Median confidence of the cards read in a photo below which its words are in
doubt. Darkness and distance by themselves tell failure far less well: of real
cards darkened below a mean level of 50, half were misread, and 88% of those that
were in doubt as well."""


def read_surely(cards: Sequence[SeenCard]) -> bool:
    """Tell whether most cards that were read in a photo were read well.

    Parameters
    ----------
    cards : sequence of SeenCard
        Those of one photo.

    Returns
    -------
    bool
        False if none was read.
    """
    read = [card.reading.confidence for card in cards if card.read_again]
    return bool(read) and float(np.median(read)) >= DOUBTFUL
