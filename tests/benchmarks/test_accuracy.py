from dataclasses import dataclass

from benchmarks.accuracy import ALL, AccuracyRow, measure_accuracy
from benchmarks.cases import CutCase, PlannedCase
from benchmarks.metrics import FoundCard, Ratio, TextScore
from benchmarks.reliability import Judged
from vision.errors import BoardNotFoundError


@dataclass(frozen=True)
class Knowing:
    """Reads everything as it is."""

    names: tuple[str, ...] = ("knowing, first", "knowing, settled")
    given: str = "nothing"

    def read(self, case):
        first = tuple(
            FoundCard(card.bounds_photo, card.cell, "", 0.2) for card in case.cards
        )
        settled = tuple(
            FoundCard(card.bounds_photo, card.cell, card.text, 0.9)
            for card in case.cards
        )
        return first, settled


@dataclass(frozen=True)
class Refusing:
    names: tuple[str, ...] = ("refusing",)
    given: str = "outlines"

    def read(self, case):
        raise BoardNotFoundError("nothing there", hint=str(case.photo.size_wh))


def test_every_reader_reads_every_photo(case):
    plans = [PlannedCase("drawn", name, lambda: case) for name in ("one", "two")]
    told = []

    rows = measure_accuracy(
        plans, [Knowing(), Refusing()], lambda *step: told.append(step)
    )

    count = sum(card.legible for card in case.cards)
    nothing = TextScore(Ratio(count, count), Ratio(0, count), Ratio(0, count))
    assert [(row.photo, row.reader, row.refused) for row in rows] == [
        ("one", "knowing, first", 0),
        ("one", "knowing, settled", 0),
        ("one", "refusing", 1),
        ("two", "knowing, first", 0),
        ("two", "knowing, settled", 0),
        ("two", "refusing", 1),
        (ALL, "knowing, first", 0),
        (ALL, "knowing, settled", 0),
        (ALL, "refusing", 2),
    ]
    assert rows[2] == AccuracyRow(
        "drawn", "one", "refusing", "outlines", None, nothing, 1
    )
    assert rows[7].finding.recall == Ratio(2 * len(case.cards), 2 * len(case.cards))
    assert [row.text.titles for row in rows[6:8]] == [
        Ratio(0, 2 * count),
        Ratio(2 * count, 2 * count),
    ]
    assert rows[6].judged == (Judged(0.2, right=False),) * 2 * count
    assert rows[7].judged == (Judged(0.9, right=True),) * 2 * count
    assert rows[8].text == nothing + nothing
    assert told == [
        ("knowing, settled: one", 0, 4),
        ("refusing: one", 1, 4),
        ("knowing, settled: two", 2, 4),
        ("refusing: two", 3, 4),
        ("accuracy", 4, 4),
    ]


def test_photo_without_grid_is_scored_for_its_text_only(case):
    cut = CutCase(photo=case.photo, cards=case.cards)

    rows = measure_accuracy(
        [PlannedCase("loose", "one", lambda: cut)], [Knowing()], lambda *_: None
    )

    assert {row.finding for row in rows} == {None}


def test_no_photos_no_rows():
    assert measure_accuracy([], [Knowing()], lambda *_: None) == ()
