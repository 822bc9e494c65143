from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from vision.reading import CardFields, CardLine, CardReading
from vision.rereading import after_rereading, together, unread

PLACES = (
    Rect(40, 20, 340, 200).to_quad(),
    Quad.from_array([[900, 50], [1080, 60], [1075, 175], [905, 160]]),
    Quad.from_array([[10, 400], [260, 380], [270, 545], [5, 560]]),
)
"""Where one card lies in three photos."""

ROWS = (Rect(0.1, 0.1, 0.9, 0.35), Rect(0.1, 0.5, 0.6, 0.7))
"""Where its lines stand on it, in its own width and height."""


def a_view(place: Quad, *texts: str, sure: float = 0.9, confidence: float = 0.5):
    photo_from_card = Homography.from_quads(
        target=place, source=Rect(0, 0, 1, 1).to_quad()
    )
    return CardReading(
        quad_photo=place,
        cell=CellId("Room 301", "10:00-11:00"),
        lines=tuple(
            CardLine(text, sure, photo_from_card.apply_quad(row.to_quad()))
            for text, row in zip(texts, ROWS, strict=False)
            if text
        ),
        fields=CardFields(title=texts[0] if texts else ""),
        confidence=confidence,
        colour="#ffd54f",
        engine="rapidocr 1",
    )


def three(*texts: tuple[str, ...]):
    return [a_view(place, *said) for place, said in zip(PLACES, texts, strict=True)]


def test_one_photo_is_taken_at_its_word():
    view = a_view(PLACES[0], "Type checking")
    assert together([view]) is view


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(
            [("Type checking",), ("Typo cheking",), ("Type checking",)],
            "Type checking",
            id="two of three",
        ),
        pytest.param(
            [
                ("Type chocking", "Maya"),
                ("Type checking", "Moya"),
                ("Type checking", "Maya"),
            ],
            "Type checking\nMaya",
            id="line by line",
        ),
        pytest.param(
            [("Type checking", "Maya"), ("Type checking",), ("Type checking", "Maya")],
            "Type checking\nMaya",
            id="one overlooks a line",
        ),
        pytest.param([(), ("Knitting",), ()], "Knitting", id="one sees anything"),
    ],
)
def test_photos_together_say_what_most_of_them_support(texts, expected):
    assert together(three(*texts)).text == expected


def test_reading_of_many_photos_lies_on_the_newest_ones_card():
    views = three(
        ("Type checking", "Maya"), ("Typo", "Maya"), ("Type checking", "Mayo")
    )
    views[-1] = replace(
        views[-1], cell=CellId("Room 302", "10:00-11:00"), until="12:00"
    )

    said = together(views)

    assert said.lines[0].text == "Type checking"
    np.testing.assert_allclose(
        said.lines[0].quad_photo.to_array(),
        views[-1].lines[0].quad_photo.to_array(),
        atol=0.5,
    )
    kept = ("quad_photo", "cell", "until", "colour", "engine")
    assert [getattr(said, name) for name in kept] == [
        getattr(views[-1], name) for name in kept
    ]
    assert said.fields.title == "Type checking"


def test_photos_that_agree_are_surer_than_those_that_do_not():
    alike = together(three(("Type checking",), ("Type checking",), ("Type checking",)))
    apart = together(three(("Type checking",), ("Tape chalking",), ("Typo shocking",)))
    assert alike.confidence > 0.5 > apart.confidence


@given(st.permutations(range(3)))
def test_what_photos_say_together_does_not_depend_on_their_order(order):
    views = three(("Type checking", "Maya"), ("Typo", "Maya"), ("Type checking",))
    said = together([views[index] for index in order])
    assert (said.text, round(said.confidence, 9)) == (
        together(views).text,
        round(together(views).confidence, 9),
    )


def test_words_of_another_photo_lie_where_the_card_is_in_this_one():
    here, there = unread(a_view(PLACES[1], "x")), a_view(PLACES[0], "Data", "Maya")

    said = here.with_words_of(there)

    assert (said.text, said.confidence, said.engine) == (
        "Data\nMaya",
        0.5,
        "rapidocr 1",
    )
    assert said.quad_photo == PLACES[1]
    for line, expected in zip(
        said.lines, a_view(PLACES[1], "", "").lines, strict=False
    ):
        np.testing.assert_allclose(
            line.quad_photo.to_array(), expected.quad_photo.to_array(), atol=1e-6
        )


@pytest.mark.parametrize(
    ("alone", "others", "expected"),
    [
        pytest.param((), ("Data",), "Dato", id="nothing seen: as before"),
        pytest.param(("Data",), (), "Data", id="the first look"),
        pytest.param(("Data",), ("Data",), "Data", id="with what another said"),
    ],
)
def test_card_after_a_further_look(alone, others, expected):
    before = a_view(PLACES[1], "Dato")
    looked = a_view(PLACES[1], *alone)
    said = after_rereading(before, looked, [a_view(PLACES[0], text) for text in others])
    assert said.text == expected
