import pytest

from server.chat import chat_environ, chat_server_from, with_chat
from server.chat.server import ChatServer
from server.config import Settings, settings_from
from server.errors import SettingsError

KEY = "sk-very-secret-0123456789"
HERE = {
    "BOARDCAST_CHAT_URL": "http://localhost:11434/v1",
    "BOARDCAST_CHAT_MODEL": "llava:7b",
}


@pytest.mark.parametrize(
    ("environ", "server"),
    [
        pytest.param({}, None, id="none named"),
        pytest.param({"BOARDCAST_CHAT_KEY": KEY}, None, id="key only"),
        pytest.param(
            HERE, ChatServer("http://localhost:11434/v1", "llava:7b"), id="no key"
        ),
        pytest.param(
            {
                **HERE,
                "BOARDCAST_CHAT_KEY": KEY,
                "BOARDCAST_CHAT_KEY_FILE": "/nowhere",
                "BOARDCAST_CHAT_TIMEOUT_S": "7.5",
                "BOARDCAST_CHAT_REQUESTS_PER_HOUR": "9",
            },
            ChatServer("http://localhost:11434/v1", "llava:7b", KEY, 7.5, 9),
            id="everything",
        ),
    ],
)
def test_server_of_the_environment(environ, server):
    assert chat_server_from(environ) == server


def test_key_may_be_in_a_file(tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")

    server = chat_server_from(HERE | {"BOARDCAST_CHAT_KEY_FILE": str(tmp_path / "key")})

    assert server == ChatServer("http://localhost:11434/v1", "llava:7b", KEY)


def test_options_win_over_the_environment():
    environ = with_chat(HERE | {"X": "1"}, "http://other/v1", None)

    assert environ == HERE | {"X": "1", "BOARDCAST_CHAT_URL": "http://other/v1"}


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        pytest.param(
            {"BOARDCAST_CHAT_MODEL": ""},
            "BOARDCAST_CHAT_MODEL: Field required.",
            id="no model",
        ),
        pytest.param(
            {"BOARDCAST_CHAT_URL": ""},
            "BOARDCAST_CHAT_URL: Field required.",
            id="no address",
        ),
        pytest.param(
            {"BOARDCAST_CHAT_URL": f"http://me:{KEY}@a/v1"},
            "BOARDCAST_CHAT_URL: Expected an address without user and password.",
            id="password in the address",
        ),
        pytest.param(
            {"BOARDCAST_CHAT_URL": "http://8.8.8.8/v1", "BOARDCAST_CHAT_KEY": KEY},
            "BOARDCAST_CHAT_URL: Expected an https address: the key would be sent in "
            "the open.",
            id="key in the open",
        ),
        pytest.param(
            {"BOARDCAST_CHAT_KEY": f"{KEY}\n{KEY}"},
            "BOARDCAST_CHAT_KEY: String should match pattern '^[!-~]*$'.",
            id="two keys",
        ),
        pytest.param(
            {"BOARDCAST_CHAT_KEY_FILE": "/nowhere/key"},
            "The file /nowhere/key cannot be read as a key.",
            id="no file",
        ),
        pytest.param(
            {"BOARDCAST_CHAT_TIMEOUT_S": "long"},
            "BOARDCAST_CHAT_TIMEOUT_S: Input should be a valid number, unable to parse "
            "string as a number.",
            id="time is a word",
        ),
        pytest.param(
            {"BOARDCAST_CHAT_REQUESTS_PER_HOUR": "1.5"},
            "BOARDCAST_CHAT_REQUESTS_PER_HOUR: Input should be a valid integer, unable "
            "to parse string as an integer.",
            id="half a request",
        ),
    ],
)
def test_server_that_cannot_be_used_says_why_without_the_key(environ, message):
    with pytest.raises(SettingsError) as error:
        chat_server_from(HERE | environ)

    assert error.value.message == message
    assert KEY not in str(error.value)


def test_key_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "key").write_bytes(b"\xff\xfe")

    with pytest.raises(SettingsError, match="cannot be read as a key"):
        chat_server_from(HERE | {"BOARDCAST_CHAT_KEY_FILE": str(tmp_path / "key")})


@pytest.mark.parametrize(
    "server",
    [
        None,
        ChatServer("http://a/v1", "m"),
        ChatServer("https://a.example/v1", "m", KEY, 0.25, 0),
    ],
    ids=["none", "no key", "everything"],
)
def test_server_survives_the_environment_of_a_child(server, tmp_path):
    settings = Settings(
        tmp_path / "e.toml", tmp_path, engine="chat", secret_key="s", chat=server
    )

    assert chat_server_from(chat_environ(server)) == server
    assert settings_from(settings.to_environ()) == settings
    assert KEY not in repr(settings)
