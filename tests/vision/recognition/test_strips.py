import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.recognition.marks import Marks
from vision.recognition.strips import cut_out, part_of, written_parts

WIDTH, HEIGHT = 100, 40
LINE = np.array([(10, 10), (90, 10), (90, 30), (10, 30)], np.float64)
"""A line of 80 x 20, so a column is an eightieth."""

Spans = list[tuple[int, int]]


def marks_at(marked: Spans, written: Spans, scale: float = 1.0, rows=(12, 28)) -> Marks:
    """Return marks and ink in columns of the line, from one to before another."""
    marks, ink = (np.zeros((HEIGHT, WIDTH), np.uint8) for _ in range(2))
    for mask, spans in ((marks, marked), (ink, written)):
        for begin, end in spans:
            mask[slice(*rows), 10 + begin : 10 + end] = 1
    return Marks(scale, marks, ink)


@pytest.mark.parametrize(
    ("marked", "written", "expected"),
    [
        pytest.param([], [(0, 80)], (0, 1), id="no marks"),
        pytest.param([], [], (0, 1), id="nothing at all: not ours to judge"),
        pytest.param([(30, 46)], [], None, id="a mark alone"),
        pytest.param([(30, 46)], [(47, 50)], None, id="a mark and its shadow"),
        pytest.param([(0, 16), (60, 76)], [], None, id="two marks"),
        pytest.param([(0, 16)], [(24, 80)], (16 / 80, 1), id="a mark before"),
        pytest.param([(64, 80)], [(0, 60)], (0, 64 / 80), id="a mark after"),
        pytest.param(
            [(0, 10), (70, 80)], [(20, 60)], (10 / 80, 70 / 80), id="on both sides"
        ),
        pytest.param([(30, 46)], [(0, 25), (50, 80)], (0, 1), id="between words"),
        pytest.param([(40, 56)], [(0, 50)], (0, 50 / 80), id="half under the writing"),
        pytest.param([(0, 2)], [(10, 80)], (0, 1), id="the edge of a mark"),
    ],
)
def test_written_parts(marked, written, expected):
    (part,) = written_parts(LINE[None], marks_at(marked, written))

    assert part == (None if expected is None else pytest.approx(expected))


def test_a_rule_through_a_line_is_no_writing():
    marks = marks_at([(64, 80)], [(0, 40)])
    marks.ink[29:30] = 1

    assert written_parts(LINE[None], marks) == [pytest.approx((0, 64 / 80))]


def test_a_mark_that_touches_a_line_s_corner_is_left():
    marks = marks_at([], [(10, 80)])
    marks.marks[8:14, 10:20] = 1

    assert written_parts(LINE[None], marks) == [(0.0, 1.0)]


def test_a_stroke_that_a_mark_hides_half_of_is_left():
    marks = marks_at([(0, 10)], [(20, 80)])
    marks.marks[:18] = marks.marks[24:] = 0
    marks.ink[24:26, 10:20] = 1

    assert written_parts(LINE[None], marks) == [(0.0, 1.0)]


def test_lines_are_in_pixels_of_the_crop():
    half = marks_at([(0, 16)], [(24, 80)], scale=0.5)

    assert written_parts(2 * LINE[None], half) == [pytest.approx((16 / 80, 1))]


def test_each_line_is_judged_by_itself():
    elsewhere = LINE + np.array([0, 30])
    marks = marks_at([(30, 46)], [])

    assert written_parts(np.stack([LINE, elsewhere]), marks) == [None, (0.0, 1.0)]


def test_no_lines_have_no_parts():
    assert written_parts(np.zeros((0, 4, 2)), marks_at([(30, 46)], [])) == []


@given(
    st.lists(st.tuples(st.integers(0, 79), st.integers(1, 30)), max_size=3),
    st.lists(st.tuples(st.integers(0, 79), st.integers(1, 30)), min_size=1, max_size=3),
)
def test_what_is_kept_holds_all_that_is_written(marked, written):
    marks = marks_at(
        [(begin, min(80, begin + length)) for begin, length in marked],
        [(begin, min(80, begin + length)) for begin, length in written],
    )
    marks.marks[marks.ink > 0] = 0

    (part,) = written_parts(LINE[None], marks)

    if part is not None:
        begin, end = part
        columns = np.flatnonzero(marks.ink.any(axis=0)) - 10
        assert 0 <= begin <= columns[0] / 80
        assert (columns[-1] + 1) / 80 <= end <= 1


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        pytest.param(0.25, 1, [(30, 10), (90, 10), (90, 30), (30, 30)], id="begin"),
        pytest.param(0, 0.5, [(10, 10), (50, 10), (50, 30), (10, 30)], id="end"),
        pytest.param(0.25, 0.5, [(30, 10), (50, 10), (50, 30), (30, 30)], id="both"),
    ],
)
def test_part_of_a_line(begin, end, expected):
    np.testing.assert_allclose(part_of(LINE, begin, end), expected)


def test_the_whole_line_is_the_line_itself():
    assert part_of(LINE, 0.0, 1.0) is LINE


def test_part_of_a_climbing_line_climbs():
    climbing = np.array([(0, 40), (80, 0), (90, 20), (10, 60)], np.float64)

    np.testing.assert_allclose(
        part_of(climbing, 0.5, 1.0), [(40, 20), (80, 0), (90, 20), (50, 40)]
    )


def test_a_line_is_cut_out_upright():
    look = np.arange(12, dtype=np.uint8).reshape(3, 4)
    turned = np.array([(0, 3), (0, 0), (4, 0), (4, 3)], np.float64)

    assert cut_out(look, turned).shape == (4, 3)
