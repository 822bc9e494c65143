"""Sessions of several slots, from where cards hang and what is on them."""

import pytest

from calibration.geometry import Rect
from vision.fields.notice import notice_of
from vision.fields.span import with_spans
from vision.reading import CardFields, CardLine, CardReading

PINK = "#f0a0b4"


@pytest.fixture
def hanging(printed_scene):
    """Make a card: (column, row, text, colour, rows it is high) to a reading."""
    registration = printed_scene.registration
    layout = registration.board.layout

    def card(
        column,
        row,
        text="Talk",
        colour=PINK,
        *,
        rows=0.8,
        down=0.1,
        columns=0.8,
        left=0.1,
    ):
        cell = layout.cell_at(column, row)
        rect = registration.cell_rects[cell]
        top = rect.top + down * rect.height
        quad = registration.projection.quad_photo(
            Rect(
                rect.left + left * rect.width,
                top,
                rect.left + (left + columns) * rect.width,
                top + rows * rect.height,
            ).to_quad()
        )
        lines = (CardLine(text, 0.9, quad),) if text else ()
        return CardReading(
            quad,
            cell,
            lines,
            CardFields(text, notice=notice_of(text) if text else "continued"),
            0.9,
            colour,
            "scripted 1",
            blank=not text,
        )

    return card


@pytest.fixture
def untils(printed_scene):
    def read(*cards):
        return [card.until for card in with_spans(cards, printed_scene.registration)]

    return read


def test_cards_of_usual_size_last_one_slot_even_over_a_line(hanging, untils):
    assert untils(hanging(0, 0), hanging(1, 1, down=0.5), hanging(2, 3)) == [None] * 3


def test_no_cards_have_no_spans(untils):
    assert untils() == []


@pytest.mark.parametrize(
    ("rows", "until"),
    [
        pytest.param(1.4, None, id="hangs into the next"),
        pytest.param(1.8, "12:00", id="two slots"),
        pytest.param(2.8, "13:00", id="three slots"),
        pytest.param(9.0, "14:00", id="beyond the last"),
    ],
)
def test_long_card_lasts_as_far_as_it_reaches(hanging, untils, rows, until):
    usual = (hanging(1, 0), hanging(2, 0), hanging(3, 0))

    assert untils(hanging(0, 0, rows=rows), *usual) == [until, None, None, None]


@pytest.mark.parametrize("text", ["", "Booked - see above", "Other"])
def test_what_hangs_below_a_card_does_not_make_it_longer(hanging, untils, text):
    assert untils(hanging(0, 0), hanging(0, 1, text)) == [None, None]


@pytest.mark.parametrize(
    ("size", "rooms"),
    [
        pytest.param({}, 0, id="usual"),
        pytest.param({"left": 0.5}, 0, id="over a line"),
        pytest.param({"left": 0.0, "columns": 1.6}, 0, id="wide"),
        pytest.param({"columns": 1.7}, 2, id="two rooms"),
        pytest.param({"columns": 3.8}, 4, id="all rooms"),
    ],
)
def test_wide_card_is_in_the_rooms_that_it_lies_across(
    hanging, printed_scene, size, rooms
):
    layout = printed_scene.registration.board.layout
    cards = [hanging(0, 1, **size), hanging(1, 0), hanging(2, 0)]

    spanned = with_spans(cards, printed_scene.registration)

    assert [card.rooms for card in spanned] == [layout.rooms[:rooms], (), ()]
