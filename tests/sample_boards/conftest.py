"""Small boards and photos that the tests of this folder share."""

import pytest

from sample_boards.board import DrawnBoard
from sample_boards.render import (
    RenderedPhoto,
    Standpoint,
    random_board,
    random_conditions,
    render,
)

SMALL_WH = (1000, 750)


@pytest.fixture(scope="session")
def small_board() -> DrawnBoard:
    return random_board(7, rooms=3, slots=3, cards=5, tags=True, look="taped")


@pytest.fixture(scope="session")
def small_photo(small_board: DrawnBoard) -> RenderedPhoto:
    standpoint = Standpoint(yaw_deg=22, pitch_deg=-6, roll_deg=2, k1=-0.02)
    return render(small_board, standpoint, random_conditions(7), photo_wh=SMALL_WH)
