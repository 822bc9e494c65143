"""Everything that one run measured, and how much of it there is to measure."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.bench.accuracy import AccuracyRow, Progress, measure_accuracy
from server.bench.cases import PlannedCase
from server.bench.days import (
    IdentityRow,
    Spread,
    free_cells,
    identity_rows,
    measure_days,
)
from server.bench.following import CellTally
from server.bench.places import PlacingRow, measure_places, placing_rows
from server.bench.readers import Reader
from server.bench.scenarios import scenarios
from server.bench.speed import Clock, SpeedRow, Speedway, measure_speed
from server.bench.whole_photo import ReadPicture
from vision.ocr.engine import OcrEngine


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured.

    Parameters
    ----------
    samples : tuple of str
        Names of the sample photos that are read; empty for all of them.
    speed_photo : str
        The sample photo that is timed.
    speed_rounds : int
        How often it is.
    boards : int
        Drawn boards that are photographed twice.
    placed : int
        Drawn boards of which four photos are placed.
    """

    samples: tuple[str, ...]
    speed_photo: str
    speed_rounds: int
    boards: int
    placed: int

    def chosen(self, cases: Sequence[PlannedCase]) -> tuple[PlannedCase, ...]:
        """Return those of the sample photos that are read."""
        return tuple(
            case for case in cases if not self.samples or case.name in self.samples
        )


FULL = Amount((), "pycon_us/1-morning", 3, 48, 52)
"""Everything there is; boards of every kind, each with several crowds before it."""

QUICK = Amount(
    ("taped_grid/1-before-lunch", "whiteboard/1-whiteboard"),
    "taped_grid/1-before-lunch",
    1,
    6,
    3,
)
"""For a first look: the photos with the fewest cards. About three CPU minutes were
measured, on a busy machine; the aim is one minute on two idle cores."""


@dataclass(frozen=True, slots=True)
class Results:
    """What one run measured.

    Parameters
    ----------
    accuracy : tuple of AccuracyRow
    speed : tuple of SpeedRow
    placing : tuple of PlacingRow
    identity : tuple of IdentityRow
    free : CellTally
    notes : tuple of str
        What was left out, and why.
    """

    accuracy: tuple[AccuracyRow, ...]
    speed: tuple[SpeedRow, ...]
    placing: tuple[PlacingRow, ...]
    identity: tuple[IdentityRow, ...]
    free: CellTally
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Contestants:
    """Who is measured.

    Parameters
    ----------
    readers : tuple of Reader
        On whole photos.
    engine : OcrEngine
        Boardcast's own.
    plain : callable
        RapidOCR as it comes.
    notes : tuple of str
        Who could not come, and why.
    """

    readers: tuple[Reader, ...]
    engine: OcrEngine
    plain: ReadPicture
    notes: tuple[str, ...] = ()


def run_bench(
    contestants: Contestants,
    *,
    samples: Sequence[PlannedCase],
    others: Sequence[PlannedCase],
    amount: Amount,
    clock: Clock,
    spread: Spread,
    progress: Progress,
) -> Results:
    """Measure everything.

    Parameters
    ----------
    contestants : Contestants
    samples : sequence of PlannedCase
        All sample photos.
    others : sequence of PlannedCase
        Boards with truth that were given; all of them are read.
    amount : Amount
    clock : callable
    spread : callable
        Like `map`; spreads drawn boards over processes.
    progress : callable
    """
    timed = next(case for case in samples if case.name == amount.speed_photo)
    accuracy = measure_accuracy(
        (*amount.chosen(samples), *others), contestants.readers, progress
    )
    progress("speed", 0, 1)
    speed = measure_speed(
        Speedway(timed.load(), contestants.engine, contestants.plain),
        clock,
        amount.speed_rounds,
    )
    progress("speed", 1, 1)
    places = measure_places(scenarios(amount.placed), spread, progress)
    days = measure_days(scenarios(amount.boards), spread, progress)
    return Results(
        accuracy=accuracy,
        speed=speed,
        placing=placing_rows(places),
        identity=identity_rows(days),
        free=free_cells(days),
        notes=contestants.notes,
    )
