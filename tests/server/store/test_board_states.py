"""What is kept of a board is what folding everything that is stored comes to."""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.geometry import Quad
from calibration.homography import Homography
from calibration.layout import CellId
from server.intake.receive import moment_unknown
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.schedule.corrections.photo_time import PhotoTime
from server.store import board_states, cards
from server.store.board_states import (
    folded_anew,
    outdated_boards,
    renew_if_outdated,
    renew_state,
    state_of,
)
from server.store.cards import add_observation, cards_of
from server.store.codec import fields_to_json
from server.store.corrections import append_correction, set_undone
from server.store.photos import add_photo
from server.store.readings import add_further_reading
from server.store.tables import BoardStateRow
from server.store.upgrade import take_over
from vision.cards import BoardObservation, CardDescriptor, MissingCard, ReadCard
from vision.reading import (
    BoardReading,
    CardFields,
    CardReading,
    CellReading,
    PhotoFacts,
    RegistrationFacts,
    to_json,
)

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")
NOW = dt.datetime(2024, 5, 17, 10, 0, tzinfo=dt.UTC)
NAMES = ("aa", "bb", "cc")
QUAD = Quad.from_array([[0, 0], [9, 0], [9, 9], [0, 9]])
LOOKS = CardDescriptor(np.zeros((8, 8), np.uint8))


def reading(name, cell, text):
    return CardReading(
        quad_photo=QUAD,
        cell=cell,
        lines=(),
        fields=CardFields(title=f"{name} {text}"),
        confidence=0.5,
        colour="#ffd54f",
        engine="null",
    )


@dataclass
class Arrivals:
    """Takes photos in, in whatever order they come."""

    session: object
    known: set = field(default_factory=set)

    def photo(self, minute, shown, cells, fates, coverage, *, dated=True, cut=True):
        """Shown: name to cell, whether it was read again, why and sharpness."""
        came_at = dt.datetime(2024, 5, 17, 10, minute, tzinfo=dt.UTC)
        record, _ = add_photo(
            self.session,
            sha256=f"{minute:016x}" + "0" * 48,
            size_bytes=1,
            given_board="friday",
            sender="Ada",
            received_at=came_at,
            taken_at=came_at if dated else None,
            at=moment_unknown(came_at, dt.UTC),
            source="file",
        )
        at = record.at
        seen = tuple(
            ReadCard(
                reading=reading(name, cell, f"at {minute}"),
                crop=None,
                descriptor=LOOKS,
                quad_area=QUAD,
                known=name if name in self.known else None,
                change=(news if again else "same") if name in self.known else "new",
                sharpness=sharpness or None,
            )
            for name, (cell, again, news, sharpness) in shown.items()
        )
        missing = [name for name in sorted(self.known) if name not in shown]
        add_observation(
            self.session,
            photo_id=record.id,
            at=at,
            observation=BoardObservation(
                BoardReading(
                    board="friday",
                    photo=PhotoFacts("0" * 64, 4032, 3024),
                    registration=RegistrationFacts(
                        "tags", Homography.identity(), 0.0, 0.5, coverage
                    ),
                    findings=(),
                    cells=tuple(CellReading(*entry) for entry in cells.items()),
                    cards=tuple(entry.reading for entry in seen),
                ),
                seen,
                tuple(
                    MissingCard(name, fate)
                    for name, fate in zip(missing, fates, strict=False)
                ),
            ),
            crops={
                number: f"{minute:x}{number:x}" * 32
                for number in range(len(seen) if cut else 0)
            },
            new_ids=[name for name in shown if name not in self.known],
        )
        self.known |= shown.keys()
        return record.id

    def look(self, name, photo_id):
        add_further_reading(
            self.session, name, photo_id, reading(name, A, f"again in {photo_id}")
        )


SHOWN = st.dictionaries(
    st.sampled_from(NAMES),
    st.tuples(
        st.sampled_from((A, B, None)),
        st.booleans(),
        st.sampled_from(("new", "same", "edited", "sharper")),
        st.sampled_from((0.0, 1.0, 3.0)),
    ),
)
PHOTO = st.tuples(
    SHOWN,
    st.fixed_dictionaries(
        dict.fromkeys((A, B), st.sampled_from(("taken", "free", "covered", "unseen")))
    ),
    st.lists(st.sampled_from(("gone", "covered", "unseen")), max_size=3),
    st.sampled_from((1.0, 0.4)),
    st.booleans(),
)


@settings(
    max_examples=settings.default.max_examples // 2,
    # Each example is rolled back.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    minutes=st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=5),
    data=st.data(),
)
def test_kept_state_is_that_of_everything_whenever_it_came(site, minutes, data):
    with site.database.read() as session:
        arrivals = Arrivals(session)
        for minute in minutes:
            *photo, looked_at = data.draw(PHOTO)
            photo_id = arrivals.photo(minute, *photo)
            assert state_of(session, "friday") == folded_anew(session, "friday")
            if looked_at and photo[0]:
                arrivals.look(next(iter(photo[0])), photo_id)
                assert state_of(session, "friday") == folded_anew(session, "friday")
        (row,) = session.query(BoardStateRow).all()
        assert (row.board, row.rules) == ("friday", board_states.RULES)


