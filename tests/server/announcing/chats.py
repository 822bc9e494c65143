"""What Slack, Telegram and Matrix answer, as their own pages say; and what they got.

Each is called with a request and returns a status and what is answered. It is as strict
as the service: what that refuses is refused.
"""

import json
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlsplit

FILES_TAKEN = b"\xff\xd8"
"""How a JPEG begins."""

TELEGRAM_TEXT, TELEGRAM_CAPTION = 4096, 1024
TELEGRAM_TAGS = frozenset({"b", "i", "u", "s", "a", "code", "pre"})


def parts_of(headers, body):
    """Return the parts of a form: by their names, what is in them and a file's name."""
    kind = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    form = message_from_bytes(kind + body, policy=HTTP)
    return {
        part.get_param("name", header="Content-Disposition"): (
            part.get_payload(decode=True),
            part.get_filename(),
        )
        for part in form.iter_parts()
    }


@dataclass
class Slack:
    """`said`: channel and text; `shown`: what pictures are called, of a channel."""

    url: str
    error: str = ""
    channels: tuple = ("#os", "#help")
    said: list = field(default_factory=list)
    shown: list = field(default_factory=list)
    files: dict = field(default_factory=dict)

    def __call__(self, _method, path, headers, body):
        address = urlsplit(path)
        if address.path.startswith("/services/"):
            self.said.append(("hook", self.text(json.loads(body))))
            return 200, b"ok"
        if address.path.startswith("/upload/"):
            data, _ = parts_of(headers, body)["file"]
            assert data.startswith(FILES_TAKEN)
            self.files[address.path[-2:]]["data"] = data
            return 200, f"OK - {len(data)}".encode()
        if headers["Authorization"] != "Bearer xoxb-1234-1234-abc124":
            return 200, {"ok": False, "error": "invalid_auth"}
        return 200, getattr(self, address.path.rsplit(".", 1)[1])(address, body)

    @staticmethod
    def text(payload):
        """Return what people see; Slack shows these three as they were typed."""
        (block,) = payload["attachments"]
        text = payload.get("text", "") + block["text"]
        for escape, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            text = text.replace(escape, char)
        return text

    def postMessage(self, _address, body):  # noqa: N802  (its name)
        payload = json.loads(body)
        error = self.error
        if payload["channel"] not in self.channels:
            error = "channel_not_found"
        elif not self.text(payload):
            error = "no_text"
        if error:
            return {"ok": False, "error": error}
        self.said.append((payload["channel"], self.text(payload)))
        return {"ok": True, "channel": "C" + payload["channel"], "ts": "1.1"}

    def getUploadURLExternal(self, address, _body):  # noqa: N802  (its name)
        wanted = parse_qs(address.query)
        assert wanted["filename"]
        assert int(wanted["length"][0]) > 0
        self.files["F1"] = {}
        return {"ok": True, "file_id": "F1", "upload_url": f"{self.url}/upload/F1"}

    def completeUploadExternal(self, _address, body):  # noqa: N802  (its name)
        payload = json.loads(body)
        (file,) = payload["files"]
        assert self.files[file["id"]]["data"]
        self.shown.append((payload["channel_id"], file["title"]))
        return {"ok": True, "files": payload["files"]}


class Tags(HTMLParser):
    """Telegram's HTML: the text that is seen; another tag is refused."""

    def __init__(self):
        super().__init__()
        self.text, self.unknown = "", set()

    def handle_starttag(self, tag, _attributes):
        self.unknown |= {tag} - TELEGRAM_TAGS

    def handle_data(self, data):
        self.text += data


@dataclass
class Telegram:
    """`said`: texts; `shown`: what stands below a picture."""

    chats: tuple = ("4711",)
    said: list = field(default_factory=list)
    shown: list = field(default_factory=list)

    def __call__(self, _method, path, headers, body):
        method = path.rsplit("/", 1)[1]
        if "123456789:abcdefg_hijklmnop" not in path:
            return 401, {"ok": False, "description": "Unauthorized"}
        if method == "sendMessage":
            return self.taken(json.loads(body), "text", TELEGRAM_TEXT, self.said)
        form = parts_of(headers, body)
        data, _ = form.pop("photo")
        if not data.startswith(FILES_TAKEN):
            return 400, {
                "ok": False,
                "description": "Bad Request: IMAGE_PROCESS_FAILED",
            }
        fields = {name: value.decode() for name, (value, _) in form.items()}
        return self.taken(fields, "caption", TELEGRAM_CAPTION, self.shown)

    def taken(self, fields, name, longest, into):
        why, seen = "", Tags()
        seen.feed(fields.get(name, ""))
        seen.close()
        if str(fields["chat_id"]) not in self.chats:
            why = "chat not found"
        elif seen.unknown or fields.get("parse_mode", "HTML") != "HTML":
            why = f"can't parse entities: {seen.unknown}"
        elif len(seen.text) > longest:
            why = "message is too long"
        elif not seen.text and name == "text":
            why = "message text is empty"
        if why:
            return 400, {"ok": False, "description": f"Bad Request: {why}"}
        into.append(seen.text.replace("\r\n", "\n"))
        return 200, {"ok": True, "result": {"message_id": 1}}


@dataclass
class Matrix:
    """`said`: room and text; `shown`: room and what a picture is called."""

    busy: set = field(default_factory=set)
    rooms: tuple = ("os", "help")
    said: list = field(default_factory=list)
    shown: list = field(default_factory=list)
    sent: set = field(default_factory=set)

    def __call__(self, method, path, headers, body):
        path = unquote(urlsplit(path).path)
        answer = 200, {}
        if path.endswith("/login") and json.loads(body)["password"] == "SECRET":
            answer = 200, {"access_token": "t", "user_id": "@me:h", "device_id": "D"}
        elif path.endswith(("/login", "/register")):
            answer = 403, {"errcode": "M_FORBIDDEN", "error": "Invalid password"}
        elif headers["Authorization"] != "Bearer t":
            answer = 401, {"errcode": "M_MISSING_TOKEN"}
        elif path.endswith("/upload"):
            assert body.startswith(FILES_TAKEN)
            answer = 200, {"content_uri": "mxc://h/picture"}
        elif "/join/" in path:
            room = re.search(r"#(\w+):h$", path)[1]
            known = room in self.rooms
            answer = (200, {"room_id": f"!{room}:h"}) if known else (404, {})
        elif "/send/" in path:
            answer = self.event(method, path, json.loads(body))
        return answer

    def event(self, method, path, payload):
        room, number = re.search(r"!(\w+):h/send/m.room.message/(\S+)$", path).groups()
        assert method == "PUT"
        assert number not in self.sent
        if room in self.busy:
            return 429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1}
        self.sent.add(number)
        if payload["msgtype"] == "m.image":
            assert payload["url"] == "mxc://h/picture"
            self.shown.append((room, payload["body"]))
        else:
            self.said.append((room, payload["body"]))
        return 200, {"event_id": f"${number}"}
