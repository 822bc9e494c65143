"""Backups: made while others write, killed in between, and restored."""

import datetime as dt
import errno
import os
import shutil
import sqlite3
import stat
import tarfile
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pytest
from alembic import command
from sqlalchemy import text

from calibration.geometry import Quad
from calibration.profile import ReferencePhoto, load_profile, save_profile
from server.config import Settings, stored_secret
from server.errors import BackupError, StorageError
from server.event_file import read_event_file
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.receive import receive
from server.site import Site
from server.store.archive import LOCK, SNAPSHOTS, FolderBackup, backup_writer
from server.store.backup import back_up
from server.store.check import CheckReport, examine
from server.store.corrections import append_correction
from server.store.kept import Kept, NamedBlob
from server.store.manifest import MANIFEST
from server.store.migrate import _config
from server.store.profiles import add_profile
from server.store.restore import check_inside, restore
from server.store.tables import CardRow

DYING = Path(__file__).with_name("dying_backup.py")
KILLED = -9
NOW = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)

OLD = "0001"
SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"

TARGETS = ("backup", "backup.tar")


def untold(_done, _total):
    pass


@dataclass(frozen=True)
class Begun:
    """A site that holds something, and its backups."""

    site: Site
    scripted: ModuleType
    folder: Path

    @classmethod
    def at(cls, folder, scripted):
        return cls(Site.open(scripted.settings_in(folder)), scripted, folder)

    @property
    def data(self):
        return self.site.settings.data_dir

    def send(self, name, hour=14):
        """Receive one more photo."""
        return send(self.site, self.scripted.photo_bytes(name), hour)

    def read(self, name, hour=14):
        """Receive a photo, and do all that can be done with it."""
        self.send(name, hour)
        vision = self.scripted.vision_of(self.scripted.SHOTS)
        worker = Worker(replace(self.site, clock=lambda: NOW), vision, "test")
        for lane in ("straighten", "read", "settle"):
            while work_once(worker, lane):
                pass

    def save(self, target):
        """Back the site up into a target."""
        kept = Kept.of(self.site.settings)
        report = back_up(kept, self.site.settings.profile_path, target, NOW, untold)
        kept.database.close()
        return report

    def restored(self, target):
        """Restore a backup into a new data folder."""
        before = list(self.folder.glob("restored-*"))
        new = self.folder / f"restored-{len(before)}"
        restore(target, new, NOW, untold, replace=False)
        return new


@pytest.fixture(scope="module")
def template(tmp_path_factory, profile, scripted):
    """A folder with a site of two photos that were read, and a correction."""
    folder = tmp_path_factory.mktemp("template")
    save_profile(profile, folder / "event.toml")
    journey = Begun.at(folder, scripted)
    stored_secret(journey.data)
    journey.read("morning", 12)
    journey.read("noon", 13)
    correct(journey.site, "a card", "Corrected")
    journey.site.database.close()
    return folder


