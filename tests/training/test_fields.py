import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from training.fields.cards import RealCard, cer, plain, real_cards
from training.fields.doubt import Title, calibration, chance_of, fit, left_out
from training.fields.drawn import drawn_card, wrapped
from training.fields.fit import decided, example_of, fitted
from training.fields.readings import misread
from vision.cards import Line, Reading
from vision.image.photo import encode_jpeg


def lines_of(*texts):
    return tuple(
        Line(text, 0.9, Rect(0, 30 * i, 10 * len(text), 30 * i + 20).to_quad())
        for i, text in enumerate(texts)
    )


def real(text, *read):
    lines = tuple(
        (line.text, 0.9, line.quad_crop.to_array().tolist(), False)
        for line in lines_of(*read)
    )
    return RealCard("b", "e", 0, 0, lines, 0.8, text, text, "", partial=False)


@given(st.integers(0, 5000))
def test_a_drawn_card_is_always_the_same_and_has_its_title(seed):
    lines, truth = drawn_card(seed)

    assert drawn_card(seed) == (lines, truth)
    assert truth.title


def test_a_text_is_wrapped_at_words():
    assert wrapped("one two three four", 4) == ["one two", "three", "four"]


def test_letters_are_misread_as_often_as_told():
    rng = np.random.default_rng(1)

    assert misread("as it is", 0, rng) == "as it is"
    assert cer("knitting" * 20, misread("knitting" * 20, 0.2, rng)) == pytest.approx(
        0.2, abs=0.1
    )


def test_texts_are_compared_plain():
    assert plain("  Löten, für @Ines! ") == "loten fur @ines"
    assert cer("abcd", "abcx") == 0.25
    assert cer("ab", "") == 1


def test_true_words_are_dealt_to_the_lines_that_were_read():
    card = real("Board games night Ines", "Bord gams", "nigt", "lnes")

    assert [line.text for line in card.as_true] == ["Board games", "night", "Ines"]
    assert real("Board games", "xyz qqq").as_true == ()


def test_weights_are_fitted_to_what_is_true():
    names = ("Ines", "Tom", "Maya", "Robert", "Anna", "Victoria")
    cards = [
        example_of(lines_of("Knitting", "patterns", name), "Knitting patterns", name)
        for name in names
    ]
    plain_cards = [
        example_of(lines_of("Knitting", word), f"Knitting {word}", "")
        for word in ("patterns", "wool", "needles", "socks")
    ]

    weights = fitted([*cards, *plain_cards])

    assert [decided(card, weights)[:2] for card in cards] == [
        ("Knitting patterns", name) for name in names
    ]
    assert [decided(card, weights)[1] for card in plain_cards] == [""] * 4
    assert all(0 < decided(card, weights)[2] <= 1 for card in cards)


def test_a_card_whose_title_was_not_read_teaches_nothing():
    assert example_of(lines_of("xqz"), "Knitting", "") is None
    assert example_of((), "Knitting", "") is None


def titles_of(event, count):
    """Titles of which as many are right as their evidence says."""
    card = RealCard("b", event, 0, 0, (), 0.5, "", "", "", partial=False)
    return [
        Title(card, "", {"reading": odds}, right)
        for odds, rights in ((-1.1, 1), (0.0, 2), (1.1, 3))
        for right in [index % 4 < rights for index in range(count)]
    ]


def test_chances_of_titles_are_fitted_to_how_many_are_right():
    titles = [title for event in "abc" for title in titles_of(event, 40)]
    weights = fit(titles)

    chances = sorted({round(chance_of(title, weights), 2) for title in titles})
    assert chances == pytest.approx([0.25, 0.5, 0.75], abs=0.02)
    assert calibration(left_out(titles)).splitlines() == [
        "said        titles  mean  right",
        "0.20 to 0.40    120  0.25  0.25",
        "0.40 to 0.60    120  0.50  0.50",
        "0.60 to 0.80    120  0.75  0.75",
    ]


def board_with_truth(folder, titles):
    """A board of a white photo with a card for each title, the last one illegible."""
    cards = [
        {
            "bbox": [10 + 100 * number, 10, 80, 50],
            "text": title,
            "title": title,
            "legible": number < len(titles) - 1,
        }
        for number, title in enumerate(titles)
    ]
    folder.mkdir(parents=True)
    (folder / "truth.json").write_text(json.dumps({"cards": cards}), "utf-8")
    pixels = np.full((80, 100 * len(titles) + 20, 3), 255, np.uint8)
    (folder / "photo.jpg").write_bytes(encode_jpeg(pixels, 90))


class CountingEngine:
    """Reads the same on every card, and counts them."""

    def __init__(self, name):
        self.name = name
        self.count = 0

    def read(self, crops):
        self.count += len(crops)
        return tuple(Reading(lines_of("Knitting")) for _ in crops)


def test_a_reading_is_kept_until_something_else_would_make_it(tmp_path):
    board_with_truth(tmp_path / "boards" / "b", ("Knitting", "Wool", "?"))
    engine, kept = CountingEngine("one"), tmp_path / "kept"

    cards = real_cards(tmp_path / "boards", kept, engine)
    assert [(card.number, card.cut, card.title) for card in cards] == [
        (0, 0, "Knitting"),
        (0, 1, "Knitting"),
        (1, 0, "Wool"),
        (1, 1, "Wool"),
    ]
    assert engine.count == 4

    again = real_cards(tmp_path / "boards", kept, engine)
    assert [(card.number, card.cut, card.error) for card in again] == [
        (card.number, card.cut, card.error) for card in cards
    ]
    assert engine.count == 4

    # A run was ended while it wrote its last reading.
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes()[:-30])
    assert len(real_cards(tmp_path / "boards", kept, engine)) == 4
    assert engine.count == 5

    other = CountingEngine("another version")
    real_cards(tmp_path / "boards", kept, other)
    assert other.count == 4
