from dataclasses import replace
from itertools import count

import pytest

from benchmarks.bars import Bar
from benchmarks.speed import (
    BARE,
    FEW_NEW,
    FIRST,
    FIRST_PHOTO,
    FIRST_SETTLED,
    LEAST_CARDS,
    NEXT,
    NEXT_PHOTOS,
    NEXT_SETTLED,
    SETTLED,
    SHORT_ROUNDS,
    STRAIGHT,
    STRAIGHT_BY_PHOTO,
    WARM_UP_CARDS,
    WARP,
    SpeedRow,
    Speedway,
    measure_speed,
    ratios,
)


def seconds(first, settled, bare, following, rival=None):
    timed = {FIRST: first, SETTLED: settled, BARE: bare, NEXT: following}
    timed |= {FIRST_PHOTO: 8.0, FIRST_SETTLED: 10.0, NEXT_SETTLED: 5.0}
    timed |= {STRAIGHT: 3.0, WARP: 2.0, STRAIGHT_BY_PHOTO: 8.0}
    return timed | ({"rival": rival} if rival else {})


def test_ratios_are_of_the_best_times_with_the_range_of_the_rounds():
    rounds = [seconds(6, 10, 5, 1, 16.0), seconds(5, 8, 4, 2), seconds(20, 30, 40, 4)]

    assert ratios(rounds, ["rival", "absent"], {NEXT: Bar(0.125)}) == (
        SpeedRow(FIRST, BARE, 1.25, 0.5, 1.25, Bar(1.25)),
        SpeedRow(SETTLED, BARE, 2, 0.75, 2, Bar(3)),
        SpeedRow(NEXT, FIRST_PHOTO, 0.125, 0.125, 0.5, Bar(0.125)),
        SpeedRow(NEXT_SETTLED, FIRST_SETTLED, 0.5, 0.5, 0.5),
        SpeedRow(STRAIGHT, WARP, 1.5, 1.5, 1.5, Bar(1.5)),
        SpeedRow(STRAIGHT_BY_PHOTO, WARP, 4, 4, 4),
        SpeedRow(FIRST_PHOTO, "rival", 0.5, 0.5, 0.5),
    )


def test_each_part_is_timed_in_its_rounds(case, engine):
    ticks = count()
    seen, done = [], []
    way = Speedway(
        case,
        engine(chance=0.3),
        engine(),
        lambda crops: seen.append(len(crops)),
        {"rival": lambda picture: seen.append(picture.shape) or ()},
    )

    rows = measure_speed(way, lambda: float(next(ticks)), 2, 1, done.append)

    cards = len(case.cards)
    # Every look at the clock is a tick: one passes while nobody looks in between.
    # Of the four looks at each card two are at the bare engine's time.
    first_photo = 4 * cards + 1 - cards
    assert {row.what: row.ratio for row in rows} == {
        FIRST: 1,
        SETTLED: (cards + 1) / cards,
        NEXT: 1 / first_photo,
        NEXT_SETTLED: 2 / (first_photo + 1),
        STRAIGHT: 1,
        STRAIGHT_BY_PHOTO: 1,
        FIRST_PHOTO: first_photo,
    }
    assert next(ticks) == 2 * (4 * cards + 2 * (1 + 1 + 3 * SHORT_ROUNDS)) + 2 * 2 + 2
    assert {row.bar for row in rows if row.what == NEXT} == {None}
    each_card = [1] * cards
    assert seen == [
        WARM_UP_CARDS,
        *each_card,
        case.photo.pixels.shape,
        *each_card,
    ]
    assert done == [0, 1, 2]


@pytest.mark.parametrize(
    ("cards", "next_photos"),
    [
        pytest.param(1, 1, id="few cards"),
        pytest.param(LEAST_CARDS, NEXT_PHOTOS, id="held to its bar"),
    ],
)
def test_no_picture_is_timed_twice(case, engine, cards, next_photos):
    # An engine that remembers what it has read would read it in no time.
    quick = Keeping(engine(chance=0.3))
    ticks = count()
    full = replace(case, cards=case.cards * cards)
    way = Speedway(full, quick, engine(), lambda _: None, {})

    measure_speed(way, lambda: float(next(ticks)), 2, 0, lambda _: None)

    read = len(case.cards)
    new_in_next = min(FEW_NEW, read)
    assert len(quick.shown) == WARM_UP_CARDS + 2 * (read + next_photos * new_in_next)
    assert len(set(quick.shown)) == len(quick.shown)


class Keeping:
    """An engine that keeps what it is shown."""

    def __init__(self, engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.shown: list[bytes] = []

    def read(self, crops):
        self.shown.extend(crop.tobytes() for crop in crops)
        return self._engine.read(crops)
