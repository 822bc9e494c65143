"""Placing drawn boards: whole, turned, close up; by tags or by the first photo."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmarks.placing import Placing, placing_of
from benchmarks.scenarios import (
    PLACED_WH,
    PhotoPair,
    Scenario,
    Shot,
    close_up,
    photographed,
)
from calibration.profile import Board
from vision.errors import RegistrationError
from vision.image.photo import Photo
from vision.registration import Reference, register

View = Literal["whole", "turned", "close-up", "close-up, turned"]


@dataclass(frozen=True, slots=True)
class Place:
    """What became of one photo of a scenario's board.

    Parameters
    ----------
    scenario : Scenario
    view : View
        What the photo shows, and whether its EXIF orientation was lost.
    placing : {"ok", "refused", "wrong"}
    """

    scenario: Scenario
    view: View
    placing: Placing


@dataclass(frozen=True, slots=True)
class PlacingRow:
    """How many photos of one kind were placed."""

    boards: str
    ok: int
    refused: int
    wrong: int


KINDS: dict[str, Callable[[Place], bool]] = {
    "with tags": lambda place: place.scenario.tags,
    "without tags": lambda place: not place.scenario.tags,
    "with lines": lambda place: place.scenario.lines,
    "without lines": lambda place: not place.scenario.lines,
    "printed": lambda place: place.scenario.look == "printed",
    "taped": lambda place: place.scenario.look == "taped",
    "whiteboard": lambda place: place.scenario.look == "whiteboard",
    "people in front": lambda place: place.scenario.people > 0,
    "40% of the cards changed, or more": lambda place: place.scenario.changed >= 0.4,  # noqa: PLR2004  (said beside it)
    "the whole board": lambda place: place.view == "whole",
    "the whole board, turned": lambda place: place.view == "turned",
    "a close-up": lambda place: place.view == "close-up",
    "a close-up, turned": lambda place: place.view == "close-up, turned",
    "all": lambda _place: True,
}
"""Kinds of photos, each with what tells whether a photo is of it."""


def measure_place(scenario: Scenario) -> tuple[Place, ...]:
    """Photograph a scenario's board and place the photos."""
    pair = photographed(scenario, PLACED_WH)
    return places_of(scenario, pair, reference_of(pair))


def reference_of(pair: PhotoPair) -> Reference:
    """Return the first photo as what others of its board are found by."""
    first = pair.before
    return Reference.from_photo(pair.board, first.photo, first.truth.corners_photo)


def places_of(
    scenario: Scenario, pair: PhotoPair, reference: Reference
) -> tuple[Place, ...]:
    """Place a scenario's second photo and a close-up, both upright and turned.

    Parameters
    ----------
    scenario : Scenario
    pair : PhotoPair
        Its photos.
    reference : Reference
        The first of them.
    """
    near = close_up(scenario, pair.after.photo.size_wh)
    turns = 1 + scenario.seed % 3
    views: tuple[tuple[View, Shot, int], ...] = (
        ("whole", pair.after, 0),
        ("turned", pair.after, turns),
        ("close-up", near, 0),
        ("close-up, turned", near, turns),
    )
    return tuple(
        Place(scenario, view, place_shot(shot, turned, pair.board, reference))
        for view, shot, turned in views
    )


def place_shot(shot: Shot, turns: int, board: Board, reference: Reference) -> Placing:
    """Place one photo by its tags, else by an earlier photo.

    Parameters
    ----------
    shot : Shot
    turns : int
        Counter-clockwise quarter turns that the photo is turned by first.
    board : Board
    reference : Reference
        The earlier photo.
    """
    photo = Photo.from_pixels(np.rot90(shot.photo.pixels, turns))
    try:
        registration = register(photo, [board], [reference])
    except RegistrationError:
        return "refused"
    return placing_of(registration, shot.truth, turns)


def placing_rows(places: Sequence[Place]) -> tuple[PlacingRow, ...]:
    """Return how photos of each kind were placed, and all of them."""
    rows = []
    for name, belongs in KINDS.items():
        placings = [place.placing for place in places if belongs(place)]
        counts = [placings.count(which) for which in ("ok", "refused", "wrong")]
        rows.append(PlacingRow(name, *counts))
    return tuple(rows)
