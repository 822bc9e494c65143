from pathlib import Path

import pytest

from benchmarks.folds import load_folds


def test_a_board_is_of_one_event():
    folds = load_folds()
    boards = [board for event in folds.events for board in event.boards]

    assert len(boards) == len(set(boards))
    assert folds.event_of("socrates-2013-friday").name == "socrates-2013"


def test_of_a_board_that_nobody_wrote_down_nothing_was_seen():
    event = load_folds().event_of("elsewhere-2030")

    assert (event.name, event.seen_in) == ("elsewhere-2030", ())


def test_what_was_seen_must_be_said(tmp_path: Path):
    path = tmp_path / "folds.toml"
    path.write_text('[[events]]\nname = "a"\nboards = ["a"]\n')

    with pytest.raises(ValueError, match="seen_in"):
        load_folds(path)
