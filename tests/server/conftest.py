import datetime as dt
import importlib.util
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from types import CodeType, ModuleType
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy
from flask import Flask
from jinja2 import BytecodeCache
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    sync_playwright,
)
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as SQLite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from werkzeug.serving import make_server

import calibration.profile
from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board, Event, Profile, save_profile
from server.app import app_of
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.receive import receive
from server.intake.vision import Vision
from server.publish import drawn
from server.publish.releases import publish
from server.site import Site
from server.store.database import Database
from server.store.migrate import migrate
from server.store.photos import photo as photo_record
from server.store.sqlite import sqlite_url
from server.tokens import Tokens
from tests.server.postgres import Postgres, running
from vision.image.photo_file import check_file

ROOT = Path(__file__).parents[2]
FORKS = Path(__file__).with_name("forks.py")
SCRIPTED = Path(__file__).with_name("scripted.py")


ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""Chromium looks up its maker's services by itself: here it finds none of them."""

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
"""The shell draws the same pages without a window around them, at half the work."""


@pytest.fixture
def fonts(monkeypatch):
    """Set the fonts with letters of any language that are looked for."""

    def fonts(*names):
        monkeypatch.setattr(drawn, "FONTS", names)
        drawn._font.cache_clear()

    yield fonts
    drawn._font.cache_clear()


@pytest.fixture
def wide_font():
    """A font of this machine with Chinese letters."""
    font = drawn.font_file()
    if font is None:
        pytest.skip("No font with Chinese letters here: install fonts-noto-cjk.")
    return font


@pytest.fixture(scope="session")
def browser() -> Browser:
    """One for all tests: Playwright begins once in a process."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", ALONE]
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def _kept_windows() -> dict[str, Page]:
    return {}


AS_ON_THE_BOARD = {"locale": "en-GB"}
"""Where hours are written as on the board, where nothing else is asked for."""


class Windows:
    """Windows of the browser for one test; what the browser complains of is an error.

    One that a test leaves is used by the next that wants such a one: to start the
    process of a new one takes eight times as long as to show a page in it.
    """

    def __init__(self, browser: Browser, kept: dict[str, Page]) -> None:
        self.complaints: list[str] = []
        # Not a fault: a script that goes to a card rightly wins over autofocus.
        self.expected: tuple[str, ...] = ("Autofocus processing was blocked",)
        self._browser, self._kept = browser, kept
        self._used: list[Page] = []
        self._own: list[BrowserContext] = []

    def __call__(self, **options) -> Page:
        """Give the window of these options; for a second person, one of their own."""
        options = AS_ON_THE_BOARD | options
        kind = repr(sorted(options.items()))
        page = self._kept.get(kind)
        if page in self._used:
            return self.new(**options)
        if page is None:
            page = self._kept[kind] = self._browser.new_context(**options).new_page()
        elif options.get("viewport", page.viewport_size) != page.viewport_size:
            page.set_viewport_size(options["viewport"])
        self._used.append(page)
        return self._heard(page)

    def new(self, **options) -> Page:
        """Give one that nobody used, and that is closed at the end."""
        self._own.append(self._browser.new_context(**AS_ON_THE_BOARD | options))
        return self._heard(self._own[-1].new_page())

    def _heard(self, page: Page) -> Page:
        page.on("console", self._complain)
        page.on("pageerror", self._complain)
        return page

    def _complain(self, what: ConsoleMessage | Error) -> None:
        if isinstance(what, ConsoleMessage) and what.location["url"].endswith(".ico"):
            return  # asked for by a window that waits at a picture, see `leave`
        text = what.text if isinstance(what, ConsoleMessage) else str(what)
        if not text.startswith(self.expected):
            self.complaints.append(text)

    def leave(self) -> None:
        """Leave nothing to the next test: no storage, and no script that goes on."""
        for page in self._used:
            page.unroute_all(behavior="ignoreErrors")
            page.context.clear_cookies()
            for other in page.context.pages[1:]:
                other.close()
            if page.url.startswith("http"):
                page.evaluate("localStorage.clear(), sessionStorage.clear()")
            page.remove_listener("console", self._complain)
            page.remove_listener("pageerror", self._complain)
            # Of the same site: an empty page would take a process of its own.
            with suppress(Error):  # the server may have ended before
                page.goto(urljoin(page.url, "/static/icon.svg"))
        for context in self._own:
            context.close()
        self._used, self._own = [], []


@pytest.fixture
def window(browser, _kept_windows) -> Windows:
    windows = Windows(browser, _kept_windows)
    yield windows
    windows.leave()
    assert windows.complaints == []


@pytest.fixture(scope="session")
def first_of():
    """Return what takes the first request that a route holds: it comes soon, or never."""

    def first_of(held, page):
        for _ in range(1000):
            if held:
                return held.pop()
            page.wait_for_timeout(10)
        raise TimeoutError

    return first_of


@pytest.fixture(scope="session")
def axe():
    """Return what axe finds that keeps people from a page."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

    def axe(page) -> list[str]:
        page.evaluate(script)
        return page.evaluate(
            "async (only) => (await axe.run(only)).violations.flatMap("
            "({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))",
            # Of what is right it need not say where it stands.
            {"resultTypes": ["violations"], "selectors": False, "preload": False},
        )

    return axe


