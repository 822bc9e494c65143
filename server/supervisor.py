"""Keeps the site's processes alive: the web, and the workers.

One that dies is started again, one that hangs is killed and started again, and
where that does not help the site ends, with what was wrong.
"""

import contextlib
import errno
import http.client
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
from urllib.parse import urlsplit

from calibration.errors import BoardcastError
from server.chat.engines import CHAT
from server.config import Settings
from server.errors import AddressInUseError, ProcessLostError, SettingsError
from server.intake.work import Lane
from server.orphans import with_parent
from server.pulse import Pulse
from server.site import Site, utc_now
from server.store.database import Database
from server.store.deliveries import end_deliveries
from server.store.leases import End, end_claims

FREE_WITHIN_S = 3.0
"""A site that was killed a moment ago gives up its port within a second or two."""

LOOK_EVERY_S = 0.1
"""Between looks whether a process is dead or silent."""

ASK_NEW_EVERY_S = 0.2
"""Between questions to a web that still starts."""

ALIVE_PATH = "/health/live"
"""What the web is asked; any answer is a sign of life."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A process that is to run as long as the site does.

    Parameters
    ----------
    name : str
    command : callable
        Returns the command line under an owner's name, new for every start.
    asked_at : str
        Address where it has to answer; empty if it is not asked.
    """

    name: str
    command: Callable[[str], Sequence[str]]
    asked_at: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a process may take for what; all in seconds.

    Parameters
    ----------
    restart_s : float
        Between its starts; twice as long after each start that came to nothing:
        one that dies at once every time must not take the whole machine.
    failed_starts : int
        So many in a row, of a process that died or hung before it was ready,
        are the site's end.
    start_s : float
        Until it is ready; a Raspberry Pi imports everything in about 20 seconds.
    silent_s : float
        Without a sign of life; code that holds the interpreter takes a second or
        two, on a slow machine that swaps ten times that.
    ask_every_s : float
        Between questions to the web.
    ask_for_s : float
        For each of its answers.
    terminate_s : float
        To end by itself; a step's native code runs for a second or two before it
        hears of the end.
    """

    restart_s: float = 1
    failed_starts: int = 5
    start_s: float = 60
    silent_s: float = 20
    ask_every_s: float = 5
    ask_for_s: float = 5
    terminate_s: float = 10


PATIENCE = Patience()


def jobs(engine: str, web_url: str, *, announces: bool = False) -> tuple[Job, ...]:
    """Return the site's processes.

    Parameters
    ----------
    engine : str
        Name of the OCR engine. One on this machine both reads and settles in
        one process, so that it is loaded once. A chat server is asked in a
        process of its own: it may take half a minute to answer, and nobody
        waits for that.
    web_url : str
        Where this machine itself reaches the web.
    announces : bool
        Whether there are services that posts go to.
    """
    settling: tuple[tuple[Lane, ...], ...] = (
        (("read",), ("settle",)) if engine == CHAT else (("read", "settle"),)
    )
    command = (sys.executable, "-m", "server.web")
    web = Job("web", lambda _owner: command, f"{web_url}{ALIVE_PATH}")
    posts = (Job("announce", _announcing),) if announces else ()
    return (web, _worker(("straighten",)), *map(_worker, settling), *posts)


def _announcing(owner: str) -> Sequence[str]:
    return (sys.executable, "-m", "server.announcing.worker", owner)


def _worker(lanes: Sequence[Lane]) -> Job:
    """Return the process that works on these lanes, the most urgent first."""
    module, names = "server.intake.worker", ",".join(lanes)
    return Job(lanes[0], lambda owner: (sys.executable, "-m", module, names, owner))


@contextmanager
def supervised(
    settings: Settings,
    todo: Sequence[Job],
    alarm: Callable[[], None] = lambda: None,
    patience: Patience = PATIENCE,
) -> Iterator[Pulse]:
    """Run processes, replace those that die or hang, and end all in the end.

    Parameters
    ----------
    settings : Settings
        Handed to them through the environment.
    todo : sequence of Job
    alarm : callable
        Called from another thread when the processes cannot be kept: the caller
        is to leave.
    patience : Patience

    Raises
    ------
    BoardcastError
        At the end, if the processes could not be kept.
    """
    pulse = Pulse.create([job.name for job in todo])
    watch = _Watch(settings, pulse, patience, threading.Event(), alarm)
    keepers = [
        threading.Thread(target=_keep_or_fail, args=(job, watch), name=job.name)
        for job in todo
    ]
    for keeper in keepers:
        keeper.start()
    try:
        yield pulse
    finally:
        watch.ended.set()
        for keeper in keepers:
            keeper.join()
        pulse.close()
        if watch.failure:
            raise watch.failure


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


@dataclass(slots=True, eq=False)
class _Watch:
    """What all keepers share; the first failure is the site's end."""

    settings: Settings
    pulse: Pulse
    patience: Patience
    ended: threading.Event
    alarm: Callable[[], None]
    failure: BoardcastError | None = None

    def fail(self, failure: BoardcastError) -> None:
        if not self.ended.is_set() and self.failure is None:
            self.failure = failure
            self.alarm()


