"""One post to one service through apprise."""

import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from server.announcing.outcomes import PARTLY, Outcome, outcome_from, telling
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

CAPTIONED = frozenset({"tgram", "matrix"})
"""Of these, those that show what a picture is in words only if it is said beside it."""

FILES = "slack"
"""Its bots post the text first and then upload the picture, in one go; its webhooks
take none."""

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

NO_PICTURE = "The picture did not arrive."


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
    uploads = FILES in kinds and getattr(plugin, "mode", "") == "bot"
    together = picture if fits and (kinds & WITH_POST or uploads) else None
    after = picture if fits and kinds & AFTER_POST else None
    wanted = fitted(text, min(plugin.body_maxlen, MAX_LENGTH))
    title = wanted.split("\n")[0] if kinds & SUBJECT else ""
    log, targets = _send(plugin, wanted, title, together, alt), len(plugin)
    if uploads and targets == 1 and PARTLY.search(log):
        return Outcome("sent", NO_PICTURE)
    outcome = outcome_from(log, together, targets)
    if outcome.end != "sent" or after is None:
        return outcome
    # The text is out: from here on nothing is tried again.
    caption = alt if kinds & CAPTIONED else ""
    told = _send(plugin, caption, "", after, alt)
    return Outcome("sent", NO_PICTURE if told else "")


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
    lines = (telling(one.level, str(one.message).strip()) for one in result.logs())
    return "\n".join(filter(None, lines)) or "no reason"
