"""A board's state, photo by photo, says what all evidence together says.

What that is, is written down here once more, as a rule over everything there is:
slow, and with nothing remembered.
"""

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.layout import CellId
from server.schedule.board_state import BoardState, CardInPhoto
from server.schedule.cards import Card
from server.schedule.evidence import (
    FREE_HOLDS,
    ROUND,
    KnownCell,
    PhotoEvidence,
    TrackedCard,
    Words,
)
from server.schedule.showings import MUCH_SHARPER, Showing
from vision.reading import CardFields
from vision.registration.frame import WHOLE_COVERAGE

CELLS = tuple(CellId(f"Room {number}", "10:00-11:00") for number in range(3))
CARDS = ("aa", "bb", "cc")
START = dt.datetime(2024, 5, 17, 10, 0, tzinfo=dt.UTC)


def order(entry):
    return entry.at, entry.photo


def words_named(text):
    return Words(text, CardFields(title=text), 0.5)


@st.composite
def card_in_photo(draw, name, photo, at):
    return CardInPhoto(
        TrackedCard(
            name, photo, at, draw(st.sampled_from((*CELLS, None))), None, "#fff"
        ),
        Showing(
            photo=photo,
            at=at,
            position=0,
            read_again=draw(st.booleans()),
            change=draw(st.sampled_from(("new", "same", "edited", "sharper"))),
            sharpness=draw(st.sampled_from((0.0, 1.0, 1.5, 3.0))),
            crop=f"crop of {name} in {photo}",
        ),
        words_named(f"{name} as read in {photo}"),
    )


@st.composite
def days(draw):
    """Photos in the order in which they were taken, and looks between them."""
    minutes = draw(st.lists(st.integers(0, 30), min_size=1, max_size=7))
    known, events = set(), []
    for number, minute in enumerate(sorted(minutes)):
        photo, at = f"photo-{number}", START + dt.timedelta(minutes=minute)
        seen = draw(st.sets(st.sampled_from(CARDS)))
        cards = [draw(card_in_photo(name, photo, at)) for name in sorted(seen)]
        whole = draw(st.booleans())
        states = st.sampled_from(("taken", "free", "covered", "unseen"))
        evidence = PhotoEvidence(
            photo,
            at,
            {cell: draw(states) for cell in CELLS},
            {
                name: draw(st.sampled_from(("gone", "covered", "unseen")))
                # One that arrived late was not known when this photo was read.
                for name in sorted(known - seen)
                if draw(st.booleans())
            },
            1.0 if whole else 0.4,
        )
        known |= seen
        events.append((evidence, cards))
        events += [
            (name, draw(st.integers(0, number)))
            for name in draw(st.sets(st.sampled_from(CARDS)))
        ]
    return events


def look_at(name, index, photos):
    """Return the showing that a look is at; None if that photo lacks the card."""
    shown = {card.sighting.card: card for card in photos[index][1]}
    return shown[name].showing if name in shown else None


def folded(events):
    """Take everything in, one after the other."""
    state, photos, looked = BoardState(), [], set()
    for first, second in events:
        if isinstance(first, PhotoEvidence):
            before = [entry for entry, _ in photos]
            state = state.after(first, second, before)
            photos.append((first, second))
            continue
        showing = look_at(first, second, photos)
        # Once for each card and photo, as the database has it.
        if showing is not None and (first, showing.photo) not in looked:
            looked.add((first, showing.photo))
            words = words_named(f"{first} looked at in {showing.photo}")
            seen = replace(showing, further=True)
            state = state.with_card(state.cards[first].read_further(seen, words))
    return state, photos, looked


