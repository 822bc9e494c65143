"""Keeps the site's processes alive: the web, and the workers."""

import errno
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from calibration.errors import BoardcastError
from server.config import Settings
from server.errors import AddressInUseError, SettingsError
from server.intake.work import Lane
from server.orphans import with_parent
from server.store.database import Database
from server.store.leases import End, end_claims
from vision.ocr.select import CHAT

RESTART_AFTER_S = 1.0
"""A process that dies at once every time must not take the whole machine."""

FREE_WITHIN_S = 3.0
"""A site that was killed a moment ago gives up its port within a second or two."""

TERMINATE_WITHIN_S = 10.0
"""A step's native code runs for a second or two before it hears of the end."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A process that is to run as long as the site does.

    Parameters
    ----------
    name : str
    command : callable
        Returns the command line under an owner's name, new for every start.
    """

    name: str
    command: Callable[[str], Sequence[str]]


def jobs(engine: str) -> tuple[Job, ...]:
    """Return the site's processes.

    Parameters
    ----------
    engine : str
        Name of the OCR engine. One on this machine both reads and settles in
        one process, so that it is loaded once. A chat server is asked in a
        process of its own: it may take half a minute to answer, and nobody
        waits for that.
    """
    settling: tuple[tuple[Lane, ...], ...] = (
        (("read",), ("settle",)) if engine == CHAT else (("read", "settle"),)
    )
    web = Job("web", lambda _owner: (sys.executable, "-m", "server.web"))
    return (web, _worker(("straighten",)), *map(_worker, settling))


def _worker(lanes: Sequence[Lane]) -> Job:
    """Return the process that works on these lanes, the most urgent first."""
    module, names = "server.intake.worker", ",".join(lanes)
    return Job(lanes[0], lambda owner: (sys.executable, "-m", module, names, owner))


@contextmanager
def supervised(settings: Settings, todo: Sequence[Job]) -> Iterator[None]:
    """Run processes, restart those that die, and end all in the end.

    Parameters
    ----------
    settings : Settings
        Handed to them through the environment.
    todo : sequence of Job
    """
    ended = threading.Event()
    keepers = [
        threading.Thread(target=_keep, args=(job, settings, ended), name=job.name)
        for job in todo
    ]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        ended.set()
        for keeper in keepers:
            keeper.join()


def check_free(host: str, port: int) -> None:
    """Check that nobody listens where the site is to be.

    Raises
    ------
    AddressInUseError
        If somebody does.
    SettingsError
        If this program could not listen there even so.
    """
    ends = time.monotonic() + FREE_WITHIN_S
    while not _is_free(host, port):
        if time.monotonic() > ends:
            raise AddressInUseError(host, port)
        time.sleep(0.1)


def _is_free(host: str, port: int) -> bool:
    """Say whether the site could listen here.

    Raises
    ------
    SettingsError
        If it could not, whoever else does or does not.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the server does: what a stopped one leaves behind is no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as error:
        raise SettingsError(
            f"This user may not listen on port {port}.",
            hint="Take one above 1023, for example --port 8000, with a web server "
            "such as nginx or Caddy in front of it.",
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        raise SettingsError(
            f"This machine cannot listen on {host}: {error.strerror}.",
            hint="Take 0.0.0.0 for every address that it has.",
        ) from error
    return True


def end_of(return_code: int) -> End:
    """Return how a process ended, for the photo that it was working on.

    Parameters
    ----------
    return_code : int
        As `subprocess` gives it: negative for a signal.
    """
    if return_code == 0:
        return "stop"
    outside = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}
    return "kill" if return_code in outside else "crash"


def _keep(job: Job, settings: Settings, ended: threading.Event) -> None:
    environ = with_parent(os.environ | settings.to_environ())
    while not ended.is_set():
        owner = f"{socket.gethostname()}/{job.name}/{secrets.token_hex(4)}"
        began = time.monotonic()
        try:
            process = subprocess.Popen(list(job.command(owner)), env=environ)  # noqa: S603  (our own command)
        except OSError as error:  # memory is short, for example
            log.error("%s cannot be started: %s", job.name, error)  # noqa: TRY400  (an operator's fault: no traceback)
            ended.wait(RESTART_AFTER_S)
            continue
        return_code = _until_dead(process, ended)
        _report(settings, owner, return_code)
        if not ended.is_set():
            log.error("%s ended with %s; starting it again", job.name, return_code)
            ended.wait(max(0.0, RESTART_AFTER_S - (time.monotonic() - began)))


def _until_dead(process: "subprocess.Popen[bytes]", ended: threading.Event) -> int:
    """Wait until a process is dead, and end it when the site ends."""
    while process.poll() is None:
        if ended.wait(0.1):
            process.terminate()
            try:
                return process.wait(TERMINATE_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
    return process.wait()


def _report(settings: Settings, owner: str, return_code: int) -> None:
    """Give back at once what a dead worker had claimed."""
    try:
        database = Database.open(settings.database_url)
        with database.write() as session:
            end_claims(session, owner, end_of(return_code))
        database.close()
    except BoardcastError as error:
        # Its claims run out by themselves in a while.
        log.warning("%s", error)
