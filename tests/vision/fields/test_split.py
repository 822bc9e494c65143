import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from training.fields.drawn import drawn_card
from vision.cards import Line
from vision.fields.hosts import host_options
from vision.fields.names import is_given_name, name_looks, sentence_share
from vision.fields.rows import Row, labelled
from vision.fields.split import likely_splits, splits, weights
from vision.fields.title import parse_fields, ways_to_split


def row(text, top=0.0, height=20.0, left=0.0):
    return Row(text, height, height / 2, left, left + len(text) * height / 2, top)


def turned(lines, angle_deg, scale):
    """Lines on a card that was photographed larger and from another side."""
    cosine = scale * math.cos(math.radians(angle_deg))
    sine = scale * math.sin(math.radians(angle_deg))
    turn = Homography([[cosine, -sine, 50], [sine, cosine, 70], [0, 0, 1]])
    return [replace(line, quad_crop=turn.apply_quad(line.quad_crop)) for line in lines]


def test_every_feature_has_a_weight():
    known = set(weights())
    seen = set()
    for seed in range(150):
        lines, _ = drawn_card(seed)
        rows = [row(line.text, 30 * number) for number, line in enumerate(lines)]
        for option in splits(rows):
            seen |= set(option.looks)

    assert seen <= known
    assert len(known - seen) < 8


@given(st.integers(0, 3000), st.floats(0.2, 8), st.floats(-20, 20))
def test_scale_and_tilt_of_a_card_change_nothing(seed, scale, angle_deg):
    lines, _ = drawn_card(seed)

    plain = parse_fields(lines)
    moved = parse_fields(turned(lines, angle_deg, scale))

    assert replace(moved, split_confidence=0) == replace(plain, split_confidence=0)
    assert moved.split_confidence == pytest.approx(plain.split_confidence, abs=1e-6)


@given(st.integers(0, 3000))
def test_splits_are_options_and_their_probabilities_parts_of_one(seed):
    lines, _ = drawn_card(seed)
    rows = [row(line.text, 30 * number) for number, line in enumerate(lines)]
    found = likely_splits(rows)

    options = list(splits(rows))
    assert all(split in options for split, _ in found)
    chances = [chance for _, chance in found]
    assert sum(chances) == pytest.approx(1.0 if options else 0.0)
    said = [(split.host, split.title) for split, _ in found]
    assert len(set(said)) == len(said)


def test_ways_to_split_begin_with_what_a_card_means():
    lines, _ = drawn_card(1)
    first, *others = ways_to_split(lines)

    assert first == parse_fields(lines)
    assert others
    assert all(way.split_confidence <= first.split_confidence for way in others)


def test_nothing_spoken_is_not_split():
    assert likely_splits([]) == []
    assert likely_splits([replace(row("7pm"), is_aside=True)]) == []


def test_a_split_without_another_one_is_certain():
    ((best, chance),) = likely_splits([row("Knitting")])

    assert (best.host, [r.text for r in best.title], best.after) == (
        "",
        ["Knitting"],
        (),
    )
    assert chance == 1


def test_hosts_that_a_card_may_have():
    rows = [row("Knitting"), row("hosted by Ines", 30), row("- Jo", 60)]

    found = [(o.name, tuple(r.text for r in o.rows)) for o in host_options(rows)]

    assert found == [
        ("", ("Knitting", "hosted by Ines", "- Jo")),
        ("Ines", ("Knitting", "- Jo")),
        ("hosted by Ines", ("Knitting", "- Jo")),
        ("hosted by Ines - Jo", ("Knitting",)),
        ("Jo", ("Knitting", "hosted by Ines")),
        ("Jo", ("Knitting", "hosted by Ines")),
    ]


def test_no_host_leaves_a_card_without_a_letter():
    names = [option.name for option in host_options([row("(Ines)"), row("12", 30)])]

    assert names == ["", "12"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Session Subject", ("text", "")),
        ("Sesion Subjcct", ("text", "")),
        ("Session Subject Knitting", ("text", "Knitting")),
        ("Detalls", ("text", "")),
        ("TITLE: Knitting", ("text", "Knitting")),
        ("About: wool", ("text", "wool")),
        ("About", ("", "About")),
        ("Speakers", ("", "Speakers")),
        ("Speakers: Ines", ("host", "Ines")),
        ("Host", ("host", "")),
        ("Your name Ines", ("host", "Ines")),
        ("Knitting: a start", ("", "Knitting: a start")),
        ("主持人:小明", ("host", "小明")),
    ],
)
def test_labels_of_forms(text, expected):
    assert labelled(text) == expected


def test_looks_of_names():
    assert {text: seen(text) for text in ("Ines", "Jan E.", "Nicale", "the team")} == {
        "Ines": {"a given name"},
        "Jan E.": {"a given name", "an initial beside a longer word"},
        "Nicale": {"a given name but for a letter"},
        "the team": {"a word without a capital", "an ordinary word"},
    }
    assert seen("MAX & 7UP GmbH Köln Süd") == {
        "a given name",
        "what is no word",
        "words over two",
    }


def seen(text):
    return {name for name, value in name_looks(text).items() if value}


def test_given_names_and_sentences():
    assert is_given_name("jan-c")
    assert not is_given_name("python")
    assert is_given_name("victorla", slips=1)
    assert not is_given_name("jom", slips=1)
    assert sentence_share("Come and talk") == 1
    assert sentence_share("Knitting patterns") == 0


def test_a_label_on_its_own_line_says_what_stands_below():
    lines = [
        Line(text, 0.9, Rect(0, top, 12 * len(text), top + 24).to_quad())
        for text, top in (("Name", 0), ("Ines", 30), ("Subject", 60), ("Knitting", 90))
    ]

    fields = parse_fields([*lines[2:], *lines[:2]])

    assert (fields.title, fields.host) == ("Knitting", "Ines")


def test_umlauts_and_accents_stay():
    for title in (
        "Löten für Anfänger",
        "Découvrir la médiathèque",
        "Diseño en español",
    ):
        quad = Quad.from_array([[0, 0], [200, 0], [200, 20], [0, 20]])
        assert parse_fields([Line(title, 0.9, quad)]).title == title
