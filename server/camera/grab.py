"""Pictures from a camera, in a process that may hang: ``python -m server.camera.grab``.

Drivers and decoders of video wait without end for a camera that says nothing, and a
server that sends a byte now and then passes every timeout. So this runs as a process of
its own, which `server.camera.source` ends when it takes too long.

Standard input says from where, as JSON: a command line would show a camera's password.
Standard output is a line of JSON, ``{"sizes": […]}`` or why there is no picture, and
then the pictures, each a JPEG.
"""

import json
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus

import cv2
import numpy as np
import requests
from requests.auth import HTTPDigestAuth
from requests.utils import get_auth_from_url, urldefragauth

from server.errors import CameraError
from vision.image.arrays import Image
from vision.image.photo import encode_jpeg

TIMEOUT_S = 10
"""For a camera to answer, and between its bytes."""

MOST_BYTES = 32 * 2**20
"""Of a picture: a camera of 50 megapixels gives 15 MB."""

WARM_UP_S = 2.0
"""Of video that is thrown away: exposure settles, and a stream begins amid a picture."""

LARGEST_WH = (3840, 2160)
"""Asked of a camera at this computer, which gives the nearest that it can."""

QUALITY = 92
"""Of JPEGs made of video: strokes of a pen stay as they are."""

VIDEO_IN_PARTS = "multipart/"


class _IsVideoError(Exception):
    """A web address gives a stream instead of a picture."""


def pictures(source: str, count: int, gap_s: float) -> list[bytes]:
    """Return pictures from a camera, some seconds apart, as JPEGs.

    Raises
    ------
    CameraError
        If it gives none.
    """
    if source.startswith(("http://", "https://")):
        try:
            return list(_snapshots(source, count, gap_s))
        except _IsVideoError:
            pass
    return _video(source, count, gap_s)


def _snapshots(url: str, count: int, gap_s: float) -> Iterator[bytes]:
    with requests.Session() as session:
        for number in range(count):
            if number:
                time.sleep(gap_s)
            try:
                yield _snapshot(session, url)
            except requests.exceptions.SSLError as error:
                raise CameraError(
                    "The camera's certificate is not valid.",
                    hint="In a network of your own, give its address with http://.",
                ) from error
            except requests.RequestException as error:
                raise CameraError(
                    "The camera does not answer.",
                    hint="Check that it is on, and its address in a browser.",
                ) from error


def _snapshot(session: requests.Session, url: str) -> bytes:
    with session.get(url, timeout=TIMEOUT_S, stream=True) as response:
        status, wants = response.status_code, response.headers
        digest = "digest" in wants.get("WWW-Authenticate", "").lower()
        if status == HTTPStatus.UNAUTHORIZED and digest and session.auth is None:
            session.auth = HTTPDigestAuth(*get_auth_from_url(url))
            return _snapshot(session, urldefragauth(url))
        if not response.ok:
            raise CameraError(
                f"The camera answers with {status} {response.reason}.",
                hint="Check its address, name and password in a browser: "
                "http://NAME:PASSWORD@CAMERA/…",
            )
        kind = wants.get("Content-Type", "")
        if kind.startswith(VIDEO_IN_PARTS):
            raise _IsVideoError
        if kind.startswith("text/"):
            raise CameraError(
                "The camera answers with a page instead of a picture.",
                hint="Give the address of its snapshot, which ends mostly in .jpg; a "
                "network that asks to sign in shows this, too.",
            )
        data = b""
        for part in response.iter_content(2**16):
            data += part
            if len(data) > MOST_BYTES:
                raise CameraError(
                    f"The camera's picture is larger than {MOST_BYTES // 2**20} MB.",
                    hint="Set a smaller one, or give the address of its snapshot.",
                )
        return data


def _video(source: str, count: int, gap_s: float) -> list[bytes]:
    if source.startswith("/dev/"):
        video = cv2.VideoCapture(source, cv2.CAP_V4L2)
        video.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        video.set(cv2.CAP_PROP_FRAME_WIDTH, LARGEST_WH[0])
        video.set(cv2.CAP_PROP_FRAME_HEIGHT, LARGEST_WH[1])
    else:
        patience = [
            *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, TIMEOUT_S * 1000),
            *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, TIMEOUT_S * 1000),
        ]
        video = cv2.VideoCapture(source, cv2.CAP_FFMPEG, patience)
    try:
        if not video.isOpened():
            raise CameraError(
                "The camera cannot be opened.",
                hint="Check that it is on and plugged in, that no other program uses "
                "it, and its address, name and password.",
            )
        waits = [WARM_UP_S, *[gap_s] * (count - 1)]
        return [encode_jpeg(_after(video, wait_s), QUALITY) for wait_s in waits]
    finally:
        video.release()


def _after(video: cv2.VideoCapture, wait_s: float) -> Image:
    """Return the picture after some time; those before are read and left."""
    end = time.monotonic() + wait_s
    while True:
        read, pixels = video.read()
        if not read:
            raise CameraError(
                "The camera's video broke off.", hint="Check its cable or network."
            )
        if time.monotonic() >= end:
            return np.asarray(pixels, np.uint8)


def main() -> None:
    """Answer what standard input asks."""
    asked = json.load(sys.stdin)
    try:
        found = pictures(asked["source"], asked["count"], asked["gap_s"])
    except CameraError as error:
        print(json.dumps({"message": error.message, "hint": error.hint}))  # noqa: T201
        return
    sizes = json.dumps({"sizes": [len(data) for data in found]}).encode()
    sys.stdout.buffer.write(b"\n".join([sizes, b"".join(found)]))


if __name__ == "__main__":
    main()
