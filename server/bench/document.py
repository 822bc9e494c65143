"""The results as JSON, schema ``boardcast/bench/1``."""

from typing import Any

from server.bench.accuracy import AccuracyRow
from server.bench.metrics import FindingScore, Ratio, TextScore
from server.bench.results import Results

SCHEMA = "boardcast/bench/1"


def to_json(results: Results) -> dict[str, Any]:
    """Return the results as a JSON object.

    Parameters
    ----------
    results : Results
    """
    return {
        "schema": SCHEMA,
        "accuracy": [_accuracy(row) for row in results.accuracy],
        "speed": [
            {
                "what": row.what,
                "against": row.against,
                "ratio": row.ratio,
                "least": row.least,
                "most": row.most,
            }
            for row in results.speed
        ],
        "registration": [
            {
                "boards": row.boards,
                "ok": row.ok,
                "refused": row.refused,
                "wrong": row.wrong,
            }
            for row in results.placing
        ],
        "identity": [
            {
                "change": row.change,
                "right": row.right,
                "wrong": row.wrong,
                "not_told": row.not_told,
            }
            for row in results.identity
        ],
        "free_cells": {
            "right": results.free.right,
            "missed": results.free.missed,
            "false": results.free.false,
        },
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


def _ratio(ratio: Ratio) -> dict[str, float | None]:
    return {"hits": ratio.hits, "of": ratio.of, "value": ratio.value}
