import numpy as np
import pytest

from training.recogniser.labels import labels_of
from training.recogniser.lines import LabelledLine, load_lines, save_lines, steps_needed

CARD = "Packaging Meet & Greet for people who ship - even on Fridays Anna"


@pytest.mark.parametrize(
    ("text", "read", "labels"),
    [
        # In any order, misread in part.
        (
            CARD,
            ["for peoqle who shlp", "Packaqing Meet & Greet"],
            ["for people who ship", "Packaging Meet & Greet"],
        ),
        # What no other line claims, though it was read badly.
        (
            CARD,
            ["Packaging Meet & Greet", "for people who", "Amne"],
            [..., ..., "Anna"],
        ),
        # A sign belongs to the line that shows it.
        (CARD, ["- even on Fridays"], ["- even on Fridays"]),
        (CARD, ["even on Fridays"], ["even on Fridays"]),
        # Nothing of the card.
        (CARD, ["31", "xQ"], ["", ""]),
        # Words are dealt once, though they are on the card twice.
        ("Game Start Game", ["Game", "Start Game"], ["Game", "Start Game"]),
        ("", ["anything"], [""]),
    ],
)
def test_lines_are_labelled_with_the_words_of_their_card(text, read, labels):
    said = labels_of(text, read)

    assert [one for one, true in zip(said, labels, strict=True) if true is not ...] == [
        true for true in labels if true is not ...
    ]


def test_lines_come_back_as_they_were_written(tmp_path):
    strips = [np.full((48, width), width, np.uint8) for width in (7, 31)]
    lines = [
        LabelledLine(strip, text, "event", f"board {text}")
        for strip, text in zip(strips, ("für", "alle"), strict=True)
    ]

    save_lines(tmp_path / "lines.npz", lines)
    back = load_lines(tmp_path / "lines.npz")

    assert [(o.text, o.event, o.card) for o in back] == [
        ("für", "event", "board für"),
        ("alle", "event", "board alle"),
    ]
    for one, strip in zip(back, strips, strict=True):
        np.testing.assert_array_equal(one.strip, strip)
    assert [path.name for path in tmp_path.iterdir()] == ["lines.npz"]


def test_a_doubled_letter_takes_a_step_more():
    assert [steps_needed(text) for text in ("", "ab", "aab")] == [0, 2, 4]
