import pytest

from vision.recognition.chat_server import ChatServer, ChatServerFault

KEY = "sk-very-secret-0123456789"
WHOLE = "Expected a whole http(s) address."
OPEN = "Expected an https address: the key would be sent in the open."
PLAIN = "Expected a key of plain letters, digits and signs, on one line."


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:11434/v1",
        "http://127.0.0.1:8000/v1/",
        "http://[::1]:8000/v1",
        "http://192.168.1.20:8080/v1",
        "http://10.0.0.7/v1",
        "http://ollama:11434/v1",
        "http://gpu.local/v1",
        "http://box.lan/v1",
        "https://api.example/v1",
        "https://api.example/openai/v1?api-version=2026-01-01",
    ],
)
def test_server_may_be_given_a_key(url):
    server = ChatServer(url, "m", KEY)

    assert (server.url, server.key) == (url, KEY)
    assert KEY not in repr(server)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("", WHOLE, id="nothing"),
        pytest.param("localhost:8000", WHOLE, id="no scheme"),
        pytest.param("//localhost", WHOLE, id="no scheme, slashes"),
        pytest.param("ftp://localhost", WHOLE, id="ftp"),
        pytest.param("file:///etc/passwd", WHOLE, id="file"),
        pytest.param("http://", WHOLE, id="no host"),
        pytest.param("http://:80", WHOLE, id="port only"),
        pytest.param("http://a:0", WHOLE, id="port 0"),
        pytest.param("http://a:70000", WHOLE, id="port too high"),
        pytest.param("http://a:b", WHOLE, id="port is a word"),
        pytest.param("http://[::1", WHOLE, id="bracket"),
        pytest.param(f"http://{'a' * 64}.example", WHOLE, id="label too long"),
        pytest.param(
            "http://a/v1 x", "Expected an address of ASCII without spaces.", id="space"
        ),
        pytest.param(
            "http://a/\u00e9", "Expected an address of ASCII without spaces.", id="é"
        ),
        pytest.param(
            f"http://me:{KEY}@a/v1",
            "Expected an address without user and password.",
            id="password",
        ),
        pytest.param("http://api.example/v1", OPEN, id="http across the internet"),
        pytest.param("http://8.8.8.8/v1", OPEN, id="http to a public address"),
        pytest.param("http://localhost.example/v1", OPEN, id="not this machine"),
    ],
)
def test_address_that_cannot_be_used(url, message):
    with pytest.raises(ChatServerFault) as fault:
        ChatServer(url, "m", KEY)

    assert (fault.value.part, fault.value.message) == ("url", message)
    assert KEY not in repr(fault.value)


def test_http_across_the_internet_is_allowed_without_a_key():
    assert ChatServer("http://api.example/v1", "m").key == ""


@pytest.mark.parametrize(
    ("fields", "part", "message"),
    [
        pytest.param(
            {"model": ""}, "model", "Expected the name of a model.", id="none"
        ),
        pytest.param(
            {"model": "a\nb"}, "model", "Expected the name of a model.", id="two lines"
        ),
        pytest.param({"key": "a\r\nX: 1"}, "key", PLAIN, id="key of two lines"),
        pytest.param({"key": "a b"}, "key", PLAIN, id="key with a space"),
        pytest.param({"key": "schl\u00fcssel"}, "key", PLAIN, id="key not ASCII"),
        pytest.param(
            {"timeout_s": 0},
            "timeout_s",
            "Expected more than 0 and at most 300 seconds, got 0.",
            id="no time",
        ),
        pytest.param(
            {"timeout_s": 301},
            "timeout_s",
            "Expected more than 0 and at most 300 seconds, got 301.",
            id="too much time",
        ),
        pytest.param(
            {"timeout_s": float("nan")},
            "timeout_s",
            "Expected more than 0 and at most 300 seconds, got nan.",
            id="time is no number",
        ),
        pytest.param(
            {"requests_per_hour": -1},
            "requests_per_hour",
            "Expected 0 requests or more, got -1.",
            id="fewer than no requests",
        ),
    ],
)
def test_server_that_cannot_be_used(fields, part, message):
    with pytest.raises(ChatServerFault) as fault:
        ChatServer(**{"url": "http://localhost/v1", "model": "m", **fields})

    assert (fault.value.part, fault.value.message) == (part, message)
