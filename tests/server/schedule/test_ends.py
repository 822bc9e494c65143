import pytest

from calibration.layout import CellId, Layout, Slot
from server.errors import CorrectionError
from server.schedule.ends import check_end, ends_from

LABELS = "13:00-14:00", "10:00-11:00", "11:00-12:00", "22:00-00:30", "00:30-02:00"


@pytest.fixture
def layout():
    # In the order in which they hang.
    return Layout(("Room 301",), tuple(map(Slot.parse, LABELS)))


@pytest.mark.parametrize(
    ("slot", "ends"),
    [
        ("10:00-11:00", ("11:00", "12:00", "14:00", "00:30", "02:00")),
        ("13:00-14:00", ("14:00", "00:30", "02:00")),
        ("22:00-00:30", ("00:30", "02:00")),
        ("00:30-02:00", ("02:00",)),
    ],
)
def test_a_session_ends_with_its_slot_or_a_later_one(layout, slot, ends):
    cell = CellId("Room 301", slot)

    assert ends_from(layout, cell) == ends
    for end in ("", *ends):
        check_end(layout, cell, end)


@pytest.mark.parametrize("until", ["11:00", "12:30", "noon", "25:00"])
def test_another_end_is_refused_with_those_there_are(layout, until):
    with pytest.raises(CorrectionError, match=f"ends at {until}") as refused:
        check_end(layout, CellId("Room 301", "22:00-00:30"), until)

    assert refused.value.hint == "Choose one of 00:30, 02:00."
