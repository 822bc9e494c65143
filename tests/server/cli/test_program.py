import os
import signal
import socket
import sys
import threading
import time
from dataclasses import replace
from http.client import RemoteDisconnected
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from werkzeug.serving import make_server

from calibration.layout import CellId
from server.app import app_of
from server.camera.source import Source
from server.cli.addresses import announce, is_local, network_url
from server.cli.last_serve import LastServe
from server.cli.read import target_of
from server.cli.serve import on_network, wait_until_up
from server.config import Settings, settings_from
from server.site import Site
from server.store.photos import photos_of

COMMANDS = (
    "announce",
    "backup",
    "calibrate",
    "camera",
    "check",
    "demo",
    "doctor",
    "export-labels",
    "forget",
    "init",
    "invitations",
    "invite",
    "kit",
    "plan",
    "read",
    "reload",
    "restore",
    "retry",
    "revoke",
    "send",
    "serve",
    "watch",
)


@pytest.fixture
def photo(scripted, tmp_path):
    """A photo in a file."""
    path = tmp_path / "morning.png"
    path.write_bytes(scripted.photo_bytes("morning"))
    return path


@pytest.fixture
def target(live, tokens):
    """The options that name a running server."""
    return ("--to", live, "--token", tokens.issue("staff"))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command, run):
    result = run(command, "--help")

    assert result.exit_code == 0
    assert f"Example: boardcast {command}" in result.stdout


