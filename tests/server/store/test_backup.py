"""Backups: made while others write, and killed in between."""

import datetime as dt
import os
import stat
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from calibration.geometry import Quad
from calibration.profile import ReferencePhoto, load_profile, save_profile
from server.config import Settings, stored_secret
from server.errors import BackupError, StorageError
from server.event_file import read_event_file
from server.site import Site
from server.store.archive import LOCK, SNAPSHOTS, FolderBackup, backup_writer
from server.store.backup import back_up
from server.store.check import CheckReport
from server.store.kept import Kept, NamedBlob
from server.store.manifest import MANIFEST
from server.store.profiles import add_profile

DYING = Path(__file__).with_name("dying_backup.py")
KILLED = -9
NOW = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)

TARGETS = ("backup", "backup.tar")


def untold(_done, _total):
    pass


@pytest.mark.parametrize("name", TARGETS)
def test_backup_restores_to_all_that_was_there(name, begun, tmp_path):
    data = begun.data

    report = begun.save(tmp_path / name)
    new = begun.restored(tmp_path / name)

    assert begun.tables(new) == begun.tables(data)
    assert begun.blobs(new) == begun.blobs(data / "blobs")
    assert report.blobs == report.added == len(begun.blobs(new))
    assert (report.missing, begun.checked(new).clean) == ((), True)
    assert stored_secret(new) == stored_secret(data)
    assert load_profile(new / "event" / "event.toml") == begun.site.profile
    assert {stat.S_IMODE(path.stat().st_mode) for path in (new, *new.rglob("*"))} == {
        0o700,
        0o600,
    }
    opened = Site.open(begun.settings_of(new))
    assert opened.settings.site_id == begun.site.settings.site_id
    opened.database.close()


@pytest.mark.parametrize("name", TARGETS)
def test_backup_is_for_its_owner_only(name, begun, tmp_path):
    old = os.umask(0)
    try:
        begun.save(tmp_path / name)
    finally:
        os.umask(old)

    assert not stat.S_IMODE((tmp_path / name).stat().st_mode) & 0o077


