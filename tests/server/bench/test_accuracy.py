from dataclasses import dataclass

from server.bench.accuracy import ALL, AccuracyRow, measure_accuracy
from server.bench.cases import PlannedCase
from server.bench.metrics import Ratio, ReadCard, TextScore
from vision.errors import BoardNotFoundError


@dataclass(frozen=True)
class Knowing:
    """Reads everything as it is."""

    name: str = "knowing"
    given: str = "nothing"

    def read(self, case):
        return tuple(
            ReadCard(card.bounds_photo, card.cell, card.text) for card in case.cards
        )


@dataclass(frozen=True)
class Refusing:
    name: str = "refusing"
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
        ("one", "knowing", 0),
        ("one", "refusing", 1),
        ("two", "knowing", 0),
        ("two", "refusing", 1),
        (ALL, "knowing", 0),
        (ALL, "refusing", 2),
    ]
    assert rows[1] == AccuracyRow(
        "drawn", "one", "refusing", "outlines", None, nothing, 1
    )
    assert rows[4].finding.recall == Ratio(2 * len(case.cards), 2 * len(case.cards))
    assert rows[4].text.titles == Ratio(2 * count, 2 * count)
    assert rows[5].text == nothing + nothing
    assert told[0] == ("knowing: one", 0, 4)
    assert told[-1] == ("accuracy", 4, 4)
