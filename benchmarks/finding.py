"""How well cards are found, by itself: nothing is registered and nothing is read.

``python -m benchmarks.finding FOLDER``: every board of a folder with truth, placed by
its marked corners. The figures of a board count only if nobody looked at its event to
make the detector: folds.toml says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import click

from benchmarks.bars import OWN_BOARDS, UNSEEN_BOARDS
from benchmarks.cases import Case
from benchmarks.folders import board_folders, left_out, load_case
from benchmarks.folds import Event, Folds, load_folds
from benchmarks.metrics import FindingScore, FoundCard, pair_up, score_finding
from benchmarks.overlay import write_overlay
from benchmarks.report import RefusingCommand, json_option, report
from benchmarks.table import Table, Value
from calibration.geometry import Quad
from calibration.layout import CellId
from vision.detection import find_cards
from vision.registration.frame import UNIT_QUAD, aspect_of, registration_from_area
from vision.registration.rectify import RectifiedBoard, rectify

SCHEMA = "boardcast/finding/1"

COLUMNS = ("cards", "found", ".5", ".7", "true", "cell", "taken")
"""Of the figures. Found, at an overlap of .35 of the union, .5 and .7; what is true of
what was found; found cards in their cell; cells rightly called taken or not."""

LARGE_EVENT = "pycon-us-2019"
"""Its one board has as many cards as all others with a grid, so that it hides them."""


@dataclass(frozen=True, slots=True)
class BoardFinding:
    """How well the cards of one board were found; a board may have no grid."""

    board: str
    event: Event
    grid: bool
    score: FindingScore


def detect(straight: RectifiedBoard) -> list[tuple[Quad, CellId]]:
    """Find the cards on a rectified board: the only place that asks the detector."""
    return [
        (card.quad_board, card.cell)
        for card in find_cards(straight).cards
        if card.cell is not None
    ]


def straight_board(case: Case) -> RectifiedBoard:
    """Rectify a board by its true place in the photo."""
    area = case.area_from_photo
    corners = area.quad_photo(UNIT_QUAD).to_array()
    registration = registration_from_area(
        case.board,
        "reference",
        area,
        aspect=aspect_of(corners, case.photo.size_wh),
        residual_px=0.0,
    )
    return rectify(case.photo, registration)


def find(case: Case, overlay: Path | None = None) -> FindingScore:
    """Find the cards of one board, score them, and draw them if a file is named."""
    straight = straight_board(case)
    projection = straight.registration.projection
    found = detect(straight)
    cards = [
        FoundCard(projection.quad_photo(quad).bounds, cell, "") for quad, cell in found
    ]
    if overlay is not None:
        bounds = [card.bounds_photo for card in case.cards]
        pairs = pair_up(bounds, [card.bounds_photo for card in cards])
        right = {
            column
            for row, column in pairs.items()
            if not case.cells or case.cards[row].cell == cards[column].cell
        }
        write_overlay(
            overlay,
            straight.pixels,
            [
                (projection.quad_board(rect.to_quad()), row in pairs)
                for row, rect in enumerate(bounds)
            ],
            [(quad, column in right) for column, (quad, _) in enumerate(found)],
        )
    return score_finding(case.cards, cards, case.cells)


def find_all(
    folder: Path, folds: Folds, overlay: Path | None
) -> Iterator[BoardFinding]:
    """Find the cards of all boards of a folder."""
    for board in board_folders(folder):
        click.echo(board.name, err=True)
        case = load_case(board)
        path = overlay / f"{board.name}.png" if overlay is not None else None
        event = folds.event_of(board.name)
        yield BoardFinding(board.name, event, bool(case.cells), find(case, path))


def finding_tables(boards: Sequence[BoardFinding]) -> tuple[Table, ...]:
    """Return the figures of each board, those of groups, and the folds."""
    groups: dict[str, Callable[[BoardFinding], bool]] = {
        "with a grid": lambda board: board.grid,
        f"with a grid, without {LARGE_EVENT}": lambda board: (
            board.grid and board.event.name != LARGE_EVENT
        ),
        "without a grid": lambda board: not board.grid,
        "all": lambda _board: True,
        f"all, without {LARGE_EVENT}": lambda board: board.event.name != LARGE_EVENT,
        "of events never seen": lambda board: not board.event.seen_in,
    }
    sums = []
    for name, belongs in groups.items():
        scores = [board.score for board in boards if belongs(board)]
        if scores:
            total = sum(scores[1:], scores[0])
            sums.append((name, len(scores), *_figures(total)))
    events = {board.event.name: board.event for board in boards}
    return (
        Table(
            "Cards found, board by board",
            ("board", "event seen", *COLUMNS),
            tuple(
                (
                    board.board,
                    "yes" if board.event.seen_in else "no",
                    *_figures(board.score),
                )
                for board in sorted(boards, key=lambda board: not board.grid)
            ),
        ),
        Table(
            "Cards found, all boards",
            ("boards", "number", *COLUMNS),
            tuple(sums),
            {**UNSEEN_BOARDS, **OWN_BOARDS},
        ),
        Table(
            "Events, and what of them was looked at to make the detector",
            ("event", "boards", "seen in"),
            tuple(
                (event.name, ", ".join(event.boards), "; ".join(event.seen_in))
                for event in events.values()
            ),
        ),
    )


def _figures(score: FindingScore) -> tuple[Value, ...]:
    figures = (getattr(score, entry.name) for entry in fields(score))
    return (score.found.of, *figures)


@click.command(
    cls=RefusingCommand, epilog="Example: python -m benchmarks.finding ../shared/boards"
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option()
@click.option(
    "--overlay",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for a picture of each board: true cards cyan where they were "
    "found, red where they were missed; found ones green where they are true and in "
    "their cell, else magenta.",
)
def finding(folder: Path, json_path: Path | None, overlay: Path | None) -> None:
    """Measure how well cards are found on the boards of a FOLDER with truth."""
    if overlay is not None:
        overlay.mkdir(parents=True, exist_ok=True)
    boards = list(find_all(folder, load_folds(), overlay))
    report(finding_tables(boards), left_out(folder), SCHEMA, json_path)


if __name__ == "__main__":
    finding()
