"""Which card of a photo is which known one, one to one.

The assignment with the greatest sum of scores. D. Crouse, "On implementing 2D
rectangular assignment algorithms", IEEE Trans. AES 52 (2016), as in SciPy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from rapidfuzz import fuzz

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.cards import KnownCard, ReadCard, TrackedCard
from vision.image import on_both_cores
from vision.tracking.appearance import Fit, fit

MIN_SAME, MIN_LEADING, MIN_LEAD = 0.78, 0.7, 0.1
"""Score from which two cards are the same: of 589 pairs of different cards none. The
same where it leads by so much: none of those leads by more than 0.06."""

SURE_HERE = 0.83
"""Score from which a card at its old place is compared with no other card."""

MOST_LARGER = 4.0
"""Times that one outline may be as wide or high as the other and be of one card."""

MIN_SAME_PLACE, PLACE_BONUS = 1 / 3, 0.06
"""Intersection over union of two outlines from which a card has not moved; what is
added to its score then: 403 of 420 reach `MIN_SAME`."""

MIN_TAKEN, MAX_LARGER = 0.8, 1.6
"""Part of a card's place that another one takes, and times its area up to which it is a
card."""

MAX_ALIKE, MIN_LETTERS = 50.0, 4
"""Likeness of two texts, 0 to 100, from which they may be readings of one card, and
letters that each has at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Two cards that are the same, by index, and where the previous one now lies."""

    current: int
    previous: int
    place_area: Quad


Pair = tuple[int, int]
"""Indices of a current and a previous card."""


def match_cards(
    current: Sequence[TrackedCard], previous: Sequence[KnownCard]
) -> tuple[Match, ...]:
    """Return which card of a photo is which known one, where it is certain.

    One to one, by index of the current card.
    """
    near = _near(current, previous)
    fits = _fits(current, previous, near)
    # Most cards are where they were: sure pairs are compared with no others.
    sure = [pair for pair, found in fits.items() if found.score >= SURE_HERE]
    rows = set(range(len(current))) - {row for row, _ in sure}
    columns = set(range(len(previous))) - {column for _, column in sure}
    others = {(row, column) for row in rows for column in columns}
    fits |= _fits(current, previous, others - near)
    scores = {
        pair: found.score + PLACE_BONUS * (pair in near) for pair, found in fits.items()
    }
    accepted = np.zeros((len(current), len(previous)))
    for pair, score in scores.items():
        if score >= MIN_SAME or (score >= MIN_LEADING and _leads(pair, scores)):
            accepted[pair] = score
    rows_columns = scipy.optimize.linear_sum_assignment(accepted, maximize=True)
    return tuple(
        Match(row, column, place_of(current[row], fits[row, column]))
        for row, column in np.stack(rows_columns, axis=1).tolist()
        if accepted[row, column] > 0
    )


def _near(current: Sequence[TrackedCard], previous: Sequence[KnownCard]) -> set[Pair]:
    """Return the pairs of cards that may be one that has not moved."""
    bounds = [one.quad_area.bounds for one in previous]
    # The bounds first: most cards are too far from each other for more.
    return {
        (row, column)
        for row, one in enumerate(current)
        for own in [one.quad_area.bounds]
        for column, other in enumerate(previous)
        if own.overlap(bounds[column])
        and one.quad_area.iou(other.quad_area) > MIN_SAME_PLACE
    }


def _leads(pair: Pair, scores: Mapping[Pair, float]) -> bool:
    """Tell whether two cards are clearly more alike than either and any other."""
    row, column = pair
    return all(
        other == pair or score <= scores[pair] - MIN_LEAD
        for other, score in scores.items()
        if other[0] == row or other[1] == column
    )


def _fits(
    current: Sequence[TrackedCard], previous: Sequence[KnownCard], pairs: Iterable[Pair]
) -> dict[Pair, Fit]:
    """Return how previous cards' patches lie on current ones', where they fit at all."""
    # How many pixels of one's patch a pixel of the other's is.
    possible = {}
    for row, column in sorted(pairs):
        width, height = current[row].quad_area.size_wh
        other_width, other_height = previous[column].quad_area.size_wh
        scale_xy = other_width / width, other_height / height
        if all(1 / MOST_LARGER <= scale <= MOST_LARGER for scale in scale_xy):
            possible[row, column] = scale_xy

    def one(pair: Pair) -> Fit | None:
        target, patch = current[pair[0]].descriptor, previous[pair[1]].descriptor
        return fit(target.patch, patch.patch, possible[pair])

    found = zip(possible, on_both_cores(one, possible), strict=True)
    return {pair: how for pair, how in found if how is not None}


def place_of(card: TrackedCard | KnownCard, found: Fit) -> Quad:
    """Return where the outline of a patch lies that was fitted to a card's.

    In the unit square of the cell area.
    """
    height, width = card.descriptor.patch.shape
    patch = Rect(0, 0, width, height).to_quad()
    area_from_patch = Homography.from_quads(target=card.quad_area, source=patch)
    corners = np.column_stack([patch.to_array(), np.ones(4)])
    return area_from_patch.apply_quad(
        Quad.from_array(corners @ found.target_from_patch.T)
    )


def is_replaced(
    card: KnownCard, seen: Sequence[ReadCard], before: Mapping[str, Quad]
) -> bool:
    """Tell whether a known card that was not found has another one in its place.

    Takes all cards of the photo, and where each known card was, by its id. False where
    texts do not settle it: there are none, or nearly the same.
    """
    return any(
        _takes(other.quad_area, card.quad_area)
        and (
            _is_another(other, card)
            if other.known is None
            else not _takes(before[other.known], card.quad_area)
        )
        for other in seen
    )


def _takes(quad: Quad, place: Quad) -> bool:
    """Tell whether a card as large as another lies on its place."""
    return (
        quad.area <= MAX_LARGER * place.area
        and quad.overlap(place) >= MIN_TAKEN * place.area
    )


def _is_another(new: ReadCard, card: KnownCard) -> bool:
    """Tell by the texts whether a new card is none but a known one."""
    one, two = (
        "".join(letter for letter in reading.text.casefold() if letter.isalnum())
        for reading in (new.reading, card.reading)
    )
    enough = min(len(one), len(two)) >= MIN_LETTERS
    return enough and fuzz.ratio(one, two) < MAX_ALIKE
