"""What a browser sends until it has arrived arrives once, and is told to have."""

import threading
from itertools import count

import pytest

from server.app import app_of
from server.schedule.corrections.edit import Edit
from server.store.corrections import append_correction, corrections_of
from server.store.releases import latest_release

CARD = "bb0000000002"
SAVE = f"/desk/friday/cards/{CARD}"
ACT, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def stored(site):
    def stored():
        with site.database.read() as session:
            acts = corrections_of(session, "friday")
        return [(act.author, act.change.fields) for act in acts if not act.undone]

    return stored


@pytest.fixture
def post(client, sign_in):
    """Send a form as the desk's script does."""
    token = sign_in()

    def post(path, act=ACT, **fields):
        return client.post(
            path,
            data={"csrf_token": token, **fields},
            headers={"Boardcast-Act": act} if act else {},
        )

    return post


@pytest.fixture
def by_bo(site):
    def by_bo(card=CARD, **fields):
        with site.database.write() as session:
            append_correction(
                session,
                "friday",
                Edit.setting(card, fields),
                author="Bo",
                made_at=site.clock(),
            )

    return by_bo


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        pytest.param(SAVE, {"title": "T", "seen_title": ""}, 200, id="taken"),
        pytest.param(SAVE, {"title": "x" * 2001, "seen_title": ""}, 422, id="refused"),
        pytest.param("/desk/friday/cards/ffffffffffff", {}, 404, id="no-such-card"),
        pytest.param(SAVE, {"csrf_token": "wrong"}, 403, id="stale-form"),
        pytest.param("/desk/friday/undo", {}, 200, id="nothing-to-undo"),
    ],
)
def test_every_answer_of_the_desk_is_a_receipt(post, path, fields, status):
    response = post(path, **fields)

    assert (response.status_code, response.headers["Boardcast-Act"]) == (status, ACT)


@pytest.mark.usefixtures("friday")
def test_redirection_is_an_empty_receipt(post, friday):
    response = post(f"/desk/friday/photos/{friday.photo_id}/retry")

    assert response.status_code in {200, 303}
    assert response.headers["Boardcast-Act"] == ACT


@pytest.mark.usefixtures("friday")
def test_answer_to_somebody_who_is_signed_out_is_a_receipt(client):
    response = client.post(SAVE, data={}, headers={"Boardcast-Act": ACT})

    assert (response.status_code, response.headers["Boardcast-Act"]) == (401, ACT)


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize("name", ["", "short", "A" * 32, "<script>" * 4, "a" * 33])
def test_only_a_name_of_the_scripts_own_is_said_back(post, name):
    assert "Boardcast-Act" not in post(SAVE, act=name, title="T", seen_title="").headers


@pytest.mark.usefixtures("friday")
def test_act_that_arrives_twice_is_done_once_whatever_came_between(post, stored, by_bo):
    first = post(SAVE, title="Parents in tech", seen_title="")
    by_bo(title="Parents")
    second = post(SAVE, title="Parents in tech", seen_title="")

    assert (first.status_code, second.status_code, second.text) == (200, 200, "")
    assert stored() == [
        ("Ada", {"title": "Parents in tech"}),
        ("Bo", {"title": "Parents"}),
    ]


@pytest.mark.usefixtures("friday")
def test_act_that_arrives_twice_at_the_same_moment_is_done_once(site, stored):
    def append():
        with site.database.write() as session:
            append_correction(
                session,
                "friday",
                Edit.setting(CARD, {"title": "T"}),
                author="Ada",
                made_at=site.clock(),
                act=ACT,
            )

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stored() == [("Ada", {"title": "T"})]


@pytest.mark.usefixtures("friday")
def test_undo_that_arrives_twice_takes_back_one_act(post, stored):
    post(SAVE, act="1" * 32, title="One", seen_title="")
    post(SAVE, act="2" * 32, title="Two", seen_title="One")

    first, second = post("/desk/friday/undo"), post("/desk/friday/undo")

    assert "Taken back: title" in first.text
    assert (second.status_code, second.text) == (200, "")
    assert stored() == [("Ada", {"title": "One"})]
    post("/desk/friday/undo", act=OTHER)
    assert stored() == []


@pytest.mark.usefixtures("friday")
def test_save_that_collides_saves_the_rest_and_comes_again(post, stored, by_bo):
    by_bo(title="Parents at work")
    drawn = {"seen_title": "", "seen_host": ""}
    first = post(SAVE, title="Parents in tech", host="Oona", **drawn)
    again = post(SAVE, title="Parents in tech", host="Oona", **drawn)

    assert (first.status_code, again.status_code) == (409, 409)
    assert "data-collided" in again.text
    assert stored() == [("Bo", {"title": "Parents at work"}), ("Ada", {"host": "Oona"})]


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(
    ("keep", "expected"), [("mine", ["Parents in tech"]), ("theirs", [])]
)
def test_choice_of_what_holds(post, stored, by_bo, keep, expected):
    by_bo(title="Parents at work")

    post(SAVE, title="Parents in tech", seen_title="Parents at work", keep_title=keep)

    assert [fields["title"] for who, fields in stored() if who == "Ada"] == expected


@pytest.mark.usefixtures("friday")
def test_card_that_has_left_keeps_what_was_saved(post, stored, seeder, site):
    seeder.photo(gone=(CARD,), at=site.clock())

    response = post(SAVE, title="Parents in tech", seen_title="")

    assert "has left the board" in response.text
    assert stored() == [("Ada", {"title": "Parents in tech"})]


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(
    ("origin", "shown"),
    [(None, True), ("http://localhost", True), ("https://evil.example", False)],
)
def test_page_of_a_refused_form_has_what_was_typed_here(client, sign_in, origin, shown):
    token = sign_in()
    response = client.post(
        SAVE,
        data={"csrf_token": token, "title": "y" * 2001, "seen_title": ""},
        headers={"Origin": origin} if origin else {},
    )

    assert response.status_code == 422
    assert (f">\n{'y' * 2001}</textarea>" in response.text) is shown


@pytest.mark.usefixtures("friday")
def test_worker_and_facilitators_at_the_same_time_lose_nothing(
    site, seeder, make_post, stored
):
    """Real threads at a real SQLite: photos come in while two people save."""
    app = app_of(site)
    names = count()
    ready = threading.Barrier(3)
    statuses = []

    def save(who, field, before):
        client = app.test_client()
        client.get(f"/sign-in/{site.tokens.issue('facilitator', who)}")
        with client.session_transaction() as cookie:
            token = cookie["csrf"]
        ready.wait()
        for number in range(12):
            seen = {f"seen_{field}": f"{field} {number - 1}" if number else before}
            response = client.post(
                SAVE,
                data={"csrf_token": token, field: f"{field} {number}", **seen},
                headers={"Boardcast-Act": f"{next(names):032x}"},
            )
            statuses.append(response.status_code)

    def photograph():
        ready.wait()
        for minute in range(12):
            post = make_post(CARD, room="Room 302", title=f"read {minute}")
            at = site.clock().replace(hour=10, minute=minute)
            seeder.photo(post, at=at, known=(CARD,))

    threads = [
        threading.Thread(target=save, args=("Ada", "title", "")),
        threading.Thread(target=save, args=("Bo", "host", "")),
        threading.Thread(target=photograph),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 24
    assert sorted(who for who, _ in stored()) == ["Ada"] * 12 + ["Bo"] * 12
    with site.database.read() as session:
        sessions = latest_release(session, "friday").schedule.sessions
    (published,) = (one for one in sessions if one.id == CARD)
    assert (published.title, published.host) == ("title 11", "host 11")
