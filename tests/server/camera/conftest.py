"""A board as a camera sees it, rendered twice; the tests vary these cheaply."""

import pytest

from sample_boards.light import Light, Sensor
from sample_boards.render import (
    Conditions,
    Standpoint,
    change_cards,
    random_board,
    render,
)


@pytest.fixture(scope="session")
def board():
    return random_board(7, rooms=8, slots=6, cards=20)


def bare(board):
    """The board as it is, without light or noise."""
    even = Light(gradient=(0, 0), vignette=0, warmth=0)
    conditions = Conditions(light=even, sensor=Sensor(noise=0, defocus_px=0))
    standpoint = Standpoint(yaw_deg=8, pitch_deg=3)
    return render(board, standpoint, conditions, photo_wh=(960, 720)).pixels


@pytest.fixture(scope="session")
def picture(board):
    return bare(board)


@pytest.fixture(scope="session")
def later(board):
    """The same board with nearly all of its cards moved, removed or replaced."""
    return bare(change_cards(board, 3, 0.9))
