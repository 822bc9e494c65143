"""What an ideal person does on the set-up page, by a board's truth."""

import pytest

from benchmarks.setup_plan import (
    Act,
    Right,
    Truth,
    corner_drags,
    line_drags,
    naming,
    right_parts,
    says,
    seconds,
    truth_of,
    typing,
)

TRUTH = Truth(
    ("Room 9", "Room 10", "Aula"),
    ("10:00-11:00", "11:00-12:00"),
    ((100, 100), (400, 100), (400, 300), (100, 300)),
    (0, 0.3, 0.6, 1),
    (0, 0.5, 1),
)


def sheet(**changes):
    """The sheet of a page on which all is right but for some."""
    right = {
        name: list(getattr(TRUTH, name))
        for name in ("rooms", "slots", "corners", "column_edges", "row_edges")
    }
    return right | changes


def test_nothing_is_done_where_all_is_right():
    for plan in (naming, corner_drags, line_drags, typing):
        assert [*plan(sheet(), TRUTH)] == []
    assert right_parts(sheet(), TRUTH) == Right(4, 3, 5, 3, 5)


def test_corners_and_lines_within_a_tenth_of_a_cell_are_left_alone():
    near = [(108, 100), (400, 109), (415, 300), (100, 300)]

    assert [*corner_drags(sheet(corners=near), TRUTH)] == [
        Act("drag", "corner-2", to=(400, 300))
    ]
    lines = sheet(column_edges=[0, 0.32, 0.7, 1])
    assert [*line_drags(lines, TRUTH)] == [Act("drag", "column-2", to=(280, 100))]
    assert right_parts(lines, TRUTH).lines == 2


def test_names_that_are_too_many_go_and_missing_ones_are_added():
    more = sheet(rooms=["Room 9", "Friday", "Room 10", "Aula"], slots=["10:00-11:00"])

    assert [*naming(more, TRUTH)] == [
        Act("remove", "rooms", index=1),
        Act("add", "slots"),
    ]


def test_a_name_is_mended_with_the_fewest_keys():
    wrong = sheet(rooms=["Room 8", "x", "Aula Magna"])

    assert [*typing(wrong, TRUTH)] == [
        Act("type", "rooms-0", keys=("End", "Backspace", "9")),
        Act("type", "rooms-1", keys=("End", "Backspace", *"Room 10")),
    ]


@pytest.mark.parametrize(
    ("said", "name", "right"),
    [
        ("Ungarn Hungary", "Hungary", True),
        ("Elsewhere 11", "Elsewhere II", False),
        ("Elsewhere", "Elsewhere I", False),
        ("room 9", "Room 9", True),
    ],
)
def test_a_heading_is_right_if_it_has_all_words_of_the_name(said, name, right):
    assert says(said, name) is right


def test_time_is_that_of_the_keystroke_level_model():
    acts = [
        Act("drag", "corner-0"),
        Act("type", "rooms-0", keys=("End", "Backspace", "9")),
        Act("add", "slots"),
    ]
    click = 1.1 + 0.28

    assert seconds(acts, looked_at=10) == pytest.approx(
        10 * 1.35 + 2 * click + (click + 0.8 + 3 * 0.28) + click + 1.35 + click
    )


def test_edges_of_a_layout_may_be_in_pixels():
    corners = [[0, 0], [10, 0], [10, 20], [0, 20]]
    layout = {"rooms": ["A", "B"], "slots": ["10:00-11:00"], "corners": corners}
    edges = {"column_px": [0, 4, 10], "row_edges": [0, 1]}

    assert truth_of(layout | edges).column_edges == (0, 0.4, 1)
