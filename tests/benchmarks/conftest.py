"""Small boards, photos and engines that the tests of the bench share."""

from dataclasses import dataclass

import pytest

from benchmarks.cases import Case
from benchmarks.metrics import FoundCard, TrueCard
from benchmarks.samples import drawn_case
from benchmarks.scenarios import PhotoPair, Shot, board_of
from calibration.geometry import Rect
from calibration.layout import CellId
from sample_boards.render import (
    Standpoint,
    change_cards,
    random_board,
    random_conditions,
    render,
)
from vision.cards import Line, Reading
from vision.image.photo import Photo

SMALL_WH = (1000, 750)


@dataclass(frozen=True)
class OneWordEngine:
    """Reads the same word in the middle of every crop: around a card is a margin."""

    word: str = "Knitting"
    chance: float | None = None
    name: str = "one word 1"

    def read(self, crops):
        return tuple(
            Reading((self._line(*crop.shape[:2]),), chance=self.chance)
            for crop in crops
        )

    def _line(self, height, width):
        middle = Rect(width / 2 - 1, height / 2 - 1, width / 2 + 1, height / 2 + 1)
        return Line(self.word, 0.9, middle.to_quad())


def _shot(board, standpoint):
    rendered = render(board, standpoint, random_conditions(7), photo_wh=SMALL_WH)
    return Shot(Photo.decode(rendered.jpeg()), rendered.truth)


@pytest.fixture(scope="session")
def pair() -> PhotoPair:
    """Two photos of a small board with tags; half of its cards change."""
    drawn = random_board(7, rooms=3, slots=3, cards=5, tags=True, look="taped")
    return PhotoPair(
        board_of(drawn),
        _shot(drawn, Standpoint()),
        _shot(change_cards(drawn, 7, 0.6), Standpoint(yaw_deg=15)),
    )


@pytest.fixture(scope="session")
def case(pair) -> Case:
    shot = pair.before
    return drawn_case(shot.photo, shot.truth, pair.board, ())


@pytest.fixture
def engine():
    """Make an engine that reads one word."""
    return OneWordEngine


@pytest.fixture
def true_card():
    """Make a true card at (left, top), 100 x 80 px."""

    def make(left, top, cell=("A", "1"), text="Knitting", title="", *, legible=True):
        bounds = Rect(left, top, left + 100, top + 80)
        return TrueCard(bounds, CellId(*cell), text, title, legible)

    return make


@pytest.fixture
def read_card():
    """Make a read card at (left, top), 100 x 80 px."""

    def make(left, top, cell=("A", "1"), text="Knitting", confidence=None):
        bounds = Rect(left, top, left + 100, top + 80)
        return FoundCard(bounds, CellId(*cell) if cell else None, text, confidence)

    return make
