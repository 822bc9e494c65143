"""Requests a second: ours, a bare Flask view with the same bytes, static files, nginx.

``python -m benchmarks.throughput``: needs ``wrk``, and nginx for its columns; both are
Debian packages. Run it on a quiet machine: all columns of a row are measured one after
the other, three times in turn, and the middle one counts. Arguments choose rows:
``python -m benchmarks.throughput /os crop``.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from benchmarks.running_site import RunningSite, free_port, running_site

CONNECTIONS = 32
SECONDS = 4
ROUNDS = 3
HEADERS = {"Accept-Encoding": "gzip, br"}
"""As browsers send it."""

BARE = """
import json, sys
from pathlib import Path
from flask import Flask, Response
app = Flask(__name__)
folder = Path({folder!r})
kinds = json.loads((folder / "kinds.json").read_text())
for name, kind in kinds.items():
    body = (folder / name).read_bytes()
    def view(body=body, kind=kind):
        return Response(body, content_type=kind)
    app.add_url_rule(f"/{{name}}", name, view)
"""
"""A Flask application whose views do nothing but return bytes that they have."""

NGINX = """
{user} worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 4096; }}
http {{
  access_log off; default_type text/html; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=site:10m;
  upstream site {{ server 127.0.0.1:{site}; keepalive 64; }}
  server {{ listen 127.0.0.1:{static}; root {folder}/files; }}
  server {{ listen 127.0.0.1:{front};
    location / {{ proxy_pass http://site; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_cache site; proxy_cache_use_stale updating; }} }}
}}
"""


def main() -> None:
    """Measure, and print a table."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing. On Debian and Ubuntu: apt install wrk")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        site = stack.enter_context(running_site(folder))
        paths = _paths(site)
        files = _fetched(site, paths, folder / "files")
        columns = {"ours": {path: f"{site.url}{path}" for path in paths}}
        columns["bare Flask"] = stack.enter_context(_bare(folder, files))
        columns["static, same server"] = stack.enter_context(_static(folder, files))
        if shutil.which("nginx"):
            own, front = stack.enter_context(_nginx(folder, site.port, files, paths))
            columns |= {"nginx, static": own, "nginx in front of ours": front}
        print(
            "| path | bytes | "
            + " | ".join(columns)
            + " | ours / bare | ours / static |"
        )
        print("|---" * (len(columns) + 4) + "|")
        wanted = sys.argv[1:]
        for path in paths:
            row = "crop" if path.startswith("/b/") else path
            if not wanted or row in wanted:
                urls = {column: by_path[path] for column, by_path in columns.items()}
                _print_row(row, urls, files[path])


def _print_row(name: str, urls: dict[str, str], file: Path) -> None:
    rounds = [
        {column: _rate(url) for column, url in urls.items()} for _ in range(ROUNDS)
    ]
    rates = {
        column: statistics.median(entry[column] for entry in rounds) for column in urls
    }
    cells = " | ".join(f"{rate:,.0f}" for rate in rates.values())
    bare = rates["ours"] / rates["bare Flask"]
    static = rates["ours"] / rates["static, same server"]
    size = file.stat().st_size
    print(f"| {name} | {size:,} | {cells} | {bare:.2f} | {static:.2f} |", flush=True)


def _paths(site: RunningSite) -> list[str]:
    page = requests.get(f"{site.url}/os", timeout=60).text
    crop = re.findall(r"/b/[0-9a-f]{64}\.jpg", page)[-1]
    return ["/os", "/os.json", "/os.version", "/os.ics", "/os.jpg", crop]


def _fetched(site: RunningSite, paths: list[str], folder: Path) -> dict[str, Path]:
    """Fetch what is published into files, compressed as it is sent."""
    folder.mkdir()
    kinds = {}
    files = {}
    for number, path in enumerate(paths):
        answer = requests.get(
            f"{site.url}{path}", headers=HEADERS, stream=True, timeout=60
        )
        file = folder / f"{number}.bin"
        file.write_bytes(answer.raw.read())
        kinds[file.name] = answer.headers["Content-Type"]
        files[path] = file
    (folder / "kinds.json").write_text(str(kinds).replace("'", '"'))
    return files


@contextmanager
def _bare(folder: Path, files: dict[str, Path]) -> Iterator[dict[str, str]]:
    (folder / "bare.py").write_text(BARE.format(folder=str(folder / "files")))
    options = ["--interface", "wsgi", "--blocking-threads", "32", "bare:app"]
    with _granian(folder, options) as url:
        yield {path: f"{url}/{file.name}" for path, file in files.items()}


@contextmanager
def _static(folder: Path, files: dict[str, Path]) -> Iterator[dict[str, str]]:
    options = ["--interface", "wsgi", "--static-path-mount", str(folder / "files")]
    options += ["--static-path-route", "/files", "bare:app"]
    with _granian(folder, options) as url:
        yield {path: f"{url}/files/{file.name}" for path, file in files.items()}


@contextmanager
def _granian(folder: Path, options: list[str]) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--port", str(port)]
    command += ["--log-level", "error", "--backpressure", "4096", *options]
    with _running(command, folder, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _nginx(
    folder: Path, site: int, files: dict[str, Path], paths: list[str]
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    static, front = free_port(), free_port()
    # Else its workers, who are nobody, could not read our folder.
    user = "user root;" if os.geteuid() == 0 else ""
    config = NGINX.format(
        user=user, folder=folder, site=site, static=static, front=front
    )
    (folder / "nginx.conf").write_text(config)
    with _running(["nginx", "-c", str(folder / "nginx.conf")], folder, static):
        yield (
            {path: f"http://127.0.0.1:{static}/{files[path].name}" for path in paths},
            {path: f"http://127.0.0.1:{front}{path}" for path in paths},
        )


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder)  # noqa: S603  (our own command)
    try:
        _wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)


def _rate(url: str) -> float:
    """Return requests a second."""
    headers = [f"-H{name}: {value}" for name, value in HEADERS.items()]
    options = [f"-c{CONNECTIONS}", "-t1", f"-d{SECONDS}s", *headers]
    done = subprocess.run(  # noqa: S603  (our own command)
        ["wrk", *options, url],  # noqa: S607  (from the PATH)
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in done.stdout:
        raise OSError(url + done.stdout)
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if found is None:
        raise OSError(done.stdout)
    return float(found[1])


if __name__ == "__main__":
    main()
