"""``boardcast doctor`` on real folders, databases and servers."""

import http.server
import json
import os
import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Quad
from calibration.profile import ReferencePhoto, load_profile, save_profile
from server.cli.last_serve import LastServe


@pytest.fixture
def states(run):
    """Run the doctor; give (topic, state) of what it found, and the exit code."""

    def ask(*arguments):
        result = run("doctor", "--engine", "none", *arguments, "--json")
        answer = json.loads(result.stdout)
        assert answer["ready"] == (result.exit_code == 0)
        return answer["found"]

    return ask


@pytest.fixture
def here(folder):
    """The options that name a site that was never served."""
    return ("--event", folder / "event.toml", "--data", folder / "data")


def found_of(found, topic):
    return [
        (each["state"], each["message"]) for each in found if each["topic"] == topic
    ]


class Front(http.server.BaseHTTPRequestHandler):
    """A web server in front that passes pages on, and refuses uploads itself."""

    upload_status = 413
    page = b"{}"
    location = ""

    def do_GET(self):
        self.send_response(302 if self.location else 200)
        if self.location:
            self.send_header("Location", self.location)
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def do_POST(self):
        self.send_response(self.upload_status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def front():
    """Start a web server that behaves as a class says; give its address."""
    servers = []

    def start(**behaviour):
        handler = type("Handler", (Front,), behaviour)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_site_that_is_served_is_found_well(states, site, live, folder):
    found = states(
        *("--event", folder / "event.toml", "--data", site.settings.data_dir),
        *("--public-url", live),
    )

    assert [(each["topic"], each["state"]) for each in found] == [
        ("event", "ok"),
        ("reference", "ok"),
        ("reference", "ok"),
        ("days", "warning"),  # it was in 2024
        ("timezone", "ok"),
        ("data folder", "ok"),
        ("database", "ok"),
        *[(each["topic"], each["state"]) for each in found if each["topic"] == "clock"],
        ("engine", "ok"),
        ("address", "warning"),  # of this machine only
        ("address", "ok"),
        ("https", "warning"),
        ("uploads", "ok"),
    ]
    assert found_of(found, "uploads") == [("ok", "Uploads of 64 MiB get through.")]


def test_doctor_makes_nothing(states, folder, here):
    found = states(*here)

    assert [path.name for path in folder.iterdir()] == ["event.toml"]
    assert [state for state, _ in found_of(found, "data folder")] == ["warning"]
    assert found_of(found, "database") == [
        ("ok", "The first boardcast serve makes it.")
    ]


def test_nobody_at_the_address_is_a_problem(run, here):
    result = run(
        "doctor", "--engine", "none", *here, "--public-url", "http://127.0.0.1:9"
    )

    assert result.exit_code == 1
    assert (
        "problem  address: Nobody answers at http://127.0.0.1:9.\n"
        "         Start boardcast serve, and check the web server and firewall in front.\n"
    ) in result.stdout


def test_name_that_nobody_knows_is_a_problem(states, here):
    found = states(*here, "--public-url", "http://nowhere.invalid")

    assert found_of(found, "address") == [
        ("problem", "Nobody finds the host nowhere.invalid of http://nowhere.invalid.")
    ]


def test_address_of_the_last_serve_is_asked(states, site, folder, front):
    settings = replace(site.settings, public_url=front(page=b"<html>"))
    LastServe.of(settings).write(settings.data_dir)

    found = states("--event", folder / "event.toml", "--data", settings.data_dir)

    state, message = found_of(found, "address")[-1]
    assert state == "problem"
    assert f"What answers at {settings.public_url}/os.json is no Boardcast" in message


def test_address_that_leads_on_is_told(states, here, front):
    url = front(location="https://pycon.example/os.json")

    found = states(*here, "--public-url", url)

    assert found_of(found, "address")[-1] == (
        "warning",
        f"{url} leads on to https://pycon.example/os.json.",
    )


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (413, "What is in front of Boardcast takes no upload of 64 MiB."),
        (404, "An upload was answered with the status 404."),
    ],
)
def test_front_that_takes_no_photos_is_a_problem(states, here, front, status, message):
    page = b'{"schema": "boardcast/schedule/1"}'

    found = states(*here, "--public-url", front(upload_status=status, page=page))

    assert found_of(found, "uploads") == [("problem", message)]


