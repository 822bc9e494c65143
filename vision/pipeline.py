"""The order of the stages: the only module that knows them all."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from calibration.geometry import Quad
from calibration.layout import CellId
from calibration.profile import Board
from vision.card_reading import read_cards
from vision.cards import (
    BoardObservation,
    KnownCard,
    MissingCard,
    ReadCard,
    TrackedCard,
)
from vision.detection import CardSurvey, find_cards
from vision.detection.card_detector import CardDetector
from vision.errors import BoardNotFoundError
from vision.fields.span import with_spans
from vision.image.parallel import WORKERS
from vision.image.photo import Photo
from vision.occupancy.background import Background, find_background
from vision.occupancy.states import fate_of, read_cells
from vision.quality import (
    CardCrop,
    assess_cells,
    assess_picture,
    assess_read,
    assess_unread,
    require_readable,
    why_unreadable,
)
from vision.reading import (
    BoardReading,
    CellReading,
    Finding,
    PhotoFacts,
    RegistrationFacts,
)
from vision.recognition.engine import OcrEngine
from vision.registration import Reference, register
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard, rectify
from vision.render import draw_cards, draw_maps
from vision.trace import NO_CALLBACKS, Callbacks, Trace, no_findings, no_trace
from vision.tracking import is_replaced, track_cards


@dataclass(frozen=True, slots=True, eq=False)
class _UnreadBoard:
    """What a photo shows of a board before any card is read.

    Parameters
    ----------
    cells : tuple of CellReading
        If all of these are cards.
    """

    tracked: tuple[TrackedCard, ...]
    background: Background
    cells: tuple[CellReading, ...]
    of_picture: tuple[Finding, ...]
    of_cells: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.of_picture, *self.of_cells)


def straighten(
    photo: Photo,
    boards: Sequence[Board],
    references: Sequence[Reference],
    *,
    trace: Trace = no_trace,
) -> RectifiedBoard:
    """Find which of the boards the photo shows and where, and straighten it.

    Parameters
    ----------
    boards : sequence of Board
        Those it may show; one if the board is known.
    trace : Trace
        Gets the photo and the straight picture.

    Raises
    ------
    RegistrationError
        If no board can be placed with certainty, with what to do about it.
    UnreadablePhotoError
        If no word could be read in the straight picture. It is not to replace a
        good one.
    """
    trace("1-photo", photo.pixels)
    straight = rectify(photo, _registered(photo, boards, references))
    trace("2-rectified", straight.pixels)
    require_readable(straight)
    return straight


def _registered(
    photo: Photo, boards: Sequence[Board], references: Sequence[Reference]
) -> Registration:
    """Find the board; where it is not found for the photo's quality, say so."""
    try:
        return register(photo, boards, references)
    except BoardNotFoundError as refusal:
        why = why_unreadable(photo)
        if why is None:
            raise
        message = f"{refusal.message} {why.message}"
        raise BoardNotFoundError(
            message, hint=why.hint, board=refusal.board
        ) from refusal


def read_board(
    photo: Photo,
    straight: RectifiedBoard,
    engine: OcrEngine,
    *,
    known: Sequence[KnownCard] = (),
    detector: CardDetector = find_cards,
    callbacks: Callbacks = NO_CALLBACKS,
) -> BoardObservation:
    """Find, identify and read the cards of a straightened board.

    Parameters
    ----------
    straight : RectifiedBoard
        Of this photo.
    engine : OcrEngine
        Reads the cards that are new.
    known : sequence of KnownCard
        The board's cards so far. Those that are found again keep their reading.
    detector : CardDetector
        Finds the cards.
    callbacks : Callbacks
        What is called meanwhile.

    Returns
    -------
    BoardObservation
        The reading, and what it means for the known cards.
    """
    registration = straight.registration
    survey = detector(straight)
    _draw(straight, survey, callbacks.trace)
    before = _unread_board(photo, straight, survey, known)
    _tell(before, callbacks)
    read = read_cards(photo, registration, before.tracked, engine, callbacks)
    seen = _spanned(registration, read)
    cells, found = before.cells, {card.detected.cell for card in before.tracked}
    taken = {card.reading.cell for card in seen if card.reading.cell is not None}
    if taken != found:
        cells = read_cells(straight, taken, before.background)
    findings = (*before.findings, *assess_read(seen, before.findings))
    return BoardObservation(
        _board_reading(photo, registration, findings, cells, seen),
        seen,
        _missing(registration, known, seen, before.background),
    )


