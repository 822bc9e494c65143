import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.errors import FieldError
from calibration.geometry import Rect
from calibration.layout import CellId, Layout, Slot, even_edges, overlapping_slots

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = dt.date(2024, 5, 17)
ROOMS = ("A", "B", "C")


def slots(*labels):
    return tuple(map(Slot.parse, labels))


MORNING = slots("10:00-11:00", "11:00-12:00")
LAYOUT = Layout(
    ROOMS, MORNING, column_edges=(0, 0.2, 0.7, 1), row_edges=(0, 0.4, 1), blocked={}
)


def spans(*labels, date=FRIDAY, zone=BERLIN):
    placed = Layout(("A",), slots(*labels)).slots
    return [
        tuple(moment.isoformat(timespec="minutes") for moment in slot.span(date, zone))
        for slot in placed
    ]


@pytest.mark.parametrize(
    ("label", "start", "end", "minutes"),
    [
        ("10:00-11:00", (10, 0), (11, 0), (600, 660)),
        ("9:05-9:10", (9, 5), (9, 10), (545, 550)),
        ("00:00-23:59", (0, 0), (23, 59), (0, 1439)),
        ("23:00-24:00", (23, 0), (0, 0), (1380, 1440)),
        ("23:30-00:30", (23, 30), (0, 30), (1410, 1470)),
    ],
)
def test_slot_is_parsed(label, start, end, minutes):
    slot = Slot.parse(label)

    assert slot == Slot(label, dt.time(*start), dt.time(*end))
    assert slot.minutes() == minutes


@pytest.mark.parametrize(
    "label",
    [
        *("", "10-11", "10:00", "10:00-", "10:00 - 11:00", "24:00-01:00"),
        *("10:60-11:00", "10:00-24:30", "10:00-10:00", "00:00-24:00"),
        *("\uff11\uff10:00-11:00", "10:00-11:00\n"),
    ],
)
def test_slot_that_is_none_is_refused(label):
    with pytest.raises(FieldError, match="expected"):
        Slot.parse(label)


def test_slots_are_on_the_boards_date():
    assert spans("10:00-11:00", "13:00-14:00") == [
        ("2024-05-17T10:00+02:00", "2024-05-17T11:00+02:00"),
        ("2024-05-17T13:00+02:00", "2024-05-17T14:00+02:00"),
    ]


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(("22:00-23:30", "23:30-00:30", "00:30-02:00"), id="across"),
        pytest.param(("22:00-23:30", "23:30-00:30", "01:00-02:00"), id="gap"),
        pytest.param(("22:00-23:30", "23:30-24:00", "00:00-02:00"), id="at-midnight"),
    ],
)
def test_slots_after_midnight_are_on_the_next_date(labels):
    placed = spans(*labels)

    assert [start[:10] for start, _ in placed][-1] == "2024-05-18"
    assert [end[:10] for _, end in placed][-1] == "2024-05-18"
    assert placed[0][0] == "2024-05-17T22:00+02:00"
    assert placed == sorted(placed)


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(("23:00-24:00", "10:00-11:00"), id="bottom-up"),
        pytest.param(("22:00-23:00", "10:00-11:00"), id="not-over-midnight"),
        pytest.param(("13:00-14:00", "00:30-01:00"), id="early-slot-listed-last"),
    ],
)
def test_slots_in_another_order_stay_on_the_boards_date(labels):
    assert {start[:10] for start, _ in spans(*labels)} == {"2024-05-17"}


def test_slots_on_the_days_the_clocks_change():
    spring, autumn = dt.date(2024, 3, 31), dt.date(2024, 10, 27)

    assert spans("01:00-04:00", date=spring) == [
        ("2024-03-31T01:00+01:00", "2024-03-31T04:00+02:00")
    ]
    assert spans("01:00-04:00", date=autumn) == [
        ("2024-10-27T01:00+02:00", "2024-10-27T04:00+01:00")
    ]
    start, end = Slot.parse("01:00-04:00").span(spring, BERLIN)
    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=2)