def _keep_or_fail(job: Job, watch: _Watch) -> None:
    """Keep a process; whatever goes wrong with that is said, and ends the site."""
    try:
        _keep(job, watch)
    except BoardcastError as error:
        watch.fail(error)
    except Exception as error:  # a keeper that dies in silence keeps nothing
        log.exception("%s cannot be kept", job.name)
        watch.fail(
            ProcessLostError(
                f"Keeping the process {job.name} broke down: {error}.",
                hint="The lines above say where; start the site again.",
            )
        )


def _keep(job: Job, watch: _Watch) -> None:
    environ = with_parent(os.environ | watch.settings.to_environ())
    environ |= watch.pulse.environ(job.name)
    patience, failed = watch.patience, 0
    while not watch.ended.is_set():
        owner = f"{socket.gethostname()}/{job.name}/{secrets.token_hex(4)}"
        end = _run(job, owner, environ, watch)
        if watch.ended.is_set():
            return
        failed = 0 if watch.pulse.is_ready(job.name) else failed + 1
        log.error("%s %s; starting it again", job.name, end)
        if failed >= patience.failed_starts:
            # If it is the data or the settings, they are refused here, too: in words.
            Site.open(watch.settings).database.close()
            raise ProcessLostError(
                f"The process {job.name} was started {failed} times and was never "
                f"ready; the last time it {end}.",
                hint="The lines above say why; correct it and start the site again.",
            )
        watch.ended.wait(patience.restart_s * 2 ** max(0, failed - 1))


def _run(job: Job, owner: str, environ: dict[str, str], watch: _Watch) -> str:
    """Run a process until it is dead, and say how it ended."""
    watch.pulse.begin(job.name)
    try:
        process = subprocess.Popen(  # noqa: S603  (our own command)
            list(job.command(owner)),
            env=environ,
            # A session of its own: killed whole, and the terminal's Ctrl-C
            # reaches the supervisor alone, which ends all in order.
            start_new_session=True,
        )
    except OSError as error:  # memory is short, for example
        return f"cannot be started: {error}"
    done = threading.Event()
    asker = threading.Thread(target=_ask, args=(job, watch, done))
    asker.start()
    trouble = _until_dead_or_silent(job, process, watch)
    done.set()
    _end_all(process, 0 if trouble else watch.patience.terminate_s)
    return_code = process.wait()
    asker.join()
    _report(watch.settings, owner, return_code)
    return trouble or f"ended with {_named(return_code)}"


def _until_dead_or_silent(
    job: Job, process: "subprocess.Popen[bytes]", watch: _Watch
) -> str:
    """Wait until a process is dead, or the site ends; say if it is to be killed."""
    patience, began = watch.patience, time.monotonic()
    while not (_is_dead(process) or watch.ended.wait(LOOK_EVERY_S)):
        if watch.pulse.is_ready(job.name):
            if watch.pulse.silence_s(job.name) > patience.silent_s:
                return f"has not been heard for {patience.silent_s:g} s and was killed"
        elif time.monotonic() - began > patience.start_s:
            return f"was not ready within {patience.start_s:g} s and was killed"
    return ""


def _is_dead(process: "subprocess.Popen[bytes]") -> bool:
    """Say whether a process is dead; its number stays its own until it is waited for."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return process.poll() is not None
    if process.returncode is not None:
        return True
    ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, ended) is not None


def _end_all(process: "subprocess.Popen[bytes]", within_s: float) -> None:
    """End a process, and kill what is left of its group.

    A child of its own that is stopped would keep the port.
    """
    if within_s and not _is_dead(process):
        os.kill(process.pid, signal.SIGTERM)
        ends = time.monotonic() + within_s
        while not _is_dead(process) and time.monotonic() < ends:
            time.sleep(LOOK_EVERY_S)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _ask(job: Job, watch: _Watch, done: threading.Event) -> None:
    """Ask a process again and again, and note when it answered."""
    patience = watch.patience
    while job.asked_at and not done.wait(
        patience.ask_every_s if watch.pulse.is_ready(job.name) else ASK_NEW_EVERY_S
    ):
        if _answers(job.asked_at, patience.ask_for_s):
            watch.pulse.answered(job.name)


def _answers(url: str, within_s: float) -> bool:
    """Say whether a server answers, whatever; no proxy is asked."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=within_s
    )
    try:
        connection.request("GET", parts.path)
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _named(return_code: int) -> str:
    """Return how people say a return code."""
    if return_code >= 0:
        return f"exit code {return_code}"
    return signal.Signals(-return_code).name


def _report(settings: Settings, owner: str, return_code: int) -> None:
    """Give back at once what a dead worker had claimed."""
    try:
        database = Database.open(settings.database_url)
        with database.write() as session:
            end_claims(session, owner, end_of(return_code))
            end_deliveries(session, owner, utc_now())
        database.close()
    except BoardcastError as error:
        # Its claims run out by themselves in a while.
        log.warning("%s", error)
