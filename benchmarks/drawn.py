"""Drawn boards: each is drawn once for everything that is measured on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.identity import Day, day_of, identity_tables
from benchmarks.registration import Place, places_of, registration_table
from benchmarks.scenarios import PHOTO_WH, PLACED_WH, Scenario, photographed
from benchmarks.table import Table
from vision.registration import Reference


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was measured on one scenario's board: its photos, and what changed."""

    places: tuple[Place, ...]
    day: Day | None


def measure_board(scenario: Scenario, *, read: bool) -> Drawn:
    """Draw a scenario's board, place its photos, and read it twice if it is to be."""
    pair = photographed(scenario, PHOTO_WH if read else PLACED_WH)
    first = pair.before
    reference = Reference.from_photo(pair.board, first.photo, first.truth.corners_photo)
    references = () if scenario.tags else (reference,)
    return Drawn(
        places_of(scenario, pair, reference),
        day_of(pair, references) if read else None,
    )


def drawn_tables(drawn: Iterable[Drawn]) -> tuple[Table, ...]:
    """Return registration, identity and free cells of all drawn boards."""
    boards = list(drawn)
    return (
        registration_table([place for board in boards for place in board.places]),
        *identity_tables([board.day for board in boards if board.day]),
    )
