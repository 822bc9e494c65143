"""Photos at the desk and on the capture page: taken back, put back, given a time."""

import datetime as dt
from io import BytesIO

import pytest

from server.intake.days import BY_ARRIVAL
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.store.corrections import append_correction, corrections_of
from server.store.photos import add_findings, photo, photo_row, photos_of
from server.store.releases import latest_release

TODAY = dt.datetime(2024, 5, 17, tzinfo=dt.UTC)


@pytest.fixture
def record(site, friday):  # noqa: ARG001  (a photo of it)
    """The photo of the Friday board, sent by Sam at 9:42."""
    with site.database.read() as session:
        return photos_of(session, "friday")[0]


@pytest.fixture
def post(client, sign_in):
    """Press a button of a photo's form as somebody who is signed in."""

    def post(path, action, role="facilitator", name="Ada", **fields):
        token = sign_in(role, name)
        data = {"csrf_token": token, "action": action, **fields}
        return client.post(path, data=data)

    return post


@pytest.fixture
def at_desk(post, record):
    def at_desk(action, **fields):
        return post(f"/desk/friday/photos/{record.id}", action, **fields)

    return at_desk


@pytest.fixture
def own(post, record):
    def own(action, name="Sam", role="staff"):
        return post(f"/capture/photos/{record.id}", action, role, name)

    return own


@pytest.fixture
def released(site):
    def released():
        with site.database.read() as session:
            return latest_release(session, "friday")

    return released


@pytest.fixture
def told(site):
    """Return what the history says of all that holds."""

    def told():
        with site.database.read() as session:
            made = corrections_of(session, "friday")
        return [(one.change.kind, one.author) for one in made if not one.undone]

    return told


def test_desk_takes_a_photo_back_and_puts_it_back(
    client, at_desk, released, told, read_page
):
    before = released()

    response = at_desk("take-back")

    assert (response.status_code, response.location) == (303, "/desk/friday#photos")
    assert (released(), told()) == (None, [("photo_taken_back", "Ada")])
    page = read_page(client.get("/desk/friday").text)
    (shown,) = page["photo"]
    assert shown == (
        "Taken back taken 09:42, sent by Sam It counts as if it had not come; "
        "Ada took it back. Put back: the photo sent 09:42"
    )
    assert "photo sent 09:42 by Sam" in page["panel"][1]
    assert client.get("/os/friday").status_code == 200
    assert client.get("/os/friday.jpg").status_code == 404
    at_desk("take-back")  # by a page that is old
    assert told() == [("photo_taken_back", "Ada")]
    at_desk("put-back")
    assert (released().schedule, told()) == (before.schedule, [])


def test_undo_in_the_history_puts_a_photo_back(at_desk, post, released):
    at_desk("take-back")

    post("/desk/friday/undo", "", correction="1")

    assert released() is not None


def test_picture_and_crops_of_a_photo_taken_back_are_for_facilitators(
    client, sign_in, at_desk, released
):
    release = released()
    shas = [size.sha256 for size in release.picture.sizes]
    shas += [session.crop for session in release.schedule.sessions]
    paths = [f"/b/{sha256}.jpg" for sha256 in shas]
    at_desk("take-back")

    sign_in("staff", "Sam")
    assert {client.get(path).status_code for path in paths} == {404}
    sign_in("facilitator")
    assert {client.get(path).status_code for path in paths} == {200}
    at_desk("put-back")
    sign_in("staff", "Sam")
    assert {client.get(path).status_code for path in paths} == {200}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"action": "now"}, "09:42"),
        ({"action": "at", "time": "08:15"}, "08:15"),
        ({"action": "at", "time": "08:15", "day": "2024-05-16"}, "Thu 16 May, 08:15"),
    ],
)
def test_desk_sets_when_a_photo_was_taken(
    client, at_desk, released, read_page, *, fields, expected
):
    at_desk(**fields)

    (told,) = read_page(client.get("/desk/friday").text)["photo"]
    assert f"taken {expected} as Ada says, sent by Sam" in told
    taken_at = released().photo_taken_at.astimezone(dt.timezone(dt.timedelta(hours=-4)))
    assert f"{taken_at:%H:%M}" == expected[-5:]
    at_desk("no-time")
    assert released().photo_taken_at == TODAY.replace(hour=13, minute=42)


@pytest.mark.parametrize(
    "fields",
    [
        {"time": ""},
        {"time": "8 o'clock"},
        {"time": "10:06"},  # the clock says 10:05
        {"time": "08:00", "day": "yesterday"},
        {"time": "00:00", "day": "0001-01-01"},
    ],
    ids=str,
)
def test_time_that_cannot_be_is_refused_with_what_to_do(at_desk, told, fields):
    response = at_desk("at", **fields)

    assert (response.status_code, told()) == (422, [])
    assert "set the time again" in response.text


def test_desk_knows_photos_of_its_own_board_only(post, record, told):
    assert post(f"/desk/saturday/photos/{record.id}", "take-back").status_code == 404
    assert post("/desk/friday/photos/ffff", "take-back").status_code == 404
    assert told() == []


def test_who_sent_a_photo_takes_it_back_and_puts_it_back(
    client, own, released, told, read_page
):
    response = own("take-back")

    assert response.status_code == 303
    assert response.location.startswith("/capture#photo-")
    assert (released(), told()) == (None, [("photo_taken_back", "Sam")])
    page = read_page(client.get("/capture").text)
    (shown,) = page["photo"]
    assert shown == (
        "Taken back Friday, 17 May \N{MIDDLE DOT} taken 09:42 \N{MIDDLE DOT} sent 09:42 "
        "\N{MIDDLE DOT} 3 cards Put back: the photo sent 09:42"
    )
    own("put-back")
    assert released() is not None


