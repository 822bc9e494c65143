"""Accuracy: every reader over every photo with truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.bars import OWN_BOARDS, UNSEEN_BOARDS
from benchmarks.cases import Case, PlannedCase
from benchmarks.confidence import Judged, judged_cards
from benchmarks.metrics import FindingScore, TextScore, score_finding, score_text
from benchmarks.readers import Given, Reader
from benchmarks.samples import GROUP
from benchmarks.table import Table, Value
from vision.errors import RegistrationError

COLUMNS = ("found", ".7", "true", "cell", "taken", "title", "CER", "words", "refused")
"""Of the figures; docs/bench.md says what each means."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well one reader read one photo.

    Parameters
    ----------
    group, photo, reader : str
        Where the photo comes from, its name, and the reader's.
    given : {"nothing", "grid", "outlines"}
        What the reader was told of the truth.
    finding : FindingScore or None
        None for a reader that was told where the cards are.
    text : TextScore
    refused : int
        1 if the reader refused the photo; it counts as read without any card.
    judged : tuple of Judged
        What the reader said of its readings, where it says so.
    """

    group: str
    photo: str
    reader: str
    given: Given
    finding: FindingScore | None
    text: TextScore
    refused: int
    judged: tuple[Judged, ...]

    def __add__(self, other: "Accuracy") -> "Accuracy":
        return replace(
            self,
            finding=self.finding and other.finding and self.finding + other.finding,
            text=self.text + other.text,
            refused=self.refused + other.refused,
            judged=self.judged + other.judged,
        )


def measure_accuracy(
    cases: Sequence[PlannedCase],
    readers: Sequence[Reader],
    tell: Callable[[str], object],
) -> tuple[Accuracy, ...]:
    """Let every reader read every photo."""
    scores: list[Accuracy] = []
    for plan in cases:
        case = plan.load()
        for reader in readers:
            if case.cells or reader.given == "outlines":
                tell(f"{reader.names[-1]}: {plan.name}")
                scores.extend(_scores(plan, case, reader))
    return tuple(scores)


def accuracy_tables(scores: Sequence[Accuracy]) -> tuple[Table, ...]:
    """Return a table of each group's photos and of their sums."""
    tables = []
    for group in dict.fromkeys(score.group for score in scores):
        photos = [score for score in scores if score.group == group]
        sums: dict[str, Accuracy] = {}
        for one in photos:
            sums[one.reader] = sums[one.reader] + one if one.reader in sums else one
        tables += [
            Table(
                f"Accuracy: {group}, all photos",
                ("reader", "told", *COLUMNS),
                tuple((one.reader, one.given, *_figures(one)) for one in sums.values()),
                {} if group == GROUP else {**UNSEEN_BOARDS, **OWN_BOARDS},
            ),
            Table(
                f"Accuracy: {group}, photo by photo",
                ("photo", "reader", *COLUMNS),
                tuple((one.photo, one.reader, *_figures(one)) for one in photos),
            ),
        ]
    return tuple(tables)


def _scores(plan: PlannedCase, case: Case, reader: Reader) -> list[Accuracy]:
    """Let a reader read a photo, and score each of its readings."""
    try:
        readings, refused = reader.read(case), 0
    except RegistrationError:
        readings, refused = ((),) * len(reader.names), 1
    return [
        Accuracy(
            group=plan.group,
            photo=plan.name,
            reader=name,
            given=reader.given,
            finding=score_finding(case.cards, read, case.cells)
            if reader.given != "outlines"
            else None,
            text=score_text(case.cards, read),
            refused=refused,
            judged=judged_cards(case.cards, read),
        )
        for name, read in zip(reader.names, readings, strict=True)
    ]


def _figures(score: Accuracy) -> tuple[Value, ...]:
    found, text = score.finding, score.text
    where: tuple[Value, ...] = (None,) * 5
    if found is not None:
        where = (
            found.found,
            found.found_tight,
            found.true,
            found.cell,
            found.taken,
        )
    return (*where, text.titles, text.character_errors, text.words, score.refused)
