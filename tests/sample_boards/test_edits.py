"""Cards that are edited where they hang."""

from dataclasses import replace

import numpy as np
import pytest

from sample_boards.cards import write_card
from sample_boards.edits import edit_cards, with_host_in_place, with_title_struck
from sample_boards.random_boards import random_board
from sample_boards.topics import HANDLES, HOSTS


def ways(card, *roles):
    """Return the ways of the pen of some lines of a card."""
    return [
        np.concatenate(line.strokes_mm).tobytes()
        for line in write_card(card)
        if line.role in roles
    ]


def plain(card):
    """Return a card without what edits change."""
    return replace(card, host="", struck=False)


@pytest.fixture(scope="module")
def day():
    board = random_board(2, rooms=4, slots=4, cards=10)
    return board, edit_cards(board, 2, 0.5)


def test_edited_cards_keep_their_ids_and_places(day):
    before, after = day

    assert [plain(card) for card in after.cards] == [plain(c) for c in before.cards]


def test_only_the_share_asked_for_is_edited(day):
    before, after = day

    assert len(set(before.cards) & set(after.cards)) == len(before.cards) // 2


def test_all_ink_but_the_hosts_stays_where_it_was(day):
    before, after = day

    for old, new in zip(before.cards, after.cards, strict=True):
        assert ways(new, "title", "description") == ways(old, "title", "description")


def test_both_kinds_of_edits_happen():
    board = random_board(4, rooms=4, slots=4, cards=12)

    after = edit_cards(board, 4, 1.0)

    kinds = {
        (old.host != new.host, old.struck != new.struck)
        for old, new in zip(board.cards, after.cards, strict=True)
    }
    assert kinds == {(True, False), (False, True)}


def test_no_edit_without_a_share():
    board = random_board(5, cards=10)

    assert edit_cards(board, 1, 0.0) == board


def test_equal_seeds_make_equal_edits():
    board = random_board(5, cards=10)

    assert edit_cards(board, 1, 0.5) == edit_cards(board, 1, 0.5)


def test_a_card_without_a_host_gets_none():
    board = random_board(6, rooms=4, slots=4, cards=10)
    card = next(card for card in board.cards if not card.host)

    assert with_host_in_place(card, HOSTS + HANDLES) is None
    assert with_title_struck(card) == replace(card, struck=True)


def test_a_host_that_moves_the_title_is_not_taken():
    board = random_board(6, rooms=4, slots=4, cards=10)
    card = next(card for card in board.cards if card.host)

    assert (
        with_host_in_place(card, ["nobody whose name is as long as this " * 3]) is None
    )
