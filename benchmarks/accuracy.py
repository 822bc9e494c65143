"""Accuracy: every reader over every photo with truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.cases import AnyCase, Case, CutCase, PlannedCase
from benchmarks.metrics import (
    FindingScore,
    FoundCard,
    TextScore,
    score_finding,
    score_text,
)
from benchmarks.readers import Given, Reader
from benchmarks.reliability import Judged, judged_cards
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
    judged : tuple of Judged
        What the reader said of its readings, where it says so.
    """

    group: str
    photo: str
    reader: str
    given: Given
    finding: FindingScore | None
    text: TextScore
    refused: int = 0
    judged: tuple[Judged, ...] = ()


def measure_accuracy(
    cases: Sequence[PlannedCase[AnyCase]],
    readers: Sequence[Reader[AnyCase]],
    progress: Progress,
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
    for number, plan in enumerate(cases):
        case = plan.load()
        for place, reader in enumerate(readers):
            done = number * len(readers) + place
            progress(f"{reader.names[-1]}: {plan.name}", done, total)
            rows.extend(_scores(plan, case, reader))
    if cases:
        progress("accuracy", total, total)
    return (*rows, *summed(rows))


def summed(rows: Sequence[AccuracyRow]) -> tuple[AccuracyRow, ...]:
    """Sum up the rows of each group and reader, in their order."""
    sums: dict[tuple[str, str], AccuracyRow] = {}
    for row in rows:
        key = row.group, row.reader
        sums[key] = _added(sums[key], row) if key in sums else replace(row, photo=ALL)
    return tuple(sums.values())


def _scores(
    plan: PlannedCase[AnyCase], case: AnyCase, reader: Reader[AnyCase]
) -> list[AccuracyRow]:
    """Let a reader read a photo, and score each of its readings."""
    try:
        readings, refused = reader.read(case), 0
    except RegistrationError:
        readings, refused = ((),) * len(reader.names), 1
    return [
        AccuracyRow(
            group=plan.group,
            photo=plan.name,
            reader=name,
            given=reader.given,
            finding=_finding(case, reader.given, read),
            text=score_text(case.cards, read),
            refused=refused,
            judged=judged_cards(case.cards, read),
        )
        for name, read in zip(reader.names, readings, strict=True)
    ]


def _finding(
    case: CutCase, given: Given, read: Sequence[FoundCard]
) -> FindingScore | None:
    """Score where cards were found, if the reader had to find them."""
    if given == "outlines" or not isinstance(case, Case):
        return None
    return score_finding(case.cards, read, case.cells)


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
        judged=one.judged + other.judged,
    )
