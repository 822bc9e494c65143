"""Backups put back in place: refused where damaged, and gone on with."""

import datetime as dt
import errno
import os
import shutil
import tarfile
from pathlib import Path

import pytest
from alembic import command

from server.errors import BackupError, StorageError
from server.store.manifest import MANIFEST
from server.store.migrate import _config
from server.store.restore import check_inside, restore

NOW = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)

OLD = "0001"
SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"


def untold(_done, _total):
    pass


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
    later = begun.tables(data)

    with pytest.raises(BackupError, match="is not empty"):
        restore(tmp_path / "backup", data, NOW, untold, replace=False)
    assert begun.tables(data) == later

    report = restore(tmp_path / "backup", data, NOW, untold, replace=True)

    # What was there is still somewhere.
    assert report.aside == tmp_path / "data.before-20240517T160000"
    assert begun.tables(report.aside) == later
    assert begun.checked(data).clean


def test_site_that_runs_goes_on_with_what_was_restored(begun, tmp_path):
    """As after `rm -rf data`: without a restart."""
    begun.save(tmp_path / "backup")
    data = begun.data
    before = begun.tables(data)
    shutil.rmtree(data)
    with pytest.raises(StorageError):
        begun.send("evening")

    restore(tmp_path / "backup", data, NOW, untold, replace=False)

    assert begun.tables(data) == before
    sent = begun.send("evening")
    assert begun.site.originals.exists(sent.sha256)
    assert begun.checked(data).clean


def test_backup_of_an_older_version_is_restored_with_todays_tables(begun, tmp_path):
    """A server that runs goes on with it, and migrates only when it starts."""
    todays = begun.column(begun.data, SCHEMA)
    with begun.site.database.begin() as connection:
        command.downgrade(_config(connection), OLD)
    begun.save(tmp_path / "backup")

    new = begun.restored(tmp_path / "backup")

    assert {path.name for path in new.iterdir()} == {
        *("boardcast.db", "secret-key", "site-id", "event", "blobs")
    }
    assert begun.column(new, SCHEMA) == todays != begun.column(begun.data, SCHEMA)
    assert begun.checked(new).clean


def test_folder_that_cannot_be_made_says_so(begun, tmp_path):
    begun.save(tmp_path / "backup")
    (tmp_path / "file").write_text("in the way")
    new = tmp_path / "file" / "new"

    with pytest.raises(StorageError, match="cannot be made") as error:
        restore(tmp_path / "backup", new, NOW, untold, replace=False)

    assert str(new) in error.value.message


def test_folder_whose_place_cannot_be_taken_is_put_back(begun, tmp_path, monkeypatch):
    begun.save(tmp_path / "backup")
    before = begun.tables(begun.data)
    rename = Path.rename

    def refused(path, target):
        if path.name == ".data.restoring":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)

    with pytest.raises(StorageError, match="cannot be made"):
        restore(tmp_path / "backup", begun.data, NOW, untold, replace=True)

    assert begun.tables(begun.data) == before
    assert {path.name for path in tmp_path.iterdir()} == {
        *("backup", "data", "event.toml")
    }


def test_empty_folder_is_restored_into(begun, tmp_path):
    begun.save(tmp_path / "backup")
    new = tmp_path / "new"
    new.mkdir()

    report = restore(tmp_path / "backup", new, NOW, untold, replace=False)

    assert (report.aside, begun.tables(new)) == (None, begun.tables(begun.data))


def test_link_is_not_replaced(begun, tmp_path):
    begun.save(tmp_path / "backup")
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")

    with pytest.raises(BackupError, match="is a link or a disk of its own"):
        restore(tmp_path / "backup", tmp_path / "link", NOW, untold, replace=True)


def test_restore_into_a_folder_of_any_name_is_where_a_site_looks(begun, tmp_path):
    check_inside(begun.settings_of(tmp_path / "a board #1 of 100%"))
