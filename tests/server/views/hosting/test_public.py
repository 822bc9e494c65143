"""What everybody sees of a board without a wall, and what staff do not have to do."""

import pytest

from server.errors import NotFoundError
from server.event_file import read_event_file
from server.intake.receive import receive
from server.publish.event_change import change_to, take_up
from server.store.releases import latest_release
from vision.image.photo import Photo


def test_board_picture_is_drawn_before_and_after_the_first_session(device, client):
    before = client.get("/os/day-1.jpg")
    device.take()
    after = client.get("/os/day-1.jpg")

    assert before.content_type == after.content_type == "image/jpeg"
    sizes = [Photo.decode(answer.data).size_wh for answer in (before, after)]
    assert sizes[0] == sizes[1]
    assert before.data != after.data
    assert client.get("/os/day-1.jpg", headers={"If-None-Match": after.headers["ETag"]}).status_code == 304  # fmt: skip


def test_card_is_drawn_for_each_session_wherever_one_is_shown(device, client):
    device.take("讀書會", "林小雨")

    (session,) = client.get("/os/day-1.json").json["sessions"]
    picture = f"/os/s/{session['id']}.svg"
    card = client.get(picture)
    assert session["card_picture"] == f"https://board.example{picture}"
    assert card.content_type == "image/svg+xml; charset=utf-8"
    assert "讀書會" in card.text
    assert "林小雨" in card.text
    for page in ("/os/day-1", f"/os/s/{session['id']}"):
        assert f'src="{picture}"' in client.get(page).text
    assert client.get("/os/s/aaaaaaaaaaaa.svg").status_code == 404


def test_what_is_hidden_has_no_picture_either(device, client, facilitator):
    device.take()
    (session,) = client.get("/os/day-1.json").json["sessions"]

    facilitator(f"/desk/day-1/cards/{session['id']}", action="hide")

    assert client.get(f"/os/s/{session['id']}.svg").status_code == 404
    assert client.get(f"/os/s/{session['id']}").status_code == 410


def test_page_tells_when_nothing_else_runs_and_when_it_is_over(client, clock):
    page = client.get("/os/day-2").text
    clock.at(12, day=5)
    over = client.get("/os/day-2").text

    assert page.count("Nothing else runs at this time.") == 1
    assert client.get("/os/day-2.json").json["board"]["no_talks"] == ["14:30-15:20"]
    assert "Host a session" in page
    assert "Host a session" not in over
    assert "photo" not in page


def test_staff_are_told_that_no_photo_is_needed(new_device, site):
    staff = new_device().client
    staff.get(f"/sign-in/{site.tokens.issue('staff', 'Sam')}")

    page = staff.get("/capture").text

    assert "they need no photos" in page
    assert "<form" not in page


@pytest.mark.parametrize("board", [None, "day-1"])
def test_photo_of_a_board_that_is_online_is_refused(site, board):
    with pytest.raises(NotFoundError, match="boards are online"):
        receive(
            b"a photo",
            database=site.database,
            originals=site.originals,
            profile=site.profile,
            check_photo=site.check_photo,
            sender="Sam",
            board=board,
            received_at=site.clock(),
        )


def test_another_link_of_a_place_is_published_with_the_event(device, site):
    device.take()
    path = site.settings.profile_path
    path.write_text(path.read_text().replace("pycontw", "pycontw-2"))
    with site.database.write() as session:
        change = change_to(session, read_event_file(path))
        take_up(session, change, site.clock())
        release = latest_release(session, "day-1")

    assert [one.link for one in release.schedule.sessions] == [
        "https://gather.example/pycontw-2"
    ]
