import pytest

from server.views.links import web_href


@pytest.mark.parametrize(
    ("url", "href"),
    [
        pytest.param("https://example.org/a?b=c#d", "https://example.org/a?b=c#d", id="whole"),
        pytest.param("HTTP://Example.org", "http://Example.org", id="upper-case"),
        pytest.param("bit.ly/PyZombis", "https://bit.ly/PyZombis", id="no-scheme"),
        pytest.param(" example.org ", "https://example.org", id="spaces-around"),
        pytest.param("pad.riseup.net:8443/p/x", "https://pad.riseup.net:8443/p/x", id="port"),
        pytest.param("javascript:alert(1)", None, id="javascript"),
        pytest.param("JaVaScRiPt://example.org/%0aalert(1)", None, id="javascript-host"),
        pytest.param("data:text/html,<script>", None, id="data"),
        pytest.param("file:///etc/passwd", None, id="file"),
        pytest.param("//example.org", None, id="no-scheme-slashes"),
        pytest.param("https://good.org@evil.org", None, id="user-name"),
        pytest.param('https://example.org/"onload="x', None, id="quote"),
        pytest.param("https://example.org/a b", None, id="space"),
        pytest.param("example", None, id="one-word"),
        pytest.param("", None, id="empty"),
        pytest.param("https://example.org\n.evil.org", None, id="line-break"),
    ],
)  # fmt: skip
def test_web_href_of_what_people_write_on_cards(url, href):
    assert web_href(url) == href
