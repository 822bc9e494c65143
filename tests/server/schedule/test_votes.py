import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId
from server.schedule.conflicts import Conflict
from server.schedule.corrections.held import HeldDecision, Made
from server.schedule.decided import Question
from server.schedule.votes import ended, votes_of

NOON = dt.datetime(2024, 5, 17, 12, tzinfo=dt.UTC)
CARDS = ("aa", "bb", "cc")
QUESTION = Question(
    Conflict("cell", CARDS, CellId("Room 301", "13:00-14:00")),
    "waiting",
    HeldDecision(CARDS, NOON, Made(7, "Ada", NOON), "votes"),
)


@given(st.dictionaries(st.sampled_from([*CARDS, "no session"]), st.integers(0, 5)))
def test_most_votes_win_and_a_tie_is_left_to_a_person(counts):
    decision = ended(QUESTION, counts, NOON)

    assert decision == ended(QUESTION, counts, NOON)
    votes = dict(decision.counts)
    assert votes == {card: counts.get(card, 0) for card in CARDS}
    if decision.decide_by:
        assert (decision.chosen, decision.decide_by) == (CARDS, NOON)
        assert max(votes.values()) == sorted(votes.values())[-2]
    else:
        (winner,) = decision.chosen
        others = [votes[card] for card in CARDS if card != winner]
        assert votes[winner] > max(others)


def test_vote_tells_no_counts_before_it_has_ended():
    (vote,) = votes_of([QUESTION], {"aa": "Chess", "bb": "Go"}, dt.UTC)

    assert (vote.id, vote.ended, vote.chosen) == (7, False, ())
    assert [tuple(one) for one in vote.options] == [
        ("aa", "Chess", None),
        ("bb", "Go", None),
        ("cc", "", None),
    ]
