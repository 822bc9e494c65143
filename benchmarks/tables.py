"""The results as tables for people."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.accuracy import ALL, AccuracyRow
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
from benchmarks.metrics import Ratio
from benchmarks.reliability import ReliabilityRow
from benchmarks.results import Results
from benchmarks.sequences import SequenceRow
from benchmarks.tags import TagRow

NOTHING = "-"
"""Where there is nothing to count."""

SCORES: tuple[tuple[str, Bar], ...] = (
    ("found", RECALL),
    ("true", PRECISION),
    ("cell", CELL),
    ("taken", OCCUPANCY),
    ("title", TITLE),
    ("CER", CER),
    ("words", WORDS),
)
"""Columns of the accuracy table, and what each must reach."""

TEXT_COLUMNS = frozenset(
    {
        "photo",
        "reader",
        "told",
        "boards",
        "what",
        "against",
        "change",
        "confidence",
        "tags",
    }
)
"""All other columns are numbers: they stand on the right, on one line."""


def tables_of(results: Results) -> tuple[Table, ...]:
    """Return one table for each kind of measurement, at most 100 columns wide.

    Parameters
    ----------
    results : Results
    """
    return (
        *_accuracy_tables(results.accuracy),
        _reliability_table(results.reliability),
        _speed_table(results),
        *_memory_tables(results),
        _placing_table(results),
        *_tag_tables(results.tags),
        _identity_table(results),
        _free_table(results),
        *_sequence_tables(results.sequences),
    )


def _accuracy_tables(rows: Sequence[AccuracyRow]) -> list[Table]:
    """Return a table of all groups' sums and one of the photos of each group."""
    tables = []
    for group in dict.fromkeys(row.group for row in rows):
        of_group = [row for row in rows if row.group == group]
        sums = [row for row in of_group if row.photo == ALL]
        photos = [row for row in of_group if row.photo != ALL]
        tables.append(
            _accuracy_table(
                f"Accuracy: {group}, all photos",
                ("reader", "told"),
                [[row.reader, row.given, *_scores(row)] for row in sums],
            )
        )
        tables.append(
            _accuracy_table(
                f"Accuracy: {group}, photo by photo",
                ("photo", "reader"),
                [[row.photo, row.reader, *_scores(row)] for row in photos],
            )
        )
    return tables


def _accuracy_table(
    title: str, leading: Sequence[str], rows: Sequence[Sequence[str]]
) -> Table:
    """Return a table with leading columns, all scores, and the bars below them."""
    names = (*leading, *(name for name, _ in SCORES), "refused")
    bars = ["must", "", *(str(bar) for _, bar in SCORES), ""]
    return _table(title, names, [*rows, bars])


def _scores(row: AccuracyRow) -> list[str]:
    finding, text = row.finding, row.text
    found = (
        (finding.recall, finding.precision, finding.cell, finding.occupancy)
        if finding
        else (None, None, None, None)
    )
    ratios = (*found, text.titles, text.character_errors, text.words)
    return [*(_share(ratio) for ratio in ratios), str(row.refused)]


def _reliability_table(rows: Sequence[ReliabilityRow]) -> Table:
    names = (
        "boards",
        "reader",
        "confidence",
        "cards",
        "said",
        "right",
        "AUROC",
        "Brier",
    )
    lines = [line for row in rows for line in _reliability_lines(row)]
    return _table("Reliability of a card's confidence (right: CER ≤ .1)", names, lines)


def _reliability_lines(row: ReliabilityRow) -> list[list[str]]:
    """Return a line for each bin that holds cards, and one for all cards."""
    lines = [
        [
            row.boards,
            row.reader,
            f"{entry.least:.1f} to {entry.most:.1f}",
            str(entry.cards),
            _number(entry.said),
            _number(entry.right / entry.cards),
            "",
            "",
        ]
        for entry in row.bins
        if entry.cards
    ]
    right = _number(row.right / row.cards) if row.cards else NOTHING
    rates = [_number(row.auroc), _number(row.brier)]
    return [*lines, [row.boards, row.reader, ALL, str(row.cards), "", right, *rates]]


