"""The order of the stages: the only module that knows them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from calibration.geometry import Quad
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.profile import Board
from vision.cards import CardSurvey, FoundCard, cell_rects, find_cards
from vision.cells import BareBoard, bare_board, fate_of, read_cells
from vision.crops import CardCrop, cut_card
from vision.fields import parse_fields
from vision.identity import (
    BoardObservation,
    KnownCard,
    Look,
    MissingCard,
    SeenCard,
    describe,
    match_cards,
)
from vision.ocr.engine import Line, OcrEngine, Reading
from vision.photo import Photo
from vision.quality import assess
from vision.reading import (
    BoardReading,
    CardLine,
    CardReading,
    PhotoFacts,
    RegistrationFacts,
)
from vision.rectify import RectifiedBoard, Registration, rectify
from vision.register import Reference, register
from vision.render import draw_cards
from vision.trace import Trace, no_trace

Progress = Callable[[int, int], None]
"""Called with (cards read, cards to read) as reading goes on."""


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
    photo : Photo
    boards : sequence of Board
        Those it may show; one if the board is known.
    references : sequence of Reference
    trace : Trace
        Gets the photo and the straight picture.

    Raises
    ------
    RegistrationError
        If no board can be placed with certainty, with what to do about it.
    """
    trace("1-photo", photo.pixels)
    straight = rectify(photo, register(photo, boards, references))
    trace("2-straight", straight.pixels)
    return straight