@pytest.fixture
def begun(template, tmp_path, scripted):
    """A site of its own that holds something."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    opened = Begun.at(tmp_path, scripted)
    yield opened
    opened.site.database.close()


def send(site, data, hour=14):
    return receive(
        data,
        database=site.database,
        originals=site.originals,
        profile=site.profile,
        check_photo=site.check_photo,
        sender="Ada",
        board=None,
        received_at=NOW.replace(hour=hour),
    ).photo


def correct(site, card, value):
    with site.database.write() as session:
        session.add(CardRow(id=card, board="friday"))
        session.flush()
        append_correction(session, card, "title", value, author="Maya", made_at=NOW)


def settings_of(data):
    return Settings(data / "event" / "event.toml", data, secret_key="secret")


def checked(data):
    kept = Kept.of(settings_of(data))
    report = examine(kept, untold)
    kept.database.close()
    return report


def tables(data):
    """Everything that a database says."""
    connection = sqlite3.connect(data / "boardcast.db")
    text = list(connection.iterdump())
    connection.close()
    return text


def column(data, query):
    connection = sqlite3.connect(data / "boardcast.db")
    found = {row[0] for row in connection.execute(query)}
    connection.close()
    return found


def blobs(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("?" * 64)}


@pytest.mark.parametrize("name", TARGETS)
def test_backup_restores_to_all_that_was_there(name, begun, tmp_path):
    data = begun.data

    report = begun.save(tmp_path / name)
    new = begun.restored(tmp_path / name)

    assert tables(new) == tables(data)
    assert blobs(new) == blobs(data / "blobs")
    assert report.blobs == report.added == len(blobs(new))
    assert (report.missing, checked(new).clean) == ((), True)
    assert stored_secret(new) == stored_secret(data)
    assert load_profile(new / "event" / "event.toml") == begun.site.profile
    assert {stat.S_IMODE(path.stat().st_mode) for path in (new, *new.rglob("*"))} == {
        0o700,
        0o600,
    }
    opened = Site.open(settings_of(new))
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

    assert tables(begun.restored(tmp_path / name)) == tables(begun.data)


def test_files_that_a_file_manager_leaves_are_nothing_to_a_backup(begun, tmp_path):
    target = tmp_path / "backup"
    begun.save(target)
    for folder in (target, target / SNAPSHOTS, target / "blobs"):
        (folder / ".DS_Store").write_bytes(b"Where the windows were")
    begun.read("evening")

    begun.save(target)

    assert tables(begun.restored(target)) == tables(begun.data)


def test_next_backup_into_a_folder_adds_what_is_new(begun, tmp_path):
    target = tmp_path / "backup"
    first = begun.save(target)
    before = {path: path.stat().st_ino for path in target.rglob("?" * 64)}
    begun.read("evening")
    data = begun.data

    second = begun.save(target)

    assert second.added == len(blobs(data / "blobs")) - first.blobs > 0
    assert {path: path.stat().st_ino for path in before} == before
    assert len(list((target / SNAPSHOTS).iterdir())) == 1
    assert tables(begun.restored(target)) == tables(data)


def test_blob_that_a_crash_left_without_bytes_is_copied_again(begun, tmp_path):
    begun.save(tmp_path / "backup")
    next((tmp_path / "backup").rglob("?" * 64)).write_bytes(b"")

    assert begun.save(tmp_path / "backup").added == 1
    assert blobs(begun.restored(tmp_path / "backup")) == blobs(begun.data / "blobs")


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
            photos.add(send(site, data).sha256)
            correct(site, f"{name} {number}", "Corrected")
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

            report = checked(new)
            assert report == CheckReport((), (), (), (), (), report.blobs)
            assert promised <= column(new, "SELECT sha256 FROM photos")
            assert saved <= column(new, "SELECT card_id FROM corrections")
            assert promised <= set(blobs(new / "blobs" / "originals"))
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
    first = tables(data), blobs(data / "blobs")
    begun.read("evening")

    for point in points:
        assert run_program(DYING, tmp_path, target, point) == KILLED, point
        new = begun.restored(target)
        assert (tables(new), blobs(new)) == first, point

    begun.save(target)
    new = begun.restored(target)
    assert (tables(new), blobs(new)) == (tables(data), blobs(data / "blobs"))
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
    good = tables(begun.restored(tmp_path / "backup"))
    begun.site.database.close()
    file = begun.data / "boardcast.db"
    with file.open("r+b") as stream:
        stream.seek(8 * 4096)
        stream.write(b"x" * 4 * 4096)

    with pytest.raises(StorageError, match="The database is damaged"):
        begun.save(tmp_path / "backup")

    assert tables(begun.restored(tmp_path / "backup")) == good


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
    assert checked(new).missing == (blob,)
    expected = blobs(data / "blobs")
    expected.pop(lost.name, None)
    assert blobs(new) == expected


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


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


DAMAGES = {
    "photo": lambda folder: flip(next((folder / "blobs").rglob("?" * 64))),
    "photo-gone": lambda folder: next((folder / "blobs").rglob("?" * 64)).unlink(),
    "database": lambda folder: flip(next(folder.rglob("boardcast.db"))),
    "event": lambda folder: flip(next(folder.rglob("event.toml"))),
    "key-gone": lambda folder: next(folder.rglob("secret-key")).unlink(),
    "manifest": lambda folder: (folder / MANIFEST).write_text("{"),
    "manifest-gone": lambda folder: (folder / MANIFEST).unlink(),
    "newer": lambda folder: (folder / MANIFEST).write_text(
        (folder / MANIFEST).read_text().replace('"format": 1', '"format": 2')
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_damaged_backup_is_refused_and_nothing_is_put_in_place(
    kind, damage, begun, tmp_path
):
    target = tmp_path / "backup"
    begun.save(target)
    DAMAGES[damage](target)
    if kind == "archive":
        with tarfile.open(tmp_path / "backup.tar", "w") as tar:
            for path in sorted(target.rglob("*")):
                tar.add(path, path.relative_to(target), recursive=False)
        target = tmp_path / "backup.tar"

    with pytest.raises(BackupError):
        restore(target, tmp_path / "new", NOW, untold, replace=False)

    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new*"))


def test_archive_that_is_cut_off_is_refused(begun, tmp_path):
    target = tmp_path / "backup.tar"
    begun.save(target)
    os.truncate(target, target.stat().st_size // 2)

    with pytest.raises(BackupError):
        restore(target, tmp_path / "new", NOW, untold, replace=False)

    assert not (tmp_path / "new").exists()


def test_folder_that_holds_something_is_not_restored_into(begun, tmp_path):
    data = begun.data
    begun.save(tmp_path / "backup")
    begun.send("evening")
    later = tables(data)

    with pytest.raises(BackupError, match="is not empty"):
        restore(tmp_path / "backup", data, NOW, untold, replace=False)
    assert tables(data) == later

    report = restore(tmp_path / "backup", data, NOW, untold, replace=True)

    # What was there is still somewhere.
    assert report.aside == tmp_path / "data.before-20240517T160000"
    assert tables(report.aside) == later
    assert checked(data).clean


def test_site_that_runs_goes_on_with_what_was_restored(begun, tmp_path):
    """As after `rm -rf data`: without a restart."""
    begun.save(tmp_path / "backup")
    data = begun.data
    before = tables(data)
    shutil.rmtree(data)
    with pytest.raises(StorageError):
        begun.send("evening")

    restore(tmp_path / "backup", data, NOW, untold, replace=False)

    assert tables(data) == before
    sent = begun.send("evening")
    assert begun.site.originals.exists(sent.sha256)
    assert checked(data).clean


def test_backup_of_an_older_version_is_restored_with_todays_tables(begun, tmp_path):
    """A server that runs goes on with it, and migrates only when it starts."""
    todays = column(begun.data, SCHEMA)
    with begun.site.database.begin() as connection:
        command.downgrade(_config(connection), OLD)
    begun.save(tmp_path / "backup")

    new = begun.restored(tmp_path / "backup")

    assert {path.name for path in new.iterdir()} == {
        *("boardcast.db", "secret-key", "site-id", "event", "blobs")
    }
    assert column(new, SCHEMA) == todays != column(begun.data, SCHEMA)
    assert checked(new).clean


def test_folder_that_cannot_be_made_says_so(begun, tmp_path):
    begun.save(tmp_path / "backup")
    (tmp_path / "file").write_text("in the way")
    new = tmp_path / "file" / "new"

    with pytest.raises(StorageError, match="cannot be made") as error:
        restore(tmp_path / "backup", new, NOW, untold, replace=False)

    assert str(new) in error.value.message


def test_folder_whose_place_cannot_be_taken_is_put_back(begun, tmp_path, monkeypatch):
    begun.save(tmp_path / "backup")
    before = tables(begun.data)
    rename = Path.rename

    def refused(path, target):
        if path.name == ".data.restoring":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)

    with pytest.raises(StorageError, match="cannot be made"):
        restore(tmp_path / "backup", begun.data, NOW, untold, replace=True)

    assert tables(begun.data) == before
    assert {path.name for path in tmp_path.iterdir()} == {
        *("backup", "data", "event.toml")
    }


def test_empty_folder_is_restored_into(begun, tmp_path):
    begun.save(tmp_path / "backup")
    new = tmp_path / "new"
    new.mkdir()

    report = restore(tmp_path / "backup", new, NOW, untold, replace=False)

    assert (report.aside, tables(new)) == (None, tables(begun.data))


def test_link_is_not_replaced(begun, tmp_path):
    begun.save(tmp_path / "backup")
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")

    with pytest.raises(BackupError, match="is a link or a disk of its own"):
        restore(tmp_path / "backup", tmp_path / "link", NOW, untold, replace=True)


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


def test_restore_into_a_folder_of_any_name_is_where_a_site_looks(tmp_path):
    check_inside(settings_of(tmp_path / "a board #1 of 100%"))


def test_folder_keeps_only_what_is_a_backups(begun, tmp_path):
    begun.save(tmp_path / "backup")

    assert {path.name for path in (tmp_path / "backup").iterdir()} == {
        MANIFEST,
        SNAPSHOTS,
        "blobs",
        LOCK,
    }
    assert FolderBackup.at(tmp_path / "backup").is_begun()
