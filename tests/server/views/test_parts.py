"""Photos that come in in parts, and go on where they broke off."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.app import app_of
from server.errors import DecodingError, StorageError
from server.intake import parts
from server.intake.parts import Part
from server.store.photos import photos_of


@pytest.fixture
def data(photo_file):
    return photo_file.read()


@pytest.fixture
def name(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def send(client, sign_in, data, name):
    """Send a part of the photo as Sam; what is said of it."""
    token = sign_in("staff", "Sam")

    def send(first, last, upload=name, status=200, client=client, **query):
        response = client.post(
            f"/photos/parts/{upload}",
            query_string={"offset": first, "size": len(data), "waited": 0, **query},
            data=data[first:last],
            headers={"X-CSRF-Token": token},
            content_type="application/octet-stream",
        )
        assert response.status_code == status
        return response.json

    return send


@pytest.fixture
def stored(site):
    def stored():
        with site.database.read() as session:
            return photos_of(session, None)

    return stored


def test_photo_goes_on_where_it_broke_off_and_is_one(client, send, stored, name):
    assert send(0, 100)["received"] == 100
    assert send(200, 300)["received"] == 100  # behind a gap
    asked = client.get(f"/photos/parts/{name}").json
    assert (asked["upload"], asked["received"], asked["photo"]) == (name, 100, None)
    assert send(40, 160)["received"] == 160  # what was there already, too

    done = send(160, None, kind="camera", waited=3600)

    (record,) = stored()
    assert (done["upload"], done["photo"]["id"], done["photo"]["new"]) == (
        name,
        record.id,
        True,
    )
    assert record.sha256 == name
    assert (record.sender, record.source) == ("Sam", "camera")
    assert (record.received_at - record.at).total_seconds() == 3600
    again = client.get(f"/photos/parts/{name}").json
    assert (again["photo"]["id"], again["photo"]["new"]) == (record.id, False)
    # Where the browser cannot tell the hash, the server's word counts.
    assert send(0, None, upload="a1" * 16)["photo"]["new"] is False
    assert len(stored()) == 1


def test_part_that_a_power_cut_left_with_holes_is_sent_anew(site, send, stored):
    send(0, 100)
    (file,) = (site.settings.data_dir / parts.FOLDER).iterdir()
    file.write_bytes(bytes(100))

    assert send(100, None)["received"] == 0
    assert stored() == ()
    assert send(0, None)["photo"]["new"] is True


def test_fault_that_passes_leaves_all_of_it_for_the_next_try(
    site, send, stored, data, token_of
):
    def busy(_data):
        raise DecodingError("Not just now.", hint="Wait.")

    other = app_of(replace(site, check_photo=busy)).test_client()
    other.get(f"/sign-in/{token_of('staff', 'Sam')}")
    with other.session_transaction() as cookie:
        token = cookie["csrf"]
    refused = other.post(
        f"/photos/parts/{'a1' * 16}",
        query_string={"offset": 0, "size": len(data), "waited": 0},
        data=data,
        headers={"X-CSRF-Token": token},
    )
    assert (refused.status_code, refused.json["message"]) == (503, "Not just now.")

    assert send(len(data) - 1, None, upload="a1" * 16)["photo"]["new"] is True
    assert len(stored()) == 1


def test_photo_goes_on_after_a_disk_that_filled_up_amid_it(tmp_path, full_disk):
    part = Part(tmp_path / "uploads", "staff Sam", "a" * 32)
    photo = bytes(range(200)) * 1000
    part.add(0, photo[:100_000])
    with (
        full_disk(150_000),
        pytest.raises(StorageError, match="The upload cannot be kept"),
    ):
        part.add(100_000, photo[100_000:])

    assert 100_000 <= part.received <= 150_000
    part.add(part.received, photo[part.received :])
    assert part.whole() == photo


def test_two_tabs_that_begin_at_once_do_no_harm(tmp_path):
    data = b"x" * 1000

    def begin(number):
        part = Part(tmp_path / "uploads", "staff Sam", f"{number // 2:032x}")
        return part.add(0, data), part.whole()

    with ThreadPoolExecutor(2) as tabs:
        assert set(tabs.map(begin, range(400))) == {(len(data), data)}


def test_photo_that_another_tab_finished_just_now_is_not_refused(send, monkeypatch):
    send(0, 100, upload="a1" * 16)
    monkeypatch.setattr(Part, "whole", lambda _part: b"")

    told = send(100, None, upload="a1" * 16)

    assert (told["received"], told["photo"]) == (0, None)


def test_file_that_is_no_photo_is_refused_and_forgotten(site, client, sign_in):
    token = sign_in("staff", "Sam")
    response = client.post(
        f"/photos/parts/{'b2' * 16}?offset=0&size=4&waited=0",
        data=b"text",
        headers={"X-CSRF-Token": token},
    )

    assert response.status_code == 415
    assert set(response.json) == {"message", "hint"}
    assert list((site.settings.data_dir / parts.FOLDER).iterdir()) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"upload": "no-name"}, 404),
        ({"size": 10**12}, 413),
        ({"size": "all"}, 400),
        ({"waited": "-1"}, 400),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(send, data, query, status):
    assert set(send(0, len(data), status=status, **query)) == {"message", "hint"}


def test_parts_are_for_staff_with_a_form_of_this_site_and_for_nobody_else(
    client, sign_in, send, name, data
):
    send(0, 100)
    sign_in("staff", "Tom")
    assert client.get(f"/photos/parts/{name}").json["received"] == 0
    forged = client.post(f"/photos/parts/{name}?offset=0&size={len(data)}", data=data)
    assert forged.status_code == 403
    client.delete_cookie("boardcast")
    assert client.get(f"/photos/parts/{name}").status_code == 401


def test_room_for_parts_is_bounded_and_old_ones_go(site, send, monkeypatch):
    send(0, 100)
    monkeypatch.setattr(parts, "MOST_BYTES", 150)

    assert send(0, 100, upload="c3" * 16, status=503)["message"].startswith("Others")

    (file,) = (site.settings.data_dir / parts.FOLDER).iterdir()
    os.utime(file, (0, 0))
    assert send(0, 100, upload="c3" * 16)["received"] == 100
    assert len(list(file.parent.iterdir())) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12),
    st.binary(min_size=40, max_size=40),
)
def test_whatever_comes_in_whatever_order_what_is_there_is_the_photos_beginning(
    tmp_path, spans, photo
):
    part = Part(tmp_path / "uploads", "staff Sam", "d4" * 16)
    for first, last in spans:
        part.add(first, photo[first:last])
        assert part.whole() == photo[: part.received]
    part.drop()


@pytest.mark.parametrize("query", ["offset", "size", "waited"])
@pytest.mark.parametrize("number", ["", "-1", "1.5", "²", "9" * 20, "9" * 5000])
def test_number_that_is_none_is_refused(send, query, number):
    assert send(0, 100, status=400, **{query: number})["message"] == "Bad Request."
