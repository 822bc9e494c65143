import pytest

from server.errors import SettingsError
from server.hosts import (
    is_nearby,
    listening_host,
    own_address,
    own_url,
    public_address,
)

EVERY = "0.0.0.0"  # noqa: S104  (read, not bound)


@pytest.mark.parametrize(
    ("host", "listens", "read", "asked"),
    [
        ("127.0.0.1", "127.0.0.1", "http://localhost:8000", "http://127.0.0.1:8000"),
        ("localhost", "127.0.0.1", "http://localhost:8000", "http://127.0.0.1:8000"),
        (EVERY, EVERY, "http://localhost:8000", "http://127.0.0.1:8000"),
        ("192.0.2.7", "192.0.2.7", "http://192.0.2.7:8000", "http://192.0.2.7:8000"),
        ("::", "::", "http://localhost:8000", "http://127.0.0.1:8000"),
        ("::1", "::1", "http://[::1]:8000", "http://[::1]:8000"),
        ("[::1]", "::1", "http://[::1]:8000", "http://[::1]:8000"),
        (
            "2001:DB8:0::7",
            "2001:db8::7",
            "http://[2001:db8::7]:8000",
            "http://[2001:db8::7]:8000",
        ),
    ],
)
def test_host_to_listen_on_and_the_addresses_made_of_it(host, listens, read, asked):
    found = listening_host(host)

    assert (found, own_address(found, 8000), own_url(found, 8000)) == (
        listens,
        read,
        asked,
    )


@pytest.mark.parametrize(
    "host", ["pycon.local", "0", "*", "", "1.2.3", "::1%lo", "fe80::1%eth0", "::g"]
)
def test_host_that_the_server_cannot_listen_on_is_refused(host):
    with pytest.raises(SettingsError) as error:
        listening_host(host)

    assert f'"{host}"' in error.value.message
    assert "::" in error.value.hint


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://pycon.example", "https://pycon.example"),
        (" https://pycon.example/ \n", "https://pycon.example"),
        ("HTTPS://PyCon.Example/Board/", "https://pycon.example/Board"),
        ("https://pycon.example:443", "https://pycon.example"),
        ("http://pycon.example:80/", "http://pycon.example"),
        ("http://pycon.example:443", "http://pycon.example:443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://[2001:DB8::1]", "http://[2001:db8::1]"),
        ("http://raspberry_pi:8000", "http://raspberry_pi:8000"),
        ("https://p\u00fccon.example", "https://xn--pcon-0ra.example"),
        ("https://xn--strae-oqa.example", "https://xn--strae-oqa.example"),
    ],
)
def test_public_address_is_written_as_browsers_do(text, address):
    assert public_address(text) == address
    assert public_address(address) == address


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("pycon.example", "https:// or http://"),
        ("pycon.example:8000", "https:// or http://"),
        ("//pycon.example", "https:// or http://"),
        ("ftp://pycon.example", "https:// or http://"),
        ("https:/pycon.example", "https:// or http://"),
        ("https://", "https:// or http://"),
        ("https://?x", "https:// or http://"),
        ("https://:8000", "a name or an IP address"),
        ("https://pycon.example?x=1", "without ? and #"),
        ("https://pycon.example?", "without ? and #"),
        ("https://pycon.example/#board", "without ? and #"),
        ("https://pycon.example:99999", "number to 65535"),
        ("https://pycon.example:http", "number to 65535"),
        ("https://pycon.example:0", "number from 1"),
        ("https://pycon.example:", "number from 1"),
        ("https://pycon example", "without blanks"),
        ("https://pycon\\example", "without blanks"),
        ("https://-pycon.example", "a name or an IP address"),
        ("https://pycon..example", "a name or an IP address"),
        ("https://pycon.example,org", "a name or an IP address"),
        ("https://[::1", "a name or an IP address"),
        ("https://[::g]", "a name or an IP address"),
        ("http://0.0.0.0:8000", "single machine"),
        ("http://[::]:8000", "single machine"),
        ("http://[fe80::1%25eth0]:8000", "single machine"),
        ("https://stra\u00dfe.example", "xn--"),
    ],
)
def test_public_address_that_no_browser_opens_is_refused(text, reason):
    with pytest.raises(SettingsError) as error:
        public_address(text)

    assert reason in error.value.message
    assert error.value.hint.startswith("For example https://")


def test_password_in_a_public_address_is_not_repeated():
    with pytest.raises(SettingsError) as error:
        public_address("https://maya:geheim@pycon.example")

    assert "user name" in error.value.message
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize(
    ("host", "nearby"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("203.0.113.5", True),
        ("::1", True),
        ("raspberrypi", True),
        ("Raspberrypi.local", True),
        ("board.localhost", True),
        ("pycon.example", False),
        ("local.example", False),
    ],
)
def test_host_that_has_no_certificate(host, nearby):
    assert is_nearby(host) == nearby