@pytest.mark.parametrize(
    ("label", "date", "zone", "start", "end"),
    [
        ("01:30-02:30", "2024-03-31", "Europe/Berlin", "01:30+01:00", "03:00+02:00"),
        ("02:00-03:00", "2024-03-31", "Europe/Berlin", "03:00+02:00", "04:00+02:00"),
        ("02:00-02:30", "2024-03-31", "Europe/Berlin", "03:00+02:00", "03:30+02:00"),
        ("02:30-03:00", "2024-03-31", "Europe/Berlin", "03:00+02:00", "03:30+02:00"),
        ("02:30-03:30", "2024-03-31", "Europe/Berlin", "03:00+02:00", "03:30+02:00"),
        ("02:45-03:15", "2024-03-31", "Europe/Berlin", "03:00+02:00", "03:15+02:00"),
        ("03:00-04:00", "2024-03-31", "Europe/Berlin", "03:00+02:00", "04:00+02:00"),
        # The hour that comes twice: from its first time to the end of its second.
        ("01:00-02:00", "2024-10-27", "Europe/Berlin", "01:00+02:00", "02:00+02:00"),
        ("02:00-03:00", "2024-10-27", "Europe/Berlin", "02:00+02:00", "03:00+01:00"),
        ("02:30-03:30", "2024-10-27", "Europe/Berlin", "02:30+02:00", "03:30+01:00"),
        # Clocks that are put forward at midnight, by half an hour, by a whole day.
        ("23:30-00:30", "2024-03-09", "America/Havana", "23:30-05:00", "01:00-04:00"),
        ("00:00-01:00", "2024-03-10", "America/Havana", "01:00-04:00", "02:00-04:00"),
        ("02:00-02:30", "2024-10-06", "Australia/Lord_Howe", "02:30+11:00", "03:00+11:00"),
        ("10:00-11:00", "2011-12-30", "Pacific/Apia", "00:00+14:00", "01:00+14:00"),
    ],
)  # fmt: skip
def test_slot_in_the_hour_of_a_clock_change(label, date, zone, start, end):
    span = Slot.parse(label).span(dt.date.fromisoformat(date), ZoneInfo(zone))

    assert tuple(moment.isoformat("T", "minutes")[11:] for moment in span) == (
        start,
        end,
    )


@given(
    minutes=st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    day=st.sampled_from(["2024-03-30", "2024-03-31", "2024-10-26", "2024-10-27"]),
)
def test_slot_has_a_length_and_times_that_exist_whenever_the_clock_changes(
    minutes, day
):
    first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in minutes)

    span = Slot.parse(f"{first}-{last}").span(dt.date.fromisoformat(day), BERLIN)

    real = [moment.astimezone(dt.UTC) for moment in span]
    assert real[0] < real[1]
    assert span[0] < span[1]  # as its wall clock shows it
    assert [moment.astimezone(BERLIN) for moment in real] == list(span)


@pytest.mark.parametrize(
    ("labels", "pairs"),
    [
        pytest.param(("10:00-11:00",), [], id="one"),
        pytest.param(("10:00-11:00", "11:00-12:00"), [], id="touching"),
        pytest.param(("10:00-11:00", "10:59-12:00"), [(0, 1)], id="one-past"),
        pytest.param(("10:00-11:00", "09:00-12:00"), [(0, 1)], id="around"),
        pytest.param(("10:00-11:00", "10:00-11:00"), [(0, 1)], id="same"),
        pytest.param(("23:00-01:00", "01:00-02:00"), [], id="touching-at-night"),
        pytest.param(("23:00-01:00", "00:59-02:00"), [(0, 1)], id="past-midnight"),
        pytest.param(("00:30-02:00", "23:00-01:00"), [(0, 1)], id="before-midnight"),
        pytest.param(
            ("10:00-12:00", "11:00-13:00", "12:30-14:00"), [(0, 1), (1, 2)], id="chain"
        ),
    ],
)
def test_overlapping_slots(labels, pairs):
    given_slots = slots(*labels)

    assert list(overlapping_slots(given_slots)) == [
        (given_slots[first], given_slots[second]) for first, second in pairs
    ]


@pytest.mark.parametrize(
    ("point", "cell"),
    [
        pytest.param((0, 0), ("A", "10:00-11:00"), id="top-left"),
        pytest.param((0.2, 0), ("B", "10:00-11:00"), id="on-a-column-edge"),
        pytest.param((0.1999, 0.4), ("A", "11:00-12:00"), id="on-a-row-edge"),
        pytest.param((0.9999, 0.9999), ("C", "11:00-12:00"), id="bottom-right"),
        pytest.param((1, 0.5), None, id="one-past-right"),
        pytest.param((0.5, 1), None, id="one-past-bottom"),
        pytest.param((-0.0001, 0.5), None, id="left"),
        pytest.param((0.5, -1), None, id="above"),
        pytest.param((float("nan"), 0.5), None, id="not-a-number"),
    ],
)
def test_cell_containing_a_point(point, cell):
    assert LAYOUT.cell_containing(*point) == cell


def test_cells_are_row_by_row_as_seen():
    rows = Layout(("A", "B"), MORNING, "rows")

    assert Layout(("A", "B"), MORNING).cells == (
        CellId("A", "10:00-11:00"),
        CellId("B", "10:00-11:00"),
        CellId("A", "11:00-12:00"),
        CellId("B", "11:00-12:00"),
    )
    assert rows.cells == (
        CellId("A", "10:00-11:00"),
        CellId("A", "11:00-12:00"),
        CellId("B", "10:00-11:00"),
        CellId("B", "11:00-12:00"),
    )


