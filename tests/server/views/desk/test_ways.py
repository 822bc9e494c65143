from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from server.views.desk.ways import MOST_WAYS, Piece, Way, marked, ways_of
from training.fields.drawn import drawn_card
from vision.cards import Line
from vision.fields.title import parse_fields
from vision.reading import CardLine, CardReading


def reading(*texts, confidences=(), heights=()):
    """A card with these lines, one below the other."""
    lines, top = [], 10.0
    for number, text in enumerate(texts):
        height = heights[number] if heights else 20
        place = Rect(10, top, 10 + len(text) * height / 2, top + height).to_quad()
        lines.append(
            CardLine(text, [*confidences, 0.99][min(number, len(confidences))], place)
        )
        top += 1.4 * height
    return CardReading(
        quad_photo=Rect(0, 0, 400, 300).to_quad(),
        cell=None,
        lines=tuple(lines),
        fields=parse_fields([Line(o.text, o.confidence, o.quad_photo) for o in lines]),
        confidence=0.8,
        colour="#ffd54f",
        engine="null",
    )


def shown(one):
    return Way(one.fields.title, one.fields.description, one.fields.host)


def test_ways_begin_with_what_stands_and_offer_the_likeliest_splits():
    one = reading("Open source", "money", "who pays whom?", "- Selma")

    ways = ways_of(Way("Open source money who pays whom?", "", "Selma"), [one])

    assert ways[0] == Way("Open source money who pays whom?", "", "Selma")
    assert Way("Open source money", "who pays whom?", "Selma") in ways[1:4]
    assert len({way[:3] for way in ways}) == len(ways)


def test_a_way_that_differs_by_a_sign_beside_the_host_is_not_offered():
    one = reading("Home automation", "without the cloud", "w/ Jonas")

    hosts = {way.host for way in ways_of(shown(one), [one])}

    assert "w/ Jonas" not in hosts


def test_ways_of_another_reading_say_so_and_come_after_likelier_ones():
    one, other = reading("Tvping", "Maya"), reading("Typing", "Maya")

    ways = ways_of(shown(one), [one, other])

    assert Way("Typing", "", "Maya", other=True) in ways
    assert {way.other for way in ways if "Typing" in way.title} == {True}
    assert {way.other for way in ways if "Tvping" in way.title} == {False}


def test_a_card_that_was_not_read_has_one_way():
    assert ways_of(Way("", "", ""), ()) == (Way("", "", ""),)
    assert ways_of(Way("", "", ""), [replace(reading("Typing"), lines=())]) == (
        Way("", "", ""),
    )


@given(st.integers(0, 500), st.integers(0, 500))
def test_ways_are_few_and_differ(seed, another):
    readings = [
        reading(*(line.text for line in drawn_card(one)[0])) for one in (seed, another)
    ]

    ways = ways_of(shown(readings[0]), readings)

    assert ways[0] == shown(readings[0])
    assert len({way[:3] for way in ways}) == len(ways) <= MOST_WAYS


def test_lines_that_the_engine_was_unsure_of_are_marked():
    one = reading("Open source", "money", "- Sein", confidences=(0.99, 0.98, 0.7))

    assert marked([one]) == (
        (Piece("Open source", unsure=False),),
        (Piece("money", unsure=False),),
        (Piece("- Sein", unsure=True),),
    )


def test_words_that_another_reading_has_otherwise_are_marked():
    one = reading("Weather stations", "sensore at home")
    other = reading("Weather stations", "sensors at home")

    assert marked([one, other]) == (
        (Piece("Weather stations", unsure=False),),
        (Piece("sensore", unsure=True), Piece("at home", unsure=False)),
    )
    assert marked(()) == ()
