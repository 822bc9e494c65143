"""The public address, as a phone sees it: asked over the network, never changed."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import requests

from server.config import Settings
from server.doctor.diagnosis import Diagnosis
from server.hosts import DEFAULT_PORTS, ip_of
from server.publish.schedule_json import SCHEMA

ANSWER_WITHIN_S = 10
"""A phone's user has given up by then."""

BODY_WITHIN_S = 5
"""For an answer to an upload's headers: Boardcast gives it before the body comes."""

LIVE_CAMERA = (
    "Photos can be sent all the same; the live camera, which helps to take them, "
    "needs https: put nginx or Caddy in front (docs/deploy.md)."
)
TOO_LARGE = http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def address_diagnoses(settings: Settings, short_path: str) -> Iterator[Diagnosis]:
    """Ask the public address what a phone would ask it.

    Parameters
    ----------
    settings : Settings
    short_path : str
        Of the event.
    """
    url = settings.public_url
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port)}
    except OSError:
        yield Diagnosis(
            "address",
            "problem",
            f"Nobody finds the host {host} of {url}.",
            "Check the name and its entry in the DNS, or give the right address with "
            "--public-url.",
        )
        return
    if all((ip := ip_of(address)) and ip.is_loopback for address in found):
        yield Diagnosis(
            "address",
            "warning",
            f"{url} is for this machine only: no phone can reach it.",
            "Start boardcast serve with --host 0.0.0.0, or give --public-url.",
        )
    yield from _answer(url, short_path)


def _answer(url: str, short_path: str) -> Iterator[Diagnosis]:
    page = f"{url}/{short_path}.json"
    try:
        response = requests.get(page, timeout=ANSWER_WITHIN_S, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        yield Diagnosis(
            "address",
            "problem",
            f"The certificate of {url} is not one that phones trust: {_cause(error)}.",
            "Get one for this name, for example with certbot, or let Caddy do it.",
        )
        return
    except requests.RequestException:
        yield Diagnosis(
            "address",
            "problem",
            f"Nobody answers at {url}.",
            "Start boardcast serve, and check the web server and firewall in front.",
        )
        return
    if response.is_redirect:
        target = urljoin(page, response.headers["Location"])
        yield Diagnosis(
            "address",
            "warning",
            f"{url} leads on to {target}.",
            "Give the address that it leads to with --public-url: links and QR codes "
            "then lead there at once.",
        )
        return
    if not _is_boardcast(response):
        yield Diagnosis(
            "address",
            "problem",
            f"What answers at {page} is no Boardcast with this event "
            f"(status {response.status_code}).",
            "Check --public-url and where the web server in front passes requests on to.",
        )
        return
    yield Diagnosis("address", "ok", f"Boardcast answers at {url}.")
    if url.startswith("http://"):
        yield Diagnosis("https", "warning", f"{url} is not encrypted.", LIVE_CAMERA)
    else:
        yield Diagnosis("https", "ok", "The live camera works on phones.")


def upload_diagnoses(settings: Settings) -> Iterator[Diagnosis]:
    """Ask whether as large an upload as the site takes passes what is in front.

    Only an upload's headers are sent: Boardcast refuses them at once, as nobody is
    signed in, and a web server in front that finds them too large does so, too.
    """
    size = settings.max_upload_bytes
    mib = size // 2**20
    parts = urlsplit(settings.public_url)
    secure = parts.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=BODY_WITHIN_S)
    try:
        connection.putrequest("POST", f"{parts.path}/photos")
        connection.putheader("Content-Type", "multipart/form-data; boundary=none")
        connection.putheader("Content-Length", str(size))
        connection.putheader("Accept", "application/json")
        connection.endheaders()
        status = connection.getresponse().status
    except TimeoutError:
        yield Diagnosis(
            "uploads",
            "warning",
            "What is in front of Boardcast collects a whole photo before it passes it on.",
            "Switch that off (nginx: proxy_request_buffering off): else a photo seems "
            "to be sent while it is not.",
        )
        return
    except (OSError, http.client.HTTPException) as error:
        words = f"The answer to an upload was cut off: {error}."
        yield Diagnosis("uploads", "problem", words, "Try again; then see its log.")
        return
    finally:
        connection.close()
    if status == TOO_LARGE:
        yield Diagnosis(
            "uploads",
            "problem",
            f"What is in front of Boardcast takes no upload of {mib} MiB.",
            f"Raise its limit (nginx: client_max_body_size {mib}m).",
        )
    elif status in {http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN}:
        yield Diagnosis("uploads", "ok", f"Uploads of {mib} MiB get through.")
    else:
        yield Diagnosis(
            "uploads",
            "problem",
            f"An upload was answered with the status {status}.",
            "Check where the web server in front passes /photos on to.",
        )


def _is_boardcast(response: requests.Response) -> bool:
    try:
        answer = response.json()
    except requests.JSONDecodeError:
        return False
    return isinstance(answer, dict) and answer.get("schema") == SCHEMA


def _cause(error: BaseException) -> str:
    """Return the last cause in words, without what wraps it."""
    reason = getattr(error.args[0], "reason", error) if error.args else error
    return str(reason).rstrip(".")