@pytest.fixture(scope="session", autouse=True)
def _tables_made_once(tmp_path_factory, _statements_compiled_once):
    """Give a new site its tables as a copy: to make them takes longer than a test.

    Who calls `migrate` itself still gets them step by step.
    """
    made = Database.open(sqlite_url(tmp_path_factory.mktemp("tables") / "new.db"))
    made.create()
    migrate(made)

    def copy(database):
        if database.file is None:
            migrate(database)
            return
        version = "SELECT version_num FROM alembic_version"
        with made._driver() as tables, database._driver() as connection:
            new = not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
            if new:
                tables.backup(connection)
            try:
                found = connection.execute(version).fetchall()
            except sqlite3.Error:
                found = []
            newest = tables.execute(version).fetchall() == found
        if not newest:
            migrate(database)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.site.migrate", copy)
        yield
    made.close()


@pytest.fixture(scope="session", autouse=True)
def _profiles_written_once():
    """Keep the text of each profile: nearly every site of a test begins with one."""
    texts, dump = {}, calibration.profile.dump_profile

    def dump_profile(profile):
        key = repr(profile)
        if key not in texts:
            texts[key] = dump(profile)
        return texts[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration.profile, "dump_profile", dump_profile)
        yield


@pytest.fixture(scope="session")
def scripted() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scripted", SCRIPTED)
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up by name.
    importlib.import_module("sys").modules["scripted"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once():
    """Let all sites share what SQLAlchemy compiled: it does so anew for each engine.

    It finds that by the statement and the dialect, and every engine has its own one.
    """
    compiled = LRUCache(1000)

    def create_engine(*args, **kwargs):
        engine = sqlalchemy.create_engine(*args, **kwargs)
        engine._compiled_cache = compiled
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.store.sqlite.create_engine", create_engine)
        patch.setattr(SQLite, "__hash__", lambda _: hash(SQLite))
        patch.setattr(SQLite, "__eq__", lambda _, other: isinstance(other, SQLite))
        yield


class Compiled(BytecodeCache):
    """Templates that were compiled in this process."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket):
        checksum, code = self.kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket):
        self.kept[bucket.key] = bucket.checksum, bucket.code


@pytest.fixture(scope="session", autouse=True)
def _templates_and_routes_compiled_once():
    """Let all apps share what Jinja and Werkzeug compile: nearly every test has its own."""
    builders = {}
    compiled = Rule._compile_builder

    def compile_builder(rule, append_unknown=True):  # noqa: FBT002  (as Werkzeug has it)
        key = rule.rule, str(rule.defaults), str(rule._trace), append_unknown
        if key not in builders:
            builders[key] = compiled(rule, append_unknown)
        return builders[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": Compiled()})
        patch.setattr(Rule, "_compile_builder", compile_builder)
        yield


@pytest.fixture(scope="session")
def run_program() -> Callable[..., int]:
    """Run a program of the tests in a process of its own; return how it ended."""
    forks = subprocess.Popen(
        [sys.executable, "-W", "error", FORKS],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run(*arguments):
        forks.stdin.write("\0".join(map(str, arguments)) + "\n")
        forks.stdin.flush()
        return int(forks.stdout.readline())

    with forks:
        yield run
        forks.stdin.close()


@pytest.fixture
def full_disk() -> Callable[[int], AbstractContextManager[None]]:
    """Let no file of this process grow beyond so many bytes, as on a disk that is full."""

    @contextmanager
    def full_disk(max_bytes: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (max_bytes, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return full_disk


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, if its programs are here."""
    with running() as server:
        yield server


def pytest_generate_tests(metafunc):
    """Run what is marked `databases` on each kind of database."""
    if metafunc.definition.get_closest_marker("databases"):
        kinds = ["sqlite", "postgresql"]
        metafunc.parametrize("database_kind", kinds, indirect=True)


@pytest.fixture(autouse=True)
def database_kind(request):
    """Let each site of a test have a database of this kind: before any is opened."""
    kind = getattr(request, "param", "sqlite")
    if kind == "postgresql":
        new = request.getfixturevalue("postgres").new
        patch = request.getfixturevalue("monkeypatch")
        patch.setattr(request.getfixturevalue("scripted"), "DATABASES", new)
    return kind


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

    def send(self, name, at="12:00", *, board=None, source="camera"):
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
            source=source,
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


@pytest.fixture
def live(site):
    """The address of a server that runs while the test does."""
    server = make_server("127.0.0.1", 0, app_of(site), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def working(journey):
    """Let a worker work beside the test; give the shots that it knows."""
    shots = {}
    stop = threading.Event()

    def work():
        while not stop.wait(0.02):
            journey.work(dict(shots))

    thread = threading.Thread(target=work)
    thread.start()
    yield shots
    stop.set()
    thread.join()
