"""Whether the words of a photo are in doubt: else nobody needs to come back."""

from collections.abc import Sequence

import numpy as np

from vision.cards import ReadCard

DOUBTFUL = 0.3
"""Median confidence of the cards read in a photo below which its words are in
doubt: the chance that such a card is right is less than one in three. Darkness by itself
tells failure far less well: of the cards of 54 real boards darkened below a mean level
of 50, 46% had lost more than .15 in CER, and 77% of those that were in doubt as well."""


def read_surely(cards: Sequence[ReadCard]) -> bool:
    """Tell whether most cards that were read in a photo were read well.

    Parameters
    ----------
    cards : sequence of ReadCard
        Those of one photo.

    Returns
    -------
    bool
        False if none was read.
    """
    read = [card.reading.confidence for card in cards if card.read_again]
    return bool(read) and float(np.median(read)) >= DOUBTFUL
