import io
from dataclasses import dataclass

import pytest
from rich.console import Console

from server.bench.accuracy import ALL, AccuracyRow
from server.bench.cases import PlannedCase
from server.bench.days import Day, IdentityRow, measure_day
from server.bench.document import to_json
from server.bench.following import CellTally
from server.bench.metrics import FindingScore, Ratio, TextScore
from server.bench.places import Place, PlacingRow
from server.bench.results import FULL, QUICK, Amount, Contestants, Results, run_bench
from server.bench.samples import sample_cases
from server.bench.speed import SpeedRow
from server.bench.tables import tables_of

TEXT = TextScore(Ratio(0.5, 2), Ratio(1.5, 2), Ratio(1, 2))
FINDING = FindingScore(Ratio(1, 2), Ratio(1, 1), Ratio(0, 0), Ratio(3, 4))


@pytest.fixture
def results():
    return Results(
        accuracy=(
            AccuracyRow("drawn", "one", "Boardcast", "nothing", FINDING, TEXT),
            AccuracyRow("drawn", ALL, "Rival", "outlines", None, TEXT, 1),
        ),
        speed=(SpeedRow("this", "that", 1.25, 1.0, 1.5),),
        placing=(PlacingRow("all", 5, 1, 0),),
        identity=(IdentityRow("kept", 7, 0, 2),),
        free=CellTally(4, 3, 0),
        notes=("Without Tesseract.",),
    )


def test_results_as_json(results):
    text = {
        "character_errors": {"hits": 0.5, "of": 2, "value": 0.25},
        "words": {"hits": 1.5, "of": 2, "value": 0.75},
        "titles": {"hits": 1, "of": 2, "value": 0.5},
    }
    assert to_json(results) == {
        "schema": "boardcast/bench/1",
        "accuracy": [
            {
                "group": "drawn",
                "photo": "one",
                "reader": "Boardcast",
                "given": "nothing",
                "refused": 0,
                "finding": {
                    "recall": {"hits": 1, "of": 2, "value": 0.5},
                    "precision": {"hits": 1, "of": 1, "value": 1.0},
                    "cell": {"hits": 0, "of": 0, "value": None},
                    "occupancy": {"hits": 3, "of": 4, "value": 0.75},
                },
                "text": text,
            },
            {
                "group": "drawn",
                "photo": "all",
                "reader": "Rival",
                "given": "outlines",
                "refused": 1,
                "finding": None,
                "text": text,
            },
        ],
        "speed": [
            {"what": "this", "against": "that", "ratio": 1.25, "least": 1, "most": 1.5}
        ],
        "registration": [{"boards": "all", "ok": 5, "refused": 1, "wrong": 0}],
        "identity": [{"change": "kept", "right": 7, "wrong": 0, "not_told": 2}],
        "free_cells": {"right": 4, "missed": 3, "false": 0},
        "notes": ["Without Tesseract."],
    }


def test_results_as_tables(results):
    console = Console(width=140, file=io.StringIO())

    for table in tables_of(results):
        console.print(table)

    lines = console.file.getvalue().splitlines()
    cells = [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in lines
        if line.startswith("│")
    ]
    dashes = ["-"] * 4
    scores = ["0.75", "0.50", "0.25", "0.75", "0"]
    assert cells == [
        ["drawn", "Rival", "outlines", *dashes, "0.50", "0.25", "0.75", "1"],
        ["one", "Boardcast", "nothing", "0.50", "1.00", "-", *scores],
        ["this", "that", "1.25", "1.00", "1.50"],
        ["all", "5", "1", "0"],
        ["kept", "7", "0", "2"],
        ["4", "3", "0"],
    ]


@pytest.mark.parametrize("amount", [FULL, QUICK], ids=["full", "quick"])
def test_amount_names_photos_that_there_are(amount):
    names = {case.name for case in sample_cases()}

    assert {*amount.samples, amount.speed_photo} <= names


@dataclass(frozen=True)
class Blind:
    name: str = "blind"
    given: str = "nothing"

    def read(self, case):
        return case.cards[:0]


def test_everything_is_measured_once(case, engine):
    plans = [PlannedCase("drawn", name, lambda: case) for name in ("one", "two")]
    given = PlannedCase("given", "three", lambda: case)

    def spread(function, chosen):
        if function is measure_day:
            return [Day(one, "ok") for one in chosen]
        return [(Place(one, "whole", "ok"),) for one in chosen]

    results = run_bench(
        Contestants((Blind(),), engine, lambda _: (), ("A note.",)),
        samples=plans,
        others=[given],
        amount=Amount(("two",), "one", 1, 2, 3),
        clock=iter(range(100)).__next__,
        spread=spread,
        progress=lambda *_: None,
    )

    assert [(row.group, row.photo) for row in results.accuracy] == [
        ("drawn", "two"),
        ("given", "three"),
        ("drawn", ALL),
        ("given", ALL),
    ]
    assert {row.ratio for row in results.speed} == {1.0}
    assert results.placing[-1] == PlacingRow("all", 3, 0, 0)
    assert results.notes == ("A note.",)