def read_board(
    photo: Photo,
    straight: RectifiedBoard,
    engine: OcrEngine,
    *,
    known: Sequence[KnownCard] = (),
    trace: Trace = no_trace,
    progress: Progress | None = None,
) -> BoardObservation:
    """Find, identify and read the cards of a straightened board.

    Parameters
    ----------
    photo : Photo
    straight : RectifiedBoard
        Of this photo.
    engine : OcrEngine
        Reads the cards that are new.
    known : sequence of KnownCard
        The board's cards so far. Those that are found again keep their reading.
    trace : Trace
        Gets a picture of the cards and every crop.
    progress : Progress, optional
        Called before the first card and after each.

    Returns
    -------
    BoardObservation
        The reading, and what it means for the known cards.
    """
    survey = find_cards(straight)
    trace("3-cards", draw_cards(straight, survey.cards))
    cuts = [_cut(photo, straight.registration, card) for card in survey.cards]
    for index, cut in enumerate(cuts):
        trace(f"4-card-{index + 1:02d}", cut.crop.pixels)
    matches = {
        match.current: known[match.previous]
        for match in match_cards(
            [cut.look for cut in cuts],
            [Look(card.descriptor, card.quad_area) for card in known],
        )
    }
    seen = _read_cards(straight.registration, cuts, matches, engine, progress)
    evidence = bare_board(straight, survey)
    return BoardObservation(
        _board_reading(photo, straight, survey, evidence, seen),
        seen,
        _missing(straight.registration, known, matches, evidence),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A found card with its pixels and its looks."""

    card: FoundCard
    crop: CardCrop
    look: Look


def _cut(photo: Photo, registration: Registration, card: FoundCard) -> Cut:
    """Cut a card out of the photo and describe it."""
    crop = cut_card(photo, registration, card.quad_board)
    quad_area = _area_from_board(registration).apply_quad(card.quad_board)
    return Cut(card, crop, Look(describe(crop.pixels), quad_area))


def _area_from_board(registration: Registration) -> Homography:
    """Return the unit square of the cell area from board pixels."""
    area = registration.cell_area
    return Homography.scaling(1 / area.width, 1 / area.height) @ Homography.translation(
        -area.left, -area.top
    )


def _read_cards(
    registration: Registration,
    cuts: Sequence[Cut],
    matches: dict[int, KnownCard],
    engine: OcrEngine,
    progress: Progress | None,
) -> tuple[SeenCard, ...]:
    """Read the cards that are new; carry over the readings of the others."""
    to_read = len(cuts) - len(matches)
    done = 0
    seen = []
    for index, cut in enumerate(cuts):
        if progress is not None:
            progress(done, to_read)
        if index in matches:
            seen.append(_carried_over(registration, cut, matches[index]))
            continue
        # One by one: a batch gains nothing (FINDINGS section 1), and people
        # see how far it has come.
        reading = engine.read([cut.crop.pixels])[0]
        seen.append(_newly_read(registration, cut, reading, engine.name))
        done += 1
    if progress is not None:
        progress(done, to_read)
    return tuple(seen)


def _carried_over(registration: Registration, cut: Cut, known: KnownCard) -> SeenCard:
    """Return a card that is known: its old reading at its new place."""
    quad_photo = registration.projection.quad_photo(cut.card.quad_board)
    reading = replace(
        known.reading,
        quad_photo=quad_photo,
        cell=cut.card.cell,
        lines=tuple(
            _moved_line(line, known.reading.quad_photo, quad_photo)
            for line in known.reading.lines
        ),
    )
    return SeenCard(
        reading=reading,
        crop=cut.crop.pixels,
        descriptor=cut.look.descriptor,
        quad_area=cut.look.quad_area,
        known=known.id,
        read_again=False,
    )


def _moved_line(line: CardLine, before: Quad, now: Quad) -> CardLine:
    """Return a line of a card where the card now is in the photo."""
    moved = Homography.from_quads(target=now, source=before)
    return replace(line, quad_photo=moved.apply_quad(line.quad_photo))


def _newly_read(
    registration: Registration, cut: Cut, reading: Reading, engine_name: str
) -> SeenCard:
    """Return a card as an engine read it."""
    blue, green, red = cut.card.colour_bgr
    card = CardReading(
        quad_photo=registration.projection.quad_photo(cut.card.quad_board),
        cell=cut.card.cell,
        lines=tuple(_card_line(registration, cut, line) for line in reading.lines),
        fields=parse_fields(reading.lines),
        confidence=reading.confidence,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        engine=engine_name,
    )
    return SeenCard(
        reading=card,
        crop=cut.crop.pixels,
        descriptor=cut.look.descriptor,
        quad_area=cut.look.quad_area,
        known=None,
        read_again=True,
    )


def _card_line(registration: Registration, cut: Cut, line: Line) -> CardLine:
    """Return a line with its place in the photo."""
    quad_board = cut.crop.board_from_crop.apply_quad(line.quad_crop)
    return CardLine(
        line.text, line.confidence, registration.projection.quad_photo(quad_board)
    )


def _missing(
    registration: Registration,
    known: Sequence[KnownCard],
    matches: dict[int, KnownCard],
    evidence: BareBoard,
) -> tuple[MissingCard, ...]:
    """Return what became of the known cards that were not found."""
    found = {card.id for card in matches.values()}
    board_from_area = _area_from_board(registration).inverse
    missing = []
    for card in known:
        if card.id in found:
            continue
        quad_board = board_from_area.apply_quad(card.quad_area)
        cells = _cells_under(registration, quad_board)
        missing.append(MissingCard(card.id, fate_of(quad_board, cells, evidence)))
    return tuple(missing)


def _cells_under(registration: Registration, quad_board: Quad) -> list[CellId]:
    """Return the cells that a good part of a quad lies in."""
    return [
        cell
        for cell, rect in cell_rects(registration).items()
        if quad_board.overlap(rect.to_quad()) > quad_board.area / 4
    ]


def _board_reading(
    photo: Photo,
    straight: RectifiedBoard,
    survey: CardSurvey,
    evidence: BareBoard,
    seen: Sequence[SeenCard],
) -> BoardReading:
    """Put the reading together."""
    registration = straight.registration
    width, height = photo.size_wh
    cells = read_cells(straight, survey, evidence)
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
        findings=assess(straight.pixels, registration, cells),
        cells=cells,
        cards=tuple(card.reading for card in seen),
    )
