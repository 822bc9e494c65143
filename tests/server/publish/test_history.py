import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.layout import CellId
from server.publish.history import SessionHistory, histories
from server.schedule.sessions import Schedule

FIRST = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def released(*sessions_of_each):
    return [
        (FIRST + HOUR * index, Schedule("friday", tuple(sessions), ()))
        for index, sessions in enumerate(sessions_of_each)
    ]


@given(
    titles=st.lists(st.sampled_from(["", "Knitting", "Typing"]), max_size=6),
    cut=st.integers(0, 6),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_histories_may_be_folded_in_two_parts(make_session, titles, cut):
    whole = released(*([make_session(title=title)] * bool(title) for title in titles))

    assert histories(whole[cut:], histories(whole[:cut])) == histories(whole)


def test_histories_of_nothing_are_none():
    assert histories([]) == ()


def test_history_of_an_unchanged_session_stays_at_zero(make_session):
    session = make_session()

    assert histories(released([session], [session])) == (
        SessionHistory(session, 0, FIRST, gone=False),
    )


def test_history_of_a_better_picture_is_no_change_but_newest(make_session):
    better = make_session(crop="d" * 64, confidence=0.99, presence="covered")

    assert histories(released([make_session()], [better])) == (
        SessionHistory(better, 0, FIRST, gone=False),
    )


def test_history_counts_corrections_and_moves(make_session):
    corrected = make_session(title="Typing at scale")
    moved = make_session(
        title="Typing at scale", cell=CellId("Room 302", "10:00-11:00")
    )

    assert histories(released([make_session()], [corrected], [moved])) == (
        SessionHistory(moved, 2, FIRST + 2 * HOUR, gone=False),
    )


def test_history_counts_that_a_session_is_cancelled_and_that_it_is_not(make_session):
    held, cancelled = make_session(), make_session(cancelled=True)

    assert histories(released([held], [cancelled], [held])) == (
        SessionHistory(held, 2, FIRST + 2 * HOUR, gone=False),
    )


def test_history_of_a_gone_session_stays_and_may_return(make_session):
    session = make_session()

    assert histories(released([session], [], [])) == (
        SessionHistory(session, 1, FIRST + HOUR, gone=True),
    )
    assert histories(released([session], [], [session])) == (
        SessionHistory(session, 2, FIRST + 2 * HOUR, gone=False),
    )


def test_histories_are_in_the_order_of_ids(make_session):
    late, early = make_session(id="b" * 12), make_session(id="a" * 12)

    assert [entry.session.id for entry in histories(released([late, early]))] == [
        "a" * 12,
        "b" * 12,
    ]


@given(titles=st.lists(st.sampled_from([None, "One", "Two"]), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sequence_never_falls_from_release_to_release(make_session, titles):
    releases = released(
        *([make_session(title=title)] if title else [] for title in titles)
    )
    sequences = [
        entry.sequence
        for count in range(1, len(releases) + 1)
        for entry in histories(releases[:count])
    ]

    assert sequences == sorted(sequences)


def test_history_counts_that_a_guess_was_confirmed(make_session):
    guessed, sure = make_session(title_confidence=0.3), make_session()

    assert histories(released([guessed], [sure])) == (
        SessionHistory(sure, 1, FIRST + HOUR, gone=False),
    )
