"""Drawn boards, each drawn once for everything that is measured on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.accuracy import Progress
from benchmarks.days import Day, Spread, day_of
from benchmarks.places import Place, measure_place, places_of, reference_of
from benchmarks.scenarios import Scenario, photographed


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was measured on one scenario's board."""

    day: Day
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Underway:
    """Boards that other processes are drawing and measuring.

    Parameters
    ----------
    read : iterable of Drawn
        Those that are read twice, besides.
    placed : iterable of tuple of Place
        Those of which the photos are placed only.
    counts : tuple of int
        How many there are of both.
    """

    read: Iterable[Drawn]
    placed: Iterable[tuple[Place, ...]]
    counts: tuple[int, int]


def begin_drawn(chosen: Sequence[Scenario], read: int, spread: Spread) -> Underway:
    """Begin to draw boards, place their photos, and read some of them twice.

    Parameters
    ----------
    chosen : sequence of Scenario
        The photos of all of them are placed.
    read : int
        So many of the first are read, too.
    spread : callable
        Like `map`; may use several processes.
    """
    return Underway(
        spread(measure_one, chosen[:read]),
        spread(measure_place, chosen[read:]),
        (len(chosen[:read]), len(chosen[read:])),
    )


def finish_drawn(
    underway: Underway, progress: Progress
) -> tuple[tuple[Day, ...], tuple[Place, ...]]:
    """Wait for what was begun.

    Parameters
    ----------
    underway : Underway
    progress : callable

    Returns
    -------
    tuple of Day, tuple of Place
    """
    drawn, placed = [], []
    read_count, placed_count = underway.counts
    progress("drawn boards", 0, read_count)
    for number, one in enumerate(underway.read, start=1):
        drawn.append(one)
        progress("drawn boards", number, read_count)
    for number, found in enumerate(underway.placed, start=1):
        placed.append(found)
        progress("placed boards", number, placed_count)
    places = [*(one.places for one in drawn), *placed]
    return tuple(one.day for one in drawn), tuple(p for four in places for p in four)


def measure_one(scenario: Scenario) -> Drawn:
    """Draw one scenario's board, place its photos and read it twice."""
    pair = photographed(scenario)
    reference = reference_of(pair)
    return Drawn(
        day_of(scenario, pair, reference), places_of(scenario, pair, reference)
    )
