import io
from dataclasses import dataclass, replace

import pytest
from rich.console import Console

from benchmarks.accuracy import ALL, AccuracyRow
from benchmarks.bars import Bar
from benchmarks.cases import CutCase, PlannedCase
from benchmarks.days import Day, IdentityRow
from benchmarks.document import to_json
from benchmarks.drawn import Drawn, measure_one
from benchmarks.following import CellTally
from benchmarks.full_board import full_board
from benchmarks.memory import MemoryRow
from benchmarks.metrics import FindingScore, FoundCard, Ratio, TextScore
from benchmarks.places import Place, PlacingRow
from benchmarks.reliability import Judged, reliability_of
from benchmarks.results import (
    DRAWINGS,
    FULL,
    PHOTOGRAPHS,
    QUICK,
    Amount,
    Boards,
    Contestants,
    Results,
    run_bench,
)
from benchmarks.samples import sample_cases
from benchmarks.sequences import SequenceRow
from benchmarks.speed import SpeedRow
from benchmarks.tables import tables_of
from benchmarks.tags import TagRow

TEXT = TextScore(Ratio(0.5, 2), Ratio(1.5, 2), Ratio(1, 2))
FINDING = FindingScore(Ratio(1, 2), Ratio(1, 1), Ratio(0, 0), Ratio(3, 4))
SURE, UNSURE = Judged(0.95, right=True), Judged(0.5, right=False)


@pytest.fixture
def results():
    boardcast = AccuracyRow("drawn", "one", "Boardcast", "nothing", FINDING, TEXT)
    return Results(
        accuracy=(
            replace(boardcast, judged=(SURE,)),
            AccuracyRow("drawn", ALL, "Rival", "outlines", None, TEXT, 1),
        ),
        reliability=(reliability_of("drawings", "Boardcast", (SURE, UNSURE)),),
        speed=(
            SpeedRow("this", "that", 1.25, 1.0, 1.5, Bar(1.2)),
            SpeedRow("this", "rival", 0.5, 0.5, 0.5),
        ),
        memory=(MemoryRow(12, 512.4, Bar(600)),),
        placing=(PlacingRow("all", 5, 1, 0),),
        identity=(IdentityRow("kept", 7, 0, 2, 4),),
        free=CellTally(4, 3, 1),
        sequences=(SequenceRow(2, TEXT, 0.75, Ratio(3, 4)),),
        tags=(TagRow("one moved", 6, 4, 2, 1, 0),),
        notes=("Without Tesseract.",),
    )


def test_results_as_json(results):
    row = {"group": "drawn", "photo": "one", "reader": "Boardcast", "given": "nothing"}
    empty = {"cards": 0, "right": 0, "said": None}
    least = {"sign": "≥"}
    text = {
        "character_errors": {"hits": 0.5, "of": 2, "value": 0.25},
        "words": {"hits": 1.5, "of": 2, "value": 0.75},
        "titles": {"hits": 1, "of": 2, "value": 0.5},
    }
    document = to_json(results)

    assert document.pop("accuracy") == [
        {
            **row,
            "refused": 0,
            "finding": {
                "recall": {"hits": 1, "of": 2, "value": 0.5},
                "precision": {"hits": 1, "of": 1, "value": 1.0},
                "cell": {"hits": 0, "of": 0, "value": None},
                "occupancy": {"hits": 3, "of": 4, "value": 0.75},
            },
            "text": text,
            "judged": [{"confidence": 0.95, "right": True}],
        },
        {
            "group": "drawn",
            "photo": "all",
            "reader": "Rival",
            "given": "outlines",
            "refused": 1,
            "finding": None,
            "text": text,
            "judged": [],
        },
    ]
    assert document.pop("reliability") == [
        {
            "boards": "drawings",
            "reader": "Boardcast",
            "cards": 2,
            "right": 1,
            "auroc": 1.0,
            "brier": pytest.approx(0.12625),
            "bins": [
                {"least": 0.0, "most": 0.2, **empty},
                {"least": 0.2, "most": 0.4, **empty},
                {"least": 0.4, "most": 0.6, "cards": 1, "right": 0, "said": 0.5},
                {"least": 0.6, "most": 0.8, **empty},
                {"least": 0.8, "most": 0.9, **empty},
                {"least": 0.9, "most": 1.0, "cards": 1, "right": 1, "said": 0.95},
            ],
        }
    ]
    assert document == {
        "schema": "boardcast/bench/2",
        "bars": {
            "accuracy": {
                "recall": {**least, "limit": 0.95},
                "precision": {**least, "limit": 0.95},
                "cell": {**least, "limit": 0.98},
                "occupancy": {**least, "limit": 0.98},
                "titles": {**least, "limit": 0.76},
                "character_errors": {"sign": "≤", "limit": 0.27},
                "words": {**least, "limit": 0.76},
            },
            "silently_wrong": {"sign": "≤", "limit": 0},
        },
        "speed": [
            {
                "what": "this",
                "against": "that",
                "ratio": 1.25,
                "least": 1,
                "most": 1.5,
                "bar": {"sign": "≤", "limit": 1.2},
                "met": False,
            },
            {
                "what": "this",
                "against": "rival",
                "ratio": 0.5,
                "least": 0.5,
                "most": 0.5,
                "bar": None,
                "met": None,
            },
        ],
        "memory": [
            {
                "megapixels": 12,
                "peak_mb": 512.4,
                "bar": {"sign": "≤", "limit": 600},
                "met": True,
            }
        ],
        "registration": [{"boards": "all", "ok": 5, "refused": 1, "wrong": 0}],
        "tags": [
            {
                "tags": "one moved",
                "right": 6,
                "right_told": 4,
                "refused": 2,
                "wrong_told": 1,
                "wrong": 0,
            }
        ],
        "identity": [
            {
                "change": "kept",
                "right": 7,
                "wrong": 0,
                "not_told": 2,
                "read_again": 4,
            }
        ],
        "free_cells": {"right": 4, "missed": 3, "false": 1},
        "sequences": [
            {
                "photos": 2,
                "text": {
                    "character_errors": {"hits": 0.5, "of": 2, "value": 0.25},
                    "words": {"hits": 1.5, "of": 2, "value": 0.75},
                    "titles": {"hits": 1, "of": 2, "value": 0.5},
                },
                "said": 0.75,
                "sure": {"hits": 3, "of": 4, "value": 0.75},
            }
        ],
        "notes": ["Without Tesseract."],
    }


