import pytest

from benchmarks import finding
from benchmarks.finding import BoardFinding, find, finding_tables
from benchmarks.folds import Event
from benchmarks.metrics import FindingScore, Ratio
from vision.image.photo import Photo


@pytest.fixture
def detector(monkeypatch, case):
    """Let all true cards be found but the first; the second in another cell."""

    def detect(straight):
        projection = straight.registration.projection
        found = [
            (projection.quad_board(card.bounds_photo.to_quad()), card.cell)
            for card in case.cards[1:]
        ]
        return [(found[0][0], case.cells[-1]), *found[1:]]

    monkeypatch.setattr(finding, "detect", detect)


@pytest.mark.usefixtures("detector")
def test_what_is_found_is_scored_and_drawn(case, tmp_path):
    path = tmp_path / "board.png"

    score = find(case, path)

    cards = len(case.cards)
    found = Ratio(cards - 1, cards)
    assert (score.found, score.found_half, score.found_tight) == (found,) * 3
    assert score.true == Ratio(cards - 1, cards - 1)
    assert score.cell == Ratio(cards - 2, cards - 1)
    drawn = Photo.decode(path.read_bytes()).pixels.reshape(-1, 3)
    red, cyan, magenta, green = (
        (drawn == colour).all(axis=1).any()
        for colour in ((0, 0, 255), (255, 255, 0), (255, 0, 255), (0, 220, 0))
    )
    assert (red, magenta, green) == (True, True, True)
    assert not cyan  # what was found lies on it


def test_boards_are_summed_up_by_event():
    all_found = FindingScore(*(Ratio(2, 2),) * 6)
    none_found = FindingScore(*(Ratio(0, 2),) * 6)
    seen = Event(name="seen", boards=("one",), seen_in=("one: thresholds",))
    unseen = Event(name="pycon-us-2019", boards=("two",), seen_in=())
    boards = [
        BoardFinding("two", unseen, grid=False, score=none_found),
        BoardFinding("one", seen, grid=True, score=all_found),
    ]

    by_board, sums, events = finding_tables(boards)

    all_of, none_of = (2, *(Ratio(2, 2),) * 6), (2, *(Ratio(0, 2),) * 6)
    half = (4, *(Ratio(2, 4),) * 6)
    assert by_board.rows == (("one", "yes", *all_of), ("two", "no", *none_of))
    assert sums.rows == (
        ("with a grid", 1, *all_of),
        ("with a grid, without pycon-us-2019", 1, *all_of),
        ("without a grid", 1, *none_of),
        ("all", 2, *half),
        ("all, without pycon-us-2019", 1, *all_of),
        ("of events never seen", 1, *none_of),
    )
    assert events.rows == (
        ("pycon-us-2019", "two", ""),
        ("seen", "one", "one: thresholds"),
    )
