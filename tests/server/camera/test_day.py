"""A day of the camera in fast motion: people and light over a board that changes."""

from collections import Counter
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest

from sample_boards.people import Person, stand_in_front
from server.camera.decision import PATIENCE_S, Decision, decide, looked
from server.camera.lookout import GAP_S, PICTURES, WAIT_S

MINUTE = 60
DAY_S = 4 * 60 * MINUTE
EVERY_S = 5 * MINUTE
SMALL_WH = (480, 360)
DARK_FROM_S = DAY_S - 20 * MINUTE


@dataclass(frozen=True)
class Visit:
    """Somebody is in front of the board; who stands sways a little."""

    start_s: float
    end_s: float
    who: Person
    walks: bool

    def at(self, now_s):
        """Where they are, if they are there."""
        if not self.start_s <= now_s < self.end_s:
            return None
        if self.walks:
            gone = (now_s - self.start_s) / (self.end_s - self.start_s)
            return replace(self.who, x=gone * 1.2 - 0.1)
        # Two centimetres to and fro: 8 pixels of a board of 2.2 m that is 900 wide.
        begun = self.who.seed % 60
        sways = (np.sin((now_s + begun) * 2 * np.pi / period_s) for period_s in (7, 23))
        return replace(self.who, x=self.who.x + float(sum(sways)) * 4 / 960)


@dataclass
class Day:
    """What is in front of the camera at each second, by seed."""

    states: list
    changes_s: list[float]
    visits: list[Visit]
    noise: list = field(default_factory=list)

    @classmethod
    def of(cls, before, after, changes, seed):
        """Cards change from those of one picture to those of another, one by one."""
        rng = np.random.default_rng(seed)
        states = [before]
        for number in rng.permutation(len(changes)):
            states.append(states[-1].copy())
            states[-1][changes[number]] = after[changes[number]]
        states = [
            cv2.resize(one, SMALL_WH, interpolation=cv2.INTER_AREA) for one in states
        ]
        lively_s = DARK_FROM_S - 40 * MINUTE
        changes = sorted(rng.uniform(20 * MINUTE, lively_s, len(changes)).tolist())
        # Who changes a card stands before it a minute before and half a one after.
        visits = [Visit(at - 60, at + 30, somebody(rng), walks=False) for at in changes]
        for _ in range(20):
            start = float(rng.uniform(0, DAY_S))
            visits.append(Visit(start, start + 5, somebody(rng), walks=True))
        for _ in range(6):
            start = float(rng.uniform(0, lively_s - 10 * MINUTE))
            stays = float(rng.uniform(1, 10) * MINUTE)
            visits.append(Visit(start, start + stays, somebody(rng), walks=False))
        noise = [rng.normal(0, 2, states[0].shape).astype(np.int8) for _ in range(4)]
        return cls(states, changes, visits, noise)

    def state(self, now_s):
        """The number of the board as it is."""
        return int(np.searchsorted(self.changes_s, now_s, side="right"))

    def people(self, now_s):
        there = (visit.at(now_s) for visit in self.visits)
        return tuple(person for person in there if person is not None)

    def picture(self, now_s):
        """What the camera gives."""
        seen = self.states[self.state(now_s)]
        if people := self.people(now_s):
            seen, _ = stand_in_front(seen, people)
        # The sun goes round; somebody switches a lamp at noon, all off in the evening.
        gain = 0.9 + 0.15 * np.sin(now_s / DAY_S * np.pi)
        gain *= 0.03 if now_s >= DARK_FROM_S else 0.7 if now_s < DAY_S / 2 else 1.0
        lit = cv2.convertScaleAbs(seen, alpha=float(gain))
        return cv2.add(lit, self.noise[int(now_s) % 4], dtype=cv2.CV_8U)


def somebody(rng):
    return Person(
        x=float(rng.uniform(0.15, 0.85)),
        head_top=float(rng.uniform(0.4, 0.65)),
        head_share=float(rng.uniform(0.13, 0.19)),
        arm=int(rng.choice([-1, 0, 1])),
        seed=int(rng.integers(2**31)),
    )


@dataclass
class Run:
    """What came of a day."""

    pictures: int = 0
    verdicts: Counter = field(default_factory=Counter)
    taken: list = field(default_factory=list)  # when, whether it was for patience


def run(day, decide):
    """Live through a day as `Lookout.look` does."""
    found, now_s = Run(), 0.0
    taken = before = waiting = None
    while now_s < DAY_S:
        shots = [now_s + number * GAP_S for number in range(PICTURES)]
        pictures = [day.picture(at) for at in shots]
        what, before = looked(pictures, taken, before)
        decision = decide(what, waiting, shots[-1])
        waiting = decision.waiting
        found.pictures += PICTURES
        found.verdicts[decision.verdict] += 1
        if decision.verdict == "take":
            taken = before
            found.taken.append((shots[-1], decision.why))
        now_s = shots[-1] + (WAIT_S if decision.verdict == "wait" else EVERY_S)
    return found


def judged(day, found):
    """Count what is wrong: people in a picture, the same board twice, a change missed."""
    wrong, states = Counter(), [day.state(at) for at, _ in found.taken]
    for (at, why), state, last in zip(
        found.taken, states, [None, *states], strict=False
    ):
        patient = "all the time" in why
        wrong["people"] += bool(day.people(at)) and not patient
        wrong["nothing new"] += state == last and not patient
    ends = [*day.changes_s, DARK_FROM_S]
    starts = [0.0, *day.changes_s]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        # Looked at every five minutes; then so long until it is taken at the latest.
        lasted = end - start >= EVERY_S + PATIENCE_S + MINUTE
        wrong["missed"] += lasted and number not in states
    return +wrong


@pytest.fixture(scope="module")
def day(picture, later, changes):
    return Day.of(picture, later, changes, seed=2)


def test_day_in_fast_motion(day):
    found = run(day, decide)

    assert found.pictures >= 300
    assert found.verdicts["take"] >= 8
    assert judged(day, found) == {}, found


def test_day_of_a_camera_that_sends_whatever_changed_is_wrong(day):
    def careless(what, _waiting, _now_s):
        return Decision("take" if what.changed else "skip", "")

    assert judged(day, run(day, careless))["people"] >= 3