def test_front_that_collects_whole_photos_is_told(states, here, front, monkeypatch):
    monkeypatch.setattr("server.doctor.address.BODY_WITHIN_S", 0.1)
    collect = {"do_POST": lambda self: self.rfile.read()}

    found = states(
        *here,
        "--public-url",
        front(page=b'{"schema": "boardcast/schedule/1"}', **collect),
    )

    ((state, message),) = found_of(found, "uploads")
    assert state == "warning"
    assert message.endswith("collects a whole photo before it passes it on.")


def test_everything_that_is_wrong_with_the_event_is_told(states, here, folder):
    text = (folder / "event.toml").read_text()
    text = text.replace("America/New_York", "Nowhere").replace('"friday"', '"fri day"')
    (folder / "event.toml").write_text(text)

    found = states(*here)

    messages = found_of(found, "event")
    assert [state for state, _ in messages] == ["problem", "problem"]
    assert "event.timezone" in messages[0][1]
    assert "boards[0].slug" in messages[1][1]


@pytest.fixture
def referenced(folder):
    """Let the boards be found by a photo and by nothing."""
    profile = load_profile(folder / "event.toml")
    friday, saturday = profile.boards
    corners = Quad.from_array(np.array([[0, 0], [90, 0], [90, 60], [0, 60]]))
    reference = ReferencePhoto(folder / "friday.png", corners)
    boards = (
        replace(friday, tags=None, reference=reference),
        replace(saturday, tags=None),
    )
    save_profile(replace(profile, boards=boards), folder / "event.toml")
    return folder / "friday.png"


def test_board_that_cannot_be_found_is_a_problem(states, here, referenced, scripted):
    missing = found_of(states(*here), "reference")
    referenced.write_bytes(scripted.photo_bytes("morning"))
    there = found_of(states(*here), "reference")
    referenced.write_bytes(b"no photo")
    broken = found_of(states(*here), "reference")

    assert [state for state, _ in missing] == ["problem", "problem"]
    assert "cannot be read" in missing[0][1]
    assert missing[1][1] == (
        "Saturday has neither tags nor a reference photo: no photo of it is found."
    )
    assert [state for state, _ in there] == ["ok", "problem"]
    assert [state for state, _ in broken] == ["problem", "problem"]


def test_damaged_database_is_a_problem(states, site, folder):
    site.database.close()
    (site.settings.data_dir / "boardcast.db").write_bytes(b"no database" * 500)

    found = states("--event", folder / "event.toml", "--data", site.settings.data_dir)

    assert [state for state, _ in found_of(found, "database")] == ["problem"]


def test_older_tables_and_a_changed_event_are_told(states, site, folder):
    path = folder / "event.toml"
    path.write_text(path.read_text().replace("PyCon US 2024", "PyCon US 2025"))
    arguments = ("--event", path, "--data", site.settings.data_dir)

    changed = found_of(states(*arguments), "database")
    with site.database.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    older = found_of(states(*arguments), "database")
    with site.database.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    newer = found_of(states(*arguments), "database")

    assert changed[1] == (
        "warning",
        "The site does not follow what event.toml says now.",
    )
    assert [state for state, _ in older] == ["warning"]
    assert newer == [("problem", "The database belongs to a newer Boardcast: 9999.")]


def test_clock_that_is_behind_its_files_is_a_problem(states, here, folder):
    os.utime(folder / "event.toml", (4e9, 4e9))

    ((state, message),) = found_of(states(*here), "clock")

    assert state == "problem"
    assert message.endswith("but files here are from 2096-10-02 07:06 UTC.")


@pytest.fixture
def program(tmp_path_factory, monkeypatch):
    """Let a program of a name say something."""

    def install(name, answer):
        folder = tmp_path_factory.mktemp("programs")
        (folder / name).write_text(f"#!/bin/sh\necho {answer}\n")
        (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return install


@pytest.mark.parametrize(
    ("answer", "state"), [("yes", "ok"), ("no", "warning"), ("", "ok")]
)
def test_clock_is_warned_of_where_nothing_keeps_it_right(
    states, here, program, answer, state
):
    program("timedatectl", answer)

    assert [state for state, _ in found_of(states(*here), "clock")] == [state]


def test_engine_that_is_missing_is_a_problem(run, here, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert shutil.which("tesseract") is None

    result = run("doctor", *here, "--engine", "tesseract")

    assert result.exit_code == 1
    assert "problem  engine: The program tesseract is not installed" in result.stdout


def test_models_of_the_default_engine_are_loaded(run, here):
    result = run("doctor", *here, "--engine", "rapidocr")

    assert "ok       engine: rapidocr is loaded.\n" in result.stdout
