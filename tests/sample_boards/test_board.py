from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Rect
from sample_boards.board import DrawnBoard, card_quad_mm
from sample_boards.cards import Card, card_ink, draw_card, write_card
from sample_boards.drawing import draw_board
from sample_boards.random_boards import change_cards, random_board

CARD = Card(
    card_id="a",
    title="Regex puzzles",
    description="prizes!",
    host="Quentin",
    room="Room 301",
    slot="10:00-11:00",
    centre_mm=(200.0, 150.0),
    seed=4,
)


@pytest.mark.parametrize("look", ["printed", "taped", "whiteboard"])
def test_equal_boards_are_drawn_alike(look):
    board = random_board(3, rooms=2, slots=2, cards=3, look=look)
    first = draw_board(board, 1.0)
    card_ink.cache_clear()
    second = draw_board(board, 1.0)
    assert first.shape == (*board.size_px(1.0)[::-1], 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, second)


def test_other_seeds_make_other_boards():
    boards = [random_board(seed, rooms=3, slots=3, cards=4) for seed in (1, 2)]
    assert boards[0].cards != boards[1].cards
    assert random_board(1, rooms=3, slots=3, cards=4) == boards[0]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("look", ["printed", "taped"])
def test_most_of_a_card_lies_in_its_own_cell(look, seed):
    board = random_board(seed, cards=40, look=look)
    for card in board.cards:
        quad = card_quad_mm(card)
        assert board.cell_at_mm(*quad.centre) == (card.room, card.slot)


def test_a_board_without_lines_has_none():
    lined = random_board(3, rooms=2, slots=2, cards=0)
    plain = replace(lined, lines=False)
    x, y = lined.cell_rect_mm(0, 0).right, lined.cell_rect_mm(0, 0).centre.y
    seen = [
        draw_board(board, 1.0)[round(y), round(x)].max() for board in (lined, plain)
    ]
    assert seen[0] > 150
    assert seen[1] < 90


def test_turned_cards_hang_on_their_side_or_upside_down():
    board = random_board(3, cards=20, turned=1.0)
    assert all(60 < card.tilt_deg % 360 < 300 for card in board.cards)


@pytest.mark.parametrize("seed", range(3))
def test_titles_of_a_board_differ_through_its_changes(seed):
    board = change_cards(random_board(seed, cards=24), seed, 0.7)
    titles = [card.title for card in board.cards]
    assert len(set(titles)) == len(titles)


def test_too_many_cards_are_refused():
    with pytest.raises(ValueError, match="expected at most 4 cards, got 5"):
        random_board(1, rooms=2, slots=2, cards=5)


def test_three_tags_are_refused():
    with pytest.raises(ValueError, match="expected four tags or none"):
        DrawnBoard("a", "A", "printed", ("R",), ("10:00-11:00",), tags=(1, 2, 3))


def test_tags_touch_the_corners_of_the_cells_from_outside():
    board = random_board(1, rooms=2, slots=2, cards=0, tags=True)
    corners = board.cell_area_mm.to_quad().to_array()
    inner = [
        quad.to_array()[(i + 2) % 4] for i, quad in enumerate(board.tag_quads_mm())
    ]
    np.testing.assert_allclose(inner, corners)


def test_no_time_passes_without_changes():
    board = random_board(5, cards=20)
    assert change_cards(board, 1, 0.0) == board


def test_changed_cards_leave_the_others_alone():
    board = random_board(5, cards=20)
    after = change_cards(board, 1, 0.5)
    assert len(set(board.cards) & set(after.cards)) == 10
    assert after == change_cards(board, 1, 0.5)
    cells = [(card.room, card.slot) for card in after.cards]
    assert len(cells) == len(set(cells))


def test_a_changed_host_leaves_title_and_hand_alone():
    board = random_board(5, cards=30)
    before = {card.card_id: card for card in board.cards}
    edited = [
        card
        for card in change_cards(board, 3, 1.0).cards
        if card.card_id in before and card.host != before[card.card_id].host
    ]
    assert edited
    for card in edited:
        assert replace(card, host="") == replace(before[card.card_id], host="")


@pytest.mark.parametrize("hand", ["round", "quick", "architect", "wide capitals"])
@pytest.mark.parametrize("seed", range(3))
def test_writing_stays_on_its_card(hand, seed):
    card = replace(CARD, hand=hand, seed=seed, writer=seed, pen="bullet marker")
    width, height = card.size_mm
    for line in write_card(card):
        left, top, right, bottom = line.bounds_mm()
        assert Rect(-1, -1, width + 1, height + 1).overlap(
            Rect(left, top, right, bottom)
        ) == pytest.approx((right - left) * (bottom - top))


def test_all_words_of_a_card_are_written():
    texts = " ".join(line.text for line in write_card(CARD))
    assert texts == "Regex puzzles prizes! Quentin"


def test_writing_without_paper_is_no_card():
    with pytest.raises(ValueError, match="expected a card with paper"):
        draw_card(replace(CARD, colour=None), 2.0)


def test_ink_is_where_the_lines_say():
    ink = card_ink(CARD, 4.0)
    outside = ink.copy()
    for line in write_card(CARD):
        left, top, right, bottom = (round(edge * 4.0) for edge in line.bounds_mm())
        assert ink[top:bottom, left:right].max() > 150
        outside[max(0, top - 4) : bottom + 5, max(0, left - 4) : right + 5] = 0
    assert outside.max() == 0


def test_a_struck_title_has_more_ink():
    struck = replace(CARD, struck=True)
    assert card_ink(struck, 3.0).sum() > card_ink(CARD, 3.0).sum()