@pytest.mark.parametrize("name", TARGETS)
def test_backup_needs_space_where_it_is_written_only(
    name, begun, tmp_path, monkeypatch
):
    """The folder for temporary files is often a small part of the memory."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "full"))

    begun.save(tmp_path / name)

    assert begun.tables(begun.restored(tmp_path / name)) == begun.tables(begun.data)


def test_files_that_a_file_manager_leaves_are_nothing_to_a_backup(begun, tmp_path):
    target = tmp_path / "backup"
    begun.save(target)
    for folder in (target, target / SNAPSHOTS, target / "blobs"):
        (folder / ".DS_Store").write_bytes(b"Where the windows were")
    begun.read("evening")

    begun.save(target)

    assert begun.tables(begun.restored(target)) == begun.tables(begun.data)


def test_next_backup_into_a_folder_adds_what_is_new(begun, tmp_path):
    target = tmp_path / "backup"
    first = begun.save(target)
    before = {path: path.stat().st_ino for path in target.rglob("?" * 64)}
    begun.read("evening")
    data = begun.data

    second = begun.save(target)

    assert second.added == len(begun.blobs(data / "blobs")) - first.blobs > 0
    assert {path: path.stat().st_ino for path in before} == before
    assert len(list((target / SNAPSHOTS).iterdir())) == 1
    assert begun.tables(begun.restored(target)) == begun.tables(data)


def test_blob_that_a_crash_left_without_bytes_is_copied_again(begun, tmp_path):
    begun.save(tmp_path / "backup")
    next((tmp_path / "backup").rglob("?" * 64)).write_bytes(b"")

    assert begun.save(tmp_path / "backup").added == 1
    assert begun.blobs(begun.restored(tmp_path / "backup")) == begun.blobs(
        begun.data / "blobs"
    )


CORRECTED = "SELECT json_extract(change, '$.card') FROM corrections"


@pytest.mark.parametrize("name", TARGETS)
def test_backups_made_while_others_write_are_whole(name, begun, tmp_path):
    """Every photo acknowledged and every correction saved before is in them."""
    photos, corrections, ended = set(), {"a card"}, threading.Event()

    def write(name):
        site = Site.open(begun.site.settings)
        number = 0
        while not ended.is_set():
            number += 1
            data = begun.scripted.photo_bytes(f"{name} {number}")
            photos.add(begun.send_to(site, data).sha256)
            begun.correct(site, f"{name} {number}", "Corrected")
            corrections.add(f"{name} {number}")
        site.database.close()

    threads = [threading.Thread(target=write, args=(who,)) for who in ("a", "b")]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            promised, saved = set(photos), set(corrections)
            begun.save(tmp_path / name)
            new = begun.restored(tmp_path / name)

            report = begun.checked(new)
            assert report == CheckReport((), (), (), (), (), report.blobs)
            assert promised <= begun.column(new, "SELECT sha256 FROM photos")
            assert saved <= begun.column(new, CORRECTED)
            assert promised <= set(begun.blobs(new / "blobs" / "originals"))
    finally:
        ended.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("backup", ("open boardcast.db", "blob-9", "os.rename")),
        ("backup.tar", ("blob-3", "os.rename")),
    ],
)
def test_backup_that_is_killed_leaves_the_one_before_it_whole(
    name, points, begun, tmp_path, run_program
):
    target, data = tmp_path / name, begun.data
    begun.save(target)
    first = begun.tables(data), begun.blobs(data / "blobs")
    begun.read("evening")

    for point in points:
        assert run_program(DYING, tmp_path, target, point) == KILLED, point
        new = begun.restored(target)
        assert (begun.tables(new), begun.blobs(new)) == first, point

    begun.save(target)
    new = begun.restored(target)
    assert (begun.tables(new), begun.blobs(new)) == (
        begun.tables(data),
        begun.blobs(data / "blobs"),
    )
    litter = [path.name for path in tmp_path.glob(".*") if path.suffix != ".lock"]
    assert litter == []
    if target.is_dir():
        assert len(list((target / SNAPSHOTS).iterdir())) == 1


def test_archive_is_whole_before_it_takes_the_place_of_another(
    begun, tmp_path, monkeypatch
):
    """A kill right after that must not cost both."""
    written = []

    def replaced(path, target):
        written.append(path.read_bytes())
        return path.rename(target)

    monkeypatch.setattr(Path, "replace", replaced)

    begun.save(tmp_path / "backup.tar")

    assert written == [(tmp_path / "backup.tar").read_bytes()]


def test_damaged_database_does_not_take_the_place_of_a_good_backup(begun, tmp_path):
    begun.save(tmp_path / "backup")
    good = begun.tables(begun.restored(tmp_path / "backup"))
    begun.site.database.close()
    file = begun.data / "boardcast.db"
    with file.open("r+b") as stream:
        stream.seek(8 * 4096)
        stream.write(b"x" * 4 * 4096)

    with pytest.raises(StorageError, match="The database is damaged"):
        begun.save(tmp_path / "backup")

    assert begun.tables(begun.restored(tmp_path / "backup")) == good


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("what", ["missing", "damaged"])
def test_photo_that_is_lost_already_is_told_of_and_the_rest_is_saved(
    what, name, begun, tmp_path
):
    data = begun.data
    lost = min((data / "blobs" / "originals").rglob("?" * 64))
    size = lost.stat().st_size
    lost.unlink()
    if what == "damaged":
        lost.write_bytes(b"x")

    report = begun.save(tmp_path / name)
    new = begun.restored(tmp_path / name)

    blob = NamedBlob("originals", lost.name, size)
    assert report.missing == (blob,)
    assert begun.checked(new).missing == (blob,)
    expected = begun.blobs(data / "blobs")
    expected.pop(lost.name, None)
    assert begun.blobs(new) == expected


def test_event_comes_along_as_it_was_taken_up(begun, tmp_path, scripted):
    """With its reference photos, wherever they are, and whatever becomes of them."""
    corners = Quad.from_array([[0, 0], [9, 0], [9, 9], [0, 9]])
    photos = [tmp_path / "friday.png", tmp_path / "elsewhere" / "b.png"]
    photos[1].parent.mkdir()
    for path in photos:
        path.write_bytes(scripted.photo_bytes(path.name))
    names = (Path("friday.png"), photos[1])
    boards = tuple(
        replace(board, reference=ReferencePhoto(name, corners))
        for board, name in zip(begun.site.profile.boards, names, strict=True)
    )
    event = tmp_path / "event.toml"
    save_profile(replace(begun.site.profile, boards=boards), event)
    with begun.site.database.write() as session:
        add_profile(session, read_event_file(event), NOW)
    event.write_text("Somebody is just editing it")
    photos[1].unlink()

    begun.save(tmp_path / "backup")
    new = begun.restored(tmp_path / "backup") / "event"

    found = read_event_file(new / "event.toml")
    assert found.references == {
        board.slug: scripted.photo_bytes(path.name)
        for board, path in zip(boards, photos, strict=True)
    }
    assert {path.name for path in new.rglob("*.png")} == {"friday.png", "saturday.png"}


def test_folder_from_before_events_were_taken_up_has_that_of_the_file(begun, tmp_path):
    with begun.site.database.write() as session:
        session.execute(text("DROP TABLE profiles"))

    begun.save(tmp_path / "backup")

    new = begun.restored(tmp_path / "backup") / "event" / "event.toml"
    assert load_profile(new) == begun.site.profile


@pytest.mark.parametrize("place", ["data", "data/x", "data/blobs/x.tar"])
def test_backup_does_not_lie_in_what_it_is_of(place, begun, tmp_path):
    with pytest.raises(BackupError, match="would lie in the folder"):
        begun.save(tmp_path / place)


def test_what_is_no_backup_is_not_written_over(begun, tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"A picture")
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "a.jpg").write_bytes(b"A picture")

    with pytest.raises(BackupError, match="no whole backup"):
        begun.save(tmp_path / "holiday.jpg")
    with pytest.raises(BackupError, match="holds something else"):
        begun.save(tmp_path / "holidays")

    assert (tmp_path / "holiday.jpg").read_bytes() == b"A picture"


@pytest.mark.parametrize("name", TARGETS)
def test_backup_of_another_site_is_not_written_over(name, begun, tmp_path):
    begun.save(tmp_path / name)
    data = tmp_path / "other"
    other = Site.open(Settings(tmp_path / "event.toml", data, secret_key="s"))

    kept = Kept.of(other.settings)
    with pytest.raises(BackupError, match="backup of another site"):
        back_up(kept, tmp_path / "event.toml", tmp_path / name, NOW, untold)

    other.database.close()


@pytest.mark.parametrize("name", TARGETS)
def test_only_one_backup_at_a_time_is_made_in_a_place(name, begun, tmp_path):
    with (
        backup_writer(tmp_path / name, begun.site.settings.site_id),
        pytest.raises(BackupError, match="Another backup"),
    ):
        begun.save(tmp_path / name)

    begun.save(tmp_path / name)


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ({"database_url": "postgresql+psycopg://h/x"}, "pg_dump"),
        ({"blob_url": "s3://bucket"}, "versioning"),
    ],
    ids=["postgresql", "bucket"],
)
def test_what_is_not_on_this_machine_is_refused_with_what_to_use(option, hint, site):
    with pytest.raises(BackupError) as error:
        Kept.of(replace(site.settings, **option))

    assert hint in error.value.hint


def test_folder_keeps_only_what_is_a_backups(begun, tmp_path):
    begun.save(tmp_path / "backup")

    assert {path.name for path in (tmp_path / "backup").iterdir()} == {
        MANIFEST,
        SNAPSHOTS,
        "blobs",
        LOCK,
    }
    assert FolderBackup.at(tmp_path / "backup").is_begun()
