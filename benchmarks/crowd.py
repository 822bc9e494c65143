"""A thousand browsers on one small site, and people who mean it harm.

``python -m benchmarks.crowd``: what attendees get while photos are read and cards are
corrected, and while silent and slow connections are held open. On 127.0.0.1 only.
"""

import asyncio
import itertools
import random
import re
import tempfile
import threading
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import numpy as np
import requests

from benchmarks.running_site import RunningSite, running_site
from sample_boards.events import SAMPLE_EVENTS

CLIENTS = 1000
POLL_S = 15.0
JITTER = 0.3
"""As the page's own script (server/static/live.js)."""

LASTS_S = 45.0
HELD = 200
"""Connections of each kind that are held open."""

PROBE_EVERY_S = 0.5
PROBE_WITHIN_S = 2.0
ATTACK_S = 30.0
CORRECT_EVERY_S = 1.0


@dataclass(slots=True)
class Answers:
    """What clients got.

    Parameters
    ----------
    took_s : list of float
    errors : list of str
    """

    took_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def row(self, name: str) -> str:
        """Return the answers as a row of a table."""
        took = np.array(self.took_s or [np.nan]) * 1000
        middle, late, last = np.percentile(took, [50, 99, 100]).tolist()
        return (
            f"| {name} | {len(self.took_s)} | {len(self.errors)} "
            f"| {middle:.0f} | {late:.0f} | {last:.0f} |"
        )


async def get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str
) -> bytes:
    """Ask for a path on an open connection and return the body."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    length = re.search(r"content-length: (\d+)", head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    if status != HTTPStatus.OK:
        raise OSError(f"status {status}")
    return body


async def browse(site: RunningSite, answers: Answers, number: int) -> None:
    """Be a browser with an open page: ask for its version, fetch it if it changed."""
    ends_at = time.monotonic() + LASTS_S
    rng = random.Random(number)  # noqa: S311  (spread, no secret)
    await asyncio.sleep(rng.random())
    try:
        connection = await asyncio.open_connection("127.0.0.1", site.port)
        known = b""
        while time.monotonic() < ends_at:
            version = await _timed(answers, get(*connection, "/os.version"))
            if version != known:
                known = version
                await _timed(answers, get(*connection, "/os"))
            await asyncio.sleep(POLL_S * (1 + JITTER * rng.uniform(-1, 1)))
        connection[1].close()
    except (OSError, asyncio.IncompleteReadError) as error:
        answers.errors.append(repr(error))


async def probe(site: RunningSite, answers: Answers, lasts_s: float) -> None:
    """Ask on a new connection, again and again."""
    ends_at = time.monotonic() + lasts_s
    while time.monotonic() < ends_at:
        try:
            async with asyncio.timeout(10 * PROBE_WITHIN_S):
                for path in ("/os", "/os.version", "/desk"):
                    await _timed(answers, _once(site, path))
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            answers.errors.append(repr(error))
        await asyncio.sleep(PROBE_EVERY_S)


async def hold(site: RunningSite, opening: bytes, drip: bytes) -> None:
    """Hold a connection open, and send a byte a second; again once it is closed."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
            writer.write(opening)
            for _ in itertools.count():
                await writer.drain()
                await asyncio.sleep(1)
                if reader.at_eof():
                    break
                writer.write(drip)
        except OSError:
            await asyncio.sleep(1)


def attacks(site: RunningSite) -> dict[str, tuple[bytes, bytes]]:
    """Return, by name, what connections open with, and what they drip."""

    def upload(token: str) -> bytes:
        authorization = f"Authorization: Bearer {token}\r\n" if token else ""
        return (
            "POST /photos HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n"
            f"{authorization}\r\n--x\r\n"
        ).encode()

    form = (
        b"POST /sign-out HTTP/1.1\r\nHost: localhost\r\nContent-Length: 262144\r\n\r\n"
    )
    return {
        "silent": (b"", b""),
        "large forms of nobody": (form + b"x" * 262_000, b"x"),
        "slow headers": (b"GET /os HTTP/1.1\r\nHost: localhost\r\nX: ", b"x"),
        "slow bodies, no token": (upload(""), b"x"),
        "slow bodies, a bad one": (upload("nonsense"), b"x"),
        "slow bodies, of staff": (upload(site.staff), b"x"),
    }


