import datetime as dt
import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board, Event, Profile, save_profile
from server.app import app_of
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.receive import receive
from server.intake.vision import Vision
from server.publish.releases import publish
from server.site import Site
from server.store.photos import photo as photo_record
from server.tokens import Tokens
from vision.image.photo_file import check_file

SCRIPTED = Path(__file__).with_name("scripted.py")


@pytest.fixture(scope="session")
def scripted() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scripted", SCRIPTED)
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up by name.
    importlib.import_module("sys").modules["scripted"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def profile() -> Profile:
    layout = Layout(
        rooms=("Room 301", "Room 302"),
        slots=(Slot.parse("10:00-11:00"), Slot.parse("11:00-12:00")),
        blocked={CellId("Room 302", "11:00-12:00"): "Keynote"},
    )
    event = Event("PyCon US 2024", ZoneInfo("America/New_York"), "os")
    friday = Board("friday", "Friday", dt.date(2024, 5, 17), layout, (0, 1, 2, 3))
    saturday = Board("saturday", "Saturday", dt.date(2024, 5, 18), layout, (4, 5, 6, 7))
    return Profile(event, (friday, saturday))


@pytest.fixture
def folder(tmp_path, profile) -> Path:
    save_profile(profile, tmp_path / "event.toml")
    return tmp_path


@pytest.fixture
def site(folder, scripted) -> Site:
    opened = Site.open(scripted.settings_in(folder))
    # In this process: one more for each photo would take a tenth of a second.
    yield replace(opened, clock=lambda: scripted.NOW, check_photo=check_file)
    opened.database.close()


@pytest.fixture
def tokens(site) -> Tokens:
    return site.tokens


@pytest.fixture
def client(site):
    return app_of(site).test_client()


@dataclass(frozen=True)
class Journey:
    """A site as its people use it: photos go in, workers work, people correct."""

    site: Site
    scripted: ModuleType

    def send(self, name, at="12:00", *, board=None):
        """Receive the photo of this name, taken at this time of the day, UTC."""
        hour, minute = map(int, at.split(":"))
        return receive(
            self.scripted.photo_bytes(name),
            database=self.site.database,
            originals=self.site.originals,
            profile=self.site.profile,
            check_photo=self.site.check_photo,
            sender="Ada",
            board=board,
            received_at=dt.datetime(2024, 5, 17, hour, minute, tzinfo=dt.UTC),
        ).photo

    def work(self, shots: "dict | Vision", lanes=("straighten", "read", "settle")):
        """Work until no photo waits any more."""
        vision = shots if isinstance(shots, Vision) else self.scripted.vision_of(shots)
        for lane in lanes:
            while work_once(Worker(self.site, vision, f"test/{lane}"), lane):
                pass

    def photo(self, record):
        with self.site.database.read() as session:
            return photo_record(session, record.id)

    def ask(self, query, *args):
        """Ask a query of the store."""
        with self.site.database.read() as session:
            return query(session, *args)

    def change(self, command, *args, **kwargs):
        """Change the store and publish, as the desk does."""
        with self.site.database.write() as session:
            done = command(session, *args, **kwargs)
            publish(
                session,
                self.site.profile,
                "friday",
                cause="correction",
                at=self.site.clock(),
            )
        return done


@pytest.fixture
def journey(site, scripted) -> Journey:
    return Journey(site, scripted)
