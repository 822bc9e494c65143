import stat
from pathlib import Path

import pytest

from server.config import Settings, settings_from, stored_secret
from server.errors import SettingsError


def test_settings_without_options_take_their_defaults(tmp_path):
    settings = Settings(tmp_path / "event.toml", tmp_path / "data", secret_key="s")

    assert settings.to_environ() == {
        "BOARDCAST_PROFILE_PATH": str(tmp_path / "event.toml"),
        "BOARDCAST_DATA_DIR": str(tmp_path / "data"),
        "BOARDCAST_ENGINE": "rapidocr",
        "BOARDCAST_DATABASE_URL": f"sqlite:///{tmp_path}/data/boardcast.db",
        "BOARDCAST_BLOB_URL": f"file://{tmp_path}/data/blobs",
        "BOARDCAST_SECRET_KEY": "s",
        "BOARDCAST_MAX_UPLOAD_BYTES": str(64 * 2**20),
        "BOARDCAST_HOST": "127.0.0.1",
        "BOARDCAST_PORT": "8000",
        "BOARDCAST_PUBLIC_URL": "http://localhost:8000",
        "BOARDCAST_SECURE_COOKIES": "0",
        "BOARDCAST_TRUSTED_HOSTS": "",
        "BOARDCAST_TRUSTED_PROXIES": "127.0.0.1,::1",
        "BOARDCAST_ACCESS_LOG": "0",
        "BOARDCAST_SITE_ID": "",
    }


def test_settings_survive_the_environment(tmp_path):
    settings = Settings(
        tmp_path / "e.toml",
        tmp_path,
        engine="none",
        secret_key="s",
        port=81,
        public_url="https://pycon.example/",
        trusted_hosts=("a.example", "b.example"),
    )

    assert settings_from(settings.to_environ()) == settings
    assert settings.secure_cookies
    assert settings.public_url == "https://pycon.example"


def test_options_win_over_the_environment_unless_none(tmp_path):
    environ = {
        "BOARDCAST_PROFILE_PATH": "a.toml",
        "BOARDCAST_PORT": "1",
        "BOARDCAST_HOST": "1.2.3.4",
        "BOARDCAST_DATA_DIR": str(tmp_path),
    }

    settings = settings_from(environ, {"port": 2, "host": None})

    assert (settings.port, settings.host) == (2, "1.2.3.4")


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "No event.toml is given."),
        (
            {"BOARDCAST_PROFILE_PATH": "e", "BOARDCAST_PORT": "x"},
            'Expected a whole number for BOARDCAST_PORT, got "x".',
        ),
        (
            {"BOARDCAST_PROFILE_PATH": "e", "BOARDCAST_SECURE_COOKIES": "yes"},
            'Expected 0 or 1 for BOARDCAST_SECURE_COOKIES, got "yes".',
        ),
        (
            {"BOARDCAST_PROFILE_PATH": "e", "BOARDCAST_PORT": "65536"},
            "Expected a port from 0 to 65535, got 65536.",
        ),
        (
            {"BOARDCAST_PROFILE_PATH": "e", "BOARDCAST_MAX_UPLOAD_BYTES": "0"},
            "Expected max_upload_bytes above 0, got 0.",
        ),
    ],
    ids=["no-profile", "port-no-number", "no-truth", "port-too-high", "no-bytes"],
)
def test_settings_that_cannot_be_used_say_why(environ, message, tmp_path):
    environ = {"BOARDCAST_DATA_DIR": str(tmp_path), **environ}

    with pytest.raises(SettingsError) as error:
        settings_from(environ)

    assert error.value.message == message


def test_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    first = stored_secret(tmp_path / "data")

    mode = stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode)
    assert stored_secret(tmp_path / "data") == first
    assert len(first) >= 32
    assert mode == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_secret_key_is_not_shown():
    assert "geheim" not in repr(Settings(Path("e"), Path("d"), secret_key="geheim"))


def test_secret_key_in_a_folder_that_is_a_file_says_so(tmp_path):
    (tmp_path / "data").write_text("")

    with pytest.raises(SettingsError, match="cannot be used"):
        stored_secret(tmp_path / "data")
