"""A host changes what they put in, with their link and no account."""

import pytest

TAKEN = ("Desk 1", "09:45-10:35", "Git for two")


@pytest.fixture
def own(device):
    return device.own(device.take())


def sessions(client):
    return client.get("/os/day-1.json").json["sessions"]


def test_the_link_is_shown_and_the_device_knows_it(device, own, new_device):
    page = device.client.get(f"{own}?new=yes").text

    assert f'value="https://board.example{own}"' in page
    assert "Keep this link" in page
    assert own in device.client.get("/os/day-2/host").text
    assert own not in new_device().client.get("/os/day-2/host").text
    assert device.client.get(own).headers["Cache-Control"] == "no-store"


def test_anybody_with_the_link_and_nobody_else_changes_it(own, new_device, published):
    other = new_device()

    assert other.client.get("/host/ImFhMDAwMDAwMDAwMSI.made-up").status_code == 404
    assert other.client.get(own).status_code == 200
    foreign = {"Origin": "https://elsewhere.example"}
    answer = other.client.post(own, data={"action": "cancel"}, headers=foreign)
    assert answer.status_code == 403
    assert published() == [TAKEN]


def test_host_changes_words_and_place(device, own, published, corrections):
    answer = device.edit(own, title="Git for three", room="Desk 2", until="11:25")

    assert answer.status_code == 303
    assert published() == [("Desk 2", "09:45-10:35", "Git for three")]
    assert device.edit(own).status_code == 303
    assert len(corrections()) == 2, "what is as it was is no correction"


def test_host_stays_in_place_and_takes_more_of_it(device, own, client):
    device.edit(own, until="11:25")

    (session,) = sessions(client)
    assert session["ends_at"][-14:-6] == "11:25:00"


def test_host_cannot_move_to_where_another_is(device, own, new_device, published):
    new_device().take("Zines", room="Desk 2")

    answer = device.edit(own, title="Git & us", room="Desk 2")

    assert answer.status_code == 409
    assert "Desk 2, 09:45-10:35 is not free." in answer.text
    assert 'name="title" value="Git &amp; us"' in answer.text
    assert 'name="seen_room" value="Desk 1"' in answer.text
    assert TAKEN in published()


def test_what_the_facilitator_corrected_meanwhile_stays(
    device, own, facilitator, client
):
    page = device.client.get(own).text
    (session,) = sessions(client)
    path = f"/desk/day-1/cards/{session['id']}"
    facilitator(path, title="Git, for two", seen_title="Git for two", action="save")

    assert 'name="seen_title" value="Git for two"' in page
    stale = {"title": "Git for two", "seen_title": "Git for two"}
    device.change(own, "save", **stale, host="Mei Lin", seen_host="Mei")

    (session,) = sessions(client)
    assert (session["title"], session["host"]) == ("Git, for two", "Mei Lin")


def test_called_off_it_says_so_and_its_place_is_free(device, own, new_device, client):
    device.change(own, "cancel")
    device.change(own, "cancel")

    (session,) = sessions(client)
    assert session["status"] == "cancelled"
    assert "Cancelled:" in client.get("/os/day-1").text
    assert new_device().take("Zines").status_code == 303
    refused = device.change(own, "restore")
    assert refused.status_code == 409
    assert [one["status"] for one in sessions(client)].count("confirmed") == 1


def test_called_off_by_mistake_it_is_held_after_all(device, own, published):
    device.change(own, "cancel")
    device.change(own, "restore")

    assert published() == [TAKEN]


def test_a_desk_is_taken_at_once_and_left_with_a_click(
    device, new_device, client, clock, published
):
    clock.at(9, 50)
    own = device.own(device.take("Stuck on asyncio"))
    assert "On now" in device.client.get(own).text

    clock.at(10, 5)
    device.change(own, "cancel")

    (session,) = sessions(client)
    assert (session["status"], session["ends_at"][-14:-6]) == ("confirmed", "10:05:00")
    assert "Take Desk 1 at 09:45" in client.get("/os/day-1").text
    assert new_device().take("Next one").status_code == 303
    assert len(published()) == 2


def test_a_desk_is_freed_by_time(device, clock, client):
    clock.at(9, 50)
    own = device.own(device.take())

    clock.at(10, 35)

    assert "Over" in device.client.get(own).text
    assert device.change(own, "cancel").status_code == 422
    assert "Take Desk 1 at 10:35" in client.get("/os/day-1").text


def test_who_stays_goes_on_for_a_slot_and_twice_is_once(device, clock, client):
    clock.at(9, 50)
    own = device.own(device.take())
    assert "Stay until 11:25" in device.client.get(own).text

    for _ in range(2):
        device.change(own, "stay", until="11:25")

    (session,) = sessions(client)
    assert session["ends_at"][-14:-6] == "11:25:00"
    assert "Stay until" not in device.client.get(own).text, "there is a gap"


def test_who_stays_is_refused_where_another_comes_next(
    device, new_device, clock, client
):
    clock.at(9, 50)
    own = device.own(device.take())
    new_device().take("Zines", slot="10:35-11:25")

    assert "Stay until" not in device.client.get(own).text
    assert device.change(own, "stay", until="11:25").status_code == 409
    assert [one["ends_at"][-14:-6] for one in sessions(client)] == [
        "10:35:00",
        "11:25:00",
    ]


def test_taken_off_by_the_facilitator_the_host_cannot_bring_it_back(
    device, own, facilitator, client, published
):
    (session,) = sessions(client)
    facilitator(f"/desk/day-1/cards/{session['id']}", action="hide")

    assert "Taken off the board" in device.client.get(own).text
    assert device.edit(own, title="Again").status_code == 422
    assert device.change(own, "restore").status_code == 422
    assert published() == []


def test_the_calendar_tells_what_became_of_it(device, own, client):
    before = client.get("/os.ics").text
    device.change(own, "cancel")
    after = client.get("/os.ics").text

    assert "SUMMARY:Git for two" in before
    assert "Filled in by its host." in before.replace("\r\n ", "")
    assert "SUMMARY:Cancelled: Git for two" in after
    assert "STATUS:CANCELLED" in after
