"""One post to one service through apprise, and what became of it.

apprise says no more than whether all went well, and why not in its log. What was
refused, and what was never handed over, can be sent again. Of all else nobody knows
whether it was published: a connection that broke while it was waiting for the answer,
an answer of a proxy, an error that is not known here. That is `unsure`.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from server.announcing.services import Service
from server.errors import SettingsError
from server.schedule.announcing.wording import fitted

if TYPE_CHECKING:
    from apprise import NotifyBase

WITH_POST = frozenset({"mastodon", "bsky", "mailto"})
"""Services whose post and picture are published together, or neither is."""

AFTER_POST = frozenset({"discord", "tgram", "matrix"})
"""Services that take a picture as a message of its own: sent once the text is out, and
what becomes of it changes nothing. Others get the text and its link."""

SUBJECT = frozenset({"mailto"})
"""Services that want the first line once more, as a title."""

MAX_PICTURE_BYTES = 900_000
"""Bluesky takes 976 kB, all others more."""

CONNECT_WITHIN_S = 10.0
ANSWER_WITHIN_S = 45.0
"""A service that answers late has often published: so it is waited for."""

DONE_WITHIN_S = 110.0
"""For all requests of a post; far below the lease of a claim."""

MAX_LENGTH = 4000
"""Characters of a post where a service takes more."""

BEFORE_POST = re.compile(r" GET to | POST to \S*(?:/media|uploadBlob|createSession)\b")
"""Requests of Mastodon and Bluesky that come before a post and publish nothing."""

STATUS = re.compile(r"error=(\d{3})\.?$", re.MULTILINE)
NOT_REACHED = re.compile(
    r"Errno (?:-\d+|101|111|113)\b|NewConnectionError|ConnectTimeoutError"
    r"|NameResolutionError|CERTIFICATE_VERIFY_FAILED"
)
"""Of exceptions, those of a connection that was never made."""

MAIL_REFUSED = re.compile(r"^Socket Exception: .*?\(([45])(\d\d), b['\"]", re.MULTILINE)
PARTLY = re.compile(r"^Sent |delivered to", re.MULTILINE)
"""An address may name several rooms or people: some of them have it."""

EXCEPTION = "Socket Exception: "

REFUSED_SINCE = 400
UNSURE_STATUSES = frozenset({408, 502, 504, 520, 522, 524})
"""Answers of proxies: what lies behind them may have published."""

LATER_STATUSES = frozenset({425, 429, 500, 503})
"""Answers that say that it was not published, and may be later."""

FORBIDDEN = frozenset({401, 403})

End = Literal["sent", "later", "without picture", "refused", "unsure"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt.

    Parameters
    ----------
    end : End
    why : str
        In plain words; without any address.
    """

    end: End
    why: str = ""


def post(
    service: Service, text: str, picture: bytes | None = None, alt: str = ""
) -> Outcome:
    """Send a post to a service.

    Parameters
    ----------
    service : Service
    text : str
        Shortened where the service takes less.
    picture : bytes, optional
        A JPEG. Left out where it is too large, or the service takes none.
    alt : str
        What it shows, in words.

    Raises
    ------
    SettingsError
        If apprise is not installed, or does not know such an address.
    """
    plugin = _plugin(service)
    kinds = set(plugin.schemas())  # type: ignore[no-untyped-call]  # it has no types
    fits = picture is not None and len(picture) <= MAX_PICTURE_BYTES
    together = picture if fits and kinds & WITH_POST else None
    after = picture if fits and kinds & AFTER_POST else None
    wanted = fitted(text, min(plugin.body_maxlen, MAX_LENGTH))
    title = wanted.split("\n")[0] if kinds & SUBJECT else ""
    outcome = _outcome(_send(plugin, wanted, title, together, alt), together)
    if outcome.end != "sent" or after is None:
        return outcome
    # The text is out: from here on nothing is tried again.
    told = _outcome(_send(plugin, "", "", after, alt), None)
    return Outcome("sent", "" if told.end == "sent" else "The picture did not arrive.")


