"""Registration of drawn boards: placed rightly, refused, or wrongly and silently."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from benchmarks.bars import SILENTLY_WRONG
from benchmarks.scenarios import (
    PhotoPair,
    Scenario,
    Shot,
    close_up,
    with_lying_tags,
)
from benchmarks.table import Table, judged
from calibration.event import Board
from calibration.layout import CellId
from sample_boards.truth import BoardTruth
from vision.errors import RegistrationError
from vision.registration import Reference, register
from vision.registration.frame import Registration

Placing = Literal["ok", "told", "refused", "wrong"]
"""Told: wrong or right, staff are told that a tag has moved or the place is not sure."""

View = Literal["whole", "close-up", "a tag moved", "tags of another layout"]

MAX_ERROR = 0.025
"""Mean distance of cells' corners from their true places, in units of a cell,
from which a registration is wrong: a good one is off by 0.004 (FINDINGS)."""

MAX_ERROR_LYING = 0.05
"""The same where tags lie: taped lines are three hundredths off themselves."""


@dataclass(frozen=True, slots=True)
class Place:
    """What became of one photo of a scenario's board."""

    scenario: Scenario
    view: View
    placing: Placing


def _shows(view: View) -> Callable[[Place], bool]:
    return lambda place: place.view == view


KINDS: dict[str, Callable[[Place], bool]] = {
    "with tags": lambda place: place.scenario.tags,
    "without tags": lambda place: not place.scenario.tags,
    "without lines": lambda place: not place.scenario.lines,
    "people in front": lambda place: place.scenario.people > 0,
    "40% of the cards changed, or more": lambda place: place.scenario.changed >= 0.4,  # noqa: PLR2004  (said beside it)
    **{view: _shows(view) for view in get_args(View)},
    "all": lambda _place: True,
}
"""Kinds of photos, each with what tells whether a photo is of it."""


def places_of(
    scenario: Scenario, pair: PhotoPair, reference: Reference
) -> tuple[Place, ...]:
    """Place a scenario's second photo and a close-up, by tags, else by the first photo.

    Where it has tags, also photos of which the tags lie; by them alone.

    Parameters
    ----------
    scenario : Scenario
    pair : PhotoPair
        Its photos.
    reference : Reference
        The first of them.
    """
    photo_wh = pair.after.photo.size_wh
    near = close_up(scenario, photo_wh)
    placings: dict[View, Placing] = {
        "whole": place_shot(pair.after, pair.board, reference),
        "close-up": place_shot(near, pair.board, reference),
    }
    if scenario.tags:
        moved, other = with_lying_tags(scenario, photo_wh)
        placings["a tag moved"] = _place_lying(moved, pair.board, moved.truth)
        placings["tags of another layout"] = _place_lying(other, pair.board, None)
    return tuple(Place(scenario, view, placing) for view, placing in placings.items())


def place_shot(shot: Shot, board: Board, reference: Reference) -> Placing:
    """Place one photo by its tags, else by an earlier photo."""
    try:
        registration = register(shot.photo, [board], [reference])
    except RegistrationError:
        return "refused"
    return "ok" if placing_error(registration, shot.truth) <= MAX_ERROR else "wrong"


def _place_lying(shot: Shot, board: Board, truth: BoardTruth | None) -> Placing:
    """Place a photo by tags that lie; without a truth no place is right."""
    try:
        registration = register(shot.photo, [board], [])
    except RegistrationError:
        return "refused"
    if registration.moved_tags or not registration.checked:
        return "told"
    right = truth and placing_error(registration, truth) <= MAX_ERROR_LYING
    return "ok" if right else "wrong"


def placing_error(registration: Registration, truth: BoardTruth) -> float:
    """Return how far the cells' corners are from their true places.

    Returns
    -------
    float
        Mean over all cells whose middle the photo shows, measured in the photo,
        in units of a cell's size (the root of its area); infinite if a corner is
        beyond the horizon, 0 if no cell is shown.
    """
    placed = registration.cell_rects
    width, height = truth.projection.lens.photo_wh
    errors = []
    for cell in truth.cells:
        true_quad = truth.projection.quad_photo(cell.rect_board.to_quad())
        x, y = true_quad.centre
        if not (0 <= x < width and 0 <= y < height):
            continue
        rect = placed[CellId(cell.room, cell.slot)]
        corners = registration.projection.photo_from_board(rect.to_quad().to_array())
        off = np.hypot(*(corners - true_quad.to_array()).T)
        errors.append(float(off.mean()) / float(np.sqrt(true_quad.area)))
    mean = float(np.mean(errors or [0.0]))
    return mean if np.isfinite(mean) else float("inf")


def registration_table(places: Sequence[Place]) -> Table:
    """Return how photos of each kind were placed, and all of them."""
    rows = []
    for name, belongs in KINDS.items():
        placings = [place.placing for place in places if belongs(place)]
        counts = [sum(one == what for one in placings) for what in get_args(Placing)]
        if placings:
            bar = judged(SILENTLY_WRONG, counts[-1])
            rows.append((name, len(placings), *counts, *bar))
    return Table(
        "Registration of drawn boards",
        ("boards", "photos", *get_args(Placing)[:-1], "silently wrong", "must", "met"),
        tuple(rows),
    )