def printed(results, width):
    console = Console(width=width, file=io.StringIO())
    for table in tables_of(results):
        console.print(table)
    return console.file.getvalue().splitlines()


def test_results_as_tables(results):
    lines = [" ".join(line.split()) for line in printed(results, 100)]

    bars = ("≥ .95", "≥ .95", "≥ .98", "≥ .98", "≥ .76", "≤ .27", "≥ .76")
    expected = [
        "one Boardcast 0.50 1.00 - 0.75 0.50 0.25 0.75 0",
        "Rival outlines - - - - 0.50 0.25 0.75 1",
        "drawings Boardcast 0.4 to 0.6 1 0.50 0.00",
        "drawings Boardcast 0.9 to 1.0 1 0.95 1.00",
        "drawings Boardcast all 2 0.50 1.00 0.13",
        "this that 1.25 1.00 1.50 ≤ 1.2 NO",
        "this rival 0.50 0.50 0.50",
        "reading a photo of 12 megapixels 512 ≤ 600 yes",
        "all 6 5 1 0 ≤ 0 yes",
        "one moved 6 4 2 1 0 ≤ 0 yes",
        "kept 7 0 2 4",
        "4 3 1 ≤ 0 NO",
    ]
    assert [line for line in expected if line not in lines] == []
    assert lines.count(" ".join(["must", *bars])) == 2


def test_table_of_memory_is_left_out_where_it_was_not_measured(results):
    lines = printed(replace(results, memory=()), 100)

    assert "Peak memory" not in "\n".join(lines)


def test_tables_with_the_longest_names_fit_into_100_columns(results):
    row = AccuracyRow(
        "sample boards",
        "taped_grid/1-before-lunch",
        "Tesseract 5.3.0, whole photo",
        "outlines",
        FINDING,
        TEXT,
        1,
    )
    lines = printed(replace(results, accuracy=(row,)), 100)

    assert max(len(line.rstrip()) for line in lines) <= 100
    assert any("taped_grid/1-before-lunch" in line for line in lines)


@pytest.mark.parametrize("amount", [FULL, QUICK], ids=["full", "quick"])
def test_amount_names_photos_that_there_are(amount):
    names = {case.name for case in sample_cases()}
    drawn = full_board().name

    assert {*amount.samples} <= names
    assert amount.speed_photo in {*names, drawn}


def test_full_run_places_200_photos():
    assert 4 * FULL.placed >= 200


@dataclass(frozen=True)
class Blind:
    names: tuple[str, ...] = ("blind",)
    given: str = "nothing"

    def read(self, case):
        return (case.cards[:0],)


@dataclass(frozen=True)
class Cutter:
    names: tuple[str, ...] = ("cutter",)
    given: str = "outlines"

    def read(self, case):
        card = case.cards[0]
        return ((FoundCard(card.bounds_photo, card.cell, card.text, 0.95),),)


@pytest.fixture
def boards(case):
    cut = CutCase(photo=case.photo, cards=case.cards)
    return Boards(
        samples=tuple(
            PlannedCase("drawn", name, lambda: case) for name in ("one", "two")
        ),
        others=(PlannedCase("given", "three", lambda: case),),
        cut=(PlannedCase("given, no grid", "four", lambda: cut),),
    )


@pytest.fixture
def contestants(engine):
    return Contestants(
        finders=(Blind(),),
        outliners=(),
        cutters=(Cutter(),),
        quick=engine(),
        thorough=engine(),
        bare=lambda crops: crops,
        pictures={},
        notes=("A note.",),
    )


def spread(function, chosen):
    if function is measure_one:
        return [Drawn(Day(one, "ok"), (Place(one, "whole", "ok"),)) for one in chosen]
    return [(Place(one, "turned", "refused"),) for one in chosen]


def test_everything_is_measured_once(contestants, boards):
    results = run_bench(
        contestants,
        boards,
        amount=Amount(
            ("two",), "one", 1, 0, memory=True, placed=3, boards=2, sequences=0
        ),
        clock=iter(range(100)).__next__,
        spread=spread,
        isolated=lambda _, loads: [100.0 for _ in loads],
        progress=lambda *_: None,
    )

    assert [(row.group, row.photo, row.reader) for row in results.accuracy] == [
        ("drawn", "two", "blind"),
        ("drawn", ALL, "blind"),
        ("given", "three", "blind"),
        ("given", ALL, "blind"),
        ("given, no grid", "four", "cutter"),
        ("given, no grid", ALL, "cutter"),
    ]
    assert [(row.boards, row.reader, row.cards) for row in results.reliability] == [
        (PHOTOGRAPHS, "cutter", 1)
    ]
    assert DRAWINGS not in {row.boards for row in results.reliability}
    assert [row.peak_mb for row in results.memory] == [100.0, 100.0]
    assert results.placing[-1] == PlacingRow("all", 2, 1, 0)
    assert results.notes == ("A note.",)
    assert len(results.speed) == 6
