"""The page's answers, without a browser."""

import base64
import datetime as dt

import pytest

from calibration.event import Board, ReferencePhoto
from calibration.geometry import Quad
from calibration.profile import load_profile, save_profile
from server.setup.drafts import first_profile
from server.setup.page import setup_app
from server.setup.zone import local_timezone
from vision.image.photo import Photo

DAY = dt.date(2027, 5, 14)


@pytest.fixture
def saved():
    return []


@pytest.fixture
def client_of(saved):
    return lambda task: setup_app(task, "secret", saved.append).test_client()


def start(client) -> dict:
    return client.get("/secret/start").json["sheets"][-1]


def test_nobody_gets_anything_without_the_token(client_of, task_of, proposal):
    client = client_of(task_of(proposal))

    told = [
        client.get(place).status_code
        for place in ("/", "/start", "/guess", "/guess/", "/guess/photo.jpg")
    ]
    told.append(client.post("/guess/save", json={}).status_code)

    assert set(told) == {404}
    assert client.get("/secret/", headers={"Host": "evil.example"}).status_code == 400


def test_page_is_whole_and_strict(client_of, task_of, proposal):
    answer = client_of(task_of(proposal)).get("/secret/")

    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<style" not in answer.text
    assert "style=" not in answer.text
    assert "IMG_1.jpg" in answer.text


def test_photo_and_straightened_grid_are_pictures(client_of, task_of, proposal):
    client = client_of(task_of(proposal))

    photo = Photo.decode(client.get("/secret/photo.jpg").data)
    answer = client.post("/secret/preview", json=start(client))
    data = base64.b64decode(answer.json["picture"].partition(",")[2])

    assert photo.size_wh == (1008, 756)
    width, _ = Photo.decode(data).size_wh
    # The cells' long side, and what the picture shows to the left and right of them.
    columns = len(proposal.layout.column_edges) - 1
    assert width == 900 + round(900 / columns * 1.25)


def test_saved_board_is_in_event_toml(client_of, task_of, proposal, saved):
    task = task_of(proposal)
    client = client_of(task)

    answer = client.post("/secret/save", json=start(client) | {"title": "Friday"})
    answer.close()

    assert answer.json == {"slug": "board", "title": "Friday"}
    (board,) = load_profile(task.event_path).boards
    assert board == Board(
        "board",
        "Friday",
        DAY,
        proposal.layout,
        reference=ReferencePhoto(
            board.reference.photo, Quad.from_array(proposal.corners_photo.to_array())
        ),
    )
    kept = task.event_path.parent / board.reference.photo
    assert kept.read_bytes() == task.photo_path.read_bytes()
    assert [one.board.title for one in saved] == ["Friday"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"rooms": ["A", "A", "B", "C"]}, "rooms.1"),
        ({"slug": "Not so"}, "slug"),
        ({"date": ""}, "date"),
        ({"rooms": ["A"]}, "column_edges"),
    ],
)
def test_refusal_says_where_and_writes_nothing(
    client_of, task_of, proposal, change, place
):
    task = task_of(proposal)
    client = client_of(task)

    for where in ("preview", "save"):
        answer = client.post(f"/secret/{where}", json=start(client) | change)
        places = [one["place"] for one in answer.json["refusals"]]
        assert (answer.status_code, places) == (422, [place])
    assert not task.event_path.exists()


def test_all_that_is_refused_is_said_at_once(client_of, task_of, proposal):
    client = client_of(task_of(proposal))
    sheet = start(client)
    wrong = {
        "title": "",
        "slug": "Not so",
        "rooms": [sheet["rooms"][0], *sheet["rooms"][:1], *sheet["rooms"][2:]],
        "slots": ["late", "25:00-26:00", *sheet["slots"][2:]],
        "column_edges": [0, 0.6, 0.5, *sheet["column_edges"][3:]],
        "margins": [9, 1, -1, 1],
        "corners": [[-5000, 0], *sheet["corners"][1:]],
    }

    answer = client.post("/secret/preview", json=sheet | wrong)

    assert [one["place"] for one in answer.json["refusals"]] == [
        "slug",
        "title",
        "rooms.1",
        "slots.0",
        "slots.1",
        "column_edges.2",
        "corners.0",
        "margins.0",
        "margins.2",
    ]


def test_new_board_takes_no_other_board_s_place(client_of, task_of, proposal):
    task = task_of(proposal)
    board = Board("board", "Board", DAY, proposal.layout)
    save_profile(first_profile("PyCon", local_timezone(), board), task.event_path)
    client = client_of(task)

    answer = client.post("/secret/save", json=start(client))

    message = '"board" is another board of this event.'
    assert answer.json == {"refusals": [{"message": message, "place": "slug"}]}


def test_photo_that_cannot_be_kept_is_told(client_of, task_of, proposal, saved):
    task = task_of(proposal)
    client = client_of(task)
    task.photo_path.unlink()

    answer = client.post("/secret/save", json=start(client))

    assert answer.status_code == 422
    (refusal,) = answer.json["refusals"]
    assert refusal["message"].startswith("The photo cannot be kept as ")
    assert saved == []
