"""A data folder that is removed, moved or replaced while the site runs (invariant 1)."""

import logging
import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import text

from server.config import Settings
from server.errors import SettingsError, StorageError
from server.site import Site
from server.store.blobs import BlobStore
from server.store.database import Database, sqlite_url
from server.store.folder import SITE_FILE, SiteFolder, make_private
from server.store.migrate import migrate
from server.store.photos import photos_of
from server.store.tables import CardRow


@pytest.fixture
def data(site):
    return site.settings.data_dir


def begin_another(data):
    settings = Settings(data.parent / "event.toml", data, secret_key="other")
    Site.open(settings).database.close()


def ids(site):
    with site.database.read() as session:
        return {entry.id for entry in photos_of(session, None)}


def tree(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*"))


ATTACKS: dict[str, tuple[Callable, Callable]] = {
    "moved": (
        lambda data, aside: data.rename(aside),
        lambda data, aside: aside.rename(data),
    ),
    "removed-and-copied-back": (
        lambda data, aside: (shutil.copytree(data, aside), shutil.rmtree(data)),
        lambda data, aside: shutil.copytree(aside, data),
    ),
    "emptied": (
        lambda data, aside: (data.rename(aside), data.mkdir()),
        lambda data, aside: (data.rmdir(), aside.rename(data)),
    ),
    "another-site": (
        lambda data, aside: (data.rename(aside), begin_another(data)),
        lambda data, aside: (shutil.rmtree(data), aside.rename(data)),
    ),
    "photos-moved": (
        lambda data, aside: (data / "blobs").rename(aside),
        lambda data, aside: aside.rename(data / "blobs"),
    ),
    "originals-moved": (
        lambda data, aside: (data / "blobs" / "originals").rename(aside),
        lambda data, aside: aside.rename(data / "blobs" / "originals"),
    ),
}
"""What happens to the folder, and how it is put back."""


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_promised_that_would_be_gone_after_a_restart(
    attack, journey, site, data, tmp_path
):
    happens, is_put_back = ATTACKS[attack]
    promised = [journey.send("morning").id]

    happens(data, tmp_path / "aside")
    before = tree(tmp_path)
    for _ in range(2):
        with pytest.raises(StorageError) as error:
            journey.send("noon")
    assert str(data) in error.value.message
    # It makes nothing in the way of who puts the folder back.
    assert tree(tmp_path) == before

    is_put_back(data, tmp_path / "aside")
    promised.append(journey.send("evening").id)

    restarted = Site.open(site.settings)
    assert ids(restarted) == set(promised)
    for name in ("morning", "evening"):
        data_of = journey.scripted.photo_bytes(name)
        sha256 = journey.scripted.Photo.decode(data_of).sha256
        assert restarted.originals.get(sha256) == data_of
    restarted.database.close()


@pytest.mark.parametrize("attack", ["moved", "emptied", "another-site"])
def test_no_correction_is_promised_either(attack, site, data, tmp_path):
    happens, is_put_back = ATTACKS[attack]

    happens(data, tmp_path / "aside")
    with pytest.raises(StorageError), site.database.write() as session:
        session.add(CardRow(id="a", board="friday"))
    with pytest.raises(StorageError), site.database.read() as session:
        session.get(CardRow, "a")
    is_put_back(data, tmp_path / "aside")

    with site.database.write() as session:
        session.add(CardRow(id="b", board="friday"))
    with site.database.read() as session:
        assert session.get(CardRow, "a") is None
        assert session.get(CardRow, "b") is not None


@pytest.mark.parametrize("happens", ["moved", "log-removed"])
def test_folder_that_goes_amid_a_transaction_is_noticed(happens, site, data, tmp_path):
    def write():
        with site.database.write() as session:
            session.add(CardRow(id="a", board="friday"))
            session.flush()
            if happens == "moved":
                data.rename(tmp_path / "aside")
            else:
                (data / "boardcast.db-wal").unlink()

    with pytest.raises(StorageError, match="removed or replaced"):
        write()


@dataclass(frozen=True)
class ThenBlobs:
    """Blobs after which something happens."""

    blobs: BlobStore
    then: Callable[[], object]

    def put(self, data):
        sha256 = self.blobs.put(data)
        self.then()
        return sha256

    def exists(self, sha256):
        return self.blobs.exists(sha256)


def test_folder_that_an_older_copy_replaces_amid_a_photo_is_noticed(
    journey, site, data, tmp_path
):
    """The row then goes into the copy, the bytes are in the folder put aside."""
    journey.send("morning")
    site.database.close()
    shutil.copytree(data, tmp_path / "copy")

    def swap():
        data.rename(tmp_path / "aside")
        (tmp_path / "copy").rename(data)

    swapping = replace(site, originals=ThenBlobs(site.originals, swap))
    with pytest.raises(StorageError, match="removed while it was received"):
        replace(journey, site=swapping).send("noon")

    sent = journey.send("noon")  # again, as the sender was told
    assert site.originals.exists(sent.sha256)


def test_photo_that_is_removed_as_it_is_written_is_not_promised(site, monkeypatch):
    def vanish(path):
        raise FileNotFoundError(2, "No such file or directory", str(path))

    monkeypatch.setattr("server.store.blobs.fsync", vanish)

    with pytest.raises(StorageError, match="removed while it was written"):
        site.originals.put(b"abc")


def test_missing_folder_is_not_a_missing_photo(site, data, tmp_path):
    """A worker then waits, instead of giving the photo up."""
    sha256 = site.originals.put(b"abc")
    data.rename(tmp_path / "aside")

    with pytest.raises(StorageError):
        site.originals.get(sha256)
    with pytest.raises(StorageError):
        site.originals.exists(sha256)


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_process_of_a_site_that_runs_never_begins_a_new_one(left, site, data, tmp_path):
    data.rename(tmp_path / "aside")
    if left == "an empty folder":
        data.mkdir()
    before = tree(tmp_path)

    with pytest.raises(StorageError):
        Site.open(site.settings)
    with pytest.raises(StorageError):
        migrate(Database.open(site.settings.database_url))

    assert tree(tmp_path) == before


def test_folder_without_its_database_is_not_begun_anew(site, data, scripted):
    site.database.close()
    (data / "boardcast.db").unlink()

    with pytest.raises(StorageError) as error:
        Site.open(scripted.settings_in(data.parent))

    assert "its database boardcast.db is missing" in error.value.message
    assert not (data / "boardcast.db").exists()


@pytest.mark.usefixtures("site")
def test_blobs_that_are_not_mounted_stop_the_start(data, scripted):
    (data / "blobs").rename(data / "elsewhere")
    (data / "blobs").mkdir()

    with pytest.raises(StorageError, match=f"its file {SITE_FILE} is missing"):
        Site.open(scripted.settings_in(data.parent))


def test_folder_from_before_sites_were_marked_is_taken_over(journey, data, scripted):
    sent = journey.send("morning")
    for folder in (data, data / "blobs"):
        (folder / SITE_FILE).unlink()

    opened = Site.open(scripted.settings_in(data.parent))

    assert ids(opened) == {sent.id}
    assert {
        (folder / SITE_FILE).read_text().strip() for folder in (data, data / "blobs")
    } == {opened.settings.site_id}
    opened.database.close()


def test_folder_is_marked_once(tmp_path):
    first = SiteFolder.mark(tmp_path, "a")

    assert SiteFolder.mark(tmp_path, "b") == first == SiteFolder(tmp_path, "a")


@pytest.mark.parametrize("place", ["folder", "blobs"])
def test_folder_that_cannot_be_written_stops_the_start(place, folder, scripted):
    settings = scripted.settings_in(folder)
    if place == "folder":
        # A file where a folder should be: what stops root, too.
        settings.data_dir.write_text("in the way")
    else:
        settings.data_dir.mkdir()
        (settings.data_dir / "blobs").write_text("in the way")

    with pytest.raises(SettingsError, match="cannot be used: "):
        Site.open(settings)


@pytest.fixture
def immutable(data):
    """Make something so that not even root writes to it; and writable again."""

    def switch(sign, path):
        done = subprocess.run(
            ["chattr", "-R", f"{sign}i", path], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("this file system or user cannot make files immutable")

    yield switch
    subprocess.run(["chattr", "-R", "-i", data], capture_output=True, check=False)


def test_folder_that_cannot_be_written_for_a_while_is_used_again(
    journey, site, immutable, scripted
):
    data = site.settings.data_dir
    promised = {journey.send("morning").id}

    immutable("+", data)
    with pytest.raises(SettingsError):
        Site.open(scripted.settings_in(data.parent))
    with pytest.raises(StorageError):
        journey.send("noon")

    immutable("-", data)
    promised.add(journey.send("noon").id)
    assert ids(site) == promised


def test_database_that_could_only_be_read_for_a_while_is_written_again(site, immutable):
    """SQLite opens such a file for reading only, and keeps it like that."""
    site.database.close()

    immutable("+", site.database.file)
    with pytest.raises(SettingsError, match="may not be written"):
        Site.open(replace(site.settings, site_id=""))
    with (
        pytest.raises(StorageError, match="readonly"),
        site.database.write() as session,
    ):
        session.add(CardRow(id="a", board="friday"))
    immutable("-", site.database.file)

    with site.database.write() as session:
        session.add(CardRow(id="a", board="friday"))


def modes(data):
    return {
        path.relative_to(data.parent).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (data, *data.rglob("*"))
    }


def test_everything_is_for_its_owner_only(journey, data, scripted):
    open_to_all = os.umask(0)
    try:
        journey.send("noon")
        journey.work({"noon": scripted.SHOTS["noon"]})
    finally:
        os.umask(open_to_all)
    expected = {
        path: 0o700 if (data.parent / path).is_dir() else 0o600 for path in modes(data)
    }
    assert "data/boardcast.db-wal" in expected
    for path in (data, *data.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)

    Site.open(scripted.settings_in(data.parent)).database.close()

    assert modes(data) == expected
    assert expected == modes(data)


def test_new_files_are_for_their_owner_only(folder, scripted):
    open_to_all = os.umask(0)
    try:
        site = Site.open(scripted.settings_in(folder))
        site.originals.put(b"abc")
        site.blobs.put(b"abc")
        with site.database.write() as session:
            session.add(CardRow(id="a", board="friday"))
        found = modes(site.settings.data_dir)
    finally:
        os.umask(open_to_all)
    site.database.close()

    others = {path: mode for path, mode in found.items() if mode & 0o077}
    # Only what lies in folders that nobody else opens.
    assert {Path(path).name for path in others} <= {"originals", "public"}
    assert found["data"] == 0o700


def test_file_that_belongs_to_somebody_else_is_told_of(tmp_path, caplog, monkeypatch):
    path = tmp_path / "a"
    path.touch(0o666)
    path.chmod(0o666)

    def refuse(*_args, **_kwargs):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    with caplog.at_level(logging.WARNING):
        make_private([path, tmp_path / "missing"])

    assert caplog.messages == [f"{path} stays open to others: Operation not permitted"]


@pytest.mark.parametrize(
    ("position", "message"),
    [(0, "file is not a database"), (4096, "database disk image is malformed")],
)
def test_damaged_database_stops_the_start_with_a_word(position, message, journey, data):
    journey.send("morning")
    journey.site.database.close()
    with (data / "boardcast.db").open("r+b") as file:
        file.seek(position)
        file.write(b"x" * 8 * 4096)

    with pytest.raises(StorageError) as error:
        ids(Site.open(journey.scripted.settings_in(data.parent)))

    assert error.value.message == f"The database is damaged: {message}."
    assert "boardcast restore" in error.value.hint


def test_database_of_a_newer_version_says_so(site):
    with site.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageError, match="cannot be brought to this version"):
        migrate(site.database)


def test_database_whose_path_has_every_kind_of_sign_is_found(tmp_path):
    folder = tmp_path / "a b?c#d%41 é'\""
    folder.mkdir()
    sqlite3.connect(folder / "x.db").close()

    database = Database.open(sqlite_url(folder / "x.db"))
    migrate(database)
    database.close()

    assert [path.name for path in folder.iterdir()] == ["x.db"]
    assert (folder / "x.db").stat().st_size > 0