def test_help_names_every_command(run):
    result = run("--help")

    listed = result.stdout.split("Commands:\n")[1].split("\n")
    assert [line.split()[0] for line in listed if line.strip()] == list(COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("send",),
        ("read",),
        ("invite", "admin"),
        ("serve", "--port", "70000"),
        ("serve", "--event", "/nowhere/event.toml"),
        ("serve", "--engine", "magic"),
        ("demo", "--event", "nowhere"),
        ("camera", "cam.local", "--to", "localhost", "--token", "x"),
        ("watch", ".", "--to", "localhost", "--token", "x", "--settled", "soon"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(arguments, run):
    result = run(*arguments)

    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert result.stdout == ""


def test_command_without_an_event_says_how_to_name_one(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    result = run("serve")

    assert result.exit_code == 2
    assert result.stderr == (
        "No event.toml is given.\n"
        "Name it with --event, or set BOARDCAST_PROFILE_PATH.\n"
    )


def test_profile_that_cannot_be_used_is_refused_with_key_and_line(run, tmp_path):
    path = tmp_path / "event.toml"
    path.write_text('version = 1\n[event]\nname = "x"\nnonsense = 1\n')

    result = run("serve", "--event", path, "--data", tmp_path / "data")

    assert result.exit_code == 1
    assert "line 4" in result.stderr
    assert "nonsense" in result.stderr
    assert "Traceback" not in result.output


@pytest.fixture
def served(folder, monkeypatch):
    """The data folder of a site that was served at its public address."""
    monkeypatch.chdir(folder)
    environ = {"BOARDCAST_DATA_DIR": "data", "BOARDCAST_PROFILE_PATH": "event.toml"}
    settings = settings_from(environ, {"public_url": "https://pycon.example"})
    LastServe.of(settings).write(settings.data_dir)
    return settings


def opens(link, settings):
    """Return whom a link signs in at a site."""
    site = Site.open(settings)
    identity = site.tokens.identity(link.rpartition("/")[2])
    site.database.close()
    return identity.role, identity.name


def test_invite_prints_a_link_of_the_site_that_was_served(run, served):
    result = run("invite", "facilitator", "--name", "Maya", "--data", "data")

    link = result.stdout.strip()
    assert (result.exit_code, result.stderr) == (0, "")
    assert link.startswith("https://pycon.example/sign-in/")
    assert opens(link, served) == ("facilitator", "Maya")


def test_invite_prints_the_address_that_it_is_given(run, served):
    result = run(
        *("invite", "staff", "--data", served.data_dir),
        *("--public-url", "http://192.168.1.5:8000/"),
    )

    assert result.stdout.startswith("http://192.168.1.5:8000/sign-in/")


def test_invite_never_makes_a_data_folder(run, folder, monkeypatch):
    monkeypatch.chdir(folder)

    result = run("invite", "staff", "--event", "event.toml")

    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        (
            f"No site was served from the folder {folder}/boardcast-data.\n"
            "Name the folder that boardcast serve uses with --data, or start it once.\n"
        ),
    )
    assert [path.name for path in folder.iterdir()] == ["event.toml"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("invitations",),
        ("revoke", "0000000000"),
        ("reload",),
        ("retry", "--failed"),
        ("check",),
        ("backup", "elsewhere"),
        ("export-labels", "elsewhere"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_command_on_a_site_that_is_not_there_makes_nothing(
    run, folder, monkeypatch, arguments
):
    monkeypatch.chdir(folder)

    result = run(*arguments, "--event", "event.toml")

    assert result.exit_code in {1, 2}
    assert result.stdout == ""
    assert [path.name for path in folder.iterdir()] == ["event.toml"]


@pytest.mark.parametrize(
    "environ",
    [
        {"BOARDCAST_SECRET_KEY": "another one"},
        {"BOARDCAST_DATABASE_URL": "sqlite:///other.db"},
    ],
    ids=str,
)
def test_invite_with_another_key_or_database_is_refused(
    run, served, monkeypatch, environ
):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    result = run("invite", "staff", "--data", served.data_dir)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "BOARDCAST_SECRET_KEY or BOARDCAST_DATABASE_URL" in result.stderr
    assert not Path("other.db").exists()


def test_invite_without_the_key_that_serve_was_given_is_refused(
    run, served, monkeypatch
):
    LastServe.of(replace(served, secret_key="of the environment")).write(
        served.data_dir
    )
    (served.data_dir / "secret-key").unlink()

    result = run("invite", "staff", "--data", "data")
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", "of the environment")
    told = run("invite", "staff", "--data", "data")

    assert (result.exit_code, result.stdout) == (2, "")
    assert not (served.data_dir / "secret-key").exists()
    assert told.exit_code == 0


def test_invite_from_a_folder_that_was_moved_works(run, served):
    served.data_dir.rename("moved")

    result = run("invite", "staff", "--data", "moved")

    environ = {"BOARDCAST_DATA_DIR": "moved", "BOARDCAST_PROFILE_PATH": "event.toml"}
    moved = settings_from(environ)
    assert opens(result.stdout.strip(), moved) == ("staff", "staff 2")


def test_event_of_the_environment_wins_over_the_one_that_lies_here(
    run, folder, monkeypatch
):
    monkeypatch.chdir(folder)
    (folder / "other.toml").write_text("nonsense")
    monkeypatch.setenv("BOARDCAST_PROFILE_PATH", "other.toml")

    result = run("serve", "--data", "data")

    assert "other.toml" in result.stderr


def test_port_that_is_taken_is_refused(run, folder):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run(
            *("serve", "--event", folder / "event.toml"),
            *("--data", folder / "data", "--port", port),
        )

    assert result.exit_code == 1
    assert result.stderr == (
        f"Another program already listens on 127.0.0.1, port {port}.\n"
        f"Stop it, or take another port, for example --port {port + 1}.\n"
    )


def test_send_waits_until_a_photo_is_read(run, target, working, photo, scripted):
    working["morning"] = scripted.Shot({"Knitting": CellId("Room 301", "10:00-11:00")})

    result = run("send", photo, *target)

    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "morning.png: read, board friday, 1 cards\n",
        "",
    )


def test_send_without_waiting_says_that_it_was_received(run, target, photo):
    result = run("send", photo, *target, "--no-wait")

    assert (result.exit_code, result.stdout) == (0, "morning.png: received\n")


@pytest.mark.parametrize(("options", "dated"), [((), False), (("--now",), True)])
def test_send_says_that_a_photo_was_taken_just_now(
    run, target, photo, site, *, options, dated
):
    run("send", photo, *target, "--no-wait", *options)

    with site.database.read() as session:
        (record,) = photos_of(session, None)
    assert record.dated is dated


def test_send_goes_on_after_a_photo_that_is_refused(run, target, photo, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_text("no photo")

    result = run("send", bad, photo, *target, "--no-wait")

    assert result.exit_code == 1
    assert result.stdout == "morning.png: received\n"
    assert result.stderr == (
        "bad.txt: The file is no photo in a format that Boardcast reads.\n"
        "  Send a photo as JPEG, PNG, WebP, AVIF or HEIC.\n"
    )


def test_send_with_a_wrong_token_is_refused(run, live, photo):
    result = run("send", photo, "--to", live, "--token", "wrong")

    assert result.exit_code == 1
    assert result.stderr.startswith(
        "morning.png: This token is not one of this site's, or was revoked."
    )


def test_send_to_what_is_no_server_says_so(run, photo):
    to = ("--to", "127.0.0.1:9", "--token", "x", "--patience", "0s")

    result = run("send", photo, photo, *to)

    assert result.exit_code == 1
    assert result.stderr == (
        "morning.png: No server answers at http://127.0.0.1:9.\n"
        "  Check the address and that boardcast serve is running. It was tried with "
        "http://; if https:// is right, write it before the address.\n"
        "Not sent either: morning.png\n"
    )


def test_send_outlasts_a_restart(run, site, tokens, photo):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server, started = [], threading.Event()

    def start():
        server.append(make_server("127.0.0.1", port, app_of(site), threaded=True))
        started.set()
        server[0].serve_forever(0.01)

    # The first try comes at once, and finds nobody.
    starting = threading.Timer(0.4, start)
    starting.start()
    to = ("--to", f"localhost:{port}", "--token", tokens.issue("staff"))
    result = run("send", photo, *to, "--no-wait")
    started.wait()
    server[0].shutdown()
    starting.join()
    server[0].server_close()

    assert (result.exit_code, result.stdout) == (0, "morning.png: received\n")
    assert result.stderr in {
        "",
        f"No server answers at http://localhost:{port}. Trying again for a while.\n",
    }


def test_watch_once_sends_what_is_there(run, target, working, photo, scripted):
    working["morning"] = scripted.Shot({"Knitting": CellId("Room 301", "10:00-11:00")})

    first, again = (
        run("watch", photo.parent, *target, "--once", "--settled", "0s")
        for _ in range(2)
    )

    assert (first.exit_code, first.stdout, first.stderr) == (
        0,
        "morning.png: read, board friday, 1 cards\n",
        "",
    )
    assert (again.exit_code, again.output) == (0, "")


def test_watch_once_leaves_what_no_server_takes_for_the_next_time(run, photo):
    to = ("--to", "127.0.0.1:9", "--token", "x")

    result = run("watch", photo.parent, *to, "--once", "--settled", "0s")

    assert result.exit_code == 1
    assert result.stdout.startswith("No server answers at http://127.0.0.1:9.")
    assert result.stderr == "Left for the next time: 1\n"


@pytest.mark.parametrize("arguments", [("watch", "nowhere"), ("camera", "/dev/none")])
def test_what_runs_for_ever_ends_cleanly_when_it_is_stopped(
    run, arguments, tmp_path, monkeypatch
):
    # No request is under way: one that is cut off leaves its socket to the collector.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Source, "pictures", lambda *_: (b"no picture",))

    def stop():
        while signal.getsignal(signal.SIGTERM) is not signal.default_int_handler:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    stopping = threading.Thread(target=stop)
    stopping.start()
    result = run(*arguments, "--to", "localhost:9", "--token", "x")
    stopping.join()

    assert (result.exit_code, result.stderr) == (0, "Stopped.\n")


@pytest.mark.parametrize("page", ["/", "/os", "/os/friday", "/capture", "/desk?x#y"])
def test_send_understands_an_address_that_was_copied(run, target, photo, page):
    address = target[1].removeprefix("http://") + page

    result = run("send", photo, "--to", address, *target[2:], "--no-wait")

    assert (result.exit_code, result.stdout) == (0, "morning.png: received\n")


def test_read_of_a_file_that_is_no_photo_is_refused(run, folder, tmp_path):
    path = tmp_path / "bad.jpg"
    path.write_text("no photo")

    result = run("read", path, "--event", folder / "event.toml", "--engine", "none")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("bad.jpg: The file is no photo")


def test_read_for_a_board_that_is_not_there_is_refused(run, folder, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_text("x")

    result = run("read", path, "--event", folder / "event.toml", "--board", "sunday")

    assert result.exit_code == 1
    assert "There is no board sunday in this event." in result.stderr


@pytest.mark.parametrize(
    ("given", "photos", "expected"),
    [
        ("out.json", ("a.jpg",), "out.json"),
        ("new/out.json", ("a.jpg",), "new/out.json"),
        ("there", ("a.jpg",), "there/a.json"),
        ("new", ("a.jpg", "b.jpg"), "new/a.json"),
    ],
    ids=["file", "file-in-a-new-folder", "folder", "several"],
)
def test_result_of_one_photo_goes_to(given, photos, expected, tmp_path):
    (tmp_path / "there").mkdir()
    paths = [tmp_path / name for name in photos]

    target = target_of(tmp_path / given, paths[0], paths, ".json")

    assert target == tmp_path / expected
    assert target.parent.is_dir()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "192.0.2.7"])
def test_site_for_one_address_keeps_it(host, tmp_path):
    settings = Settings(tmp_path, tmp_path, host=host)

    assert on_network(settings) == settings
    assert network_url(host, 8000) == ""


@pytest.mark.parametrize(
    ("host", "root", "local"),
    [
        ("127.0.0.1", "http://localhost:8000", True),
        ("::1", "http://[::1]:8000", True),
        ("2001:db8::7", "http://[2001:db8::7]:8000", False),
        ("192.0.2.7", "http://192.0.2.7:8000", False),
    ],
)
def test_printed_addresses_can_be_opened(host, root, local, site, capsys):
    settings = Settings(site.settings.profile_path, site.settings.data_dir, host=host)

    announce(replace(site, settings=settings))

    lines = [line.split()[1:] for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == [f"{root}/os"]
    assert lines[1][0].startswith(f"{root}/sign-in/")
    assert lines[3][:5] == ["boardcast", "send", "PHOTO", "--to", root]
    assert is_local(settings) == local


def test_site_goes_on_if_nobody_reads_its_addresses(site, monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe:  # noqa: PTH123  (a handle, no path)
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setattr(sys, "stderr", pipe)

        announce(site)


def test_site_for_the_network_keeps_the_address_that_the_organiser_gave(tmp_path):
    settings = Settings(tmp_path, tmp_path, host="::", public_url="https://x.example")

    assert on_network(settings) == settings


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("timed out"),
        ConnectionResetError("reset"),
        RemoteDisconnected("closed"),
        URLError("refused"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_site_that_is_slow_to_start_is_waited_for(error, site, monkeypatch):
    answers = [error, HTTPError("http://x", 404, "Not Found", {}, None)]

    def answer(*_args, **_kwargs):
        raise answers.pop(0)

    monkeypatch.setattr("server.cli.serve.urlopen", answer)

    wait_until_up(site)

    assert answers == []


@pytest.mark.parametrize("command", ["read", "serve"])
def test_chat_engine_without_a_server_is_refused(command, run, folder, photo):
    arguments = {"read": ("read", photo), "serve": ("serve", "--data", folder / "data")}

    result = run(
        *arguments[command], "--event", folder / "event.toml", "--engine", "chat"
    )

    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        (
            "The engine chat has no server to ask.\n"
            "Give its address and its model with --chat-url and --chat-model.\n"
        ),
    )


@pytest.mark.parametrize("command", ["read", "serve"])
def test_chat_key_cannot_be_given_where_everyone_reads_it(command, run):
    result = run(command, "--help")

    assert "--chat-url" in result.stdout
    assert "BOARDCAST_CHAT_KEY_FILE" in result.stdout
    assert "--chat-key" not in result.stdout
