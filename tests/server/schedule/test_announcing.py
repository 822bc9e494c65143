import datetime as dt
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.announcing import Announcing
from calibration.layout import CellId, Slot
from calibration.profile import Event
from server.schedule.announcing.announcement import Announcement, Delivery, Facts
from server.schedule.announcing.news import news_of, still_true
from server.schedule.announcing.pace import HOUR, next_post_at
from server.schedule.announcing.wording import Wording, alt_text, fitted, harmless
from server.schedule.entries import OtherCard
from server.schedule.sessions import Schedule, Session

ZONE = ZoneInfo("America/New_York")
RULES = Announcing()
MORNING = dt.datetime(2024, 5, 17, 9, 0, tzinfo=ZONE)


def session(name="a", room="Room 301", hour=10, **changes) -> Session:
    starts_at = dt.datetime(2024, 5, 17, hour, tzinfo=ZONE)
    made = Session(
        id=name,
        title="Type checking at scale",
        description="",
        host="Maya",
        handles=("@mayacodes",),
        hashtags=(),
        urls=(),
        cell=CellId(room, f"{hour}:00-{hour + 1}:00"),
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        crop="c" * 64,
        confidence=0.9,
        corrected=True,
        presence="present",
        last_seen_at=MORNING,
    )
    return replace(made, **changes)


@dataclass
class Told:
    """What people decided and what was sent, as the store keeps it."""

    rows: dict = field(default_factory=dict)
    ids: int = 0

    def keep(self, news, state, at, deliveries=()):
        self.ids += 1
        self.rows[news.key] = Announcement(
            self.ids, *news.key, state, news.facts, "", "Ada", at, None, deliveries
        )

    def send(self, news, at, state="sent"):
        assert news.key not in self.rows or self.rows[news.key].state != "begun"
        self.keep(
            news,
            "begun",
            at,
            (
                Delivery(
                    1,
                    "x",
                    state,
                    1,
                    with_picture=True,
                    next_try_at=at,
                    changed_at=at,
                    why="",
                ),
            ),
        )
        self.rows[news.key] = replace(self.rows[news.key], begun_at=at)


@pytest.fixture
def told() -> Told:
    return Told()


def news(told, *sessions, now=MORNING, rules=RULES):
    schedule = Schedule("friday", sessions, ())
    return news_of(schedule, told.rows.values(), rules, now)


def abouts(told, *sessions, **more):
    return [one.about for one in news(told, *sessions, **more)]


def test_a_session_is_new_until_it_was_told(told):
    (first,) = news(told, session())
    assert (first.about, first.facts) == ("new", Facts.of(session()))

    told.send(first, MORNING)

    assert news(told, session()) == ()


def test_what_was_told_of_a_card_holds_of_the_session_that_it_was_joined_to(told):
    told.send(*news(told, session("b")), MORNING)
    joined = session("a", others=(OtherCard("b", session().cell),))

    assert news(told, joined) == ()
    (moved,) = news(told, replace(joined, cell=CellId("Room 302", "10:00-11:00")))
    assert moved.key == ("a", "moved", "2")
    assert abouts(told) == ["cancelled"]


def test_a_typo_that_was_corrected_is_no_news(told):
    told.send(*news(told, session()), MORNING)

    assert news(told, session(title="Type checking at scale!", host="Maya B.")) == ()


def test_a_session_that_moved_says_where_it_is_now_and_each_place_once(told):
    told.send(*news(told, session()), MORNING)
    (moved,) = news(told, session(room="Room 302"))
    assert (moved.about, moved.facts.place) == ("moved", "Room 302")
    told.send(moved, MORNING)
    assert news(told, session(room="Room 302")) == ()

    (back,) = news(told, session())

    assert (back.about, back.facts.place) == ("moved", "Room 301")
    assert back.key != moved.key


@pytest.mark.parametrize("now_is", [(), (session(cancelled=True),)])
def test_what_was_never_announced_is_not_cancelled(told, now_is):
    assert abouts(told, session()) == ["new"]

    assert news(told, *now_is) == ()


def test_what_was_announced_and_is_gone_is_cancelled_once_and_new_when_it_is_back(told):
    told.send(*news(told, session()), MORNING)
    (gone,) = news(told)
    assert (gone.about, gone.certain) == ("cancelled", False)
    (struck,) = news(told, session(cancelled=True))
    assert (struck.key, struck.certain) == (gone.key, True)
    told.send(gone, MORNING)
    assert news(told) == ()

    assert abouts(told, session()) == ["new"]


