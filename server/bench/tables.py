"""The results as tables for people."""

from collections.abc import Sequence

from rich.table import Table

from server.bench.accuracy import ALL, AccuracyRow
from server.bench.metrics import Ratio
from server.bench.results import Results

NOTHING = "-"
"""Where there is nothing to count."""

COLUMNS = ("recall", "precision", "cell", "occupancy", "title", "CER", "words")


def tables_of(results: Results) -> tuple[Table, ...]:
    """Return one table for each kind of measurement.

    Parameters
    ----------
    results : Results
    """
    return (
        _accuracy_table(
            "Accuracy", [row for row in results.accuracy if row.photo == ALL]
        ),
        _accuracy_table(
            "Accuracy, photo by photo",
            [row for row in results.accuracy if row.photo != ALL],
        ),
        _table(
            "Speed",
            ("what", "against", "times as long", "least", "most"),
            [
                (
                    row.what,
                    row.against,
                    *(f"{value:.2f}" for value in (row.ratio, row.least, row.most)),
                )
                for row in results.speed
            ],
        ),
        _table(
            "Registration of drawn boards",
            ("boards", "ok", "refused", "silently wrong"),
            [
                (row.boards, str(row.ok), str(row.refused), str(row.wrong))
                for row in results.placing
            ],
        ),
        _table(
            "Identity of cards from photo to photo",
            ("change", "right", "wrong", "not told"),
            [
                (row.change, str(row.right), str(row.wrong), str(row.not_told))
                for row in results.identity
            ],
        ),
        _table(
            "Free cells",
            ("right", "missed", "false"),
            [
                (
                    str(results.free.right),
                    str(results.free.missed),
                    str(results.free.false),
                )
            ],
        ),
    )


def _accuracy_table(title: str, rows: Sequence[AccuracyRow]) -> Table:
    names = ("boards", "reader", "told", *COLUMNS, "refused")
    return _table(title, names, [_accuracy_cells(row) for row in rows])


def _accuracy_cells(row: AccuracyRow) -> tuple[str, ...]:
    finding, text = row.finding, row.text
    found = (
        (finding.recall, finding.precision, finding.cell, finding.occupancy)
        if finding
        else (None, None, None, None)
    )
    scores = (*found, text.titles, text.character_errors, text.words)
    return (
        row.group if row.photo == ALL else row.photo,
        row.reader,
        row.given,
        *(_share(ratio) for ratio in scores),
        str(row.refused),
    )


def _share(ratio: Ratio | None) -> str:
    if ratio is None or ratio.value is None:
        return NOTHING
    return f"{ratio.value:.2f}"


def _table(title: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    numbers = {*COLUMNS, "refused", "ok", "silently wrong", "right", "wrong"}
    numbers |= {"not told", "missed", "false", "times as long", "least", "most"}
    for name in names:
        if name in numbers:
            table.add_column(name, justify="right", no_wrap=True)
        else:
            table.add_column(name)
    for row in rows:
        table.add_row(*row)
    return table
