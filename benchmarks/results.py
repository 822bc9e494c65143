"""Everything that one run measured, and how much of it there is to measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.accuracy import ALL, AccuracyRow, Progress, measure_accuracy
from benchmarks.bare import ReadCrops
from benchmarks.cases import Case, CutCase, PlannedCase
from benchmarks.days import IdentityRow, Spread, free_cells, identity_rows
from benchmarks.drawn import begin_drawn, finish_drawn
from benchmarks.following import CellTally
from benchmarks.full_board import NAME as FULL_BOARD
from benchmarks.memory import Isolated, MemoryRow, measure_memory
from benchmarks.places import PlacingRow, placing_rows
from benchmarks.readers import Reader
from benchmarks.reliability import Judged, ReliabilityRow, reliability_of
from benchmarks.scenarios import scenarios
from benchmarks.sequences import (
    SequenceRow,
    measure_sequences,
    sequence_scenarios,
)
from benchmarks.speed import Clock, SpeedRow, Speedway, measure_speed
from benchmarks.tags import TagRow, measure_tags
from benchmarks.whole_photo import ReadPicture
from vision.recognition.engine import OcrEngine

DRAWINGS, PHOTOGRAPHS = "drawings", "photographs"
"""Boards of two kinds: confidences may be worth more on one than on the other."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured.

    Parameters
    ----------
    samples : tuple of str
        Names of the sample photos that are read; empty for all of them.
    speed_photo : str
        The photo that is timed.
    speed_rounds : int
        How often it is.
    rival_rounds : int
        In how many of these rounds the rivals are timed, too.
    memory : bool
        Whether memory is measured, with the photo that is timed.
    placed : int
        Drawn boards of which four photos are placed.
    boards : int
        How many of these are read twice.
    sequences : int
        How many more are read in photo after photo.
    tags : int
        Photos of drawn boards whose tags lie.
    """

    samples: tuple[str, ...]
    speed_photo: str
    speed_rounds: int
    rival_rounds: int
    memory: bool
    placed: int
    boards: int
    sequences: int
    tags: int = 0

    def chosen(
        self, cases: Sequence[PlannedCase[Case]]
    ) -> tuple[PlannedCase[Case], ...]:
        """Return those of the sample photos that are read."""
        return tuple(
            case for case in cases if not self.samples or case.name in self.samples
        )


FULL = Amount(
    samples=(
        "pycon_us/1-morning",
        "pycon_us/3-afternoon",
        "taped_grid/1-before-lunch",
        "whiteboard/1-whiteboard",
    ),
    speed_photo=FULL_BOARD,
    speed_rounds=1,
    rival_rounds=1,
    memory=True,
    placed=50,
    boards=16,
    sequences=3,
    tags=100,
)
"""Every kind of board: 200 photos of drawn ones, each with several crowds before it.
Of the sample photos two are left out, which are between others of their days: with them
it takes more than ten minutes."""

QUICK = Amount(
    samples=("taped_grid/1-before-lunch",),
    speed_photo="taped_grid/1-before-lunch",
    speed_rounds=1,
    rival_rounds=0,
    memory=False,
    placed=2,
    boards=2,
    sequences=0,
)
"""For a first look: the photo with the fewest cards."""


@dataclass(frozen=True, slots=True)
class Results:
    """What one run measured.

    Parameters
    ----------
    accuracy : tuple of AccuracyRow
    reliability : tuple of ReliabilityRow
    speed : tuple of SpeedRow
    memory : tuple of MemoryRow
    placing : tuple of PlacingRow
    identity : tuple of IdentityRow
    free : CellTally
    sequences : tuple of SequenceRow
        A row for each number of photos; none where none were read.
    tags : tuple of TagRow
        A row for each way in which tags lie; none where none did.
    notes : tuple of str
        What was left out, and why.
    """

    accuracy: tuple[AccuracyRow, ...]
    reliability: tuple[ReliabilityRow, ...]
    speed: tuple[SpeedRow, ...]
    memory: tuple[MemoryRow, ...]
    placing: tuple[PlacingRow, ...]
    identity: tuple[IdentityRow, ...]
    free: CellTally
    sequences: tuple[SequenceRow, ...] = ()
    tags: tuple[TagRow, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Contestants:
    """Who is measured.

    Parameters
    ----------
    finders : tuple of Reader
        Those that find cards in whole photos: Boardcast first.
    outliners : tuple of Reader
        Those that know where the cards are, and only read.
    cutters : tuple of Reader
        Boardcast's engines along true outlines, for boards without a grid.
    quick, thorough : OcrEngine
        Boardcast's own, of the first and of the further readings.
    bare : callable
        Reads crops with the networks alone.
    pictures : mapping of str to callable
        Who reads a whole photo, by name.
    notes : tuple of str
        Who could not come, and why.
    """

    finders: tuple[Reader[Case], ...]
    outliners: tuple[Reader[CutCase], ...]
    cutters: tuple[Reader[CutCase], ...]
    quick: OcrEngine
    thorough: OcrEngine
    bare: ReadCrops
    pictures: Mapping[str, ReadPicture]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Boards:
    """What there is to read.

    Parameters
    ----------
    samples : tuple of PlannedCase
        All sample photos.
    drawn : tuple of PlannedCase
        Boards that are only timed.
    others, cut : tuple of PlannedCase
        Boards with truth that were given, with and without a grid; all of them
        are read.
    """

    samples: tuple[PlannedCase[Case], ...]
    drawn: tuple[PlannedCase[Case], ...] = ()
    others: tuple[PlannedCase[Case], ...] = ()
    cut: tuple[PlannedCase[CutCase], ...] = ()


def run_bench(
    contestants: Contestants,
    boards: Boards,
    *,
    amount: Amount,
    clock: Clock,
    spread: Spread,
    isolated: Isolated,
    progress: Progress,
) -> Results:
    """Measure everything.

    Parameters
    ----------
    contestants : Contestants
    boards : Boards
    amount : Amount
    clock : callable
    spread : callable
        Like `map`; spreads drawn boards over processes.
    isolated : callable
        Like `map`; gives each its own process.
    progress : callable
    """
    # Other processes draw while this one reads; what is timed is timed alone.
    underway = begin_drawn(scenarios(amount.placed), amount.boards, spread)
    drawings, photographs = _accuracy(contestants, boards, amount, progress)
    days, places = finish_drawn(underway, progress)
    progress("drawing the board that is timed", 0, amount.speed_rounds)
    timed = next(
        case
        for case in (*boards.samples, *boards.drawn)
        if case.name == amount.speed_photo
    ).load()
    speed = _speed(contestants, timed, amount, clock, progress)
    memory = measure_memory(timed, isolated, progress) if amount.memory else ()
    return Results(
        accuracy=(*drawings, *photographs),
        reliability=(
            *reliability_rows(DRAWINGS, drawings),
            *reliability_rows(PHOTOGRAPHS, photographs),
        ),
        speed=speed,
        memory=memory,
        placing=placing_rows(places),
        identity=identity_rows(days),
        free=free_cells(days),
        sequences=measure_sequences(
            sequence_scenarios(amount.sequences),
            contestants.quick,
            contestants.thorough,
            spread,
            progress,
        ),
        tags=measure_tags(amount.tags, spread, progress) if amount.tags else (),
        notes=contestants.notes,
    )


def reliability_rows(
    kind: str, rows: Sequence[AccuracyRow]
) -> tuple[ReliabilityRow, ...]:
    """Return how far confidences can be trusted, a row for each reader that has any.

    Parameters
    ----------
    kind : str
        What kind of boards these are.
    rows : sequence of AccuracyRow
    """
    said: dict[str, list[Judged]] = {}
    for row in rows:
        if row.photo == ALL and row.judged:
            said.setdefault(row.reader, []).extend(row.judged)
    return tuple(
        reliability_of(kind, reader, judged) for reader, judged in said.items()
    )


def _accuracy(
    contestants: Contestants, boards: Boards, amount: Amount, progress: Progress
) -> tuple[tuple[AccuracyRow, ...], tuple[AccuracyRow, ...]]:
    """Return the rows of drawings and those of photographs."""
    everyone = (*contestants.finders, *contestants.outliners)
    who_cuts = (*contestants.cutters, *contestants.outliners)
    return (
        measure_accuracy(amount.chosen(boards.samples), everyone, progress),
        (
            *measure_accuracy(boards.others, everyone, progress),
            *measure_accuracy(boards.cut, who_cuts, progress),
        ),
    )


def _speed(
    contestants: Contestants,
    timed: Case,
    amount: Amount,
    clock: Clock,
    progress: Progress,
) -> tuple[SpeedRow, ...]:
    way = Speedway(
        timed,
        contestants.quick,
        contestants.thorough,
        contestants.bare,
        contestants.pictures,
    )

    def step(number: int) -> None:
        progress("speed", number, amount.speed_rounds)

    return measure_speed(way, clock, amount.speed_rounds, amount.rival_rounds, step)