def check_services(services: Sequence[Service]) -> None:
    """Check that apprise knows every address.

    Raises
    ------
    SettingsError
        If it does not, or is not installed.
    """
    for service in services:
        _plugin(service)


def _plugin(service: Service) -> "NotifyBase":
    """Return what speaks to a service: anew for each post, as a sign-in runs out."""
    # It logs addresses; what is needed of that is kept with each attempt.
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    # It takes a second to import, and is there only where it was installed.
    try:
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "Announcements need apprise, which is not installed.",
            hint='Install it with pip install "boardcast[announce]".',
        ) from error
    asset = AppriseAsset(
        app_id="Boardcast", app_desc="Boardcast", service_timeout=DONE_WITHIN_S
    )
    plugin = Apprise.instantiate(service.address, asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise SettingsError(
            f"apprise does not understand the address of the service {service.name}.",
            hint="docs/announcing.md has examples; apprise's own pages have all.",
        )
    plugin.socket_connect_timeout = CONNECT_WITHIN_S
    plugin.socket_read_timeout = ANSWER_WITHIN_S
    return plugin


def _send(
    plugin: "NotifyBase", text: str, title: str, picture: bytes | None, alt: str
) -> str:
    """Send one message; return the log of why it failed, empty if it did not."""
    from apprise import Apprise  # noqa: PLC0415  (see _plugin)
    from apprise.attachment.file import AttachFile  # noqa: PLC0415

    with TemporaryDirectory(prefix="boardcast-") as folder:
        attached = None
        if picture is not None:
            path = Path(folder, "card.jpg")
            path.write_bytes(picture)
            # Its name is what apprise gives as the text for those who do not see it.
            attached = AttachFile(  # type: ignore[no-untyped-call]  # it has no types
                str(path), name=alt, mimetype="image/jpeg"
            )
        result = Apprise(plugin).notify(
            body=text,
            title=title,
            body_format="text",
            attach=attached,
            log_level=logging.DEBUG,
        )
    if result:
        return ""
    # Not all that it says: a card's words are in there, too.
    told = [
        str(entry.message).strip()
        for entry in result.logs()
        if entry.level != "DEBUG" or entry.message.startswith(EXCEPTION)
    ]
    return "\n".join(told) or "no reason"


def _outcome(log: str, picture: bytes | None) -> Outcome:
    """Return what became of an attempt, from what apprise says about it."""
    if not log:
        return Outcome("sent")
    if PARTLY.search(log):
        return Outcome("unsure", "It arrived in part. Look where it did not.")
    before = _failed_before_post(log)
    if found := STATUS.findall(log):
        status = int(found[-1])
        return _answered(status, before=before, pictured=picture is not None)
    if mail := MAIL_REFUSED.search(log):
        why = f"The mail server refused it with {mail[1]}{mail[2]}."
        return Outcome("later" if mail[1] == "4" else "refused", why)
    if before or NOT_REACHED.search(log):
        return Outcome("later", "The service could not be reached.")
    return Outcome("unsure", "The service did not answer. Look whether it arrived.")


def _answered(status: int, *, before: bool, pictured: bool) -> Outcome:
    said = f"The service answered with error {status}"
    if status in FORBIDDEN:
        return Outcome("refused", f"{said}: check its address and password.")
    if status in LATER_STATUSES or (before and status in UNSURE_STATUSES):
        return Outcome("later", f"{said}: it is busy or broken.")
    if status in UNSURE_STATUSES or not REFUSED_SINCE <= status < 500:  # noqa: PLR2004
        return Outcome("unsure", f"{said}. Look whether it arrived.")
    if before and pictured:
        return Outcome("without picture", "The service refused the picture.")
    return Outcome("refused", f"{said}: it does not take this post.")


def _failed_before_post(log: str) -> bool:
    """Say whether the last request, which failed, was one that publishes nothing."""
    requests = [
        line for line in log.splitlines() if " POST to " in line or " GET to " in line
    ]
    return bool(requests) and bool(BEFORE_POST.search(requests[-1]))
