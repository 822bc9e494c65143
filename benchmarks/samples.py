"""Cases from the sample events: drawn boards, whose truth is exact."""

from functools import partial
from pathlib import Path

from benchmarks.cases import Case, PlannedCase
from benchmarks.metrics import TrueCard
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.lens import Projection
from calibration.profile import load_profile
from sample_boards.events import SAMPLE_EVENTS, SampleEvent
from sample_boards.truth import BoardTruth, CardTruth
from server.event_file import reference_bytes
from server.intake.sight import load_references
from vision.image.photo import Photo

GROUP = "sample boards"

SEEN_STATES = frozenset({"visible", "partial"})
"""Of cards that can be found: at least a third of them is in the photo."""

UNJUDGED_STATES = frozenset({"covered", "unseen"})
"""Of cells of which nobody can tell from this photo whether they are taken."""


def sample_cases() -> tuple[PlannedCase[Case], ...]:
    """Return every photo of every sample event."""
    return tuple(
        PlannedCase(GROUP, f"{event.name}/{path.stem}", partial(_load, event, path))
        for event in SAMPLE_EVENTS
        for path in event.photos
    )


def _load(event: SampleEvent, path: Path) -> Case:
    profile = load_profile(event.profile_path)
    truth = event.truth(path)
    return Case(
        photo=Photo.decode(path.read_bytes()),
        board=profile.board(truth.board),
        references=load_references(
            profile, partial(reference_bytes, folder=event.folder)
        ),
        area_from_photo=area_from_photo(truth),
        cards=true_cards(truth),
        cells=judged_cells(truth),
    )


def area_from_photo(truth: BoardTruth) -> Projection:
    """Return the way from a drawn photo to the unit square of its cell area."""
    area = truth.cell_area_board
    unit = Homography.scaling(1 / area.width, 1 / area.height) @ Homography.translation(
        -area.left, -area.top
    )
    exact = truth.projection
    return Projection(unit @ exact.homography, exact.lens)


def true_cards(truth: BoardTruth) -> tuple[TrueCard, ...]:
    """Return the cards that a photo shows; legible are those that it shows whole."""
    return tuple(_true_card(card) for card in truth.cards if card.state in SEEN_STATES)


def judged_cells(truth: BoardTruth) -> tuple[CellId, ...]:
    """Return the cells that a photo shows well enough."""
    return tuple(
        CellId(cell.room, cell.slot)
        for cell in truth.cells
        if cell.state not in UNJUDGED_STATES
    )


def _true_card(card: CardTruth) -> TrueCard:
    return TrueCard(
        bounds_photo=card.quad_photo.bounds,
        cell=CellId(card.room, card.slot),
        text=card.text,
        title=card.title,
        legible=card.state == "visible",
    )
