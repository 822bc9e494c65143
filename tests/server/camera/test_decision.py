import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.camera.decision import (
    LARGE,
    LARGE_STILL_S,
    PATIENCE_S,
    STILL_S,
    Decision,
    Looked,
    Waiting,
    decide,
)

CARD, PERSON = LARGE / 4, LARGE * 4


@pytest.mark.parametrize(
    ("looked", "decision"),
    [
        (Looked(0.0), Decision("skip", "nothing changed")),
        (Looked(0.0, moving=True), Decision("skip", "nothing changed")),
        (Looked(CARD, dark=True), Decision("skip", "it is dark")),
        (
            Looked(CARD, blurred=True),
            Decision("wait", "it is out of focus", Waiting(7, None)),
        ),
        (
            Looked(CARD, moving=True),
            Decision("wait", "somebody moves", Waiting(7, None)),
        ),
        (Looked(CARD), Decision("wait", "it must stay like that", Waiting(7, 7))),
    ],
    ids=["same", "beside", "dark", "blurred", "moving", "changed"],
)
def test_first_look_is_never_taken(looked, decision):
    assert decide(looked, None, 7) == decision


@pytest.mark.parametrize(("changed", "needed_s"), [(CARD, STILL_S), (1, LARGE_STILL_S)])
def test_change_is_taken_when_it_has_stayed(changed, needed_s):
    looked = Looked(changed, as_before=True)

    soon = decide(looked, Waiting(0, 10), 10 + needed_s - 1)
    then = decide(looked, soon.waiting, 10 + needed_s)

    assert soon == Decision("wait", "it must stay like that", Waiting(0, 10))
    assert then == Decision("take", "it changed")


@pytest.mark.parametrize(
    "looked", [Looked(PERSON), Looked(PERSON, moving=True)], ids=["swayed", "moved"]
)
def test_who_moves_begins_the_wait_again(looked):
    decision = decide(looked, Waiting(0, 10), 500)

    assert decision.verdict == "wait"
    assert decision.waiting.since_s == 0
    assert decision.waiting.still_since_s in {None, 500}


def test_after_long_a_picture_with_people_is_taken():
    looked = Looked(PERSON, moving=True)

    assert decide(looked, Waiting(0, None), PATIENCE_S - 1).verdict == "wait"
    assert decide(looked, Waiting(0, None), PATIENCE_S).verdict == "take"


LOOKED = st.builds(
    Looked,
    st.sampled_from([0.0, CARD, PERSON]),
    *[st.booleans()] * 4,
)


@given(st.lists(LOOKED, min_size=1, max_size=60), st.sampled_from([20, 60, 300]))
def test_never_dark_blurred_or_unchanged_and_never_kept_waiting_for_long(looks, step_s):
    waiting, since_s = None, None
    for number, looked in enumerate(looks):
        now_s = number * step_s
        decision = decide(looked, waiting, now_s)
        waiting = decision.waiting
        assert (waiting is None) == (decision.verdict != "wait")
        if decision.verdict == "take":
            assert looked.changed > 0
            assert not looked.dark
            assert not looked.blurred
        since_s = None if waiting is None else now_s if since_s is None else since_s
        assert since_s is None or now_s - since_s < PATIENCE_S
