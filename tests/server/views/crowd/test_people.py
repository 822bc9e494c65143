"""Cards beside the cells are people: found by interests, removed from everywhere."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from server.publish.labels import labels_of
from server.store.cards import cards_of
from server.store.corrections import corrections_of
from server.store.releases import latest_release, releases
from vision.image.photo import Photo

MAYA, TYPING = "dd0000000004", "aa0000000001"
AT = dt.datetime(2024, 5, 17, 13, 42, tzinfo=dt.UTC)
PEOPLE = "/os/people"


@pytest.fixture
def desk(client, sign_in):
    token = sign_in()

    def desk(action, status=303, path="/desk/friday/people", **fields):
        data = {"csrf_token": token, "action": action, **fields}
        answer = client.post(path, data=data)
        assert answer.status_code == status, answer.text
        return answer

    desk.token = token
    return desk


def pixel(answer, x, y):
    """Return how grey a picture is at parts of its width and height."""
    pixels = Photo.decode(answer.data).pixels
    height, width = pixels.shape[:2]
    return int(pixels[int(y * height), int(x * width)].mean())


def crop_of(site, card):
    with site.database.read() as session:
        return next(one.crop for one in cards_of(session, "friday") if one.id == card)


@pytest.mark.usefixtures("board")
def test_people_are_found_by_interests_and_in_no_format_that_others_copy(device):
    client = device()
    page = client.get(PEOPLE)

    assert "Maya" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Maya" in client.get(f"{PEOPLE}?q=BEEkeeping+maya").text
    none = client.get(f"{PEOPLE}?q=%3Cscript%3E").text
    assert ("Nobody matches." in none, "Maya" in none) == (True, False)
    assert "<script>" not in none
    for path in ("", ".json", ".csv", ".ics", "/friday", "/friday.ics"):
        assert b"Maya" not in client.get(f"/os{path}").data
    assert "People, by what interests them" in client.get("/os/friday").text
    assert client.get(f"/os/s/{MAYA}").status_code == 410


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("event_says", [{"share_people": True}])
def test_people_are_in_json_if_the_event_shares_them(device):
    document = json.loads(device().get("/os/friday.json").data)

    assert document["people"] == [
        {"name": "Maya", "interests": "Rust, beekeeping", "handles": []}
    ]


@pytest.mark.databases
def test_person_who_asks_is_gone_from_page_crop_and_all_pictures_at_once(
    site, device, desk, board, client
):
    anybody = device()
    crop = crop_of(site, MAYA)
    full, small = board.picture.full, board.picture.of_type("image/webp")[0]
    pictures = [
        "/os/friday.jpg",
        f"/b/{full.sha256}.jpg",
        f"/b/{small.sha256}.webp",
    ]
    assert anybody.get(f"/b/{crop}.jpg").status_code == 200
    shown = [pixel(anybody.get(path), 0.45, 0.45) for path in pictures]

    answer = anybody.post(f"{PEOPLE}/{MAYA}", follow_redirects=True)

    assert "You are removed" in answer.text
    assert "Maya" not in answer.text
    assert anybody.get(f"/b/{crop}.jpg").status_code == 404
    for path, before in zip(pictures, shown, strict=True):
        covered = anybody.get(path)
        assert abs(pixel(covered, 0.45, 0.45) - 128) < 4 < abs(before - 128)
        assert abs(pixel(covered, 0.9, 0.9) - before) < 4
        assert "immutable" not in covered.headers["Cache-Control"]
    assert "asked to be removed" in client.get("/desk/friday").text
    assert "Asked to be removed" in client.get("/desk/friday/people").text
    desk("remove", card=MAYA)
    assert "Asked to be removed" not in client.get("/desk/friday/people").text
    assert anybody.post(f"{PEOPLE}/{MAYA}").status_code == 404


@pytest.mark.usefixtures("board")
def test_nothing_but_a_person_is_removed_by_anybody_and_a_prank_is_put_back(
    device, desk
):
    anybody = device()
    assert anybody.post(f"{PEOPLE}/{TYPING}").status_code == 404
    foreign = {"Origin": "https://evil.example"}
    assert anybody.post(f"{PEOPLE}/{MAYA}", headers=foreign).status_code == 403
    anybody.post(f"{PEOPLE}/{MAYA}")

    desk("back", card=MAYA)

    assert "Maya" in anybody.get(PEOPLE).text
    assert pixel(anybody.get("/os/friday.jpg"), 0.45, 0.45) != 128


@pytest.mark.databases
def test_person_removed_while_a_release_is_made_is_in_no_picture_of_it(
    desk, device, board, seeder, person
):
    # The key that hides any card at the desk; the photo was taken before.
    desk("hide", path=f"/desk/friday/cards/{MAYA}")
    later = AT + dt.timedelta(hours=1)
    seeder.photo(replace(person, change="same"), at=later, known=(MAYA,))

    anybody = device()
    with seeder.site.database.read() as session:
        newest = latest_release(session, "friday")
        every = releases(session, "friday")
    assert newest.number > board.number
    assert "Maya" not in anybody.get(PEOPLE).text
    assert "Maya" not in repr([one.schedule for one in every])
    for one in every:
        picture = anybody.get(f"/b/{one.picture.full.sha256}.jpg")
        assert abs(pixel(picture, 0.45, 0.45) - 128) < 4


def test_person_is_typed_changed_and_removed_at_the_desk(client, device, desk, site):
    desk("add", name="Bo  Li", interests="Go\nC++ <b>", handle="@bo")
    desk("add", 422, name="bo li")
    desk("add", 422, name=" ")
    page = device().get(PEOPLE).text
    assert "<bdi>Bo Li</bdi>" in page
    assert "C++ &lt;b&gt;" in page
    assert "@bo" in page
    with site.database.read() as session:
        (made,) = corrections_of(session, "friday")
    assert client.get("/os/friday.json").json["elsewhere"] == []

    desk("remove", card=made.change.card)

    assert "Bo Li" not in device().get(PEOPLE).text
    desk("remove", 422, card=made.change.card)
    desk("add", name="Bo Li")  # came back and asked for it
    assert "Bo Li" in device().get(PEOPLE).text


@pytest.mark.usefixtures("board")
def test_people_are_no_labels_to_train_with(site, desk, profile):
    form = {"title": "Maya L.", "seen_title": "Maya"}
    desk("", path=f"/desk/friday/cards/{MAYA}", **form)
    form = {"title": "Type checks", "seen_title": "Type checking at scale"}
    desk("", path=f"/desk/friday/cards/{TYPING}", **form)

    with site.database.read() as session:
        labels = labels_of(session, profile.boards[0])
    assert [one.card for one in labels] == [TYPING]