def _draw(straight: RectifiedBoard, survey: CardSurvey, trace: Trace) -> None:
    """Trace what the detector found."""
    if trace is no_trace:  # drawing takes longer than tracking
        return
    trace("3-network", draw_maps(survey.picture, survey.maps, survey.found))
    trace("4-cards", draw_cards(straight, survey.cards))


def _unread_board(
    photo: Photo,
    straight: RectifiedBoard,
    survey: CardSurvey,
    known: Sequence[KnownCard],
) -> _UnreadBoard:
    """Track the cards and judge the cells of a board."""
    registration = straight.registration
    # Beside the cards, on the other core: what does not depend on them.
    with ThreadPoolExecutor(WORKERS) as beside:
        picture = beside.submit(assess_picture, straight)
        bare = beside.submit(find_background, registration, survey.working, survey.mask)
        tracked = track_cards(photo, registration, survey.cards, known)
        of_picture, background = picture.result(), bare.result()
    cells = read_cells(straight, {card.detected.cell for card in tracked}, background)
    foreground = background.seen & ~background.bare
    of_cells = assess_cells(registration, foreground, survey.mask, cells)
    return _UnreadBoard(tracked, background, cells, of_picture, of_cells)


def _tell(before: _UnreadBoard, callbacks: Callbacks) -> None:
    """Show the crops, and say what staff should know before they are read."""
    for number, card in enumerate(before.tracked, start=1):
        callbacks.trace(f"5-card-{number:02d}", card.crop)
    if callbacks.on_findings is no_findings:  # measuring letters takes long
        return
    unread = [
        CardCrop(card.detected.cell, card.crop)
        for card in before.tracked
        if card.readable
    ]
    if said := (*before.of_cells, *assess_unread(unread, before.findings)):
        callbacks.on_findings(said)


def _spanned(
    registration: Registration, seen: Sequence[ReadCard]
) -> tuple[ReadCard, ...]:
    """Say of each card until when its session lasts."""
    readings = with_spans([card.reading for card in seen], registration)
    return tuple(
        replace(card, reading=reading)
        for card, reading in zip(seen, readings, strict=True)
    )


def _missing(
    registration: Registration,
    known: Sequence[KnownCard],
    seen: Sequence[ReadCard],
    evidence: Background,
) -> tuple[MissingCard, ...]:
    """Return what became of the known cards that were not found."""
    found = {card.known for card in seen}
    before = {card.id: card.quad_area for card in known}
    board_from_area = registration.area_from_board.inverse
    missing = []
    for card in known:
        if card.id in found:
            continue
        if is_replaced(card, seen, before):
            missing.append(MissingCard(card.id, "gone"))
            continue
        quad_board = board_from_area.apply_quad(card.quad_area)
        cells = _cells_under(registration, quad_board)
        missing.append(MissingCard(card.id, fate_of(quad_board, cells, evidence)))
    return tuple(missing)


def _cells_under(registration: Registration, quad_board: Quad) -> list[CellId]:
    """Return the cells that a good part of a quad lies in."""
    return [
        cell
        for cell, rect in registration.cell_rects.items()
        if quad_board.bounds.overlap(rect) > 0
        and quad_board.overlap(rect.to_quad()) > quad_board.area / 4
    ]


def _board_reading(
    photo: Photo,
    registration: Registration,
    findings: tuple[Finding, ...],
    cells: tuple[CellReading, ...],
    seen: Sequence[ReadCard],
) -> BoardReading:
    """Put the reading together."""
    width, height = photo.size_wh
    return BoardReading(
        board=registration.board.slug,
        photo=PhotoFacts(photo.sha256, width, height, photo.taken_at),
        registration=RegistrationFacts(
            method=registration.method,
            board_from_photo=registration.projection.homography,
            radial_k1=registration.projection.lens.k1,
            residual_px=registration.residual_px,
            coverage=registration.coverage,
        ),
        findings=findings,
        cells=cells,
        cards=tuple(card.reading for card in seen),
    )
