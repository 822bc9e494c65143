"""Taking back and making again: any sequence comes to what stands."""

import datetime as dt
from dataclasses import replace
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from server.schedule.corrections.correction import Correction, Turn
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.kinds import held_by
from server.views.desk.history import next_to_redo, next_to_undo

AT = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC)
EDITS = st.builds(
    Edit,
    card=st.sampled_from(["a" * 12, "b" * 12]),
    title=st.sampled_from(["One", "Two", "Three"]),
    host=st.none() | st.just("Oona"),
)
PEOPLE = st.sampled_from(["Ada", "Bo"])
STEPS = st.lists(
    st.tuples(PEOPLE, EDITS | st.sampled_from(["undo", "redo"])), max_size=12
)


class Desk:
    """What the store keeps of a board, one step after the other."""

    def __init__(self):
        self.acts = {}
        self._times = (AT + dt.timedelta(seconds=n) for n in count())
        self._turns = count(1)

    def do(self, who, change):
        number = len(self.acts) + 1
        self.acts[number] = Correction(number, change, who, next(self._times))

    def turn(self, who, correction, *, undone):
        if correction is None:
            return
        turn = Turn(next(self._turns), who, next(self._times))
        self.acts[correction.id] = replace(correction, undone=undone, turn=turn)

    def undo(self, who):
        self.turn(who, next_to_undo(self.acts.values(), who), undone=True)

    def redo(self, who):
        self.turn(who, next_to_redo(self.acts.values(), who), undone=False)

    def step(self, who, what):
        if isinstance(what, Edit):
            self.do(who, what)
        else:
            getattr(self, what)(who)

    @property
    def held(self):
        return held_by(self.acts.values())

    @property
    def undone(self):
        return {number for number, act in self.acts.items() if act.undone}


def desk_after(steps):
    desk = Desk()
    for who, what in steps:
        desk.step(who, what)
    return desk


@given(STEPS)
def test_any_sequence_comes_to_the_acts_that_stand(steps):
    desk = desk_after(steps)
    standing = [act for act in desk.acts.values() if not act.undone]

    assert desk.held == held_by(replace(act, turn=None) for act in standing)


@given(STEPS, PEOPLE, EDITS)
def test_undo_after_an_act_is_as_if_it_had_not_been(steps, who, change):
    desk = desk_after(steps)
    before = desk.held

    desk.do(who, change)
    desk.undo(who)

    assert desk.held == before


@given(STEPS, PEOPLE)
def test_redo_after_undo_and_undo_after_redo_change_nothing(steps, who):
    desk = desk_after(steps)
    before = desk.undone
    if next_to_undo(desk.acts.values(), who):
        desk.undo(who)
        desk.redo(who)
        assert desk.undone == before
    if next_to_redo(desk.acts.values(), who):
        desk.redo(who)
        desk.undo(who)
        assert desk.undone == before


@given(STEPS)
def test_nobody_takes_back_what_another_did(steps):
    desk = desk_after([*steps, *[("Ada", "undo")] * 13])

    assert {act.author for act in desk.acts.values() if not act.undone} <= {"Bo"}


def test_keys_go_back_step_by_step_and_forth_again():
    desk = Desk()
    for title in ("One", "Two", "Three"):
        desk.do("Ada", Edit("a" * 12, title=title))
    seen = []
    for step in ("undo", "undo", "redo", "undo", "undo", "undo", "redo", "redo"):
        desk.step("Ada", step)
        seen.append(sorted(set(desk.acts) - desk.undone))

    assert seen == [[1, 2], [1], [1, 2], [1], [], [], [1], [1, 2]]


def test_act_on_which_others_rest_is_taken_back_alone():
    desk = Desk()
    desk.do("Ada", Edit("a" * 12, title="One", host="Oona"))
    desk.do("Bo", Edit("a" * 12, title="Two"))

    desk.undo("Ada")

    assert {name: field.value for name, field in desk.held.card("a" * 12).items()} == {
        "title": "Two"
    }
    desk.redo("Ada")
    assert {name: field.value for name, field in desk.held.card("a" * 12).items()} == {
        "title": "Two",
        "host": "Oona",
    }


def test_redo_is_there_after_new_acts():
    desk = Desk()
    desk.do("Ada", Edit("a" * 12, title="One"))
    desk.undo("Ada")
    desk.do("Ada", Edit("b" * 12, title="Two"))

    desk.redo("Ada")

    assert desk.undone == set()
