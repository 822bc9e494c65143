"""Health and metrics: what monitors are told, and what they are not."""

import datetime as dt
import shutil
from typing import NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.app import app_of
from server.health import FAULT_KINDS, MAX_WAIT, Fault, faults
from server.pulse import HEARD, PULSE, Pulse
from server.store.photos import add_photo


class Usage(NamedTuple):
    """What `shutil.disk_usage` gives."""

    total: int
    used: int
    free: int


@pytest.fixture
def pulse():
    made = Pulse.create(["web", "read"])
    for name in made.names:
        made.begin(name)
        made.ready(name)
    yield made
    made.close()


@pytest.fixture
def monitored(site, pulse, monkeypatch):
    """A client of a web process that a supervisor has started."""
    monkeypatch.setenv(PULSE, pulse.environ("")[PULSE])
    return app_of(site).test_client()


@pytest.fixture
def waiting(site, clock):
    """Let a photo wait for so long."""

    def wait(age):
        with site.database.write() as session:
            add_photo(
                session,
                sha256="f" * 64,
                size_bytes=1,
                given_board=None,
                sender="Sam Secret",
                received_at=clock() - age,
                taken_at=None,
            )

    return wait


def samples(text):
    """Return every sample of Prometheus's text format, by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.startswith("boardcast_request")
    }


def test_process_that_answers_is_live(client):
    answer = client.get("/health/live")

    assert (answer.status_code, answer.json) == (200, {"live": True})
    assert answer.headers["Cache-Control"] == "no-store"


def test_site_without_a_fault_is_ready(monitored, site, pulse):
    answer = monitored.get("/health/ready")

    assert (answer.status_code, answer.json) == (200, {"ready": True, "faults": []})
    assert faults(site, pulse) == ()


def full_disk(monkeypatch, **_):
    monkeypatch.setattr("server.health.shutil.disk_usage", lambda _: Usage(9, 9, 2**20))
    return Fault("disk", "The data folder has 1 MiB left.")


def removed_folder(site, **_):
    shutil.rmtree(site.settings.data_dir)
    return Fault(
        "disk", "The data folder cannot be written: No such file or directory."
    )


def silent_process(pulse, **_):
    pulse.cells[1, HEARD] -= 100
    return Fault("processes", "The process read has not worked for 100 s.")


def long_wait(waiting, **_):
    waiting(MAX_WAIT + dt.timedelta(minutes=6))
    return Fault("photos", "The oldest photo has waited for 21 minutes.")


@pytest.mark.parametrize(
    "break_it", [full_disk, removed_folder, silent_process, long_wait]
)
def test_fault_is_told_alike_to_all_who_ask(break_it, request, monitored):
    names = ("site", "pulse", "waiting", "monkeypatch")
    given = {name: request.getfixturevalue(name) for name in names}
    site, pulse = given["site"], given["pulse"]
    expected = break_it(**given)

    ready = monitored.get("/health/ready")
    counted = samples(monitored.get("/metrics").text)

    assert expected in faults(site, pulse)
    assert ready.status_code == 503
    assert {"kind": expected.kind, "message": expected.message} in ready.json["faults"]
    assert counted["boardcast_fault", expected.kind] == 1


def test_database_that_cannot_be_used_is_a_fault(monitored, site, pulse):
    site.database.close()
    for path in site.settings.data_dir.glob("boardcast.db*"):
        path.unlink()
    (site.settings.data_dir / "boardcast.db").mkdir()

    assert [fault.kind for fault in faults(site, pulse)] == ["database"]
    assert monitored.get("/health/live").status_code == 200
    assert monitored.get("/health/ready").status_code == 503


def test_metrics_count_what_is_stored(monitored, friday, waiting, pulse):
    waiting(dt.timedelta(minutes=2))
    pulse.begin("read")

    counted = samples(monitored.get("/metrics").text)

    assert counted.pop(("boardcast_disk_free_bytes",)) > 0
    assert counted == {
        **{("boardcast_fault", kind): 0 for kind in FAULT_KINDS},
        ("boardcast_profile_version",): 1,
        ("boardcast_photos", "waiting"): 1,
        ("boardcast_photos", "read"): 1,
        ("boardcast_photos", "refused"): 0,
        ("boardcast_photos", "failed"): 0,
        ("boardcast_oldest_waiting_photo_seconds",): 120,
        ("boardcast_newest_photo_seconds", "friday"): 23 * 60,
        ("boardcast_release", "friday"): friday.number,
        ("boardcast_release", "saturday"): 0,
        ("boardcast_process_restarts_total", "web"): 0,
        ("boardcast_process_restarts_total", "read"): 1,
    }


@pytest.mark.usefixtures("friday")
def test_metrics_name_no_person_and_no_session(monitored, waiting):
    waiting(MAX_WAIT * 2)

    told = monitored.get("/metrics").text + monitored.get("/health/ready").text

    for secret in ("Sam", "Maya", "Type checking", "Knitting", "aa0000000001"):
        assert secret not in told
