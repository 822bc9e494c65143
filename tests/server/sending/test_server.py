import pytest

from server.errors import SenderRefusedError, SendError, ServerAwayError
from server.sending.server import Server


@pytest.fixture
def photo(scripted):
    return scripted.photo_bytes("morning")


@pytest.fixture
def server(faulty, tokens):
    return Server(faulty[0], tokens.issue("staff"))


@pytest.fixture
def faults(faulty):
    return faulty[1]


@pytest.mark.parametrize("first", [False, True], ids=["later", "first"])
@pytest.mark.parametrize(
    "fault", ["page", "502", "portal", "other json", "busy", "drop", "hang"]
)
def test_server_that_is_away_is_found_again(server, faults, photo, fault, first):
    if not first:
        server.post("first.png", photo, None)
    # One for the knock, one for the photo.
    faults.extend([fault, fault])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.sending.server.ANSWER_WITHIN_S", (1, 0.3))
        with pytest.raises(ServerAwayError):
            server.post("a.png", photo, None)
    faults.clear()

    assert server.post("a.png", photo, None)["state"] == "received"


def test_page_that_answers_for_the_server_does_not_keep_its_address(
    faulty, tokens, photo
):
    address, faults = faulty
    server = Server(f"{address}/os", tokens.issue("staff"))
    faults.extend(["page", "page"])
    with pytest.raises(ServerAwayError, match=r"/os is no Boardcast server \(200\)"):
        server.post("a.png", photo, None)

    assert server.post("a.png", photo, None)["state"] == "received"


def test_time_that_a_server_asks_for_is_known(server, faults, photo):
    server.post("first.png", photo, None)
    faults.append("busy")

    with pytest.raises(ServerAwayError) as error:
        server.post("a.png", photo, None)

    assert (error.value.message, error.value.retry_after_s) == ("Too many photos.", 7)


def test_proxy_that_takes_no_large_upload_is_no_passing_fault(server, faults, photo):
    server.post("first.png", photo, None)
    faults.append("too large")

    with pytest.raises(SendError, match="takes no upload so large") as error:
        server.post("a.png", photo, None)

    assert type(error.value) is SendError


@pytest.mark.parametrize(
    ("data", "board", "token", "kind", "message"),
    [
        (b"text", None, None, SendError, "The file is no photo in a format"),
        (b"", None, None, SendError, "The upload carries no photo"),
        (None, "sunday", None, SenderRefusedError, "There is no board sunday."),
        (None, None, "wrong", SenderRefusedError, "This token is not one of"),
    ],
    ids=["no-photo", "empty", "board", "token"],
)
def test_refusals_are_told_apart(server, photo, data, board, token, kind, message):  # noqa: PLR0917  (a row)
    sender = Server(server.typed, token or server.token)
    with pytest.raises(SendError, match=message) as error:
        sender.post("a.png", photo if data is None else data, board)

    assert type(error.value) is kind
