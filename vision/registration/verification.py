"""Whether a registration can be trusted: no photo is placed wrongly without an error.

Of a match with a reference: do enough places match, are they more than one moved card,
would the board fit as well a cell further, do they fix every cell that is seen? Of a
board placed by its tags: are the cells its layout's, and is each tag at its corner?
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy

from calibration.geometry import DegenerateError, Points
from calibration.homography import Homography
from calibration.layout import Layout
from calibration.lens import Projection
from calibration.profile import Board
from vision.errors import BoardMismatchError
from vision.image.arrays import Vector, mesh
from vision.registration.features import Features, Pairs, guided_matches
from vision.registration.frame import UNIT_CORNERS, Registration, cells_wh, is_plausible
from vision.registration.reference import Reference, ReferenceMatch, predicted_places
from vision.registration.tags import Tag, inner_corners

GUIDED_RADIUS, MIN_CLOSE, MIN_CLOSE_SHARE = 4.0, 25, 0.3
"""Distance from the predicted place up to which matches are sought, in tolerances;
close ones needed at least, and their share: five times what chance gives."""

MIN_ELSEWHERE, CARD_REACH = 15, 0.75
"""Close matches needed off the card with the most of them, which may have moved, and
how far that reaches from a spot on it, in cells."""

MAX_RIVAL_SHARE = 0.5
"""Close matches of the board moved by a cell, in its own: grids repeat themselves."""

MAX_SPREAD = 0.012
"""Standard error at any visible corner of a cell, in cells."""

SURE_CLOSE, SURE_SHARE, SURE_SPREAD = 100, 0.4, 0.0025
"""A match as good as this needs no other reference, nor finer features."""

STUCK_BY_HAND, MIN_AGREEING = 0.15, 2
"""Distance from its corner, in cells, up to which a tag is in place; tags that must be:
one alone is by chance, or on the next cell's lines."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a match.

    `close` matches are within the tolerance, a `share` of all near the predicted
    places; so many are `elsewhere` than on the one card with the most of them. The best
    `rival` is the board moved by a cell, in units of `close`; `spread` the largest
    standard error at a visible corner of a cell, in cells, None if not known;
    `residual_px` the root mean square distance of the close matches. `plausible` says
    whether a board can stand so.
    """

    close: int
    share: float
    elsewhere: int = 0
    rival: float = 0.0
    spread: float | None = None
    residual_px: float = 0.0
    plausible: bool = True

    @property
    def doubt(self) -> str:
        """Why the match cannot be trusted; empty if it can."""
        if not self.plausible:
            return "the fit shows the board edge-on or from behind"
        lacking = {
            f"only {self.close} places match": self.close < MIN_CLOSE,
            f"only {self.share:.0%} of the matches agree": self.share < MIN_CLOSE_SHARE,
            "what matches is a single card, which may have been moved": (
                self.single_card
            ),
            "it fits as well a cell further": self.rival > MAX_RIVAL_SHARE,
            "what matches is too small a part of the photo": (
                not self.within(MAX_SPREAD)
            ),
        }
        return next((why for why, is_so in lacking.items() if is_so), "")

    @property
    def single_card(self) -> bool:
        """Whether many places match, but hardly any off one card."""
        return self.close >= MIN_CLOSE and self.elsewhere < MIN_ELSEWHERE

    @property
    def sure(self) -> bool:
        """Whether nothing more need be tried."""
        return (
            not self.doubt
            and self.close >= SURE_CLOSE
            and self.share >= SURE_SHARE
            and self.within(SURE_SPREAD)
        )

    def within(self, spread: float) -> bool:
        """Tell whether every visible corner of a cell is known as well as this."""
        return self.spread is not None and self.spread <= spread


def evidence_of(
    match: ReferenceMatch, features: Features, reference: Reference
) -> Evidence:
    """Return what speaks for a match of a photo's features with a reference."""
    layout = reference.board.layout
    pairs, residuals = _guided(match, features, reference, match.pair.projection)
    close = residuals < match.tolerance_px
    count = int(close.sum())
    share = count / max(1, len(residuals))
    plausible = is_plausible(match.unit)
    if count < MIN_CLOSE or not plausible:
        return Evidence(count, share, plausible=plausible)
    points = features.points[pairs[close, 0]]
    return Evidence(
        close=count,
        share=share,
        elsewhere=_elsewhere(match.unit.board_from_photo(points), layout),
        rival=_best_rival(match, features, reference) / count,
        spread=_spread(match, layout),
        residual_px=float(np.sqrt((residuals[close] ** 2).mean())),
    )


def without_agreeing(
    match: ReferenceMatch, features: Features, reference: Reference
) -> Features:
    """Return the photo's features without those that agree with a match."""
    pairs, residuals = _guided(match, features, reference, match.pair.projection)
    kept = np.ones(len(features.points), np.bool_)
    kept[pairs[residuals < match.tolerance_px, 0]] = False
    return Features(features.points[kept], features.descriptors[kept])


