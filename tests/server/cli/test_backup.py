"""The commands backup, restore and check, as people type them."""

import json
import os
from dataclasses import replace
from types import SimpleNamespace

import pytest

from server.cli.last_serve import LastServe
from server.config import stored_secret
from server.store.photos import photos_of
from server.store.sqlite import BUSY_TIMEOUT_S

ADDRESS = "https://board.example"

LONG_AGO = 1_715_961_600  # noon of 2024-05-17, UTC: before the site's clock


@pytest.fixture
def options(folder):
    return ("--event", folder / "event.toml", "--data", folder / "data")


@pytest.fixture
def sent(journey, site):
    stored_secret(site.settings.data_dir)
    return journey.send("morning")


def as_json(result):
    assert result.stderr == ""
    return json.loads(result.stdout)


def test_backup_and_restore_and_check(run, options, folder, sent):
    target, new = folder / "backup", folder / "new"

    assert as_json(run("backup", target, *options, "--json")) == {
        "target": str(target),
        "blobs": 1,
        "added": 1,
        "added_bytes": len_of(folder, sent),
        "missing": [],
    }
    again = run("backup", target, *options)
    assert (again.exit_code, again.stdout) == (
        0,
        f"{target}: 1 photos and pictures, 0 of them new (0.0 MiB).\n",
    )
    restored = run("restore", target, "--data", new)
    assert (restored.exit_code, restored.stdout.splitlines()[1:]) == (
        0,
        [f"boardcast serve --event {new}/event/event.toml --data {new}"],
    )
    checked = run("check", "--data", new)
    assert (checked.exit_code, checked.stdout) == (
        0,
        "All is well: the database, and 1 photos and pictures.\n",
    )


def len_of(folder, sent):
    name = sent.sha256
    return (folder / "data/blobs/originals" / name[:2] / name).stat().st_size


def test_restore_into_a_folder_that_holds_something_is_refused(
    run, options, folder, sent
):
    run("backup", folder / "backup", *options)

    refused = run("restore", folder / "backup", "--data", folder / "data")
    assert (refused.exit_code, refused.stdout, refused.stderr) == (
        1,
        "",
        (
            f"The folder {folder}/data is not empty.\n"
            "Name a new folder, or give --replace: what is there is put aside.\n"
        ),
    )

    replaced = run(
        *("restore", folder / "backup", "--data", folder / "data"),
        *("--replace", "--json"),
    )
    document = as_json(replaced)
    assert document["blobs"] == 1
    assert document["aside"].startswith(f"{folder}/data.before-")
    assert sent


def test_backup_of_a_site_that_lost_a_photo_ends_with_1(run, options, folder, sent):
    name = sent.sha256
    (folder / "data/blobs/originals" / name[:2] / name).unlink()

    result = run("backup", folder / "backup.tar", *options)

    assert result.exit_code == 1
    assert result.stderr == (
        f"Missing or damaged, and not in the backup: originals/{name}\n"
        "boardcast check says more.\n"
    )
    checked = run("check", *options)
    assert (checked.exit_code, checked.stdout) == (
        1,
        (
            f"Missing: originals/{name}\n"
            "What is lost can only come from a backup: boardcast restore.\n"
        ),
    )
    restored = run("restore", folder / "backup.tar", "--data", folder / "new")
    assert restored.exit_code == 0
    assert restored.stderr == (
        f"Missing already when the backup was made: originals/{name}\n"
    )


@pytest.mark.parametrize("command", ["backup", "check"])
def test_folder_without_a_site_is_refused_and_not_made(command, run, folder):
    arguments = {"backup": ("backup", folder / "backup"), "check": ("check",)}

    result = run(
        *arguments[command],
        *("--event", folder / "event.toml", "--data", folder / "nothing"),
    )

    assert result.exit_code == 1
    assert result.stderr == (
        f"There is no site in the folder {folder}/nothing: boardcast.db is missing.\n"
        "Name the data folder with --data.\n"
    )
    assert sorted(path.name for path in folder.iterdir()) == ["event.toml"]


