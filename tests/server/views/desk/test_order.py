import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held, Made
from server.schedule.sessions import build_schedule
from server.views.desk.cards import desk_cards
from server.views.desk.order import ends_of, in_order
from vision.reading import CardFields

AT = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"


def card(name, slot=TEN, split=1.0, title="Typing", **changes):
    whole = Card(
        id=name * 12, board="friday", cell=CellId("Room 301", slot) if slot else None,
        until=None, text=title, fields=CardFields(title=title, split_confidence=split),
        confidence=0.9, colour="#ffd54f", crop="c" * 64, presence="present",
        first_seen_at=AT, last_seen_at=AT,
    )  # fmt: skip
    return replace(whole, **changes)


def held(*names):
    everything = Held()
    for name in names:
        edit = Edit(name * 12, title="Typing")
        everything = edit.apply(everything, Made(1, "Ada", AT))
    return everything


@pytest.fixture
def order(profile, clock):
    """Return the first letters of cards in the order in which the desk asks for them."""
    board, timezone = profile.boards[0], profile.event.timezone

    def order(*cards, checked=(), hour=10):
        clock.at(hour, 5)
        entries = desk_cards(cards, held(*checked))
        schedule = build_schedule(cards, [], board, timezone, [])
        ends = ends_of(entries, schedule, board, timezone)
        return "".join(e.card.id[0] for e in in_order(entries, ends, clock()))

    return order


def test_the_most_doubtful_comes_first(order):
    cards = card("a", split=0.9), card("b", split=0.2), card("c", title="")

    assert order(*cards) == "cba"


def test_what_is_over_comes_after_what_is_to_come_and_before_what_was_checked(order):
    cards = (
        card("a", slot=TEN, split=0.2),
        card("b", slot=ELEVEN, split=0.9),
        card("c", slot=ELEVEN, split=0.1),
        card("d", slot=TEN, split=0.1),
    )

    assert order(*cards, checked="c") == "dabc"
    assert order(*cards, checked="c", hour=11) == "bdac"
    assert order(*cards, checked="c", hour=15) == "dabc"


def test_a_session_of_two_slots_is_over_with_the_second_one(order):
    cards = card("a", until="12:00", split=0.9), card("b", slot=ELEVEN, split=0.2)
    short = card("c", split=0.1)

    assert order(*cards, short, hour=11) == "bac"


def test_a_card_beside_the_cells_is_never_over(order):
    cards = card("a", slot=None, split=0.9), card("b", slot=ELEVEN, split=0.1)

    assert order(*cards, hour=15) == "ab"


def test_notices_are_asked_about_by_how_well_they_were_read(order):
    blocked = CardFields(title="Booked, see above", notice="blocked")
    cards = (
        card("a", fields=blocked, confidence=0.2),
        card("b", fields=CardFields(notice="continued"), title="", slot=ELEVEN),
        card("c", split=0.3, slot=ONE),
    )

    assert order(*cards) == "acb"


@given(
    st.lists(
        st.tuples(
            st.sampled_from([TEN, ELEVEN, ONE, None]), st.floats(0, 1), st.booleans()
        ),
        max_size=12,
    ),
    st.integers(9, 16),
)
def test_over_never_before_to_come_and_checked_last(drawn, hour):
    now = dt.datetime(2024, 5, 17, hour, tzinfo=dt.UTC)
    letters = "abcdefghijkl"
    cards = [card(letters[n], slot, split) for n, (slot, split, _) in enumerate(drawn)]
    checked = {letters[n] for n, (_, _, done) in enumerate(drawn) if done}
    ends = {
        one.id: dt.datetime(2024, 5, 17, int(one.cell.slot[6:8]), tzinfo=dt.UTC)
        for one in cards
        if one.cell
    }
    entries = in_order(desk_cards(cards, held(*checked)), ends, now)

    keys = [
        (entry.checked, ends.get(entry.card.id, now + dt.timedelta(1)) <= now)
        for entry in entries
    ]
    assert keys == sorted(keys)
    assert len(entries) == len(cards)
