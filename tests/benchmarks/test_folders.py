import json

import pytest

from benchmarks.folders import folder_cases, left_out, load_case, load_readable
from benchmarks.metrics import TrueCard
from calibration.layout import CellId
from server.errors import SettingsError
from vision.image.photo import encode_jpeg

LAYOUT = {
    "rooms": ["A", "B"],
    "slots": ["10:00-11:00", "11:00-12:00"],
    "first_row": 1,
    "corners": [[100, 100], [700, 100], [700, 500], [100, 500]],
    "column_edges": [0, 0.5, 1],
    "row_px": [100, 200, 500],
}
CARD = {
    "text": "Chess, Maya",
    "title": "Chess",
    "bbox": [400, 250, 100, 80],
    "cell": [1, 2],
    "legible": True,
}


@pytest.fixture
def board(pair, tmp_path):
    """Write a folder of one board; what is given replaces what is written."""

    def write(layout=LAYOUT, cards=(CARD,)):
        folder = tmp_path / "boards" / "friday"
        folder.mkdir(parents=True)
        (folder / "photo.jpg").write_bytes(encode_jpeg(pair.before.photo.pixels, 80))
        (folder / "layout.json").write_text(json.dumps(layout))
        (folder / "truth.json").write_text(json.dumps({"cards": cards}))
        return folder

    return write


def test_board_is_loaded_with_its_truth(board):
    heading = {**CARD, "cell": None}
    untitled = {**CARD, "title": None, "legible": False, "cell": [0, 1]}

    case = load_case(board(cards=[CARD, heading, untitled]))

    bounds = case.cards[0].bounds_photo
    assert case.cards == (
        TrueCard(
            bounds, CellId("B", "11:00-12:00"), "Chess, Maya", "Chess", legible=True
        ),
        TrueCard(bounds, CellId("A", "10:00-11:00"), "Chess, Maya", "", legible=False),
    )
    assert (bounds.left, bounds.top, bounds.right, bounds.bottom) == (
        400,
        250,
        500,
        330,
    )
    assert case.board.layout.row_edges == (0, 0.25, 1)
    assert case.cell_at(bounds.centre) == CellId("B", "11:00-12:00")


def test_folder_gives_the_boards_that_have_truth(board):
    folder = board()
    (folder.parent / "unfinished").mkdir()

    (plan,) = folder_cases(folder.parent)

    assert (plan.group, plan.name) == ("boards", "friday")


def test_photo_is_its_own_reference(board):
    case = load_readable(board())

    assert case.references[0].sha256 == case.photo.sha256
    assert case.cells == case.board.layout.cells


def test_without_layout_the_photo_is_the_board(board):
    beside = {**CARD, "cell": None, "title": None, "partial": True}
    folder = board(cards=[CARD, beside])
    (folder / "layout.json").unlink()

    (plan,) = folder_cases(folder.parent)
    case = plan.load()

    assert (plan.group, plan.name) == ("boards, no grid", "friday")
    assert (case.cells, case.references) == ((), ())
    # The photo is 1000 x 750 and the card's middle at 450, 290.
    assert [(card.cell, card.title, card.partial) for card in case.cards] == [
        (CellId("2", "11:00-12:00"), "Chess", False),
        (CellId("2", "11:00-12:00"), "", True),
    ]


def test_photo_without_truth_is_left_out_with_a_remark(board):
    folder = board()
    (folder.parent / "unfinished").mkdir()
    (folder.parent / "saturday").mkdir()
    (folder.parent / "saturday" / "photo.jpg").touch()

    assert left_out(folder.parent) == ("saturday was left out: it has no truth.json.",)


def test_folder_without_boards_is_refused(tmp_path):
    with pytest.raises(SettingsError) as refusal:
        folder_cases(tmp_path)

    assert "truth.json" in refusal.value.hint


@pytest.mark.parametrize(
    ("layout", "cards"),
    [
        ({**LAYOUT, "corners": [[0, 0]] * 4}, [CARD]),
        ({**LAYOUT, "slots": ["ten", "eleven"]}, [CARD]),
        ({**LAYOUT, "row_px": [1, 2]}, [CARD]),
        ({}, [CARD]),
        (LAYOUT, [{**CARD, "cell": [7, 1]}]),
        (LAYOUT, [{"text": "x"}]),
    ],
    ids=["corners", "slots", "edges", "empty", "no-such-cell", "no-bbox"],
)
def test_truth_that_cannot_be_used_is_refused(layout, cards, board):
    with pytest.raises(SettingsError) as refusal:
        load_case(board(layout, cards))

    assert refusal.value.message.startswith("The truth of board friday cannot be used")
