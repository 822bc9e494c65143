import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.cards import Line, Reading
from vision.recognition.fusion import MARK, calibrated, calibrated_in_photos

QUAD = Rect(0, 0, 9, 9).to_quad()


@pytest.mark.parametrize(
    ("confidence", "views", "expected"),
    [
        pytest.param(1.0, ["Data"], 0.90, id="one sure view"),
        pytest.param(1.0, ["Data", "data!"], 0.95, id="two that agree"),
        pytest.param(1.0, ["Data", "Oatc"], 0.29, id="two that disagree"),
        pytest.param(0.7, ["Data", "Data"], 0.06, id="unsure but unanimous"),
        pytest.param(0.0, ["", ""], 0.0, id="nothing"),
        pytest.param(0.9, ["", "AI"], 0.25, id="lost in one view"),
    ],
)
def test_chance_of_a_reading(confidence, views, expected):
    assert calibrated(confidence, views) == pytest.approx(expected, abs=0.005)


@given(st.floats(0, 1), st.floats(0, 1), st.text(max_size=9), st.text(max_size=9))
def test_a_surer_reading_is_never_less_likely_right(one, two, first, second):
    low, high = sorted((one, two))
    assert calibrated(low, [first, second]) <= calibrated(high, [first, second])


def test_what_one_view_alone_saw_is_no_more_than_a_mark():
    assert calibrated(1.0, ["", "V"]) < MARK


def test_a_reading_is_trusted_by_its_chance_if_it_has_one():
    lines = (Line("Data", 0.8, QUAD),)
    trusted = [Reading(lines).confidence, Reading(lines, chance=0.3).confidence]
    assert [*trusted, Reading((), chance=0.3).confidence] == [0.8, 0.3, 0.0]


def test_a_chance_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"expected a chance from 0 to 1, got 1\.2"):
        Reading((), chance=1.2)


@pytest.mark.parametrize(
    ("photos", "expected"),
    [
        pytest.param([("Data", 0.5), ("data!", 0.5)], 0.67, id="agree"),
        pytest.param([("Data", 0.9), ("Data", 0.9), ("Data", 0.9)], 0.91, id="surely"),
        pytest.param([("Data", 0.5), ("Oatc", 0.5)], 0.33, id="disagree"),
        pytest.param([("Data", 0.0), ("Data", 0.0)], 0.01, id="unsure but unanimous"),
        pytest.param([("Data", 1.0)], 1.0, id="nothing to doubt"),
    ],
)
def test_chance_of_what_photos_say_together(photos, expected):
    assert calibrated_in_photos("Data", photos) == pytest.approx(expected, abs=0.005)


@given(st.lists(st.tuples(st.text(max_size=5), st.floats(0, 0.9)), min_size=1))
def test_surer_photos_never_make_a_reading_less_likely(photos):
    surer = [(text, chance + 0.1) for text, chance in photos]
    assert calibrated_in_photos("Data", photos) <= calibrated_in_photos("Data", surer)
