import io

import pytest

CARD = "/desk/friday/cards/aa0000000001"


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/os/nowhere", 404, id="board"),
        pytest.param("/os/nowhere.jpg", 404, id="picture"),
        pytest.param("/os/nowhere.json", 404, id="json"),
        pytest.param("/os/nowhere.ics", 404, id="calendar"),
        pytest.param("/os/nowhere.version", 404, id="version"),
        pytest.param("/os/saturday.jpg", 404, id="no-photo-yet"),
        pytest.param("/os/s/ffffffffffff", 404, id="session"),
        pytest.param("/os/s/ffffffffffff.ics", 404, id="session-calendar"),
        pytest.param("/os/s/<script>", 404, id="session-markup"),
        pytest.param("/b/" + "0" * 64 + ".jpg", 404, id="blob"),
        pytest.param("/b/x.jpg", 404, id="no-hash"),
        pytest.param("/os/friday/more", 404, id="below-a-board"),
        pytest.param("/desk", 401, id="desk"),
        pytest.param("/desk/friday", 401, id="desk-board"),
        pytest.param("/capture", 401, id="capture"),
    ],
)
def test_address_that_gives_nothing_says_so_with_a_hint(
    client, read_page, path, status
):
    response = client.get(path, headers={"Accept": "text/html"})

    page = read_page(response.text)
    assert response.status_code == status
    assert page["notice-status"] == [str(status)]
    assert all(page["h1"] + page["notice-hint"])
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("POST", "/os", id="board"),
        pytest.param("DELETE", "/os/friday", id="board-delete"),
        pytest.param("POST", "/os.json", id="json"),
        pytest.param("GET", CARD, id="card"),
        pytest.param("GET", "/desk/friday/undo", id="undo"),
    ],
)
def test_method_that_an_address_does_not_know_is_refused(client, method, path):
    assert client.open(path, method=method).status_code == 405


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/desk", id="desk"),
        pytest.param("GET", "/desk/friday", id="desk-board"),
        pytest.param("POST", CARD, id="card"),
        pytest.param("POST", "/desk/friday/undo", id="undo"),
    ],
)
def test_desk_is_for_facilitators_only(client, sign_in, method, path):
    nobody = client.open(path, method=method)
    token = sign_in("staff", "Sam")
    staff = client.open(path, method=method, data={"csrf_token": token})

    assert (nobody.status_code, staff.status_code) == (401, 403)


def test_desk_is_kept_by_no_cache(client, sign_in):
    sign_in()

    assert client.get("/desk/friday").headers["Cache-Control"] == "no-store"


def test_capture_page_is_for_staff_and_for_facilitators(client, sign_in, read_page):
    for role in ("staff", "facilitator"):
        sign_in(role)
        page = read_page(client.get("/capture").text)
        assert page["h1"] == ["Send a photo of the board"]
        assert page.attributes("input", "capture") == ["environment"]


@pytest.mark.parametrize(
    ("files", "status"),
    [
        pytest.param([], 400, id="no-file"),
        pytest.param([(io.BytesIO(b"hello"), "x.jpg")], 415, id="no-image"),
        pytest.param([(io.BytesIO(b""), "x.jpg")], 400, id="empty"),
    ],
)
def test_capture_without_a_script_says_what_was_wrong(
    client, sign_in, read_page, files, status
):
    token = sign_in("staff", "Sam")

    response = client.post("/capture", data={"csrf_token": token, "photo": files})

    page = read_page(response.text)
    assert response.status_code == status
    assert all(page["h1"] + page["notice-hint"])


def test_capture_refuses_a_form_of_another_site(client, sign_in):
    sign_in("staff")

    response = client.post("/capture", data={"csrf_token": "wrong"})

    assert response.status_code == 403


def test_capture_without_a_script_shows_what_became_of_it(
    client, sign_in, read_page, photo_file
):
    token = sign_in("staff", "Sam")

    response = client.post(
        "/capture", data={"csrf_token": token, "photo": [(photo_file, "b.jpg")]}
    )
    page = read_page(client.get(response.location).text)

    assert response.status_code == 303
    assert page["photo-state"][0] == "Arrived. The board is being looked for"
    assert page.attributes("li", "data-done") == ["no"]
    assert page.attributes("meta", "http-equiv") == ["refresh"]


def test_capture_without_a_script_shows_each_file_of_a_batch(
    client, sign_in, read_page, photo_file
):
    token = sign_in("staff", "Sam")
    files = [
        (photo_file, "1.jpg"),
        (io.BytesIO(b"hello"), "<b>\u202e2.jpg"),
        (io.BytesIO(b""), "x" * 99),
    ]

    response = client.post("/capture", data={"csrf_token": token, "photo": files})
    page = read_page(client.get(response.location).text)

    assert response.status_code == 303
    assert page["strong"][:3] == [
        "The file is no photo in a format that Boardcast reads.",
        "The upload carries no photo.",
        "Arrived. The board is being looked for",
    ]
    assert page["bdi"][2:4] == ["<b>2.jpg", "x" * 59 + "…"]


def test_capture_without_a_script_says_that_a_photo_is_here_already(
    client, sign_in, read_page, photo_file
):
    data = photo_file.read()
    for name in ("Tom", "Sam"):
        token = sign_in("staff", name)
        files = [(io.BytesIO(data), "b.jpg")]
        response = client.post("/capture", data={"csrf_token": token, "photo": files})

    page = read_page(client.get(response.location).text)

    assert page["again"] == ["Already here, sent 10:05 by Tom."]
    assert "Take back" not in page["photo"][0]
    sign_in("staff", "Tom")
    again = read_page(client.get(response.location).text)["again"]
    assert again == ["Already here, sent 10:05."]


def test_capture_shows_no_words_that_others_put_into_its_address(client, sign_in):
    sign_in("staff", "Sam")

    page = client.get("/capture?refused=W1siYSIsImIiLCJjIl1d.x")

    assert page.status_code == 200
    assert "photo-refused" not in page.text
