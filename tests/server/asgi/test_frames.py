"""``POST /capture/frame`` as it is attacked: nothing is read of whom it is not for."""

import json
import pickle
import re

import numpy as np
import pytest

from server.aiming import FRAME_BYTES, Aiming
from server.auth import RATES
from server.errors import DecodingError
from server.rates import FRAMES
from server.views.capture.frames import AIMING
from vision.errors import NotAnImageError
from vision.image.photo import encode_jpeg

JPEG = encode_jpeg(np.full((90, 120, 3), 128, np.uint8), 60)
GOOD = {"board": "friday", "outline": [[0, 0], [1, 0], [1, 1], [0, 1]], "advice": "far"}


class Scripted(Aiming):
    """Answers without a process; keeps what it was asked."""

    def __init__(self):
        super().__init__()
        self.asked = []
        self.error = None

    def look(self, frame, photo_px, key, known):
        told = known()
        slugs = tuple(board.slug for board in told.boards)
        self.asked.append((frame, photo_px, key, (slugs, told.photos)))
        if self.error:
            raise self.error
        return GOOD


@pytest.fixture
def aiming():
    return Scripted()


@pytest.fixture
def sam(ticking, app, asked):
    """What a request of Sam's browser carries."""
    app.extensions[AIMING].close()
    link = f"/sign-in/{ticking.tokens.issue('staff', 'Sam')}"
    cookie = asked(link).headers["set-cookie"].split(";")[0]
    page = asked("/capture", headers={"cookie": cookie}).body.decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return {"cookie": cookie, "x-csrf-token": token}


@pytest.fixture
def send(app, asked, aiming, sam):
    app.extensions[AIMING] = aiming

    def send(body=JPEG, headers=sam, query=b"photo_px=4000&frame=7"):
        return asked("/capture/frame", "POST", headers, body, query=query)

    return send


def test_answer_says_where_the_board_is_and_of_which_picture(send, aiming):
    reply = send()

    assert (reply.status, json.loads(reply.body)) == (200, {"frame": "7", **GOOD})
    assert reply.headers["cache-control"] == "no-store"
    ((frame, photo_px, key, known),) = aiming.asked
    assert (frame, photo_px) == (JPEG, 4000)
    assert known == (("friday",), ())
    assert send().status == 200
    assert aiming.asked[1][2] == key


def test_photo_that_was_placed_last_is_told(send, aiming, journey, scripted):
    journey.send("morning", board="friday")
    journey.work(scripted.SHOTS)
    send()

    ((_, _, key, (boards, photos)),) = aiming.asked
    (told,) = photos
    assert (boards, told.board.slug) == (("friday",), "friday")
    assert told.data == scripted.photo_bytes("morning")
    again = pickle.loads(pickle.dumps(told))  # noqa: S301  (our own)
    assert again.reference().board == told.board
    journey.send("noon", "13:00", board="friday")
    journey.work(scripted.SHOTS)
    send()
    assert aiming.asked[1][2] != key


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"cookie": ""}, 401),
        ({"cookie": "boardcast=nonsense"}, 401),
        ({"x-csrf-token": "wrong"}, 403),
        ({"content-length": str(60 * 2**20)}, 413),
        ({"content-length": str(FRAME_BYTES + 1)}, 413),
    ],
    ids=["nobody", "wrong-cookie", "another-site", "60 MB", "a byte too much"],
)
def test_what_is_not_allowed_is_looked_at_by_nobody(send, aiming, sam, change, status):
    reply = send(headers={**sam, **change})

    assert (reply.status, aiming.asked) == (status, [])


@pytest.mark.parametrize(
    "query", [b"", b"photo_px=0", b"photo_px=x", b"photo_px=99999"]
)
def test_nonsense_is_refused(send, aiming, query):
    assert (send(query=query).status, aiming.asked) == (400, [])


def test_too_many_pictures_of_one_person_are_told_to_wait(
    send, aiming, asked, app, sam
):
    app.extensions[RATES].limiter.hit(FRAMES, "Sam", cost=FRAMES.amount - 1)

    assert [send().status for _ in range(3)] == [200, 429, 429]
    assert len(aiming.asked) == 1
    # Their photos, and others, are not kept from anything.
    assert asked("/capture", headers={"cookie": sam["cookie"]}).status == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [(DecodingError("busy", hint="wait"), 503), (NotAnImageError("m", hint="h"), 415)],
    ids=["busy", "no picture"],
)
def test_who_cannot_be_answered_just_now_hears_so(send, aiming, error, status):
    aiming.error = error

    assert send().status == status
