import pytest

from benchmarks.bars import Bar


@pytest.mark.parametrize(
    ("bar", "value", "met"),
    [
        (Bar(1.25), 1.25, True),
        (Bar(1.25), 1.26, False),
        (Bar(0.95, "≥"), 0.95, True),
        (Bar(0.95, "≥"), 0.94, False),
    ],
    ids=["at-most", "above", "at-least", "below"],
)
def test_bar_is_met_at_its_limit(bar, value, met):
    assert bar.met_by(value) is met


def test_bar_reads_as_in_a_table():
    bars = [Bar(0.76, "≥"), Bar(600), Bar(0), Bar(1.25)]

    assert [str(bar) for bar in bars] == ["≥ .76", "≤ 600", "≤ 0", "≤ 1.25"]


def test_bar_with_another_sign_is_refused():
    with pytest.raises(ValueError, match="expected ≤ or ≥"):
        Bar(1, "<")
