"""Same card or another: who is who.

Likeness with a small affine search, then the best one-to-one assignment (FINDINGS
section 4); what is left is searched for widely. Assignment: D. Crouse, IEEE
Trans. AES 52 (2016), as in SciPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.cards import CardDescriptor, Look
from vision.image.parallel import on_both_cores
from vision.tracking.correlation import (
    Fit,
    fit_anywhere,
    fit_nearby,
    normalised,
    upright,
)

SHORTLIST = 4
"""Known cards that each card is compared with in full, after a coarse look."""

COARSE_WH = (24, 16)
"""Size of the patches of the coarse look."""

MIN_SAME = 0.6
"""Score from which two cards are the same: 0 wrong pairs of 1,386 in FINDINGS
section 4, 3 at 0.45."""

SURE_HERE = 0.7
"""Score from which a card at its old place is compared with no other card: of 2,741
pairs of different drawn cards none exceeded 0.46."""

MIN_SAME_ANYWHERE = 0.62
"""The same where only a part of the outlines need be shared: 0 of 1,560 pairs of
different cards reach it, 96% of moved ones do (of which 82% reach `MIN_SAME`)."""

MIN_LEAD = 0.1
"""By how much such a pair has to be better than any other pair of either card."""

MOST_LARGER = 4.0
"""Times that one outline may be as wide or high as the other and be of one card."""

PLACE_BONUS = 0.05
"""Added to the score of a card that has not moved: of two that look alike the
one on the spot is the same."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two cards that are the same.

    Parameters
    ----------
    current, previous : int
        Their indices.
    score : float
        Likeness of their looks, -1 to 1.
    place_area : Quad
        Where the previous one's outline now lies, in the unit square of the cell
        area; the current one's may be a part of it.
    """

    current: int
    previous: int
    score: float
    place_area: Quad


def likeness(one: CardDescriptor, other: CardDescriptor) -> float:
    """Return how alike two cards look, -1 to 1.

    The best normalised correlation over small shifts, turns and scales.
    """
    return fit_nearby(normalised(one.patch), upright(other.patch)).score


def match_cards(current: Sequence[Look], previous: Sequence[Look]) -> tuple[Match, ...]:
    """Return which current card is which previous one.

    Parameters
    ----------
    current, previous : sequence of Look

    Returns
    -------
    tuple of Match
        One to one, by index of the current card; only where it is certain.
    """
    if not current or not previous:
        return ()
    fits = _nearby_fits(current, previous)
    matches = _assigned(current, previous, fits)
    seen = {match.current for match in matches}
    known = {match.previous for match in matches}
    left = _fits_anywhere(
        {row: look for row, look in enumerate(current) if row not in seen},
        {column: look for column, look in enumerate(previous) if column not in known},
    )
    matches += [_match(current, pair, fit) for pair, fit in _leading(left).items()]
    return tuple(sorted(matches, key=lambda match: match.current))


Fits = dict[tuple[int, int], Fit]
"""How previous cards' patches lie on current ones', by (current, previous)."""


def _assigned(
    current: Sequence[Look], previous: Sequence[Look], fits: Fits
) -> list[Match]:
    """Return the pairs that are alike and together the best."""
    worth = np.zeros((len(current), len(previous)))
    for (row, column), fit in fits.items():
        if fit.score >= MIN_SAME:
            bonus = PLACE_BONUS * _same_place(current[row], previous[column])
            worth[row, column] = fit.score + bonus
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return [
        _match(current, (row, column), fits[row, column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if worth[row, column] > 0
    ]


def _match(current: Sequence[Look], pair: tuple[int, int], fit: Fit) -> Match:
    """Return a pair with the place at which the previous card now is."""
    row, column = pair
    look = current[row]
    height, width = look.descriptor.patch.shape
    patch = Rect(0, 0, width, height).to_quad()
    area_from_patch = Homography.from_quads(target=look.quad_area, source=patch)
    corners = patch.to_array() @ fit.on_target[:, :2].T + fit.on_target[:, 2]
    place = area_from_patch.apply_quad(Quad.from_array(corners))
    return Match(row, column, fit.score, place)


def _nearby_fits(current: Sequence[Look], previous: Sequence[Look]) -> Fits:
    """Return the fits of all pairs that are worth a full look.

    Most cards hang where they hung. These are asked for first, and a pair that is
    sure of itself is compared with nobody else.
    """
    targets = [normalised(look.descriptor.patch) for look in current]
    patches = [upright(look.descriptor.patch) for look in previous]
    near = _near_pairs(current, previous)
    fits = {
        (row, column): fit_nearby(targets[row], patches[column]) for row, column in near
    }
    sure = [pair for pair, fit in fits.items() if fit.score >= SURE_HERE]
    rows = sorted(set(range(len(current))) - {row for row, _ in sure})
    columns = sorted(set(range(len(previous))) - {column for _, column in sure})
    for row, column in _shortlisted(current, previous, rows, columns):
        if (row, column) not in fits:
            fits[row, column] = fit_nearby(targets[row], patches[column])
    return fits


def _near_pairs(
    current: Sequence[Look], previous: Sequence[Look]
) -> list[tuple[int, int]]:
    """Return the pairs (current, previous) that lie on the same spot of the board."""
    places = [look.quad_area.bounds for look in previous]
    return [
        (row, column)
        for row, one in enumerate(current)
        for column, other in enumerate(previous)
        if one.quad_area.bounds.overlap(places[column]) > 0 and _same_place(one, other)
    ]


def _shortlisted(
    current: Sequence[Look],
    previous: Sequence[Look],
    rows: Sequence[int],
    columns: Sequence[int],
) -> list[tuple[int, int]]:
    """Return the pairs of some current and previous looks that look most alike."""
    if not rows or not columns:
        return []
    coarse = (
        _coarse([current[row] for row in rows])
        @ _coarse([previous[column] for column in columns]).T
    )
    return [
        (row, columns[place])
        for row, alike in zip(rows, coarse, strict=True)
        for place in np.argsort(-alike, kind="stable")[:SHORTLIST].tolist()
    ]


def _fits_anywhere(current: dict[int, Look], previous: dict[int, Look]) -> Fits:
    """Return the wide fits of cards that are left over."""
    pairs = [
        (row, column)
        for row, one in current.items()
        for column, other in previous.items()
        if max(*_scale_xy(one, other), *_scale_xy(other, one)) <= MOST_LARGER
    ]

    def fit(pair: tuple[int, int]) -> Fit:
        one, other = current[pair[0]], previous[pair[1]]
        return fit_anywhere(
            one.descriptor.patch, other.descriptor.patch, _scale_xy(one, other)
        )

    return dict(zip(pairs, on_both_cores(fit, pairs), strict=True))


def _scale_xy(one: Look, other: Look) -> tuple[float, float]:
    """Return how many pixels of one patch a pixel of the other is, along x and y."""
    width, height = one.quad_area.size_wh
    other_width, other_height = other.quad_area.size_wh
    return other_width / width, other_height / height


def _leading(fits: Fits) -> Fits:
    """Return the pairs that are alike, and clearly more so than others of theirs."""
    return {
        (row, column): fit
        for (row, column), fit in fits.items()
        if fit.score >= MIN_SAME_ANYWHERE
        and all(
            other.score <= fit.score - MIN_LEAD
            for pair, other in fits.items()
            if pair != (row, column) and (pair[0] == row or pair[1] == column)
        )
    }


def _coarse(looks: Sequence[Look]) -> npt.NDArray[np.float64]:
    """Return coarse normalised patches as unit vectors, shape (N, D)."""
    vectors = []
    for look in looks:
        normal = normalised(look.descriptor.patch)
        small = cv2.resize(
            cv2.GaussianBlur(normal, (0, 0), 2), COARSE_WH, interpolation=cv2.INTER_AREA
        )
        vector = np.asarray(small, np.float64).ravel()
        vectors.append(vector / max(float(np.linalg.norm(vector)), 1e-9))
    return np.array(vectors)


def _same_place(one: Look, other: Look) -> bool:
    """Tell whether two cards lie on the same spot of the board."""
    return one.quad_area.iou(other.quad_area) > 1 / 3