def _speed_table(results: Results) -> Table:
    return _table(
        "Speed",
        ("what", "against", "times as long", "least", "most", "must", "met"),
        [
            [
                row.what,
                row.against,
                *(_number(value) for value in (row.ratio, row.least, row.most)),
                *_judgement(row.bar, row.ratio),
            ]
            for row in results.speed
        ],
    )


def _memory_tables(results: Results) -> list[Table]:
    """Return the table of memory, none where it was not measured."""
    if not results.memory:
        return []
    lines = [
        [
            f"reading a photo of {row.megapixels} megapixels",
            f"{row.peak_mb:.0f}",
            *_judgement(row.bar, row.peak_mb),
        ]
        for row in results.memory
    ]
    return [_table("Peak memory", ("what", "MB", "must", "met"), lines)]


def _placing_table(results: Results) -> Table:
    return _table(
        "Registration of drawn boards",
        ("boards", "photos", "ok", "refused", "silently wrong", "must", "met"),
        [
            [
                row.boards,
                *map(str, (row.ok + row.refused + row.wrong, row.ok)),
                *map(str, (row.refused, row.wrong)),
                *_judgement(SILENTLY_WRONG, row.wrong),
            ]
            for row in results.placing
            if row.ok + row.refused + row.wrong
        ],
    )


def _tag_tables(rows: Sequence[TagRow]) -> list[Table]:
    """Return the table of tags that lie, none where none did."""
    if not rows:
        return []
    names = ("tags", "right", "right, told", "refused", "wrong, told", "silently wrong")
    lines = [
        [
            row.tags,
            *map(str, (row.right, row.right_told, row.refused, row.wrong_told)),
            str(row.wrong),
            *_judgement(SILENTLY_WRONG, row.wrong),
        ]
        for row in rows
    ]
    return [_table("Tags that lie", (*names, "must", "met"), lines)]


def _identity_table(results: Results) -> Table:
    return _table(
        "Identity of cards from photo to photo",
        ("change", "right", "wrong", "not told", "read again"),
        [
            [
                row.change,
                *map(str, (row.right, row.wrong, row.not_told, row.read_again)),
            ]
            for row in results.identity
        ],
    )


def _free_table(results: Results) -> Table:
    free = results.free
    return _table(
        "Free cells",
        ("right", "missed", "false", "must", "met"),
        [
            [
                *map(str, (free.right, free.missed, free.false)),
                *_judgement(SILENTLY_WRONG, free.false),
            ]
        ],
    )


def _sequence_tables(rows: Sequence[SequenceRow]) -> list[Table]:
    """Return the table of cards photographed again and again, none without any."""
    if not rows:
        return []
    lines = [
        [
            f"after {row.photos} photo{'s' if row.photos > 1 else ''}",
            *map(_share, (row.text.titles, row.text.character_errors, row.text.words)),
            _number(row.said),
            f"{row.sure.hits:.0f} of {row.sure.of}",
        ]
        for row in rows
    ]
    names = ("what", "title", "CER", "words", "said", "right of the sure ones")
    return [_table("The same cards in many photos", names, lines)]


def _judgement(bar: Bar | None, value: float) -> tuple[str, str]:
    """Return what must be reached and whether it is."""
    if bar is None:
        return "", ""
    return str(bar), "yes" if bar.met_by(value) else "NO"


def _share(ratio: Ratio | None) -> str:
    return _number(ratio.value if ratio else None)


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _table(title: str, names: Iterable[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=0,
        min_width=len(title),
    )
    for name in names:
        if name in TEXT_COLUMNS:
            table.add_column(name, overflow="fold", no_wrap=name == "photo")
        else:
            table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table
