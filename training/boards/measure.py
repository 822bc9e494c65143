"""How real cards are found before and after, by weights that saw nothing of their event.

python -m training.boards.measure ../shared/boards
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.finding import find
from benchmarks.folders import board_folders, load_case
from benchmarks.folds import load_folds
from benchmarks.metrics import FindingScore, Ratio
from training.boards.folds import FOLDS

FOLDER: Final = Path("build/boards")

DRAWN: Final = Path("build/training/cards.onnx")
"""What learned from drawn scenes only."""

DRAWS: Final = 4000
"""Of the bootstrap over boards."""


@dataclass(frozen=True, slots=True)
class Row:
    """A board before and after, and the fold whose weights found its cards then."""

    board: str
    fold: str
    scores: tuple[FindingScore, FindingScore]


def rows(boards: Path) -> Iterator[Row]:
    """Yield each board, found by the weights before and by its fold's."""
    folds = load_folds()
    for folder in board_folders(boards):
        event, case = folds.event_of(folder.name).name, load_case(folder)
        (fold,) = (name for name, events in FOLDS.items() if event in events)
        weights = DRAWN, FOLDER / f"{fold}.onnx"
        before, after = (find(case, weights=path) for path in weights)
        yield Row(folder.name, fold, (before, after))


def table(found: Sequence[Row]) -> str:
    """Return the figures by board, by fold, and of all, with what chance makes of them."""
    lines = [f"{'':45} cards  .35 .5 .7, precision before   and after"]
    groups = {row.board: [row] for row in found}
    groups |= {f"fold {n}": [r for r in found if r.fold == n] for n in FOLDS}
    groups["all"] = list(found)
    for name, here in groups.items():
        cards = sum(row.scores[0].found.of for row in here)
        told = "    ".join(_told([row.scores[when] for row in here]) for when in (0, 1))
        lines.append(f"{name:45} {cards:5}  {told}")
    rng = np.random.default_rng(0)
    draws = [rng.choice(len(found), len(found)) for _ in range(DRAWS)]
    for name, part in (("recall at .5", "found_half"), ("precision", "true")):
        counts = np.array(
            [[(r.hits, r.of) for r in _ratios(row.scores, part)] for row in found]
        )
        sums = counts[draws].sum(axis=1)
        changes = sums[:, 1, 0] / sums[:, 1, 1] - sums[:, 0, 0] / sums[:, 0, 1]
        low, high = np.quantile(changes, (0.025, 0.975))
        lines.append(f"change of {name}, 95%: {low:+.3f} to {high:+.3f}")
    return "\n".join(lines)


def _ratios(scores: Sequence[FindingScore], part: str) -> list[Ratio]:
    return [getattr(score, part) for score in scores]


def _told(scores: Sequence[FindingScore]) -> str:
    """Return recall at each overlap, and precision."""
    figures = []
    for part in ("found", "found_half", "found_tight", "true"):
        first, *others = _ratios(scores, part)
        value = sum(others, first).value
        figures.append("    -" if value is None else f"{value:5.3f}")
    return " ".join(figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("boards", type=Path)
    print(table(list(rows(parser.parse_args().boards))))


if __name__ == "__main__":
    main()