def test_cell_rects_follow_the_edges():
    assert LAYOUT.cell_rect(CellId("B", "11:00-12:00")) == Rect(0.2, 0.4, 0.7, 1)
    assert Layout(ROOMS, MORNING, "rows").cell_rect(CellId("B", "11:00-12:00")) == Rect(
        0.5, 1 / 3, 1, 2 / 3
    )


@given(st.data())
def test_cell_contains_the_centre_and_top_left_of_its_rect(layouts, data):
    layout = data.draw(layouts)

    for cell in layout.cells:
        rect = layout.cell_rect(cell)
        assert layout.cell_containing(rect.left, rect.top) == cell
        # Edges may be neighbouring floats, and then nothing lies between them.
        if (
            rect.left < rect.centre.x < rect.right
            and rect.top < rect.centre.y < rect.bottom
        ):
            assert layout.cell_containing(*rect.centre) == cell
        assert layout.cell_at(*layout.place(cell)) == cell


@given(st.data())
def test_cells_cover_the_unit_square_once(layouts, data):
    layout = data.draw(layouts)
    rects = [layout.cell_rect(cell) for cell in layout.cells]

    assert len(set(layout.cells)) == len(rects) == len(layout.rooms) * len(layout.slots)
    assert sum(rect.area for rect in rects) == pytest.approx(1)
    assert {rect.left for rect in rects} | {1.0} == set(layout.column_edges)
    assert {rect.top for rect in rects} | {1.0} == set(layout.row_edges)


def test_slot_is_found_by_its_label():
    assert LAYOUT.slot("11:00-12:00") == MORNING[1]


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: LAYOUT.slot("12:00-13:00"), id="slot"),
        pytest.param(lambda: LAYOUT.place(CellId("Z", "11:00-12:00")), id="room"),
        pytest.param(lambda: LAYOUT.cell_rect(CellId("A", "1:00-2:00")), id="rect"),
    ],
)
def test_what_the_layout_does_not_have_is_refused(ask):
    with pytest.raises(ValueError, match="of this layout"):
        ask()


@pytest.mark.parametrize(
    ("change", "key", "part"),
    [
        pytest.param({"rooms": ()}, ("rooms",), "at least one", id="no-room"),
        pytest.param({"slots": ()}, ("slots",), "at least one", id="no-slot"),
        pytest.param({"rooms": ("A", "B", "A")}, ("rooms", 2), '"A" twice', id="twice"),
        pytest.param({"rooms": ("A", "", "C")}, ("rooms", 1), "empty", id="empty"),
        pytest.param({"rooms": ("A", "B ", "C")}, ("rooms", 1), "blanks", id="blanks"),
        pytest.param({"rooms": ("A", "B\t", "C")}, ("rooms", 1), "blanks", id="tab"),
        pytest.param({"rooms": ("A", "B\0C")}, ("rooms", 1), "one line", id="control"),
        pytest.param(
            {"slots": slots("10:00-11:00", "10:30-12:00")},
            ("slots", 1),
            "share no time",
            id="overlap",
        ),
        pytest.param({"column_edges": (0, 1)}, ("column_edges",), "4 edges", id="few"),
        pytest.param(
            {"column_edges": (0.1, 0.2, 0.7, 1)},
            ("column_edges", 0),
            "0 to 1",
            id="first",
        ),
        pytest.param(
            {"row_edges": (0, 0.5, 0.9)}, ("row_edges", 2), "0 to 1", id="last"
        ),
        pytest.param({"row_edges": (0, 1, 1)}, ("row_edges", 2), "ascend", id="level"),
        pytest.param(
            {"blocked": {CellId("Z", "10:00-11:00"): ""}},
            ("blocked", 0, "room"),
            'got "Z"',
            id="blocked-room",
        ),
        pytest.param(
            {"blocked": {CellId("A", "10:00-11:00"): "", CellId("A", "1"): ""}},
            ("blocked", 1, "slot"),
            'got "1"',
            id="blocked-slot",
        ),
    ],
)
def test_layout_with_a_mistake_is_refused_and_names_the_field(change, key, part):
    with pytest.raises(FieldError) as refusal:
        Layout(**({"rooms": ROOMS, "slots": MORNING} | change))

    assert refusal.value.key == key
    assert part in refusal.value.message


@pytest.mark.parametrize(
    ("count", "edges"), [(1, (0, 1)), (2, (0, 0.5, 1)), (4, (0, 0.25, 0.5, 0.75, 1))]
)
def test_even_edges(count, edges):
    assert even_edges(count) == edges


def test_room_may_have_any_letters():
    assert Layout(("Café ☕", "會議室", "👩\u200d💻"), MORNING).rooms[2] == "👩\u200d💻"
