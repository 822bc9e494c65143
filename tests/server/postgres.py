"""A PostgreSQL server for the tests, thrown away after them."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from server.store.database import Database
from server.store.migrate import migrate

STARTED_WITHIN_S = 60.0
"""On a machine that does much else."""

OTHER_USER = "nobody"
"""PostgreSQL does not run as root."""

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Nothing of it has to survive a power cut."""

TEMPLATE = "tables"


@dataclass
class Postgres:
    """A server that runs: databases with this version's tables, as many as are wanted."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, name):
        return f"postgresql+psycopg://boardcast@/{name}?host={self.folder}"

    def new(self, template=TEMPLATE):
        """Return the address of a new database: a copy, as another session has made it."""
        name = f"test{next(self.numbers)}" if template == TEMPLATE else TEMPLATE
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        engine.dispose()
        return self.url(name)


def program(name):
    """Return where a program of the server is; skip where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    where = str(found[-1]) if found else shutil.which(name)
    if where is None:
        pytest.skip(f"No {name} on this machine: install postgresql to run this.")
    return where


@contextmanager
def running():
    """Run a server that listens on a socket in a folder of its own, and nowhere else."""
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip('No psycopg here: install "boardcast[postgres]" to run this.')
    make, serve = program("initdb"), program("postgres")
    folder = Path(tempfile.mkdtemp(prefix="boardcast-pg-"))
    # PATH as it is: initdb asks the programs beside it.
    options = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    if os.getuid() == 0:
        shutil.chown(folder, OTHER_USER)
        options["user"] = OTHER_USER
    data = folder / "data"
    arguments = ["-A", "trust", "-U", "boardcast", "-E", "UTF8", "--locale=C"]
    subprocess.run([make, "-D", data, "--no-sync", *arguments], check=True, **options)
    settings = [part for one in QUICK for part in ("-c", one)]
    listening = ["-k", folder, "-c", "listen_addresses="]
    options["stderr"] = subprocess.DEVNULL
    server = subprocess.Popen([serve, "-D", data, *listening, *settings], **options)
    try:
        postgres = Postgres(folder)
        _wait_for(postgres, server)
        made = Database.open(postgres.new("template1"))
        migrate(made)
        made.close()
        yield postgres
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(postgres, server):
    until = time.monotonic() + STARTED_WITHIN_S
    engine = create_engine(postgres.url("postgres"))
    while True:
        try:
            engine.connect().close()
        except OperationalError:
            assert server.poll() is None, "the server ended"
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            engine.dispose()
            return