@pytest.fixture
def page_of_sam(client, sign_in, read_page):
    def page_of_sam():
        sign_in("staff", "Sam")
        return read_page(client.get("/capture").text)

    return page_of_sam


def test_who_sent_a_photo_says_that_it_was_taken_now(
    site, own, record, told, page_of_sam
):
    assert "taken now" not in page_of_sam()["photo-acts"][0]
    with site.database.write() as session:
        # Its camera is an hour behind.
        photo_row(session, record.id).taken_at -= dt.timedelta(hours=1)
        photo_row(session, record.id).at -= dt.timedelta(hours=1)
    assert "It was taken now, 09:42" in page_of_sam()["photo-acts"][0]

    own("now")

    assert told() == [("photo_time", "Sam")]
    page = page_of_sam()
    assert "taken 09:42 \N{MIDDLE DOT} sent 09:42" in page["photo"][0]
    assert "Not at 09:42: believe the camera" in page["photo-acts"][0]
    own("no-time")
    assert told() == []


def test_staff_change_nothing_else(own, at_desk, post, record, told):
    assert own("take-back", name="Tom").status_code == 404
    assert own("take-back", name="Tom", role="facilitator").status_code == 404
    path = f"/desk/friday/photos/{record.id}"
    assert post(path, "take-back", "staff", "Sam").status_code == 403
    assert told() == []
    at_desk("take-back")
    refused = own("put-back")
    assert refused.status_code == 403
    assert "Ada took this photo back, not you." in refused.text
    assert told() == [("photo_taken_back", "Ada")]


def test_form_of_another_site_takes_nothing_back(client, sign_in, record, told):
    sign_in("staff", "Sam")

    for path in (f"/desk/friday/photos/{record.id}", f"/capture/photos/{record.id}"):
        assert client.post(path, data={"action": "take-back"}).status_code == 403

    assert told() == []


def test_photos_of_other_days_and_people_are_not_listed(
    client, sign_in, clock, record, read_page  # noqa: ARG001  (there is one)
):  # fmt: skip
    sign_in("staff", "Tom")
    assert read_page(client.get("/capture").text)["photo"] == []
    sign_in("staff", "Sam")
    assert len(read_page(client.get("/capture").text)["photo"]) == 1
    clock.at(0, 1, day=18)
    assert read_page(client.get("/capture").text)["photo"] == []


@pytest.mark.parametrize("field", ["camera", "photo"])
def test_photo_of_the_capture_pages_camera_was_taken_just_now(
    site, client, sign_in, photo_file, field
):
    token = sign_in("staff", "Sam")
    data = {"csrf_token": token, field: (BytesIO(photo_file.getvalue()), "p.jpg")}

    assert client.post("/photos", data=data).status_code == 202

    with site.database.read() as session:
        (record,) = photos_of(session, None)
    camera = field == "camera"
    assert (record.source, record.dated) == ("camera" if camera else "file", camera)
    assert (record.at == record.received_at) == camera
    status = client.get(f"/photos/{record.id}").json
    assert (status["taken_at"], status["taken_back"]) == (None, False)
    with site.database.write() as session:
        change = PhotoTakenBack(record.id)
        append_correction(session, "friday", change, author="Sam", made_at=TODAY)
    data = {"csrf_token": token, field: (BytesIO(photo_file.getvalue()), "p.jpg")}
    (again,) = client.post("/photos", data=data).json["photos"]
    assert (again["new"], again["taken_back"]) == (False, True)


@pytest.fixture
def undated(site, record):
    """The photo of the Friday board, whose day nobody knows."""
    with site.database.write() as session:
        photo_row(session, record.id).taken_at = None
        add_findings(session, record.id, [BY_ARRIVAL])
    return record


def test_photo_without_a_day_is_given_to_another_day_s_board_and_back(
    site, undated, own, at_desk, told
):
    answer = own("give-to saturday")

    # On Friday it counts no more; its bytes are read as Saturday's.
    assert told() == [("photo_taken_back", "Sam")]
    with site.database.read() as session:
        there = photo(session, answer.location.rpartition("photo-")[2])
    assert there.id != undated.id
    assert (there.board, there.state, there.sha256, there.sender) == (
        "saturday",
        "received",
        undated.sha256,
        "Sam",
    )
    # Twice is once.
    own("give-to saturday")
    with site.database.read() as session:
        assert len(photos_of(session, None)) == 2

    own("put-back")

    assert told() == []
    assert at_desk("give-to saturday").status_code == 303
    assert told() == [("photo_taken_back", "Ada")]


@pytest.mark.usefixtures("undated")
def test_photo_that_the_desk_took_back_is_shown_on_no_other_day_either(
    site, own, at_desk, told
):
    """By a press that waited in a phone until then."""
    at_desk("take-back")

    refusal = own("give-to saturday")

    assert (refusal.status_code, told()) == (403, [("photo_taken_back", "Ada")])
    assert "Ada took this photo back, not you." in refusal.text
    with site.database.read() as session:
        assert len(photos_of(session, None)) == 1


@pytest.mark.usefixtures("undated")
def test_capture_page_offers_the_other_days(page_of_sam):
    assert "It shows Saturday, 18 May" in page_of_sam()["photo-acts"][0]


@pytest.mark.usefixtures("undated")
def test_photo_is_given_to_no_board_that_takes_no_photos(own, told):
    assert own("give-to nowhere").status_code == 404
    assert told() == []


@pytest.mark.usefixtures("record")
def test_photo_whose_day_is_known_is_not_asked_about(page_of_sam):
    assert "It shows" not in page_of_sam()["photo-acts"][0]
