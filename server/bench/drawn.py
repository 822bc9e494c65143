"""Drawn boards, each drawn once for everything that is measured on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.bench.accuracy import Progress
from server.bench.days import Day, Spread, day_of
from server.bench.places import Place, measure_places, places_of
from server.bench.scenarios import Scenario, photographed


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was measured on one scenario's board."""

    day: Day
    places: tuple[Place, ...]


def measure_drawn(
    chosen: Sequence[Scenario], read: int, spread: Spread, progress: Progress
) -> tuple[tuple[Day, ...], tuple[Place, ...]]:
    """Draw boards, place their photos, and read some of them twice.

    Parameters
    ----------
    chosen : sequence of Scenario
        The photos of all of them are placed.
    read : int
        So many of the first are read, too.
    spread : callable
        Like `map`; may use several processes.
    progress : callable

    Returns
    -------
    tuple of Day, tuple of Place
    """
    drawn: list[Drawn] = []
    progress("drawn boards", 0, read)
    for one in spread(measure_one, chosen[:read]):
        drawn.append(one)
        progress("drawn boards", len(drawn), read)
    places = [place for one in drawn for place in one.places]
    if chosen[read:]:
        places.extend(measure_places(chosen[read:], spread, progress))
    return tuple(one.day for one in drawn), tuple(places)


def measure_one(scenario: Scenario) -> Drawn:
    """Draw one scenario's board, place its photos and read it twice."""
    pair = photographed(scenario)
    return Drawn(day_of(scenario, pair), places_of(scenario, pair))
