"""Accuracy: every reader over every photo with truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from server.bench.cases import Case, PlannedCase
from server.bench.metrics import (
    FindingScore,
    ReadCard,
    TextScore,
    score_finding,
    score_text,
)
from server.bench.readers import Given, Reader
from vision.errors import RegistrationError

Progress = Callable[[str, int, int], None]
"""Called with (what is measured, how many are done, of how many)."""

ALL = "all"
"""Name of the row that sums a group up."""


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """How well one reader read one photo, or a whole group.

    Parameters
    ----------
    group : str
        Where the photos come from.
    photo : str
        Its name; `ALL` for the group.
    reader : str
    given : {"nothing", "grid", "outlines"}
        What the reader was told of the truth.
    finding : FindingScore or None
        None for a reader that was told where the cards are.
    text : TextScore
    refused : int
        Photos that the reader refused; they count as read without any card.
    """

    group: str
    photo: str
    reader: str
    given: Given
    finding: FindingScore | None
    text: TextScore
    refused: int = 0


def measure_accuracy(
    cases: Sequence[PlannedCase], readers: Sequence[Reader], progress: Progress
) -> tuple[AccuracyRow, ...]:
    """Let every reader read every photo.

    Parameters
    ----------
    cases : sequence of PlannedCase
    readers : sequence of Reader
    progress : callable

    Returns
    -------
    tuple of AccuracyRow
        Those of each photo, then those that sum the groups up.
    """
    rows: list[AccuracyRow] = []
    total = len(cases) * len(readers)
    for plan in cases:
        case = plan.load()
        for reader in readers:
            progress(f"{reader.name}: {plan.name}", len(rows), total)
            rows.append(_score(plan, case, reader))
    progress("accuracy", total, total)
    return (*rows, *summed(rows))


def summed(rows: Sequence[AccuracyRow]) -> tuple[AccuracyRow, ...]:
    """Sum up the rows of each group and reader, in their order."""
    sums: dict[tuple[str, str], AccuracyRow] = {}
    for row in rows:
        key = row.group, row.reader
        sums[key] = _added(sums[key], row) if key in sums else replace(row, photo=ALL)
    return tuple(sums.values())


def _score(plan: PlannedCase, case: Case, reader: Reader) -> AccuracyRow:
    read: tuple[ReadCard, ...] = ()
    refused = 0
    try:
        read = reader.read(case)
    except RegistrationError:
        refused = 1
    found = reader.given != "outlines"
    return AccuracyRow(
        group=plan.group,
        photo=plan.name,
        reader=reader.name,
        given=reader.given,
        finding=score_finding(case.cards, read, case.cells) if found else None,
        text=score_text(case.cards, read),
        refused=refused,
    )


def _added(one: AccuracyRow, other: AccuracyRow) -> AccuracyRow:
    finding = (
        one.finding + other.finding
        if one.finding is not None and other.finding is not None
        else None
    )
    return replace(
        one,
        finding=finding,
        text=one.text + other.text,
        refused=one.refused + other.refused,
    )
