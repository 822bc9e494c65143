"""A table of figures: what every measure returns; printed, or written as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table as RichTable

from benchmarks.bars import Bar
from benchmarks.metrics import Ratio

Value = str | int | float | Ratio | None
"""None, and a ratio of nothing, where there was nothing to count."""

NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of one kind.

    Parameters
    ----------
    title : str
    columns : tuple of str
    rows : tuple of tuple
        A value for each column.
    bars : mapping of str to mapping of str to Bar
        What columns must reach, by the name of the line below the rows.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    bars: Mapping[str, Mapping[str, Bar]] = field(default_factory=dict)

    def printable(self) -> RichTable:
        """Return it for a console; numbers stand on the right."""
        table = RichTable(
            title=self.title,
            title_justify="left",
            box=SIMPLE_HEAD,
            padding=0,
            min_width=len(self.title),
        )
        for index, name in enumerate(self.columns):
            words = any(isinstance(row[index], str) for row in self.rows)
            table.add_column(
                name, justify="left" if words else "right", no_wrap=not words
            )
        for row in self.rows:
            table.add_row(*map(_shown, row))
        for name, limits in self.bars.items():
            cells = [str(limits.get(column, "")) for column in self.columns]
            table.add_row(name, *cells[1:], style="dim")
        return table

    def document(self) -> dict[str, Any]:
        """Return it for a JSON file: each row by the names of the columns."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "bars": self.bars}


def judged(bar: Bar | None, value: float) -> tuple[str, str]:
    """Return what must be reached, and whether a value does."""
    if bar is None:
        return "", ""
    return str(bar), "yes" if bar.met_by(value) else "NO"


def _shown(value: Value) -> str:
    if isinstance(value, Ratio):
        value = value.value
    if value is None:
        return NOTHING
    if isinstance(value, float):
        text = f"{value:.3f}"
        return text.removeprefix("0") if value < 1 else text
    return str(value)