def say(session, change):
    """Have a person say something of a photo, and what comes of it be folded."""
    made = append_correction(session, "friday", change, author="Ada", made_at=NOW)
    renew_if_outdated(session, "friday")
    return made


@settings(
    max_examples=settings.default.max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    minutes=st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=5),
    data=st.data(),
)
def test_photo_taken_back_leaves_nothing_and_comes_back_whole(site, minutes, data):
    """Among photos with a time and without, some of them given one."""
    with site.database.read() as session:
        arrivals, ids = Arrivals(session), []
        for minute in minutes:
            *photo, dated = data.draw(PHOTO)
            ids.append(arrivals.photo(minute, *photo, dated=dated))
            if data.draw(st.booleans()):
                at = NOW.replace(minute=data.draw(st.integers(0, 59)))
                say(session, PhotoTime(data.draw(st.sampled_from(ids)), at))
            assert state_of(session, "friday") == folded_anew(session, "friday")
        before = state_of(session, "friday")
        gone = data.draw(st.sampled_from(ids))

        taken_back = say(session, PhotoTakenBack(gone))

        without = state_of(session, "friday")
        assert without == folded_anew(session, "friday")
        shown = [card.newest.photo for card in without.cards.values()]
        sources = [
            one.photo for card in without.cards.values() for one in card.showings
        ]
        assert gone not in {*shown, *sources}
        set_undone(session, taken_back, undone=True, author="Ada", at=NOW)
        renew_if_outdated(session, "friday")
        assert state_of(session, "friday") == before


@settings(
    max_examples=settings.default.max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    photos=st.lists(st.tuples(PHOTO, st.booleans()), min_size=1, max_size=5),
    data=st.data(),
)
def test_photo_without_a_time_takes_no_session_down(site, photos, data):
    """What the others of its day say holds as if it had not come, whenever it comes."""
    minutes = data.draw(st.permutations(range(len(photos))))
    with site.database.read() as session:
        arrivals, undated = Arrivals(session), []
        for minute, (photo, dated) in zip(minutes, photos, strict=True):
            photo_id = arrivals.photo(minute, *photo[:4], dated=dated)
            undated += [] if dated else [photo_id]
        among = state_of(session, "friday")
        for photo_id in undated:
            say(session, PhotoTakenBack(photo_id))
        without = state_of(session, "friday")

    there = [one for one in without.cards.values() if one.absence.presence != "gone"]
    for alone in there:
        same = among.cards[alone.newest.card]
        assert (same.newest, same.absence) == (alone.newest, alone.absence)
    if undated and len(undated) == len(photos):
        assert {card.absence.presence for card in among.cards.values()} <= {"present"}


def test_photo_given_a_time_counts_as_of_it(site):
    """An old photo whose camera's clock is ahead, and one that lost its time."""
    with site.database.read() as session:
        arrivals = Arrivals(session)
        cells = {A: "free", B: "free"}
        ahead = arrivals.photo(30, {"aa": (A, True, "new", 1.0)}, cells, [], 1.0)
        arrivals.photo(20, {"aa": (B, True, "same", 1.0)}, cells, [], 1.0)
        lost = arrivals.photo(40, {}, cells, ["gone"], 1.0, dated=False)
        (before,) = cards_of(session, "friday")
        say(session, PhotoTime(ahead, NOW.replace(minute=10)))
        (moved,) = cards_of(session, "friday")
        say(session, PhotoTime(lost, NOW.replace(minute=40)))
        (gone,) = cards_of(session, "friday")

    assert (before.cell, before.presence) == (A, "present")
    assert (moved.cell, moved.presence) == (B, "present")
    assert moved.first_seen_at == NOW.replace(minute=10)
    assert (gone.cell, gone.presence) == (B, "gone")


def test_photo_without_a_time_was_seen_when_it_came(site):
    with site.database.read() as session:
        shown = {"aa": (A, True, "new", 1.0)}
        Arrivals(session).photo(40, shown, {A: "taken"}, [], 1.0, dated=False)

        assert state_of(session, "friday") == folded_anew(session, "friday")
        (seen,) = cards_of(session, "friday")
    assert seen.last_seen_at == NOW.replace(minute=40)


def test_photo_known_again_after_its_card_was_taken_back_keeps_a_crop(site):
    """The worker had matched its cards before somebody took the first photo back."""
    with site.database.read() as session:
        arrivals = Arrivals(session)
        first = arrivals.photo(0, {"aa": (A, True, "new", 1.0)}, {A: "taken"}, [], 1.0)
        (before,) = cards_of(session, "friday")
        say(session, PhotoTakenBack(first))
        assert cards_of(session, "friday") == ()

        arrivals.photo(
            5, {"aa": (A, False, "same", 1.0)}, {A: "taken"}, [], 1.0, cut=False
        )

        (after,) = cards_of(session, "friday")
    assert after.crop == before.crop


