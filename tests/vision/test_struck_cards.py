"""A card that somebody strikes out where it hangs, from photo to photo."""

from dataclasses import replace

import pytest

from sample_boards.render import Standpoint, random_board, random_conditions
from vision.pipeline import read_board
from vision.recognition.registry import engine_named


@pytest.fixture(scope="module")
def board():
    """A board with one card: a title and its host."""
    drawn = random_board(23, rooms=2, slots=2, cards=1)
    (card,) = drawn.cards
    card = replace(
        card,
        title="Knitting patterns",
        description="",
        host="Maya",
        hand="schoolbook",
        pen="bullet marker",
        ink="black",
        host_style="{}",
    )
    return replace(drawn, cards=(card,))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"struck": True}, id="title"),
        pytest.param({"crossed": True}, id="all of it"),
    ],
)
def test_card_that_is_struck_out_since_is_read_again_and_cancelled(
    photographed, as_known, board, change
):
    engine = engine_named("rapidocr")
    later = replace(board, cards=(replace(board.cards[0], **change),))
    first = photographed(board, Standpoint(yaw_deg=6), random_conditions(3))
    second = photographed(later, Standpoint(yaw_deg=-9), random_conditions(4))

    before = read_board(first.photo, first.straight, engine)
    known = as_known(before.cards)
    after = read_board(second.photo, second.straight, engine, known=known)

    (card,), (struck,) = before.reading.cards, after.cards
    assert (card.fields.cancelled, [line.struck for line in card.lines]) == (
        False,
        [False] * len(card.lines),
    )
    assert (struck.known, struck.change) == (known[0].id, "edited")
    assert struck.reading.fields.cancelled
    assert any(line.struck for line in struck.reading.lines)
