"""The HTTP upload as docs/sending-photos.md tells it, its commands as they stand."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from server.store.values import PhotoState

DOC = (Path(__file__).parents[2] / "docs" / "sending-photos.md").read_text()
COMMANDS = [
    block
    for block in re.findall(r"```console\n(.*?)```", DOC, re.DOTALL)
    if "curl" in block
]
STATUSES = set(re.findall(r"^\| (\d{3})\b", DOC, re.MULTILINE))


@pytest.fixture
def shell(live, tokens, tmp_path):
    """Run a command in a folder with a photo; give its exit code and output."""
    environ = {
        **os.environ,
        "BOARDCAST_PUBLIC_URL": live,
        "BOARDCAST_TOKEN": tokens.issue("staff"),
    }

    def run(command, **variables):
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=tmp_path,
            env={**environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture
def folder_with_photo(tmp_path, scripted):
    (tmp_path / "photo.jpg").write_bytes(scripted.photo_bytes("morning"))
    return tmp_path


def answers(folder, name):
    return json.loads((folder / name).read_text())


def test_commands_send_a_photo_and_follow_it(shell, folder_with_photo):
    assert [shell(command) for command in COMMANDS] == [(0, ""), (0, "")]

    sent = answers(folder_with_photo, "answer.json")["photos"][0]
    status = answers(folder_with_photo, "status.json")
    assert status == {
        name: sent[name] for name in sent if name not in {"new", "status_url"}
    }


def test_answer_is_the_one_that_is_shown(shell, folder_with_photo):
    shell(COMMANDS[0])

    shown = json.loads(re.search(r"```json\n(.*?)```", DOC, re.DOTALL)[1])
    sent = answers(folder_with_photo, "answer.json")
    photo_id = sent["photos"][0]["id"]
    told = json.loads(json.dumps(sent).replace(photo_id, "…"))
    assert told == shown


@pytest.mark.parametrize(
    ("status", "change", "content"),
    [
        ("202", "", None),
        ("400", "-F photo=@photo.jpg|-F x=1", None),
        ("401", "$BOARDCAST_TOKEN|wrong", None),
        ("404", "-F photo|-F board=sunday -F photo", None),
        ("415", "", b"text"),
        ("422", "", b"\xff\xd8\xff\xe0"),
    ],
)
def test_statuses_are_those_that_are_told(
    shell, folder_with_photo, status, change, content
):
    if content:
        (folder_with_photo / "photo.jpg").write_bytes(content)
    before, _, after = change.partition("|")
    command = COMMANDS[0].replace("--fail-with-body", "-w '%{http_code}'")

    _, told = shell(command.replace(before, after) if change else command)

    assert told == status
    assert status in STATUSES
    answer = answers(folder_with_photo, "answer.json")
    assert ("message" in answer) == (status != "202")


def test_states_are_those_that_are_told():
    line = re.search(r"^How far it is, .*?\.$", DOC, re.DOTALL | re.MULTILINE)[0]

    assert set(re.findall(r"`(\w+)`", line)) - {"done"} == set(PhotoState.__args__)