@pytest.mark.parametrize(("minutes", "presence"), [(10, "gone"), (11, "unseen")])
def test_close_ups_of_one_walk_tell_together_that_a_card_is_gone(
    site, minutes, presence
):
    with site.database.read() as session:
        arrivals = Arrivals(session)
        known = {"aa": (A, True, "new", 1.0)}
        arrivals.photo(0, known, {A: "taken", B: "free"}, [], 1.0)
        arrivals.photo(20, {}, {A: "unseen", B: "free"}, ["unseen"], 0.4)
        arrivals.photo(20 + minutes, {}, {A: "free", B: "unseen"}, ["gone"], 0.4)

        assert state_of(session, "friday") == folded_anew(session, "friday")
        assert [
            one.presence for one in cards_of(session, "friday") if one.id == "aa"
        ] == [presence]


@pytest.fixture
def morning(journey, scripted):
    journey.send("morning")
    journey.work({"morning": scripted.SHOTS["morning"]})
    return journey


@pytest.fixture
def never_anew(monkeypatch):
    """Whoever folds a board anew is a mistake."""

    def refuse(_session, board):
        pytest.fail(f"{board} was folded anew")

    def forbid():
        monkeypatch.setattr(board_states, "folded_anew", refuse)

    return forbid


@pytest.mark.parametrize("loss", ["row", "rules"])
def test_state_that_is_lost_or_of_other_rules_is_folded_anew(loss, morning, never_anew):
    before = morning.ask(cards_of, "friday")
    with morning.site.database.write() as session:
        row = session.get(BoardStateRow, "friday")
        if loss == "row":
            session.delete(row)
        else:
            row.rules, row.document = "older", "{}"

    assert morning.ask(outdated_boards) == ("friday",)
    assert morning.ask(cards_of, "friday") == before

    take_over(morning.site.database)

    never_anew()
    assert morning.ask(outdated_boards) == ()
    assert morning.ask(cards_of, "friday") == before
    take_over(morning.site.database)


def test_photo_and_look_mend_a_state_of_other_rules(morning, scripted):
    with morning.site.database.write() as session:
        session.get(BoardStateRow, "friday").rules = "older"

    sent = morning.send("noon", "13:00")
    morning.work(scripted.SHOTS, lanes=["straighten", "read"])

    assert morning.ask(outdated_boards) == ()
    with morning.site.database.write() as session:
        session.get(BoardStateRow, "friday").rules = "older"
        name = next(iter(state_of(session, "friday").cards))
        add_further_reading(session, name, sent.id, reading(name, A, "again"))
    assert morning.ask(outdated_boards) == ()
    (named,) = [one for one in morning.ask(cards_of, "friday") if one.id == name]
    assert named.fields.title == f"{name} again"


def test_photos_in_their_order_are_never_folded_anew(morning, scripted, never_anew):
    never_anew()

    morning.send("noon", "13:00")
    morning.work(scripted.SHOTS)

    assert {entry.fields.title for entry in morning.ask(cards_of, "friday")} == {
        "Type checking",
        "Knitting",
    }


def test_transaction_that_fails_leaves_the_state_as_it_was(morning):
    before = morning.ask(state_of, "friday")

    def break_down():
        with morning.site.database.write() as session:
            Arrivals(session).photo(50, {"bb": (B, True, "new", 1.0)}, {}, [], 1.0)
            assert len(state_of(session, "friday").cards) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_down()
    assert morning.ask(state_of, "friday") == before


def test_board_without_photos_has_an_empty_state(site):
    with site.database.write() as session:
        assert state_of(session, "saturday") == board_states.BoardState()
        renew_state(session, "saturday")
    with site.database.read() as session:
        assert state_of(session, "saturday") == board_states.BoardState()


def without_notice(document):
    return {key: value for key, value in document.items() if key != "notice"}


def test_cards_that_were_blank_before_there_were_notices_keep_their_places(
    site, monkeypatch
):
    def older(reading):
        cards = [
            {**without_notice(card), "title": "", "blank": card["title"] == "bb at 0"}
            for card in to_json(reading)["cards"]
        ]
        return {**to_json(reading), "cards": cards}

    def older_fields(fields):
        return {**without_notice(fields_to_json(fields)), "title": ""}

    shown = dict.fromkeys(("aa", "bb"), (A, True, "new", 1.0))
    with site.database.read() as session:
        with monkeypatch.context() as patch:
            patch.setattr(cards, "to_json", older)
            patch.setattr(cards, "fields_to_json", older_fields)
            Arrivals(session).photo(0, shown, {A: "taken"}, [], 1.0)

        state = folded_anew(session, "friday")

    assert {name: card.words.fields.notice for name, card in state.cards.items()} == {
        "aa": "",
        "bb": "continued",
    }
