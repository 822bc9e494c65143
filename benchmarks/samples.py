"""Cases that are drawn, with exact truth: the sample events, and a full board."""

from functools import partial
from pathlib import Path

from benchmarks.cases import Case, PlannedCase
from benchmarks.metrics import TrueCard
from benchmarks.scenarios import FRONT_ANGLE_DEG, board_of, taken
from calibration.event import Board
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.lens import Projection
from calibration.profile import load_profile
from sample_boards.events import SAMPLE_EVENTS, SampleEvent
from sample_boards.render import random_board, random_standpoint
from sample_boards.truth import BoardTruth
from server.event_file import reference_bytes
from server.intake.sight import load_references
from vision.image.photo import Photo
from vision.registration import Reference

GROUP = "sample boards"

SEEN_STATES = frozenset({"visible", "partial"})
"""Of cards that can be found: at least a third of them is in the photo."""

UNJUDGED_STATES = frozenset({"covered", "unseen"})
"""Of cells of which nobody can tell from this photo whether they are taken."""

FULL_BOARD = "60 cards"
"""What speed and memory are measured on: a busy day on a phone's photo."""

FULL_CARDS, FULL_ROOMS, FULL_SLOTS = 60, 8, 9
"""As many cards as the bars of speed are about: four cells of five are taken."""

FULL_PHOTO_WH = (4032, 3024)
"""12 megapixels."""


def sample_cases() -> tuple[PlannedCase, ...]:
    """Return every photo of every sample event."""
    return tuple(
        PlannedCase(GROUP, f"{event.name}/{path.stem}", partial(_load, event, path))
        for event in SAMPLE_EVENTS
        for path in event.photos
    )


def full_board() -> Case:
    """Draw the full board, which takes a while."""
    seed = FULL_CARDS
    drawn = random_board(
        seed, rooms=FULL_ROOMS, slots=FULL_SLOTS, cards=FULL_CARDS, tags=True
    )
    standpoint = random_standpoint(seed, FRONT_ANGLE_DEG)
    shot = taken(drawn, standpoint, seed, FULL_PHOTO_WH)
    return drawn_case(shot.photo, shot.truth, board_of(drawn), ())


def _load(event: SampleEvent, path: Path) -> Case:
    profile = load_profile(event.profile_path)
    truth = event.truth(path)
    references = load_references(profile, partial(reference_bytes, folder=event.folder))
    photo = Photo.decode(path.read_bytes())
    return drawn_case(photo, truth, profile.board(truth.board), references)


def drawn_case(
    photo: Photo, truth: BoardTruth, board: Board, references: tuple[Reference, ...]
) -> Case:
    """Return a drawn photo as a case; cards that it shows whole are legible."""
    return Case(
        photo=photo,
        board=board,
        references=references,
        area_from_photo=area_from_photo(truth),
        cards=tuple(
            TrueCard(
                bounds_photo=card.quad_photo.bounds,
                cell=CellId(card.room, card.slot),
                text=card.text,
                title=card.title,
                legible=card.state == "visible",
            )
            for card in truth.cards
            if card.state in SEEN_STATES
        ),
        cells=tuple(
            CellId(cell.room, cell.slot)
            for cell in truth.cells
            if cell.state not in UNJUDGED_STATES
        ),
    )


def area_from_photo(truth: BoardTruth) -> Projection:
    """Return the way from a drawn photo to the unit square of its cell area."""
    area = truth.cell_area_board
    unit = Homography.scaling(1 / area.width, 1 / area.height) @ Homography.translation(
        -area.left, -area.top
    )
    exact = truth.projection
    return Projection(unit @ exact.homography, exact.lens)
