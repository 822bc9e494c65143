import pytest
from pydantic import ValidationError

from server.chat.server import ChatServer

KEY = "sk-very-secret-0123456789"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:11434/v1",
        "http://[::1]:8000/v1",
        "http://192.168.1.20:8080/v1",
        "http://ollama:11434/v1",
        "http://gpu.local/v1",
        "https://api.example/openai/v1?api-version=2026-01-01",
    ],
)
def test_server_may_be_given_a_key(url):
    server = ChatServer(url, "m", KEY)

    assert (str(server.url), server.key) == (url, KEY)
    assert KEY not in repr(server)


@pytest.mark.parametrize(
    "fields",
    [
        {"url": ""},
        {"url": "localhost:8000"},
        {"url": "file:///etc/passwd"},
        {"url": "http://:80"},
        {"url": "http://a:70000"},
        {"url": f"http://me:{KEY}@a/v1"},
        {"url": "http://api.example/v1"},
        {"url": "http://8.8.8.8/v1"},
        {"url": "http://localhost.example/v1"},
        {"model": ""},
        {"model": " "},
        {"model": "a\nb"},
        {"key": f"{KEY}\r\nX: 1"},
        {"key": f"{KEY} b"},
        {"key": f"schl\u00fcssel{KEY}"},
        {"timeout_s": 0},
        {"timeout_s": 301},
        {"timeout_s": float("nan")},
        {"requests_per_hour": -1},
    ],
    ids=str,
)
def test_server_that_cannot_be_used_is_refused_without_a_secret(fields):
    with pytest.raises(ValidationError) as refused:
        ChatServer(**{"url": "http://localhost/v1", "model": "m", "key": KEY} | fields)

    assert KEY not in str(refused.value)


def test_http_across_the_internet_is_allowed_without_a_key():
    assert ChatServer("http://api.example/v1", "m").key == ""
