from benchmarks.days import Day
from benchmarks.drawn import Drawn, begin_drawn, finish_drawn, measure_one
from benchmarks.places import Place
from benchmarks.scenarios import scenarios


def test_some_boards_are_read_and_all_are_placed():
    told = []

    def spread(function, chosen):
        if function is measure_one:
            return [
                Drawn(Day(one, "ok"), (Place(one, "whole", "ok"),)) for one in chosen
            ]
        return [(Place(one, "close-up", "refused"),) for one in chosen]

    one, two, three = chosen = scenarios(3)

    underway = begin_drawn(chosen, 2, spread)
    days, places = finish_drawn(underway, lambda *step: told.append(step))

    assert days == (Day(one, "ok"), Day(two, "ok"))
    assert places == (
        Place(one, "whole", "ok"),
        Place(two, "whole", "ok"),
        Place(three, "close-up", "refused"),
    )
    assert told == [
        *(("drawn boards", done, 2) for done in (0, 1, 2)),
        ("placed boards", 1, 1),
    ]
