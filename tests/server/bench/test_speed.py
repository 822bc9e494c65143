from itertools import count

from server.bench.speed import Round, SpeedRow, Speedway, measure_speed, ratios


def test_ratios_are_medians_with_their_range():
    rounds = [
        Round(4, 1, crops_s=2, plain_s=4, straighten_s=3, warp_s=1),
        Round(6, 3, crops_s=2, plain_s=4, straighten_s=2, warp_s=1),
        Round(20, 5, crops_s=2, plain_s=4, straighten_s=7, warp_s=1),
    ]

    first = "first reading of a board"
    assert ratios(rounds) == (
        SpeedRow(first, "its engine reading each crop once", 3, 2, 10),
        SpeedRow(first, "plain RapidOCR reading each crop once", 1.5, 1, 5),
        SpeedRow("next photo, 5 cards new", first, 0.25, 0.25, 0.5),
        SpeedRow("straight picture", "decoding and warping alone", 3, 2, 7),
    )


def test_each_part_is_timed_once_a_round(case, engine):
    ticks = count()
    seen = []
    way = Speedway(case, engine, lambda crop: seen.append(crop.shape) or ())

    rows = measure_speed(way, lambda: float(next(ticks)), rounds=2)

    assert {row.ratio for row in rows} == {1.0}
    assert next(ticks) == 2 * 2 * 6
    # Each card once a round, and one to warm up.
    assert len(seen) == 2 * len(case.cards) + 1
