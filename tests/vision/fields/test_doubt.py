import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.fields.doubt import title_confidence
from vision.reading import CardFields

CHANCES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("split", "reading", "expected"),
    [
        pytest.param(1.0, 0.95, 0.93, id="sure"),
        pytest.param(0.6, 0.95, 0.70, id="split-in-doubt"),
        pytest.param(1.0, 0.1, 0.78, id="letters-in-doubt"),
        pytest.param(0.3, 0.0, 0.09, id="both-in-doubt"),
    ],
)
def test_chance_of_a_title(split, reading, expected):
    fields = CardFields(title="Knitting", split_confidence=split)

    assert title_confidence(fields, reading) == pytest.approx(expected, abs=0.01)


@given(CHANCES, CHANCES, CHANCES)
def test_surer_readings_and_splits_make_no_title_less_likely(one, two, other):
    low, high = sorted((one, two))

    def chance(split, reading):
        return title_confidence(CardFields("Knitting", split_confidence=split), reading)

    assert chance(low, other) <= chance(high, other)
    assert chance(other, low) <= chance(other, high)


def test_no_title_is_none():
    assert title_confidence(CardFields(description="2 pm"), 1.0) == 0
