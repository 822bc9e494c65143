import pytest

from calibration.geometry import Rect
from vision.proposal.rooms import PlacedWord, rooms_before
from vision.proposal.words import Word

HOURS = [Rect(0, 100 * row, 60, 100 * row + 30) for row in range(1, 5)]
EDGE = 80.0


def word(text, x, y, *, width=50, height=20, confidence=1.0):
    rect = Rect(x, y, x + width, y + height)
    return PlacedWord(Word(text, confidence, rect.to_quad()), rect)


def test_names_of_rooms_without_what_is_said_beside_them():
    words = [
        one
        for place, number in enumerate((9, 10, 14))
        for one in (
            word("Room", 100 + 200 * place, 30),
            word(str(number), 155 + 200 * place, 30, width=25),
            word("Capacity:42", 100 + 200 * place, 55, width=90),
        )
    ]

    rooms = rooms_before(words, HOURS, EDGE)

    assert rooms.names == ("Room 9", "Room 10", "Room 14")
    assert rooms.capacities == (42, 42, 42)
    assert rooms.places == pytest.approx((145, 345, 545))
    assert rooms.end == 75


def test_names_of_two_lines():
    words = [
        one
        for place, (first, second) in enumerate(
            [("Ungarn", "Hungary"), ("Brasilien", "Brazil")]
        )
        for one in (
            word(first, 100 + 200 * place, 30),
            word(second, 100 + 200 * place, 52),
        )
    ]

    assert rooms_before(words, HOURS, EDGE).names == (
        "Ungarn Hungary",
        "Brasilien Brazil",
    )


def test_board_s_title_and_what_is_written_below_are_no_rooms():
    rooms = [word(name, 100 + 150 * place, 50) for place, name in enumerate("ABCD")]
    title = word("Friday", 230, -40, width=160, height=60)
    cards = [word("Knitting", 120, 120), word("Typing", 290, 130)]

    assert rooms_before([title, *rooms, *cards], HOURS, EDGE).names == tuple("ABCD")


def test_place_of_a_heading_that_was_not_read_has_no_name():
    words = [
        word(name, 100 + 150 * place, 50)
        for place, name in ((0, "A"), (1, "B"), (3, "D"))
    ]

    rooms = rooms_before(words, HOURS, EDGE)

    assert rooms.names == ("A", "B", "", "D")
    assert rooms.places == pytest.approx((125, 275, 425, 575))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="nothing"),
        pytest.param([word("A", 100, 50)], id="one"),
        pytest.param([word("A", 100, 500), word("B", 250, 500)], id="below"),
        pytest.param(
            [word("A", 100, 50, confidence=0.2), word("B", 250, 50, confidence=0.2)],
            id="in-doubt",
        ),
    ],
)
def test_no_rooms(words):
    assert rooms_before(words, HOURS, EDGE) is None


@pytest.mark.parametrize("gap", [0.2, 0.5, 0.8])
def test_two_panels_side_by_side_have_a_gap_between_them(gap):
    lefts = [100 + 150 * (place + gap * (place >= 3)) for place in range(6)]
    words = [word(name, left, 50) for name, left in zip("ABCDEF", lefts, strict=True)]

    rooms = rooms_before(words, HOURS, EDGE)

    assert rooms.names == tuple("ABCDEF")
    assert rooms.places == pytest.approx([left + 25 for left in lefts])
    assert rooms.pitch == pytest.approx(150)


def test_room_of_the_second_panel_that_was_not_read_has_its_place():
    lefts = [100 + 150 * (place + 0.5 * (place >= 3)) for place in range(7)]
    words = [
        word(name, left, 50)
        for name, left in zip("ABCDEFG", lefts, strict=True)
        if name != "F"
    ]

    rooms = rooms_before(words, HOURS, EDGE)

    assert rooms.names == ("A", "B", "C", "D", "E", "", "G")
    assert rooms.places == pytest.approx([left + 25 for left in lefts])
