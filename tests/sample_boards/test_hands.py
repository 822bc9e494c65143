import string

import numpy as np
import pytest

from sample_boards.hands import HANDS, hand_named, personal, write_line
from sample_boards.letterforms import forms_of, is_drawn
from sample_boards.pens import PENS, draw_ink, pen_named
from sample_boards.strokes import curve, parse_form, rounded
from sample_boards.topics import HANDLES, HOST_STYLES, HOSTS, TOPICS

ALPHABET = string.ascii_letters + string.digits + "&+-/:.,!?'\"()#@_=*%"
ALPHABET += "äöüßáàâçéèêëíîïñóôúùûÄÖÜÁÀÂÇÉÈÊËÍÎÏÑÓÔÚÙÛ"


@pytest.mark.parametrize("letter", ALPHABET)
def test_every_form_of_a_letter_has_strokes(letter):
    for index in range(len(forms_of(letter))):
        strokes = parse_form(letter, index)
        assert strokes
        assert all(stroke.points.shape[0] >= 2 for stroke in strokes)


def test_everything_people_offer_can_be_written():
    texts = [part for topic in TOPICS for part in topic]
    texts += [*HOSTS, *HANDLES, *HOST_STYLES]
    plain = "".join(texts).replace("{", "").replace("}", "")
    letters = set(plain) | set(plain.upper())
    assert [letter for letter in letters if not is_drawn(letter)] == []


def test_titles_differ():
    titles = [title.casefold() for title, _ in TOPICS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
def test_a_hand_never_writes_a_letter_twice_alike(hand):
    strokes = write_line("ll", hand, 10.0, np.random.default_rng(1))
    first, second = strokes[0], strokes[-1]
    shape = min(len(first), len(second))
    assert not np.allclose(
        first[:shape] - first[0], second[:shape] - second[0], atol=1e-3
    )


def test_writing_is_the_same_for_the_same_seed():
    hand = personal(HANDS[3], 5)
    again = [
        write_line("Grüße & 42", hand, 8.0, np.random.default_rng(9)) for _ in range(2)
    ]
    for first, second in zip(*again, strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("writer", range(5))
def test_a_capital_is_about_as_high_as_asked(writer):
    hand = personal(hand_named("round"), writer)
    points = np.concatenate(write_line("HH", hand, 10.0, np.random.default_rng(2)))
    assert 7.5 < np.ptp(points[:, 1]) < 14


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("round", "Grüße @kim"),
        ("bold capitals", "GRÜßE @KIM"),
        ("architect", "GRÜßE @KIM"),
    ],
)
def test_a_hand_says_what_it_writes(name, written):
    assert hand_named(name).written("Grüße @kim") == written


def test_an_unknown_hand_or_pen_is_refused():
    with pytest.raises(ValueError, match="expected one of"):
        hand_named("doctor")
    with pytest.raises(ValueError, match="expected one of"):
        pen_named("quill")


def test_a_curve_keeps_its_corners_and_ends():
    points = np.array([[0.0, 0], [5, 9], [10, 0], [12, 4]])
    way = curve(points, (False, True, False, False))
    np.testing.assert_allclose(way[[0, -1]], points[[0, -1]])
    assert np.abs(way - points[1]).sum(axis=1).min() < 1e-9


def test_rounding_keeps_the_ends():
    stroke = np.array([[0.0, 0], [1, 5], [2, 0], [3, 5]])
    np.testing.assert_array_equal(rounded(stroke, 1.0)[[0, -1]], stroke[[0, -1]])
    np.testing.assert_array_equal(rounded(stroke, 0.0), stroke)


@pytest.mark.parametrize("pen", PENS, ids=lambda pen: pen.name)
def test_a_stroke_is_about_as_wide_as_its_pen(pen):
    stroke = np.linspace([5.0, 10.0], [35.0, 10.0], 30)
    mask = draw_ink([stroke], pen, (400, 200), 10.0, np.random.default_rng(1))
    column = mask[:, 150:250] > 100
    width_mm = column.sum(axis=0).mean() / 10
    assert pen.width_mm * 0.4 <= width_mm <= pen.width_mm * 1.25
