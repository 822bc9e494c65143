"""A running server, as those who send photos see it: every answer is of one kind.

Boardcast says what it did or refused as JSON. Whatever else answers is not Boardcast:
a proxy whose server restarts, a portal that wants a sign-in, another site. That passes,
or the address is wrong; only people can tell, so it is told and tried again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from server.errors import SenderRefusedError, SendError, ServerAwayError
from server.sending.address import PHOTOS, found_server

ANSWER_WITHIN_S = (10, 120)
"""To connect, and then: a phone photo over a conference's network, with the server's
disk behind it."""

MOST_RETRY_AFTER_S = 300
"""What a server asks to wait is believed up to here."""

PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""Refusals that another try may not meet, beside all of the server's own faults."""

FOR_ALL = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
)
"""Refusals of any photo: the token is wrong, or there is no such board."""


@dataclass(slots=True)
class Server:
    """A running server.

    Parameters
    ----------
    typed : str
        Its address as somebody typed it.
    token : str
        A staff token.
    """

    typed: str
    token: str
    _address: str | None = None

    def post(
        self, name: str, data: bytes, board: str | None, *, now: bool = False
    ) -> dict[str, Any]:
        """Send one photo and return its receipt.

        The same bytes are the same photo: sending them again is harmless.

        Parameters
        ----------
        name : str
            Of the file.
        data : bytes
        board : str or None
            Slug, if it is known which board the photo shows.
        now : bool
            Whether it was taken just now, whatever its file says.

        Raises
        ------
        ServerAwayError
            If no Boardcast answers just now.
        SenderRefusedError
            If it does not know the token or the board.
        SendError
            If it refuses the photo.
        """
        fields = {"board": board} if board else {}
        answer = self._asked(
            lambda address: requests.post(
                address + PHOTOS,
                headers=self._headers(),
                files={"camera" if now else "photo": (name, data)},
                data=fields,
                timeout=ANSWER_WITHIN_S,
                allow_redirects=False,
            )
        )
        match answer:
            case {"photos": [{"state": str(), "done": bool()}]}:
                receipt: dict[str, Any] = answer["photos"][0]
                return receipt
        raise self._no_boardcast(HTTPStatus.OK)

    def status(self, photo_id: str) -> dict[str, Any]:
        """Return how far a photo is.

        Raises
        ------
        ServerAwayError, SenderRefusedError, SendError
            As `post`.
        """
        answer = self._asked(
            lambda address: requests.get(
                f"{address}{PHOTOS}/{photo_id}",
                headers=self._headers(),
                timeout=ANSWER_WITHIN_S,
                allow_redirects=False,
            )
        )
        match answer:
            case {"state": str(), "done": bool()}:
                return answer
        raise self._no_boardcast(HTTPStatus.OK)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}

    def _knock(self, address: str) -> requests.Response:
        """Ask the server at an address to take no photo: is this where it takes them."""
        return _answered(
            address,
            lambda there: requests.post(
                there + PHOTOS,
                headers=self._headers(),
                timeout=ANSWER_WITHIN_S,
                allow_redirects=False,
            ),
        )

    def _asked(self, ask: Callable[[str], requests.Response]) -> dict[str, Any]:
        if self._address is None:
            self._address = found_server(self.typed, self._knock)
        response = _answered(self._address, ask)
        answer: Any
        try:
            answer = response.json()
        except requests.JSONDecodeError:
            answer = None
        match answer:
            case {"message": str(message), "hint": str(hint)} if not response.ok:
                raise _refusal(response, message, hint)
            case dict() if response.ok:
                return answer
        raise self._no_boardcast(response.status_code)

    def _no_boardcast(self, status: int) -> SendError:
        """Return what to say of an answer that is not Boardcast's.

        The address is looked for anew next time: it may have been a portal's.
        """
        address, self._address = self._address, None
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return SendError(
                f"A proxy in front of {address} takes no upload so large.",
                hint="Whoever runs it can allow 64 MiB (docs/deploy.md); or send a "
                "smaller photo.",
            )
        return ServerAwayError(
            f"What answers at {address} is no Boardcast server ({status}).",
            hint="A proxy whose server is down, or a network that asks to sign in: both "
            "pass. Else check the address: it is the one that boardcast serve prints.",
        )


def _answered(
    address: str, ask: Callable[[str], requests.Response]
) -> requests.Response:
    try:
        return ask(address)
    except requests.exceptions.InvalidURL as error:
        raise SendError(
            f"{address} is no address of a server.",
            hint="Check it: it is the one that boardcast serve prints.",
        ) from error
    except requests.exceptions.SSLError as error:
        raise ServerAwayError(
            f"The certificate of {address} is not valid here.",
            hint="Check the address and this computer's clock; a network that asks to "
            "sign in shows this, too.",
        ) from error
    except requests.RequestException as error:
        raise ServerAwayError(
            f"No server answers at {address}.",
            hint="Check the address and that boardcast serve is running.",
        ) from error


def _refusal(response: requests.Response, message: str, hint: str) -> SendError:
    """Return what Boardcast itself refused, as the kind of error that it is."""
    status = response.status_code
    if status in FOR_ALL:
        return SenderRefusedError(message, hint=hint)
    if status not in PASSING and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return SendError(message, hint=hint)
    error = ServerAwayError(message, hint=hint)
    asked = response.headers.get("Retry-After", "")
    if asked.isdecimal():
        error.retry_after_s = min(int(asked), MOST_RETRY_AFTER_S)
    return error