def test_restore_for_a_database_that_is_no_file_is_refused(
    run, folder, options, sent, monkeypatch
):
    run("backup", folder / "backup", *options)
    monkeypatch.setenv("BOARDCAST_DATABASE_URL", "postgresql+psycopg://host/name")

    result = run("restore", folder / "backup", "--data", folder / "new")

    assert result.exit_code == 1
    assert "pg_dump" in result.stderr
    assert not (folder / "new").exists()
    assert sent


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(
    "elsewhere",
    [
        ("BOARDCAST_DATABASE_URL", "sqlite:///{}/elsewhere.db"),
        ("BOARDCAST_BLOB_URL", "file://{}/elsewhere"),
    ],
)
def test_restore_for_a_site_that_keeps_things_elsewhere_is_refused(
    elsewhere, run, folder, options, monkeypatch
):
    """It would use what is there, not what was restored."""
    run("backup", folder / "backup", *options)
    name, address = elsewhere
    monkeypatch.setenv(name, address.format(folder))

    result = run("restore", folder / "backup", "--data", folder / "new")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[1] == (
        "Leave BOARDCAST_DATABASE_URL and BOARDCAST_BLOB_URL out, here and where "
        "boardcast serve runs."
    )
    assert not (folder / "new").exists()


def test_links_are_made_for_the_same_address_after_a_restore(
    run, folder, options, site, sent
):
    settings = replace(
        site.settings, secret_key=stored_secret(folder / "data"), public_url=ADDRESS
    )
    LastServe.of(settings).write(folder / "data")
    run("backup", folder / "backup", *options)

    restored = run("restore", folder / "backup", "--data", folder / "data", "--replace")
    assert restored.exit_code == 0

    invited = run("invite", "facilitator", "--data", folder / "data")
    assert invited.exit_code == 0
    assert invited.stdout.startswith(f"{ADDRESS}/sign-in/")
    assert sent


def orphans(site, *photos):
    """Originals whose rows were lost, as old as they are."""
    for data in photos:
        name = site.originals.put(data)
        path = site.originals.folder / name[:2] / name
        os.utime(path, (LONG_AGO, LONG_AGO))
        yield name


def test_check_takes_photos_back_in_whose_rows_were_lost(
    run, options, journey, site, scripted
):
    name, broken = orphans(site, scripted.photo_bytes("morning"), b"no photo")

    found = run("check", *options)
    assert (found.exit_code, found.stdout.splitlines()) == (
        1,
        [
            *sorted(f"No photo names: originals/{entry}" for entry in (name, broken)),
            "boardcast check --repair takes such photos back in.",
        ],
    )

    repaired = run("check", *options, "--repair", "--json")
    document = json.loads(repaired.stdout)
    assert document["taken_back"] == [name[:16]]
    assert document["orphans"] == [broken]
    assert repaired.stderr.startswith(f"{broken}: The file is no photo")
    assert repaired.exit_code == 1  # the other one waits for a person

    journey.work(scripted.SHOTS)
    with site.database.read() as session:
        (record,) = photos_of(session, None)
    assert (record.sha256, record.sender, record.received_at.timestamp()) == (
        name,
        "boardcast check",
        LONG_AGO,
    )
    assert record.state == "settled"


def test_repair_waits_until_a_server_that_is_busy_would_have_given_up(
    run, options, site, scripted, monkeypatch
):
    """Its photo would be taken in as nobody's, and the sender's name lost."""
    (name,) = orphans(site, scripted.photo_bytes("morning"))
    waited = []
    clock = SimpleNamespace(time=lambda: LONG_AGO + 5.0, sleep=waited.append)
    monkeypatch.setattr("server.store.check.time", clock)

    assert run("check", *options).exit_code == 1
    assert waited == []
    repaired = run("check", *options, "--repair", "--json")

    assert as_json(repaired)["taken_back"] == [name[:16]]
    assert waited == [BUSY_TIMEOUT_S - 5.0]


def test_folder_alone_is_enough(run, site, folder, scripted, monkeypatch):
    """The event is in it, as it was taken up."""
    (name,) = orphans(site, scripted.photo_bytes("morning"))
    (folder / "event.toml").unlink()
    monkeypatch.chdir(folder / "data")

    repaired = run("check", "--data", folder / "data", "--repair", "--json")
    assert (as_json(repaired)["taken_back"], repaired.exit_code) == ([name[:16]], 0)
    saved = run("backup", folder / "backup", "--data", folder / "data", "--json")
    assert (as_json(saved)["blobs"], saved.exit_code) == (1, 0)
