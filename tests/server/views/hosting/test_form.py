"""A host fills in subject, time and name, and has a place."""

import logging
import threading
from collections import Counter
from dataclasses import replace

import pytest

from calibration.profile import save_profile
from server.app import app_of
from server.event_file import read_event_file
from server.schedule.hosting import HOST
from server.store.profiles import add_profile

TAKEN = ("Desk 1", "09:45-10:35", "Git for two")


def test_host_takes_a_place_and_all_see_it(device, client, published):
    answer = device.take(description="We share a keyboard.")

    page = client.get("/os/day-1").text
    document = client.get("/os/day-1.json").json
    (session,) = document["sessions"]
    assert answer.status_code == 303
    assert published() == [TAKEN]
    assert "Git for two" in page
    assert "No card" not in page
    assert (session["title"], session["host"]) == ("Git for two", "Mei")
    assert (session["room"], session["starts_at"][-14:-6]) == ("Desk 1", "09:45:00")
    assert session["link"] == "https://gather.example/pycontw"
    states = Counter(cell["state"] for cell in document["cells"])
    assert states == {"free": 11, "taken": 1}


def test_before_the_first_session_every_place_is_free(client):
    page = client.get("/os/day-1").text
    document = client.get("/os/day-1.json").json

    assert "No photo" not in page
    assert {cell["state"] for cell in document["cells"]} == {"free"}
    assert "All times are those of Taiwan Standard Time" in page


def test_who_comes_second_is_offered_the_next_free_place(device, new_device, published):
    device.take()

    clash = new_device().take("Zines", "Jo", description="Scissors & glue")

    assert clash.status_code == 409
    assert "Desk 1, 09:45-10:35 is not free." in clash.text
    assert "The next free place is Desk 2, 09:45-10:35" in clash.text
    for typed in ('value="Zines"', 'value="Jo"', "Scissors &amp; glue"):
        assert typed in clash.text
    assert '<option value="Desk 2" selected>' in clash.text
    assert published() == [TAKEN]


def test_a_double_click_makes_one_session(device, published, corrections):
    form = device.form()

    answers = [device.take(form=form) for _ in range(2)]

    assert answers[0].location == answers[1].location
    assert published() == [TAKEN]
    assert len(corrections()) == 1


def test_the_same_words_in_another_form_are_another_session(device, published):
    first = device.take()
    second = device.take(room="Desk 2")

    assert device.own(first) != device.own(second)
    assert len(published()) == 2