def expected_card(name, photos, looked):
    mine = [card for _, cards in photos for card in cards if card.sighting.card == name]
    changed = [
        index
        for index, card in enumerate(mine)
        if card.showing.read_again and card.showing.change != "sharper"
    ]
    shown = mine[changed[-1] if changed else 0 :]
    read = [
        card
        for card in shown
        if card.showing.read_again or (name, card.showing.photo) in looked
    ]
    source = (read or shown)[-1]
    whole = [card.showing for card in shown if card.showing.sharpness > 0]
    crop = shown[-1].showing.crop
    if whole:
        sharpest = max(whole, key=lambda showing: showing.sharpness)
        much = sharpest.sharpness >= MUCH_SHARPER * whole[-1].sharpness
        crop = (sharpest if much else whole[-1]).crop
    words = source.words
    if (name, source.showing.photo) in looked:
        words = words_named(f"{name} looked at in {source.showing.photo}")
    newest = mine[-1].sighting
    return Card(
        id=name,
        board="friday",
        cell=newest.cell,
        until=None,
        text=words.text,
        fields=words.fields,
        confidence=words.confidence,
        colour="#fff",
        crop=crop,
        presence=expected_presence(newest, [entry for entry, _ in photos]),
        first_seen_at=mine[0].sighting.at,
        last_seen_at=newest.at,
        bare_at=expected_bare_at(newest, [entry for entry, _ in photos]),
        edited_at=shown[0].showing.at if shown[0].showing.change == "edited" else None,
    )


def expected_bare_at(newest, evidence):
    return max(
        (
            entry.at
            for entry in evidence
            if order(entry) > order(newest) and expected_fate(newest, entry) == "gone"
        ),
        default=None,
    )


def expected_fate(newest, entry):
    if newest.card in entry.fates:
        return entry.fates[newest.card]
    state = entry.cells.get(newest.cell, "unseen")
    return {"taken": "gone", "free": "gone", "covered": "covered"}.get(state, "unseen")


def expected_presence(newest, evidence):
    later = [entry for entry in evidence if order(entry) > order(newest)]
    if not later:
        return "present"
    fates = [expected_fate(newest, entry) for entry in later]
    if "gone" not in fates:
        return fates[-1]
    bare = later[fates.index("gone")]
    telling = [
        entry
        for entry, fate in zip(later, fates, strict=True)
        if entry.at >= bare.at or (fate == "unseen" and bare.at - entry.at <= ROUND)
    ]
    if any(entry.coverage >= WHOLE_COVERAGE for entry in telling):
        return "gone"
    hidden = [
        {cell for cell in CELLS if entry.cells[cell] == "unseen"} for entry in telling
    ]
    return "unseen" if set.intersection(*hidden) else "gone"


def expected_cell(cell, evidence):
    known = None
    for entry in evidence:
        state = entry.cells[cell]
        holds = (
            known is not None
            and state in {"covered", "unseen"}
            and known[0] not in {"covered", "unseen"}
            and (
                known[0] != "free"
                or (state == "unseen" and entry.at - known[1] <= FREE_HOLDS)
            )
        )
        known = known if holds else (state, entry.at)
    shown = {
        state: max(
            (one.at for one in evidence if one.cells[cell] == state), default=None
        )
        for state in ("taken", "free")
    }
    return KnownCell(cell, *known, shown["taken"], shown["free"])


@given(events=days())
def test_state_says_what_all_that_is_stored_says(events):
    state, photos, looked = folded(events)
    evidence = [entry for entry, _ in photos]
    names = sorted({card.sighting.card for _, cards in photos for card in cards})

    assert [card.card("friday") for card in state.cards.values()] == [
        expected_card(name, photos, looked) for name in names
    ]
    assert {one.cell: one for one in state.cells} == {
        cell: expected_cell(cell, evidence) for cell in CELLS
    }
    assert state.newest == order(evidence[-1])


@settings(max_examples=30)
@given(events=days())
def test_state_of_a_card_stays_small_however_often_it_is_photographed(events):
    state, _, looked = folded(events)

    for name, card in state.cards.items():
        looks = sum(card_id == name for card_id, _ in looked)
        assert len(card.showings) <= 5 + looks


def test_state_takes_newer_photos_only():
    state = BoardState().after(PhotoEvidence("b", START, {}), (), ())

    assert [
        state.takes(PhotoEvidence(photo, START + dt.timedelta(seconds=later), {}))
        for photo, later in (("c", 0), ("b", 0), ("a", 0), ("a", 1), ("z", -1))
    ] == [True, False, False, True, False]