async def crowd(site: RunningSite) -> Answers:
    """Let a thousand browsers poll."""
    answers = Answers()
    await asyncio.gather(*(browse(site, answers, number) for number in range(CLIENTS)))
    return answers


async def under_attack(site: RunningSite, attack: tuple[bytes, bytes]) -> Answers:
    """Probe while connections are held."""
    answers = Answers()
    holders = [asyncio.create_task(hold(site, *attack)) for _ in range(HELD)]
    await probe(site, answers, ATTACK_S)
    for holder in holders:
        holder.cancel()
    await asyncio.gather(*holders, return_exceptions=True)
    return answers


@contextmanager
def event_goes_on(site: RunningSite) -> Iterator[Answers]:
    """Send photos and correct cards meanwhile, as staff and facilitators do."""
    stop, saves = threading.Event(), Answers()
    threads = [
        threading.Thread(target=_photograph, args=(site, stop)),
        threading.Thread(target=_correct, args=(site, stop, saves)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield saves
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        print("| | answers | errors | median ms | p99 ms | last ms |")
        print("|---|---|---|---|---|---|")
        with event_goes_on(site) as saves:
            answers = asyncio.run(crowd(site))
        _print(f"{CLIENTS} browsers, photos read, cards corrected", answers)
        _print("corrections meanwhile", saves)
        for name, attack in attacks(site).items():
            answers = asyncio.run(under_attack(site, attack))
            _print(f"probes, {HELD} {name}", answers)


def _print(name: str, answers: Answers) -> None:
    print(answers.row(name), *answers.errors[:3], flush=True)


async def _timed(answers: Answers, ask: Awaitable[bytes]) -> bytes:
    began = time.monotonic()
    body = await ask
    answers.took_s.append(time.monotonic() - began)
    return body


async def _once(site: RunningSite, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    try:
        return await get(reader, writer, path)
    except OSError as error:
        if path == "/desk" and "401" in str(error):
            return b""  # it is for facilitators; that Flask answers is what counts
        raise
    finally:
        writer.close()


def _photograph(site: RunningSite, stop: threading.Event) -> None:
    for path in itertools.cycle(SAMPLE_EVENTS[0].photos[1:]):
        # Another byte at the end, so that it is another photo.
        data = path.read_bytes() + str(time.time()).encode()
        with tempfile.NamedTemporaryFile(suffix=path.suffix) as file:
            Path(file.name).write_bytes(data)
            site.send(Path(file.name))
        if stop.wait(POLL_S):
            return


def _correct(site: RunningSite, stop: threading.Event, saves: Answers) -> None:
    browser = requests.Session()
    browser.get(f"{site.url}/sign-in/{site.facilitator}", timeout=60)
    csrf, cards = _desk(site, browser)
    for number in itertools.count() if cards else ():
        title = f"Corrected {number}"
        form = {"csrf_token": csrf, "title": title, "seen_title": ""}
        began = time.monotonic()
        answer = browser.post(
            f"{site.url}{cards[number % len(cards)]}", data=form, timeout=60
        )
        if answer.status_code == HTTPStatus.NOT_FOUND:
            # A newer photo shows that this card has left the board.
            csrf, cards = _desk(site, browser)
            continue
        saves.took_s.append(time.monotonic() - began)
        if not answer.ok:
            saves.errors.append(f"status {answer.status_code}")
        if stop.wait(CORRECT_EVERY_S):
            return


def _desk(site: RunningSite, browser: requests.Session) -> tuple[str, list[str]]:
    """Return the token of the desk's forms, and where they go."""
    page = browser.get(f"{site.url}/desk", timeout=60).text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    cards = re.findall(r'action="([^"]+/cards/[0-9a-f]+)"', page)
    return csrf[1] if csrf else "", cards


if __name__ == "__main__":
    main()
