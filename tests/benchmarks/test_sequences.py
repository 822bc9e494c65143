from benchmarks.metrics import Ratio, TextScore
from benchmarks.reliability import Judged
from benchmarks.sequences import (
    SequenceRow,
    Told,
    measure_sequences,
    sequence_rows,
    sequence_scenarios,
)

HALF = TextScore(Ratio(0.5, 2), Ratio(1.0, 2), Ratio(1, 2))
WHOLE = TextScore(Ratio(0.0, 2), Ratio(2.0, 2), Ratio(2, 2))
SURE, WRONG, UNSURE = (
    Judged(1.0, right=True),
    Judged(1.0, right=False),
    Judged(0.25, right=True),
)


def test_boards_are_summed_up_by_the_number_of_photos():
    told = [
        Told(1, HALF, (UNSURE,)),
        Told(2, WHOLE, (SURE,)),
        Told(1, HALF, (SURE, WRONG)),
    ]

    assert sequence_rows(told) == (
        SequenceRow(1, HALF + HALF, 0.75, Ratio(1, 2)),
        SequenceRow(2, WHOLE, 1.0, Ratio(1, 1)),
    )


def test_without_boards_nothing_is_measured(engine):
    assert measure_sequences((), engine(), engine(), map, print) == ()


def test_boards_have_every_look_and_tags():
    looks = [(one.look, one.tags, one.changed) for one in sequence_scenarios(3)]
    assert looks == [(look, True, 0.0) for look in ("printed", "taped", "whiteboard")]
