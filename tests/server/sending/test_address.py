import pytest
import requests

from server.errors import SendError
from server.sending.address import found_server, full_address


def answer(status=400, location=""):
    response = requests.Response()
    response.status_code = status
    response.headers.update({"Location": location} if location else {})
    return response


@pytest.fixture
def network():
    """Servers by their address; give what knocks at them, and where it knocked."""

    def knocks_at(answers):
        asked = []

        def knock(address):
            asked.append(address)
            return answers[address]

        return knock, asked

    return knocks_at


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("pycon.example", "https://pycon.example"),
        ("pycon.example:8000", "https://pycon.example:8000"),
        ("http://pycon.example", "http://pycon.example"),
        ("HTTPS://pycon.example//", "https://pycon.example"),
        (" pycon.example/os/ ", "https://pycon.example/os"),
        ("pycon.example/board/capture", "https://pycon.example/board"),
        ("https://pycon.example/sign-in/WyJz.x.y", "https://pycon.example"),
        ("https://pycon.example/os?at=1#s-1", "https://pycon.example/os"),
        ("localhost", "http://localhost"),
        ("localhost:8000", "http://localhost:8000"),
        ("localhost:443", "https://localhost:443"),
        ("192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("raspberrypi.local:8000", "http://raspberrypi.local:8000"),
        ("raspberrypi", "http://raspberrypi"),
        ("::1", "http://[::1]"),
        ("[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_address_is_completed(text, address):
    assert full_address(text) == address
    assert full_address(address) == address


@pytest.mark.parametrize(
    "text", ["", " ", "/os", "ftp://pycon.example", "http://", "host:port", "[::1"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(SendError) as error:
        full_address(text)

    assert error.value.message == f'"{text}" is no address of a server.'


@pytest.mark.parametrize(
    ("text", "answers", "found"),
    [
        ("http://a.example", {"http://a.example": answer()}, "http://a.example"),
        (
            "http://a.example/board",
            {"http://a.example/board": answer(401)},
            "http://a.example/board",
        ),
        (
            "http://a.example/os/friday",
            {
                "http://a.example/os/friday": answer(404),
                "http://a.example/os": answer(405),
                "http://a.example": answer(),
            },
            "http://a.example",
        ),
        (
            "http://a.example/os",
            {
                "http://a.example/os": answer(301, "https://a.example/os/photos"),
                "https://a.example/os": answer(404),
                "https://a.example": answer(),
            },
            "https://a.example",
        ),
        (
            "http://a.example",
            {
                "http://a.example": answer(308, "/board/photos/?x"),
                "http://a.example/board": answer(),
            },
            "http://a.example/board",
        ),
        # At its root, whatever answers is told by sending the photo itself.
        ("http://a.example", {"http://a.example": answer(404)}, "http://a.example"),
    ],
)
def test_server_is_found(network, text, answers, found):
    knock, asked = network(answers)

    assert found_server(text, knock) == found
    assert asked == list(answers)


@pytest.mark.parametrize(
    "location",
    [
        "https://b.example/photos",
        "http://a.example/photos",
        "https://a.example/login?next=/photos",
        "https://a.example.evil.example/photos",
    ],
)
def test_token_follows_no_redirect_to_another_host_or_page(network, location):
    knock, asked = network({"https://a.example": answer(302, location)})

    with pytest.raises(SendError, match=r"https://a\.example leads to http"):
        found_server("a.example", knock)

    assert asked == ["https://a.example"]


def test_redirects_in_a_circle_end(network):
    knock, asked = network({"http://a.example": answer(302, "http://a.example/photos")})

    with pytest.raises(SendError, match="leads nowhere"):
        found_server("http://a.example", knock)

    assert len(asked) == 10
