"""The results as JSON, schema ``boardcast/bench/2``."""

from dataclasses import asdict
from typing import Any

from benchmarks.accuracy import AccuracyRow
from benchmarks.bars import (
    CELL,
    CER,
    OCCUPANCY,
    PRECISION,
    RECALL,
    SILENTLY_WRONG,
    TITLE,
    WORDS,
    Bar,
)
from benchmarks.memory import MemoryRow
from benchmarks.metrics import FindingScore, Ratio, TextScore
from benchmarks.reliability import Judged, ReliabilityRow
from benchmarks.results import Results
from benchmarks.sequences import SequenceRow
from benchmarks.speed import SpeedRow

SCHEMA = "boardcast/bench/2"

ACCURACY_BARS = {
    "recall": RECALL,
    "precision": PRECISION,
    "cell": CELL,
    "occupancy": OCCUPANCY,
    "titles": TITLE,
    "character_errors": CER,
    "words": WORDS,
}
"""Bars by the names that the figures have in an accuracy row."""


def to_json(results: Results) -> dict[str, Any]:
    """Return the results as a JSON object.

    Parameters
    ----------
    results : Results
    """
    return {
        "schema": SCHEMA,
        "bars": {
            "accuracy": {name: _limit(bar) for name, bar in ACCURACY_BARS.items()},
            "silently_wrong": _limit(SILENTLY_WRONG),
        },
        "accuracy": [_accuracy(row) for row in results.accuracy],
        "reliability": [_reliability(row) for row in results.reliability],
        "speed": [_speed(row) for row in results.speed],
        "memory": [_memory(row) for row in results.memory],
        "registration": [
            {
                "boards": row.boards,
                "ok": row.ok,
                "refused": row.refused,
                "wrong": row.wrong,
            }
            for row in results.placing
        ],
        "tags": [asdict(row) for row in results.tags],
        "identity": [
            {
                "change": row.change,
                "right": row.right,
                "wrong": row.wrong,
                "not_told": row.not_told,
                "read_again": row.read_again,
            }
            for row in results.identity
        ],
        "free_cells": {
            "right": results.free.right,
            "missed": results.free.missed,
            "false": results.free.false,
        },
        "sequences": [_sequence(row) for row in results.sequences],
        "notes": list(results.notes),
    }


def _accuracy(row: AccuracyRow) -> dict[str, Any]:
    return {
        "group": row.group,
        "photo": row.photo,
        "reader": row.reader,
        "given": row.given,
        "refused": row.refused,
        "finding": _finding(row.finding) if row.finding else None,
        "text": _text(row.text),
        "judged": [_judged(card) for card in row.judged],
    }


def _finding(score: FindingScore) -> dict[str, Any]:
    return {
        "recall": _ratio(score.recall),
        "precision": _ratio(score.precision),
        "cell": _ratio(score.cell),
        "occupancy": _ratio(score.occupancy),
    }


def _text(score: TextScore) -> dict[str, Any]:
    return {
        "character_errors": _ratio(score.character_errors),
        "words": _ratio(score.words),
        "titles": _ratio(score.titles),
    }


def _judged(card: Judged) -> dict[str, Any]:
    return {"confidence": card.confidence, "right": card.right}


def _reliability(row: ReliabilityRow) -> dict[str, Any]:
    return {
        "boards": row.boards,
        "reader": row.reader,
        "cards": row.cards,
        "right": row.right,
        "auroc": row.auroc,
        "brier": row.brier,
        "bins": [
            {
                "least": entry.least,
                "most": entry.most,
                "cards": entry.cards,
                "right": entry.right,
                "said": entry.said,
            }
            for entry in row.bins
        ],
    }


def _speed(row: SpeedRow) -> dict[str, Any]:
    return {
        "what": row.what,
        "against": row.against,
        "ratio": row.ratio,
        "least": row.least,
        "most": row.most,
        "bar": _limit(row.bar) if row.bar else None,
        "met": row.bar.met_by(row.ratio) if row.bar else None,
    }


def _memory(row: MemoryRow) -> dict[str, Any]:
    return {
        "megapixels": row.megapixels,
        "peak_mb": row.peak_mb,
        "bar": _limit(row.bar),
        "met": row.bar.met_by(row.peak_mb),
    }


def _sequence(row: SequenceRow) -> dict[str, Any]:
    return {
        "photos": row.photos,
        "text": _text(row.text),
        "said": row.said,
        "sure": _ratio(row.sure),
    }


def _limit(bar: Bar) -> dict[str, Any]:
    return {"sign": bar.sign, "limit": bar.limit}


def _ratio(ratio: Ratio) -> dict[str, float | None]:
    return {"hits": ratio.hits, "of": ratio.of, "value": ratio.value}
