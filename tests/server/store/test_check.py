"""What `boardcast check` finds, and that it finds nothing where all is well."""

import os
import sqlite3
import time

import pytest

from server.errors import StorageError
from server.store.check import CheckReport, examine
from server.store.kept import Kept, NamedBlob

LONG_AGO = 1_700_000_000
"""A file that old is not one that is just being received."""


def untold(_done, _total):
    pass


@pytest.fixture
def read(journey, scripted):
    """A site whose photo was read."""
    journey.send("noon")
    journey.work(scripted.SHOTS)
    return journey


@pytest.fixture
def checked(site):
    def run():
        kept = Kept.of(site.settings)
        report = examine(kept, untold)
        kept.database.close()
        return report

    return run


def kept_files(site, part):
    return sorted((site.settings.data_dir / "blobs" / part).rglob("?" * 64))


def test_site_that_is_well_is_clean(read, site, checked):
    report = checked()

    files = [*kept_files(site, "originals"), *kept_files(site, "public")]
    assert report == CheckReport((), (), (), (), (), len(files))
    assert report.clean
    assert read


@pytest.mark.parametrize("part", ["originals", "public"])
@pytest.mark.parametrize("what", ["missing", "damaged"])
def test_lost_blobs_are_named(what, part, read, site, checked):
    lost = kept_files(site, part)[0]
    blob = NamedBlob(part, lost.name, lost.stat().st_size)
    if what == "missing":
        lost.unlink()
    else:
        lost.write_bytes(b"x")

    report = checked()

    assert (report.missing, report.damaged) == (
        ((blob,), ()) if what == "missing" else ((), (blob,))
    )
    assert not report.clean
    assert read


def test_original_without_a_row_is_an_orphan_and_other_files_are_left_over(
    read, site, checked, scripted
):
    """As kill -9 leaves them, between the bytes and the row."""
    orphan = site.originals.put(scripted.photo_bytes("evening"))
    step = site.blobs.put(b"a picture of a step that was killed")
    originals = site.settings.data_dir / "blobs" / "originals"
    half = originals / orphan[:2] / f"{orphan}#1"
    half.write_bytes(b"half")
    torn = originals / "ab" / ("ab" * 32)
    torn.parent.mkdir(exist_ok=True)
    torn.write_bytes(b"")
    for path in originals.parent.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))

    report = checked()

    assert report.orphans == (originals / orphan[:2] / orphan,)
    assert set(report.leftovers) == {
        half,
        torn,
        site.settings.data_dir / "blobs" / "public" / step[:2] / step,
    }
    assert not report.clean
    assert read


def test_photo_that_is_just_received_is_no_orphan(
    journey, site, checked, scripted, monkeypatch
):
    """Its row is written while the check waits for it."""
    site.originals.put(scripted.photo_bytes("morning"))
    waited = []

    def receive_meanwhile(seconds):
        waited.append(seconds)
        journey.send("morning")

    monkeypatch.setattr(time, "sleep", receive_meanwhile)

    report = checked()

    assert report == CheckReport((), (), (), (), (), 1)
    assert len(waited) == 1


def test_row_that_names_what_is_not_there_is_told(site, checked):
    connection = sqlite3.connect(site.settings.data_dir / "boardcast.db")
    connection.execute(
        "INSERT INTO undos VALUES (7, 3, 1, 'Maya', '2024-05-17 10:00:00', NULL)"
    )
    connection.commit()
    connection.close()

    assert checked().database == (
        "row 7 of undos names a row of corrections that is not there",
    )


def test_damaged_database_is_told(read, site, checked):
    site.database.close()
    with (site.settings.data_dir / "boardcast.db").open("r+b") as stream:
        stream.write(b"x" * 4096)

    report = checked()

    assert report.database == ("The database is damaged: file is not a database.",)
    assert read


def test_folder_that_is_gone_is_told(site, tmp_path):
    kept = Kept.of(site.settings)
    site.settings.data_dir.rename(tmp_path / "aside")

    report = examine(kept, untold)

    assert report.database[0].endswith("data is gone.")
    kept.database.close()


def test_blobs_that_are_gone_are_not_made_anew(site):
    blobs = site.settings.data_dir / "blobs"
    blobs.rename(blobs.with_name("elsewhere"))

    with pytest.raises(StorageError, match="is gone"):
        Kept.of(site.settings)
    assert not blobs.exists()