@pytest.mark.databases
def test_two_hosts_at_once_for_each_place_and_one_gets_it(
    new_device, site, other_process, published, corrections
):
    """Real threads and databases: who is second is refused, whoever that is."""
    hosts = [new_device(at) for at in (site, other_process) for _ in range(4)]
    forms = [host.form() for host in hosts]
    begin = threading.Barrier(len(hosts))
    statuses = {}

    def send(number):
        begin.wait()
        answer = hosts[number].take(f"Topic {number}", "Jo", form=forms[number])
        statuses[number] = answer.status_code

    threads = [threading.Thread(target=send, args=(n,)) for n in range(len(hosts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = [number for number, status in statuses.items() if status == 303]
    assert Counter(statuses.values()) == {303: 1, 409: 7}
    assert published() == [("Desk 1", "09:45-10:35", f"Topic {winner}")]
    assert len(corrections()) == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": "  "}, "Subject or name is missing."),
        ({"host": ""}, "Subject or name is missing."),
        ({"title": "x" * 121}, "A text has 121 characters; 120 fit."),
        ({"description": "好" * 601}, "A text has 601 characters"),
        ({"room": "Desk 9"}, "Place or time is missing."),
        ({"slot": "12:00-13:00"}, "Place or time is missing."),
        ({"until": "12:34"}, "No hour of this board"),
        ({"until": "16:15"}, "is not free until then"),
        ({"homepage": "https://spam.example"}, "as if a program"),
        ({"form": "made up"}, "This form is out of date"),
    ],
)
def test_what_cannot_be_taken_is_asked_for_again(device, published, fields, told):
    filled = {"title": "Zines & glue", "host": "Jo", **fields}

    answer = device.take(**filled)

    assert answer.status_code in {403, 409, 422}
    assert told in answer.text
    for name in ("title", "host"):
        kept = filled[name].replace("&", "&amp;")
        assert f'name="{name}" value="{kept}"' in answer.text
    assert published() == []


def test_a_session_takes_several_slots(device, client):
    device.take(until="11:25")

    (session,) = client.get("/os/day-1.json").json["sessions"]
    clash = device.take("Late", slot="10:35-11:25")
    assert session["ends_at"][-14:-6] == "11:25:00"
    assert clash.status_code == 409


def test_a_slot_that_is_over_is_not_to_be_had(device, clock):
    clock.at(9, 45)

    answer = device.take(slot="08:55-09:45")

    assert answer.status_code == 409
    assert "The next free place is Desk 1, 09:45-10:35" in answer.text


def test_a_form_from_another_site_is_refused(device, published):
    form = device.form()

    answer = device.client.post(
        "/os/day-1/host",
        data={"form": form, "title": "Spam", "host": "x"},
        headers={"Origin": "https://elsewhere.example"},
    )

    assert answer.status_code == 403
    assert published() == []


@pytest.mark.parametrize("origin", ["https://board.example", "http://localhost"])
def test_a_form_of_this_site_is_taken(device, origin):
    data = {"title": "T", "host": "H", "room": "Desk 1", "slot": "09:45-10:35"}
    answer = device.client.post(
        "/os/day-1/host",
        data={"form": device.form(), **data},
        headers={"Origin": origin},
    )

    assert answer.status_code == 303


def test_too_many_from_one_address_wait_and_lose_nothing(device, published):
    form = device.form()
    for _ in range(30):
        device.take(form=form)

    refused = device.take("One more", "Jo", room="Desk 2")

    assert refused.status_code == 429
    assert 'value="One more"' in refused.text
    assert len(published()) == 1


def test_what_hosts_type_is_escaped_in_every_format(device, client):
    device.take("<script>alert(1)</script>", '"><img src=x>')

    (session,) = client.get("/os/day-1.json").json["sessions"]
    pages = [
        client.get(path).text
        for path in (
            "/os/day-1",
            f"/os/s/{session['id']}",
            f"/os/s/{session['id']}.svg",
        )
    ]
    assert all(
        "<script>alert" not in page and "<img src=x" not in page for page in pages
    )
    assert all("&lt;script&gt;" in page for page in pages)


def test_names_are_in_no_log(device, caplog):
    caplog.set_level(logging.DEBUG)

    device.take("Grief circle", "Wilhelmina")
    device.take("Grief circle", "Wilhelmina")

    assert "Wilhelmina" not in caplog.text
    assert "Grief" not in caplog.text


def test_the_history_has_what_hosts_did(device, corrections, facilitator):
    device.take()

    (made,) = corrections()
    history = facilitator.client.get("/desk/day-1/history").text
    assert made.author == HOST
    assert "Git for two" in history
    assert HOST in history


def test_undone_by_the_facilitator_the_place_is_free_again(
    device, new_device, published, corrections, facilitator
):
    own = device.own(device.take())
    (made,) = corrections()

    facilitator("/desk/day-1/undo", correction=made.id)

    gone = device.client.get(own)
    assert gone.status_code == 410
    assert "Git for two" not in gone.text
    assert device.change(own, "cancel").status_code == 410
    assert new_device().take("Zines").status_code == 303
    assert published() == [("Desk 1", "09:45-10:35", "Zines")]


def test_a_blocked_place_is_refused(device, facilitator):
    facilitator(
        "/desk/day-1/cells",
        room=["Desk 1", "Desk 2", "Desk 3"],
        slot="09:45-10:35",
        state="blocked",
        reason="Keynote",
    )

    answer = device.take()

    assert answer.status_code == 409
    assert "The next free place is Desk 1, 10:35-11:25" in answer.text


def test_a_board_with_a_wall_has_no_form(site):
    walls = [replace(one, online=False, hosting="token", links={}) for one in
             site.profile.boards]  # fmt: skip
    save_profile(replace(site.profile, boards=walls), site.settings.profile_path)
    with site.database.write() as session:
        add_profile(session, read_event_file(site.settings.profile_path), site.clock())

    client = app_of(site.newest()).test_client()

    assert client.get("/os/day-1/host").status_code == 404
    assert client.get("/host").status_code == 404


def test_the_short_address_of_hosts_leads_to_what_is_to_come(client, clock):
    clock.at(20)

    assert client.get("/host").location == "/os/day-2/host"


def test_a_free_place_on_the_page_leads_to_the_form_filled_in(client, clock):
    clock.at(9, 50)

    page = client.get("/os/day-1").text
    form = client.get("/os/day-1/host?room=Desk+3&slot=09:45-10:35").text

    assert "/os/day-1/host?room=Desk+3&amp;slot=09:45-10:35" in page
    assert 'aria-label="Take Desk 3 at 09:45"' in page
    assert '<option value="Desk 3" selected>' in form
    assert '<option value="09:45-10:35" selected>09:45, now (3 free)</option>' in form


@pytest.mark.parametrize("hosting", ["token"])
def test_with_a_token_only_who_has_the_link_hosts(site, new_device, published):
    stranger, host = new_device(), new_device()
    entered = host.client.get(f"/sign-in/{site.tokens.standing('host')}")

    assert stranger.client.get("/os/day-1/host").status_code == 401
    assert stranger.take("Spam", "x", form="f").status_code == 401
    assert 'value="Spam"' in stranger.take("Spam", "x", form="f").text
    assert published() == []
    assert host.client.get(entered.location).location == "/host"
    assert host.take().status_code == 303
    assert published() == [TAKEN]
    assert host.client.get("/capture").status_code == 403
    assert host.client.get("/desk/day-1").status_code == 403
