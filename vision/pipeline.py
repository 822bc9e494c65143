"""The order of the stages: the only module that knows them all."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from calibration.geometry import Quad
from calibration.layout import CellId
from calibration.profile import Board
from vision.cards import (
    BoardObservation,
    KnownCard,
    MissingCard,
    ReadCard,
    Reading,
    TrackedCard,
)
from vision.detection import CardSurvey, find_cards
from vision.detection.card_detector import CardDetector
from vision.errors import BoardNotFoundError
from vision.fields.span import with_spans
from vision.fields.title import parse_fields
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
    CardReading,
    CellReading,
    Finding,
    PhotoFacts,
    RegistrationFacts,
)
from vision.recognition.card_text import CardText, read_card
from vision.recognition.confidence import MARK
from vision.recognition.engine import NullEngine, OcrEngine
from vision.registration import Reference, register
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard, rectify
from vision.render import draw_cards, draw_maps
from vision.trace import UNWATCHED, Trace, TracedEngine, Watch, no_trace, unheard
from vision.tracking import is_replaced, track_cards

UNCHECKED = 0.5
"""What a card's confidence is multiplied by if only tags place its board: its cell is in
doubt."""

BLANK = 0.5
"""Below this, the network sees nothing written on a card."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
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
    watch: Watch = UNWATCHED,
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
    watch : Watch
        What is called meanwhile.

    Returns
    -------
    BoardObservation
        The reading, and what it means for the known cards.
    """
    registration = straight.registration
    survey = detector(straight)
    _draw(straight, survey, watch.trace)
    sight = _sight_of(photo, straight, survey, known)
    _tell(sight, watch)
    read = _read_cards(photo, registration, sight.tracked, engine, watch)
    seen = _spanned(registration, read)
    cells, found = sight.cells, {card.detected.cell for card in sight.tracked}
    taken = {card.reading.cell for card in seen if card.reading.cell is not None}
    if taken != found:
        cells = read_cells(straight, taken, sight.background)
    findings = (*sight.findings, *assess_read(seen, sight.findings))
    return BoardObservation(
        _board_reading(photo, registration, findings, cells, seen),
        seen,
        _missing(registration, known, seen, sight.background),
    )


def _draw(straight: RectifiedBoard, survey: CardSurvey, trace: Trace) -> None:
    """Trace what the detector found."""
    if trace is no_trace:  # drawing takes longer than tracking
        return
    trace("3-network", draw_maps(survey.picture, survey.maps, survey.found))
    trace("4-cards", draw_cards(straight, survey.cards))


def _sight_of(
    photo: Photo,
    straight: RectifiedBoard,
    survey: CardSurvey,
    known: Sequence[KnownCard],
) -> _Sight:
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
    return _Sight(tracked, background, cells, of_picture, of_cells)


def _tell(sight: _Sight, watch: Watch) -> None:
    """Show the crops, and say what staff should know before they are read."""
    for number, card in enumerate(sight.tracked, start=1):
        watch.trace(f"5-card-{number:02d}", card.crop)
    if watch.on_findings is unheard:  # measuring letters takes long
        return
    unread = [
        CardCrop(card.detected.cell, card.crop)
        for card in sight.tracked
        if card.readable
    ]
    if said := (*sight.of_cells, *assess_unread(unread, sight.findings)):
        watch.on_findings(said)


def _read_cards(
    photo: Photo,
    registration: Registration,
    tracked: Sequence[TrackedCard],
    engine: OcrEngine,
    watch: Watch,
) -> tuple[ReadCard, ...]:
    """Read the cards that are new; carry over the readings of the others."""
    to_read = sum(card.readable for card in tracked)
    done = 0
    seen = []
    for number, card in enumerate(tracked, start=1):
        watch.progress(done, to_read)
        shown = TracedEngine(engine, watch.trace, f"6-read-{number:02d}")
        reading = _reading_of(photo, registration, card, shown)
        done += card.readable
        if reading is not None:
            seen.append(_read(card, reading))
    watch.progress(done, to_read)
    return tuple(seen)


def _spanned(
    registration: Registration, seen: Sequence[ReadCard]
) -> tuple[ReadCard, ...]:
    """Say of each card until when its session lasts."""
    readings = with_spans([card.reading for card in seen], registration)
    return tuple(
        replace(card, reading=reading)
        for card, reading in zip(seen, readings, strict=True)
    )


def _reading_of(
    photo: Photo,
    registration: Registration,
    card: TrackedCard,
    engine: OcrEngine,
) -> CardReading | None:
    """Read a card if that is worth it; None if it turns out to be none.

    One card at a time: a batch gains nothing (FINDINGS section 1), and people see
    how far it has come.
    """
    known = card.known
    if known is not None and not card.readable:
        return _known_reading(registration, card, known.reading)
    quad_photo, on_top = _places(registration, card)
    text = read_card(photo, quad_photo, engine, on_top)
    if known is None and _is_stain(card, text.reading, engine):
        return None
    trusted = 1.0 if registration.checked else UNCHECKED
    reading = replace(
        _new_reading(card, quad_photo, text, engine.name, trusted), covered_by=on_top
    )
    if known is None or card.change != "sharper":
        return reading
    # The same words in two photos: the surer reading of them wins.
    before = _known_reading(registration, card, known.reading)
    return max(before, reading, key=lambda one: one.confidence)


def _is_stain(card: TrackedCard, reading: Reading, engine: OcrEngine) -> bool:
    """Tell whether ink without a card has no text: tape, a shadow, a scratch."""
    reads = engine.name != NullEngine().name
    return reads and card.detected.kind == "ink" and not reading.lines


def _read(card: TrackedCard, reading: CardReading) -> ReadCard:
    """Return a card with its reading."""
    return ReadCard(
        reading=reading,
        # A card as it was keeps the picture that it was read in.
        crop=card.crop if card.readable else None,
        descriptor=card.descriptor,
        quad_area=card.quad_area,
        known=card.known.id if card.known is not None else None,
        change=card.change,
        sharpness=card.sharpness,
    )


def _known_reading(
    registration: Registration, card: TrackedCard, known: CardReading
) -> CardReading:
    """Return a known card's reading at the place where the card is now."""
    quad_photo, on_top = _places(registration, card)
    here = replace(
        known, quad_photo=quad_photo, cell=card.detected.cell, covered_by=on_top
    )
    return here.with_words_of(known)


def _places(
    registration: Registration, card: TrackedCard
) -> tuple[Quad, tuple[Quad, ...]]:
    """Return where a card and those that lie on it are in the photo."""
    quad_photo = registration.projection.quad_photo
    detected = card.detected
    return quad_photo(detected.quad_board), tuple(map(quad_photo, detected.covered_by))


def _new_reading(
    card: TrackedCard,
    quad_photo: Quad,
    text: CardText,
    engine_name: str,
    trusted: float,
) -> CardReading:
    """Return a card as an engine read it."""
    blue, green, red = card.detected.colour_bgr
    blank = card.detected.written < BLANK and text.reading.confidence < MARK
    return CardReading(
        quad_photo=quad_photo,
        cell=card.detected.cell,
        lines=() if blank else text.lines,
        fields=parse_fields(() if blank else text.reading.lines),
        confidence=0.0 if blank else text.reading.confidence * trusted,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        engine=text.reading.read_by(engine_name),
        blank=blank,
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
