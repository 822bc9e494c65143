"""The order of the stages: the only module that knows them all."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from calibration.profile import Board
from vision.card_reading import read_cards
from vision.cards import (
    BoardObservation,
    Fate,
    KnownCard,
    MissingCard,
    ReadCard,
    TrackedCard,
)
from vision.detection import CardDetector, CardSurvey, find_cards
from vision.errors import BoardNotFoundError
from vision.fields.span import with_spans
from vision.image import WORKERS
from vision.image.photo import Photo
from vision.occupancy import fate_of, read_cells
from vision.occupancy.background import Background, find_background
from vision.quality import (
    CardCrop,
    assess_picture,
    assess_read,
    assess_unread,
    unreadable,
    why_unreadable,
)
from vision.quality.covered import covered
from vision.reading import (
    BoardReading,
    CardReading,
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
from vision.trace import NO_CALLBACKS, Callbacks, Trace, ignored
from vision.tracking import is_replaced, track_cards


def straighten(
    photo: Photo,
    boards: Sequence[Board],
    references: Sequence[Reference],
    *,
    trace: Trace = ignored,
) -> RectifiedBoard:
    """Find which of the boards the photo shows and where, and straighten it.

    RegistrationError if no board can be placed with certainty; UnreadablePhotoError if
    no word could be read in the straight picture: it is not to replace a good one.
    """
    trace("1-photo", photo.pixels)
    straight = rectify(photo, _registered(photo, boards, references))
    trace("2-rectified", straight.pixels)
    places = tuple(straight.registration.cell_rects.values())
    if refusal := unreadable(straight.pixels, places):
        raise refusal
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
    """Find, identify and read the cards of a board straightened from this photo.

    Known cards that are found again keep their reading; the engine reads the others.
    """
    registration = straight.registration
    survey = detector(straight)
    _draw(straight, survey, callbacks.trace)
    # Beside the cards, on the other core: what does not depend on them.
    with ThreadPoolExecutor(WORKERS) as beside:
        picture = beside.submit(assess_picture, straight)
        bare = beside.submit(find_background, registration, survey.working, survey.mask)
        tracked = track_cards(photo, registration, survey.cards, known)
        of_picture, background = picture.result(), bare.result()
    found = {cell for card in tracked if (cell := card.detected.cell) is not None}
    cells = read_cells(straight, found, background)
    foreground = background.seen & ~background.bare
    hidden = covered(registration, foreground, survey.mask, cells)
    of_cells = () if hidden is None else (hidden,)
    _tell(tracked, of_picture, of_cells, callbacks)
    read = read_cards(photo, registration, tracked, engine, callbacks)
    readings = with_spans([card.reading for card in read], registration)
    seen = tuple(
        replace(card, reading=reading)
        for card, reading in zip(read, readings, strict=True)
    )
    taken = {reading.cell for reading in readings if reading.cell is not None}
    if taken != found:
        cells = read_cells(straight, taken, background)
    before = (*of_picture, *of_cells)
    findings = (*before, *assess_read(seen, before))
    return BoardObservation(
        _board_reading(photo, registration, findings, cells, readings),
        seen,
        _missing(registration, known, seen, background),
    )


def _draw(straight: RectifiedBoard, survey: CardSurvey, trace: Trace) -> None:
    if trace is ignored:  # drawing takes longer than tracking
        return
    trace("3-network", draw_maps(survey.picture, survey.maps, survey.found))
    trace("4-cards", draw_cards(straight, survey.cards))


def _tell(
    tracked: Sequence[TrackedCard],
    of_picture: Sequence[Finding],
    of_cells: Sequence[Finding],
    callbacks: Callbacks,
) -> None:
    """Show the crops, and say what staff should know before they are read."""
    for number, card in enumerate(tracked, start=1):
        callbacks.trace(f"5-card-{number:02d}", card.crop)
    if callbacks.on_findings is ignored:  # measuring letters takes long
        return
    unread = [
        CardCrop(card.detected.cell, card.crop) for card in tracked if card.readable
    ]
    if said := (*of_cells, *assess_unread(unread, (*of_picture, *of_cells))):
        callbacks.on_findings(said)


def _missing(
    registration: Registration,
    known: Sequence[KnownCard],
    seen: Sequence[ReadCard],
    evidence: Background,
) -> tuple[MissingCard, ...]:
    found = {card.known for card in seen}
    before = {card.id: card.quad_area for card in known}
    board_from_area = registration.area_from_board.inverse
    missing = []
    for card in known:
        if card.id in found:
            continue
        fate: Fate = "gone"
        if not is_replaced(card, seen, before):
            quad = board_from_area.apply_quad(card.quad_area)
            fate = fate_of(quad, evidence)
        missing.append(MissingCard(card.id, fate))
    return tuple(missing)


def _board_reading(
    photo: Photo,
    registration: Registration,
    findings: tuple[Finding, ...],
    cells: tuple[CellReading, ...],
    cards: tuple[CardReading, ...],
) -> BoardReading:
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
        cards=cards,
    )