def test_what_a_person_dropped_stays_dropped_until_it_is_other_news(told):
    (first,) = news(told, session())
    told.keep(first, "dropped", MORNING)
    assert news(told, session(room="Room 302")) == ()
    told.send(*news(told, session("b")), MORNING)
    (moved,) = news(told, session("b", "Room 302"))
    told.keep(moved, "dropped", MORNING)

    assert news(told, session("b", "Room 302")) == ()
    (other,) = news(told, session("b", "Room 303"))
    assert (other.about, other.key != moved.key) == ("moved", True)


def test_what_no_service_took_was_not_told(told):
    told.send(*news(told, session()), MORNING, state="failed")

    assert news(told, session()) == ()
    assert news(told) == ()
    assert abouts(told, session(room="Room 302")) == ["new"]


def test_what_perhaps_arrived_counts_as_told(told):
    told.send(*news(told, session()), MORNING, state="unsure")

    assert abouts(told, session(room="Room 302")) == ["moved"]


@pytest.mark.parametrize(
    ("minute", "expected"), [(44, []), (45, ["soon"]), (59, ["soon"])]
)
def test_soon_is_said_a_quarter_of_an_hour_ahead(told, minute, expected):
    told.send(*news(told, session()), MORNING)

    assert abouts(told, session(), now=MORNING.replace(minute=minute)) == expected


def test_soon_is_said_once_for_each_start_and_not_right_after_other_news(told):
    now = MORNING.replace(minute=50)
    (soon,) = news(told, session(), now=now)
    assert soon.about == "soon"  # not new as well
    told.send(soon, now)
    assert news(told, session(), now=now) == ()
    (moved,) = news(told, session(room="Room 302"), now=now)
    assert moved.about == "moved"
    told.send(moved, now)

    assert news(told, session(room="Room 302"), now=now.replace(minute=55)) == ()


def test_news_of_what_is_over_unreadable_or_not_decided_is_none(told):
    over = session()
    assert news(told, over, now=over.ends_at) == ()
    assert news(told, session(title="")) == ()
    assert news(told, session(decide_by=MORNING)) == ()


def test_a_guessed_title_needs_a_persons_eyes(told):
    (guess,) = news(told, session(title_confidence=0.4))

    assert not guess.certain


def test_only_what_the_event_asks_for_is_news(told):
    rules = Announcing(about=("moved",))
    told.send(*news(told, session()), MORNING)

    assert news(told, session("b"), rules=rules) == ()
    assert abouts(told, session(room="Room 302"), rules=rules) == ["moved"]


def test_an_approved_post_is_true_only_as_long_as_its_session_is_there():
    facts = Facts.of(session())

    assert still_true("new", facts, session(title="Typo"), MORNING)
    assert not still_true("new", facts, None, MORNING)
    assert not still_true("new", facts, session(cancelled=True), MORNING)
    assert not still_true("new", facts, session(room="Room 302"), MORNING)
    assert not still_true("soon", facts, session(), facts.starts_at)
    assert still_true("cancelled", facts, None, MORNING)
    assert not still_true("cancelled", facts, session(), MORNING)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["Room 301", "Room 302", "gone", "struck", "typo"]),
        st.integers(8, 23),
        st.integers(0, 200),
        st.booleans(),
    ),
    max_size=40,
)


def change(board, name, what, hour):
    if what == "gone":
        board.pop(name, None)
    elif what.startswith("Room"):
        board[name] = session(name, what, hour)
    elif name in board:
        change = {"cancelled": True} if what == "struck" else {"title": "Typos"}
        board[name] = replace(board[name], **change)


def check_said(posts):
    """Check that each post about one session is news after the one before it."""
    for before, after in zip([None, *posts], posts, strict=False):
        said = before.about if before else "cancelled"
        if after.about in {"new", "cancelled"}:
            assert (said == "cancelled") == (after.about == "new")
        elif after.about == "moved":
            assert not before.facts.same_place_and_time(after.facts)
    soon = [one.facts.starts_at for one in posts if one.about == "soon"]
    assert len(set(soon)) == len(soon)


def is_quiet(at, quiet):
    start, end, local = quiet.start, quiet.end, at.time()
    return start <= local < end if start < end else not end <= local < start


