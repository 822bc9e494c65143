"""A vote on two cards in one cell: begun at the desk, ended by time or by hand."""

import json

import pytest

from server.intake.claims import Worker
from server.intake.loop import end_votes_on_time
from server.store.corrections import corrections_of

CHESS, GO = "aa0000000001", "bb0000000002"
CONFLICT = f"cell-{CHESS}-{GO}"


@pytest.fixture(autouse=True)
def _two_in_one_cell(seeder, make_post, clock):
    seeder.photo(
        make_post(CHESS, slot="13:00-14:00", title="Chess"),
        make_post(GO, slot="13:00-14:00", title="Go"),
    )
    clock.at(11)


@pytest.fixture
def decide(app, site):
    facilitator = app.test_client()
    facilitator.get(f"/sign-in/{site.tokens.issue('facilitator', 'Ada')}")
    with facilitator.session_transaction() as cookie:
        token = cookie["csrf"]

    def decide(action, status=303, **fields):
        data = {"csrf_token": token, "conflict": CONFLICT, "action": action, **fields}
        answer = facilitator.post("/desk/friday/conflicts", data=data)
        assert answer.status_code == status, answer.text
        return facilitator.get("/desk/friday").text

    decide.client, decide.token = facilitator, token
    return decide


@pytest.fixture
def told(app):
    """The one vote as the JSON tells it, and the titles that are published."""

    def told():
        document = json.loads(app.test_client().get("/os/friday.json").data)
        (vote,) = document["votes"] or [None]
        return vote, [one["title"] for one in document["sessions"]]

    return told


@pytest.fixture
def number(site):
    """Give the number of the vote that was begun last."""

    def number():
        with site.database.read() as session:
            return corrections_of(session, "friday")[-1].id

    return number


def vote(device, number, choice):
    path = f"/os/friday/votes/{number}"
    return device.post(path, data={"choice": choice}, follow_redirects=True)


@pytest.fixture
def end(site, clock):
    """Let the worker look for votes that are over, at this time."""

    def end(hour, minute):
        clock.at(hour, minute)
        end_votes_on_time(Worker(site, None, "test"))

    return end


@pytest.mark.databases
def test_attendees_vote_until_a_time_and_the_most_votes_win(
    decide, device, number, told, end
):
    assert "Attendees vote until" in decide("vote", decide_by="12:30")
    page = device().get("/os/friday").text
    assert "Room 301</bdi>, 13:00\N{EN DASH}14:00" in page
    assert "Which one shall be held here? Vote until" in page
    ada = device()
    assert "Your vote is counted." in vote(ada, number(), GO).text
    assert "first vote counts" in vote(ada, number(), CHESS).text
    vote(device(), number(), GO)
    vote(device(), number(), CHESS)
    assert "choose one of" in vote(device(), number(), "ffffffffffff").text
    assert "3 votes so far" in device().get("/os/friday/votes").text
    assert "<strong>2</strong> votes" in decide.client.get("/desk/friday").text
    end(11, 1)
    running, titles = told()
    assert (running["ended"], running["chosen"], titles) == (
        False,
        [],
        ["Chess", "Go"],
    )
    begun = number()

    end(12, 30)
    assert "This vote is over." in vote(device(), begun, CHESS).text
    end(12, 31)

    result, titles = told()
    assert titles == ["Go"]
    assert (result["ended"], result["chosen"]) == (True, [GO])
    assert [(one["title"], one["votes"]) for one in result["options"]] == [
        ("Chess", 1),
        ("Go", 2),
    ]
    page = device().get("/os/friday").text
    assert "2 votes" in page
    assert "is held" in page
    history = decide.client.get("/desk/friday/history").text
    assert "the attendees&#39; vote" in history
    assert "only Go (votes: Chess 1, Go 2)" in history


@pytest.mark.databases
def test_tie_is_left_to_the_facilitator_whose_decision_tells_the_votes(
    decide, device, number, told, end
):
    decide("vote", decide_by="12:30")
    vote(device(), number(), GO)
    vote(device(), number(), CHESS)

    assert "A tie when the vote ended: decide." in decide("end")
    assert told()[0]["ended"]
    assert "A tie" in device().get("/os/friday").text
    decide("end", 422)
    end(12, 31)
    decide(f"only {CHESS}")

    result, titles = told()
    assert (result["chosen"], titles) == ([CHESS], ["Chess"])
    assert [one["votes"] for one in result["options"]] == [1, 1]


def test_vote_whose_result_was_taken_back_is_not_counted_again(
    decide, device, number, told, end
):
    decide("vote", decide_by="12:30")
    begun = number()
    vote(device(), begun, GO)
    end(12, 31)
    undo = {"csrf_token": decide.token, "correction": number()}
    decide.client.post("/desk/friday/undo", data=undo)

    end(12, 32)

    assert told()[1] == ["Chess", "Go"]
    assert "This vote is over." in vote(device(), begun, CHESS).text


def test_vote_is_moot_once_one_of_the_two_has_moved(decide, device, number, told, end):
    decide("vote", decide_by="12:30")
    begun = number()
    data = {"csrf_token": decide.token, "action": "hide"}
    decide.client.post(f"/desk/friday/cards/{CHESS}", data=data)

    assert "This vote is over." in vote(device(), begun, GO).text
    end(12, 31)
    assert told() == (None, ["Go"])


def test_script_that_votes_a_thousand_times_is_slowed_by_its_address(
    decide, device, number
):
    decide("vote", decide_by="12:30")

    codes = [vote(device(), number(), GO).status_code for _ in range(62)]

    assert (codes.count(200), codes.count(429)) == (60, 2)  # two requests a device