def _guided(
    match: ReferenceMatch,
    features: Features,
    reference: Reference,
    projection: Projection,
) -> tuple[Pairs, Vector]:
    """Return guided matches (N, 2) and how far they are from predicted, (N,)."""
    predicted = predicted_places(projection, match.pair.reference_lens, reference)
    pairs = guided_matches(
        features, reference.features, predicted, GUIDED_RADIUS * match.tolerance_px
    )
    off = features.points[pairs[:, 0]] - predicted[pairs[:, 1]]
    return pairs, np.hypot(off[:, 0], off[:, 1])


def _elsewhere(places: Points, layout: Layout) -> int:
    """Return how many places (unit square) are not on the card that has the most."""
    cells = places * cells_wh(layout)
    on_card = scipy.spatial.KDTree(cells).query_ball_point(
        cells, CARD_REACH, p=np.inf, return_length=True
    )
    return len(cells) - int(np.max(on_card))


def _best_rival(match: ReferenceMatch, features: Features, reference: Reference) -> int:
    """Return the most close matches of the board moved by a cell."""
    layout, projection = reference.board.layout, match.pair.projection
    column, row = 1 / cells_wh(layout)
    counts = [0]
    for across, down in itertools.product((-1, 0, 1), repeat=2):
        if across == down == 0:
            continue
        moved = (
            match.area_from_reference.inverse
            @ Homography.translation(across * column, down * row)
            @ match.area_from_reference
        )
        try:
            rival = Projection(moved.inverse @ projection.homography, projection.lens)
        except DegenerateError:
            continue
        _, residuals = _guided(match, features, reference, rival)
        counts.append(int((residuals < match.tolerance_px).sum()))
    return max(counts)


def _spread(match: ReferenceMatch, layout: Layout) -> float | None:
    """Return the largest standard error at a visible corner of a cell, in cells."""
    columns, rows = len(layout.column_edges), len(layout.row_edges)
    grid = np.stack(np.meshgrid(layout.column_edges, layout.row_edges), axis=-1)
    unit = match.unit
    places = unit.photo_from_board(grid.reshape(-1, 2)).reshape(rows, columns, 2)
    along_x, along_y = np.moveaxis(np.asarray(np.gradient(places, axis=1)), 2, 0)
    down_x, down_y = np.moveaxis(np.asarray(np.gradient(places, axis=0)), 2, 0)
    size = np.sqrt(np.abs(along_x * down_y - along_y * down_x))
    visible = ((places >= 0) & (places < unit.lens.photo_wh)).all(axis=2)
    if not visible.any():
        return None
    straight = match.area_from_reference.inverse.apply(grid[visible])
    on_reference = match.pair.reference_lens.photo_from_straight(straight)
    return float((match.pair.spread_px(on_reference) / size[visible]).max())


def distance_in_cells(first: Registration, second: Registration) -> float | None:
    """Return the mean distance of the cells' corners by two registrations, in cells.

    Of the corners that the photo shows by the second one; None without any.
    """
    layout = first.board.layout
    grid = mesh(layout.column_edges, layout.row_edges)
    seen = second.unit.photo_from_board(grid)
    inside = ((seen >= 0) & (seen < second.unit.lens.photo_wh)).all(axis=1)
    if not inside.any():
        return None
    off = first.unit.board_from_photo(seen[inside]) - grid[inside]
    return float(np.hypot(*(off * cells_wh(layout)).T).mean())


def with_moved_tags(registration: Registration, tags: Sequence[Tag]) -> Registration:
    """Return a registration with the ids of its tags that are not at their corners.

    BoardMismatchError if fewer than two are.
    """
    board = registration.board
    corners = inner_corners(board, tags)
    seen = registration.unit.board_from_photo(np.array(list(corners.values())))
    off = np.hypot(*((seen - UNIT_CORNERS[list(corners)]) * cells_wh(board.layout)).T)
    ids = board.tags or ()
    moved = tuple(
        ids[place]
        for place, distance in zip(corners, off, strict=True)
        if distance > STUCK_BY_HAND
    )
    if len(corners) - len(moved) < MIN_AGREEING:
        raise BoardMismatchError(
            f"Board {board.title} is not where its tags say: tags "
            f"{', '.join(map(str, moved))} are at other places than its corners.",
            hint="Stick each tag to its corner of the cells again. Was the board "
            "rebuilt since its reference photo? Then take another one.",
            board=board.slug,
        )
    return replace(registration, moved_tags=moved)


def require_own_cells(board: Board, found: tuple[int, int] | None) -> None:
    """Raise a BoardMismatchError if lines make other columns and rows, `found`."""
    if found is None:
        return
    columns, rows = cells_wh(board.layout)
    raise BoardMismatchError(
        f"The lines between the tags of board {board.title} make {found[0]} columns and "
        f"{found[1]} rows; event.toml has {columns} and {rows}.",
        hint="Check whether it is this board, and whether its rooms and slots in "
        "event.toml are those on the wall.",
        board=board.slug,
    )
