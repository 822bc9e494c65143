import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.cards import Line
from vision.recognition.fusion import best_of_views, without_pins, without_stray_marks


def line(text, left, top, right, bottom, *, confidence=0.9):
    return Line(text, confidence, Rect(left, top, right, bottom).to_quad())


TITLE = line("Python GUIs", 0, 0, 110, 20)
HOST = line("Maya", 0, 30, 40, 50)


@pytest.mark.parametrize(
    ("views", "expected"),
    [
        pytest.param([], set(), id="no views"),
        pytest.param([[], []], set(), id="nothing seen"),
        pytest.param([[TITLE, HOST]], {TITLE, HOST}, id="one view"),
        pytest.param([[TITLE], [HOST]], {TITLE, HOST}, id="each sees another line"),
        pytest.param(
            [[line("Pvthon GUls", 1, 1, 108, 19, confidence=0.6)], [TITLE]],
            {TITLE},
            id="the surer one",
        ),
        pytest.param(
            [[TITLE], [line("Py", 0, 0, 20, 20, confidence=0.95)]],
            {TITLE},
            id="more letters outweigh a little more confidence",
        ),
        pytest.param(
            [
                [line("Pyth onGUls", 0, 0, 110, 20, confidence=0.7)],
                [
                    line("Python", 0, 0, 60, 20, confidence=0.95),
                    line("GUIs", 66, 0, 110, 20, confidence=0.95),
                ],
            ],
            {
                line("Python", 0, 0, 60, 20, confidence=0.95),
                line("GUIs", 66, 0, 110, 20, confidence=0.95),
            },
            id="two pieces against one line",
        ),
        pytest.param(
            [[TITLE, HOST], [line("Python GUIs", 0, 0, 110, 20, confidence=0.8), HOST]],
            {TITLE, HOST},
            id="each place by itself",
        ),
    ],
)
def test_best_of_views(views, expected):
    best = best_of_views(views)

    assert set(best) == expected
    assert len(best) == len(expected)


@pytest.mark.parametrize(
    ("given_line", "kept"),
    [
        pytest.param(line("word", 0, 0, 9, 9, confidence=0.4), True, id="word"),
        pytest.param(line("word", 0, 0, 9, 9, confidence=0.39), False, id="unsure"),
        pytest.param(line("6", 0, 0, 9, 9, confidence=0.79), False, id="a pin"),
        pytest.param(line("6", 0, 0, 9, 9, confidence=0.8), True, id="a digit"),
    ],
)
def test_without_stray_marks(given_line, kept):
    assert without_stray_marks([given_line]) == ((given_line,) if kept else ())


@st.composite
def any_view(draw, name):
    place = st.integers(0, 100)
    size = st.integers(1, 60)
    return [
        line(
            f"{name}{index}",
            left := draw(place),
            top := draw(place),
            left + draw(size),
            top + draw(size),
            confidence=draw(st.floats(0, 1)),
        )
        for index in range(draw(st.integers(0, 6)))
    ]


@given(any_view("a"), any_view("b"))
def test_best_of_views_invents_nothing_and_leaves_no_place_empty(one, two):
    best = best_of_views([one, two])

    assert set(best) <= {*one, *two}
    for lost in {*one, *two} - set(best):
        assert any(
            lost.quad_crop.overlap(other.quad_crop) > 0
            for other in (two if lost in one else one)
        )


@given(any_view("a"))
def test_view_against_itself_stays_as_it_is(view):
    assert set(best_of_views([view, view])) == set(view)


def test_what_most_views_support_beats_the_surest_view():
    views = [
        [line("Type chocking", 0, 0, 90, 20, confidence=0.95)],
        [line("Type checking", 1, 0, 91, 20, confidence=0.9)],
        [line("type checking", 0, 1, 90, 21, confidence=0.9)],
    ]

    assert [best.text for best in best_of_views(views)] == ["Type checking"]


@given(any_view("a"), any_view("b"), any_view("c"))
def test_best_of_three_views_takes_every_place_once(one, two, three):
    best = best_of_views([one, two, three])

    assert len(set(best)) == len(best)
    assert set(best) <= {*one, *two, *three}


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        pytest.param(["8", "Django meetup"], ["Django meetup"], id="a pin"),
        pytest.param(["1", "·", "8", "Rust"], ["Rust"], id="pins and ticks"),
        pytest.param(["A", "Python 3"], ["A", "Python 3"], id="letters, and digits"),
        pytest.param(["2", "3"], ["2", "3"], id="nothing but digits"),
        pytest.param(["42", "Go"], ["42", "Go"], id="a number"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_pins_are_dropped_where_there_is_other_text(texts, kept):
    pieces = [line(text, 0, 0, 10, 10) for text in texts]

    assert [piece.text for piece in without_pins(pieces)] == kept
