"""A site that holds something, and its backups."""

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pytest

from calibration.profile import save_profile
from server.config import Settings, stored_secret
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.receive import receive
from server.schedule.corrections.edit import Edit
from server.site import Site
from server.store.backup import back_up
from server.store.check import examine
from server.store.corrections import append_correction
from server.store.kept import Kept
from server.store.restore import restore
from server.store.tables import CardRow

NOW = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)


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
        return self.send_to(self.site, self.scripted.photo_bytes(name), hour)

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

    @staticmethod
    def send_to(site, data, hour=14):
        """Receive a photo at a site."""
        return receive(
            data,
            database=site.database,
            originals=site.originals,
            profile=site.profile,
            check_photo=site.check_photo,
            sender="Ada",
            board=None,
            received_at=NOW.replace(hour=hour),
            source="camera",
        ).photo

    @staticmethod
    def correct(site, card, value):
        """Correct a new card of a site."""
        with site.database.write() as session:
            session.add(CardRow(id=card, board="friday"))
            session.flush()
            append_correction(
                session, "friday", Edit(card, title=value), author="Maya", made_at=NOW
            )

    @staticmethod
    def settings_of(data):
        return Settings(data / "event" / "event.toml", data, secret_key="secret")

    def checked(self, data):
        kept = Kept.of(self.settings_of(data))
        report = examine(kept, untold)
        kept.database.close()
        return report

    @staticmethod
    def tables(data):
        """Return everything that a database says."""
        with closing(sqlite3.connect(data / "boardcast.db")) as connection:
            return list(connection.iterdump())

    @staticmethod
    def column(data, query):
        """Return what a query of one column finds in a database."""
        with closing(sqlite3.connect(data / "boardcast.db")) as connection:
            return {row[0] for row in connection.execute(query)}

    @staticmethod
    def blobs(folder):
        return {path.name: path.read_bytes() for path in folder.rglob("?" * 64)}


@pytest.fixture(scope="session")
def filled(tmp_path_factory, profile, scripted):
    """A folder with a site of two photos that were read, and a correction."""
    folder = tmp_path_factory.mktemp("filled")
    save_profile(profile, folder / "event.toml")
    journey = Begun.at(folder, scripted)
    stored_secret(journey.data)
    journey.read("morning", 12)
    journey.read("noon", 13)
    journey.correct(journey.site, "a card", "Corrected")
    journey.site.database.close()
    return folder


@pytest.fixture
def begun(filled, tmp_path, scripted):
    """A site of its own that holds something."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    opened = Begun.at(tmp_path, scripted)
    yield opened
    opened.site.database.close()
