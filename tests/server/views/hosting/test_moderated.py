"""What waits until a facilitator lets it through."""

import re

import pytest

TAKEN = ("Desk 1", "09:45-10:35", "Git for two")


@pytest.fixture
def hosting():
    return "moderated"


@pytest.fixture
def decide(facilitator):
    """Press a key at the desk for the one that waits."""

    def decide(verb):
        page = facilitator.client.get("/desk/day-1").text
        (action,) = re.findall(rf'value="({verb} [^"]+)"', page)
        return facilitator("/desk/day-1/waiting", action=action)

    return decide


def test_it_waits_unseen_and_its_place_is_kept(
    device, new_device, client, published, facilitator
):
    own = device.own(device.take())

    desk = facilitator.client.get("/desk/day-1").text
    assert published() == []
    assert "Git for two" not in client.get("/os/day-1").text
    assert "Waits for a facilitator" in device.client.get(own).text
    assert new_device().take("Zines").status_code == 409
    assert "<strong>1</strong> waiting" in desk
    assert "No card is hidden." in desk


def test_let_through_it_is_published(device, decide, published, facilitator):
    own = device.own(device.take())

    decide("publish")

    assert published() == [TAKEN]
    assert "On the schedule" in device.client.get(own).text
    assert 'id="waiting"' not in facilitator.client.get("/desk/day-1").text


def test_kept_off_its_place_is_free_and_it_stays_off(
    device, new_device, decide, published
):
    own = device.own(device.take())

    decide("hide")

    assert "Taken off the board" in device.client.get(own).text
    assert device.edit(own, title="Spam again").status_code == 422
    assert new_device().take("Zines").status_code == 303
    assert published() == []


def test_other_words_wait_anew_and_another_place_does_not(
    device, decide, published, facilitator
):
    own = device.own(device.take())
    decide("publish")

    device.edit(own, room="Desk 2")
    assert published() == [("Desk 2", "09:45-10:35", "Git for two")]

    device.edit(own, title="Buy this")
    assert published() == []
    assert "Buy this" in facilitator.client.get("/desk/day-1").text


def test_what_is_decided_already_is_not_asked_any_more(device, decide, facilitator):
    device.take()
    page = facilitator.client.get("/desk/day-1").text
    (action,) = re.findall(r'value="(hide [^"]+)"', page)
    decide("publish")

    again = facilitator("/desk/day-1/waiting", action=action)

    assert again.status_code == 422


def test_words_that_came_after_a_facilitator_looked_are_not_let_through_with_those_seen(
    device, decide, published, facilitator
):
    own = device.own(device.take())
    page = facilitator.client.get("/desk/day-1").text
    (action,) = re.findall(r'value="(publish [^"]+)"', page)
    device.edit(own, title="Buy this")

    late = facilitator("/desk/day-1/waiting", action=action)

    assert late.status_code == 422
    assert published() == []
    decide("publish")
    assert published() == [("Desk 1", "09:45-10:35", "Buy this")]


def test_called_off_while_it_waits_it_asks_nobody_and_keeps_no_place(
    device, new_device, facilitator
):
    own = device.own(device.take())

    device.change(own, "cancel")

    assert "Called off" in device.client.get(own).text
    assert 'id="waiting"' not in facilitator.client.get("/desk/day-1").text
    device.change(own, "restore")
    assert "Waits for a facilitator" in device.client.get(own).text
    device.change(own, "cancel")
    assert new_device().take("Zines").status_code == 303