@settings(max_examples=2 * settings.default.max_examples)
@given(STEPS, st.integers(1, 3), st.sampled_from(["22:00-09:00", "12:00-13:00"]))
def test_no_post_twice_none_in_quiet_hours_and_never_too_many(steps, at_most, quiet):
    rules = Announcing(at_most=at_most, quiet=Slot.parse(quiet))
    told, board, now, posts = Told(), {}, MORNING, []
    for name, what, hour, minutes, drop in steps:
        change(board, name, what, hour)
        now += dt.timedelta(minutes=minutes)
        found = news(told, *board.values(), now=now, rules=rules)
        if drop and found:
            told.keep(found[-1], "dropped", now)
        for one in news(told, *board.values(), now=now, rules=rules):
            if next_post_at(now, [at for at, _ in posts], rules, ZONE) == now:
                told.send(one, now)
                posts.append((now, one))

    times = [at for at, _ in posts]
    assert all(
        sum(at - HOUR < other <= at for other in times) <= at_most for at in times
    )
    assert not any(is_quiet(at, rules.quiet) for at in times)
    assert len({one.key for _, one in posts}) == len(posts)
    for name in "abc":
        check_said([one for _, one in posts if one.session_id == name])


def test_a_post_waits_until_the_quiet_hours_are_over():
    rules = Announcing(quiet=Slot.parse("22:00-08:00"))
    night = MORNING.replace(hour=23)

    assert next_post_at(night, (), rules, ZONE) == dt.datetime(
        2024, 5, 18, 8, tzinfo=ZONE
    )
    assert next_post_at(MORNING, (), rules, ZONE) == MORNING


def test_a_clock_that_was_set_back_does_not_silence_for_long():
    rules = Announcing(at_most=1)
    ahead = MORNING + dt.timedelta(days=300)

    assert next_post_at(MORNING, [ahead], rules, ZONE) == MORNING + HOUR


def wording(friday, **changes) -> Wording:
    event = Event("PyCon US 2024", ZONE, "os", "#PyConOpenSpace")
    return Wording(event, friday, Announcing(**changes), "https://pycon.us/os")


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (
            "new",
            (
                "New: Type checking at scale with Maya @mayacodes\n"
                "Friday 10:00, Room 301\nhttps://pycon.us/os/s/a #PyConOpenSpace"
            ),
        ),
        (
            "moved",
            (
                "Moved: Type checking at scale with Maya @mayacodes\n"
                "Now Friday 10:00, Room 301\nhttps://pycon.us/os/s/a #PyConOpenSpace"
            ),
        ),
        (
            "cancelled",
            (
                "Cancelled: Type checking at scale\n"
                "Was Friday 10:00, Room 301\nhttps://pycon.us/os #PyConOpenSpace"
            ),
        ),
        (
            "soon",
            (
                "In 60 min: Type checking at scale with Maya @mayacodes\n"
                "10:00, Room 301\nhttps://pycon.us/os/s/a #PyConOpenSpace"
            ),
        ),
    ],
)
def test_each_post_has_its_words(board, about, expected):
    said = wording(board).text(about, "a", Facts.of(session()), MORNING)

    assert said == expected


def test_an_event_has_its_own_words_and_a_card_cannot_add_to_them(board):
    own = wording(board, templates={"new": "{title}|{host}|{handles}|{minutes}|{end}"})
    facts = Facts.of(session(title="{link} {0}", host="", handles=()))

    assert own.text("new", "a", facts, MORNING) == "{link} {0}|||60|11:00"


def test_a_card_calls_nobody():
    said = harmless("Hey @everyone and <!channel> or @Maya\nand @here")

    assert said == "Hey @\u200beveryone and <\u200b!channel> or @Maya and @\u200bhere"


def test_alt_text_says_what_the_card_says():
    assert alt_text(Facts.of(session(title="CI/CD"))) == (
        "Card: CI CD with Maya @mayacodes, 10:00, Room 301"
    )


def test_who_signs_with_a_handle_only_is_named_once():
    signed = session(title="Yarn", host="@mayacodes", handles=("@mayacodes", "@other"))

    assert alt_text(Facts.of(signed)) == (
        "Card: Yarn with @mayacodes @other, 10:00, Room 301"
    )


@given(st.text(max_size=400), st.integers(1, 300))
def test_a_post_is_never_too_long(text, limit):
    assert len(fitted(text, limit)) <= limit


def test_a_long_title_is_cut_and_the_rest_stays():
    text = "New: " + "very " * 100 + "long\nFriday 10:00, Room 301\nhttps://x.org"

    shortened = fitted(text, 280)

    assert len(shortened) <= 280
    assert shortened.endswith("…\nFriday 10:00, Room 301\nhttps://x.org")
