"""What a card says as a whole, by what people corrected of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.schedule.corrected_text import corrected_text


@pytest.mark.parametrize(
    ("text", "changes", "corrected"),
    [
        pytest.param(
            "Tipe checking\nwith (Maja)\n@maya 14:00",
            [("Tipe checking", "Type checking"), ("", ""), ("Maja", "Maya")],
            "Type checking\nwith (Maya)\n@maya 14:00",
            id="word by word, signs and the rest stay",
        ),
        pytest.param(
            "Papermil & Jupyter Talk\nabout Jupyter\nMaja",
            [
                ("Papermil & Jupyter Talk about Jupyter Maja", "Papermill & Jupyter"),
                ("", "Talk about Jupyter"),
                ("", "Maya"),
            ],
            "Papermill & Jupyter Talk\nabout Jupyter\nMaya",
            id="words of another field stay where they are written",
        ),
        pytest.param(
            "Foobar", [("Foobar", "Foo bar")], "Foo bar", id="a word that was two"
        ),
        pytest.param(
            "Foo bar\nbaz",
            [("Foo bar baz", "Foobar")],
            "Foobar",
            id="two that were one",
        ),
        pytest.param(
            "Tea\nxq", [("Tea", "Tea"), ("xq", "")], "Tea", id="what is no word"
        ),
        pytest.param(
            "Tea", [("Tea", "Tea"), ("", "Ada")], "Tea\nAda", id="what was not read"
        ),
        pytest.param("", [("", "Tea"), ("", "Ada")], "Tea Ada", id="nothing was read"),
        pytest.param(
            "Maya\nto Rust",
            [("to Rust", "Intro to Rust"), ("Maya", "Maya")],
            "Maya\nIntro to Rust",
            id="a word before the first of its field",
        ),
        pytest.param(
            "Intro to\nMaya",
            [("Intro to", "Intro to Rust"), ("Maya", "Maya")],
            "Intro to Rust\nMaya",
            id="a word after the last of its field",
        ),
        pytest.param(
            "Intro\nRust",
            [("Intro Rust", "Intro to Rust")],
            "Intro to\nRust",
            id="a word between two lines",
        ),
        pytest.param(
            "Tea Ada\nTea", [("Tea", "Tee"), ("Tea", "The")], "Tee Ada\nThe", id="twice"
        ),
    ],
)
def test_corrected_words_take_the_place_of_those_they_correct(text, changes, corrected):
    assert corrected_text(text, changes) == corrected


WORDS = st.lists(st.text("abAB.", min_size=1, max_size=3), max_size=5).map(" ".join)


@given(WORDS, WORDS)
def test_text_that_one_field_makes_up_says_what_the_field_says(before, now):
    assert corrected_text(before, [(before, now)]).split() == now.split()


@given(WORDS, st.lists(WORDS, max_size=3))
def test_fields_that_nobody_changed_change_nothing(text, fields):
    same = " ".join(text.split())

    assert corrected_text(same, [(one, one) for one in fields]) == same
