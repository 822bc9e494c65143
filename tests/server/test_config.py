import stat
from pathlib import Path

import pytest

from calibration.profile import save_profile
from server.config import Settings, settings_from, stored_secret
from server.errors import SettingsError
from server.site import Site


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
            "Expected a port from 1 to 65535, got 65536.",
        ),
        (
            {"BOARDCAST_PROFILE_PATH": "e", "BOARDCAST_PORT": "0"},
            "Expected a port from 1 to 65535, got 0.",
        ),
        (
            {"BOARDCAST_PROFILE_PATH": "e", "BOARDCAST_PUBLIC_URL": "x.example"},
            (
                "Expected a public address, one that begins with https:// or http://, "
                'got "x.example".'
            ),
        ),
        (
            {"BOARDCAST_PROFILE_PATH": "e", "BOARDCAST_HOST": "x.example"},
            'Expected an IP address to listen on, got "x.example".',
        ),
        (
            {"BOARDCAST_PROFILE_PATH": "e", "BOARDCAST_MAX_UPLOAD_BYTES": "0"},
            "Expected max_upload_bytes above 0, got 0.",
        ),
    ],
    ids=[
        *("no-profile", "port-no-number", "no-truth", "port-too-high", "port-zero"),
        *("no-scheme", "host-is-a-name", "no-bytes"),
    ],
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


@pytest.mark.parametrize(
    "name",
    [
        *("a b", "a%20b", "a%b", "a#b", "a?b=c", "a&b;c", "-dash", "~", "..x"),
        *(
            "\u00fc\u00f6",
            "e\u0301",
            "\U0001f389",
            "%(here)s",
            "a'\"b",
            "a\\b",
            "file:",
        ),
        *("[x]", "new\nline", "x" * 200 + "/" + "y" * 200),
    ],
)
def test_data_folder_of_any_name_holds_everything(name, tmp_path, profile):
    save_profile(profile, tmp_path / "event.toml")
    settings = Settings(tmp_path / "event.toml", tmp_path / name, secret_key="s")

    site = Site.open(settings_from(settings.to_environ()))
    site.originals.put(b"photo")
    site.database.close()

    folder = name.split("/", maxsplit=1)[0]
    assert {path.name for path in tmp_path.iterdir()} == {"event.toml", folder}
    assert {path.name for path in (tmp_path / name).iterdir()} == {
        "boardcast.db",
        "blobs",
    }


def test_data_folder_behind_a_link_is_the_one_that_it_leads_to(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    settings = Settings(tmp_path / "event.toml", tmp_path / "link", secret_key="s")

    assert settings.data_dir == tmp_path / "real"


def test_data_folder_whose_name_is_no_text_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="cannot be used"):
        Settings(tmp_path / "e", Path("\udcff"), secret_key="s")
