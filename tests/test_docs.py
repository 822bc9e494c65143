"""What the documents say of the program is so."""

import re
from pathlib import Path

import pytest

from server.cli import main
from server.config import OWN, PREFIX

ROOT = Path(__file__).resolve().parents[1]
PROMISES = (ROOT / "docs" / "promises.md").read_text()
DEPLOY = (ROOT / "docs" / "deploy.md").read_text()
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}


def test_every_promise_names_tests_that_exist():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PROMISES)
    rows = [line for line in PROMISES.splitlines() if line.startswith("| ")]

    missing = [
        f"{path}::{test}"
        for path, test in named
        if f"def {test}(" not in (ROOT / path).read_text()
    ]
    assert missing == []
    assert [row for row in rows if "::" not in row and "promise" not in row] == []


def test_every_setting_is_told_how_to_set():
    variables = {f"{PREFIX}{name.upper()}" for name in OWN}

    assert {name for name in variables if f"`{name}`" not in DEPLOY} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_in_documents_exist(name):
    said = re.findall(r"boardcast ([a-z]+)(?: |`|$)", DOCUMENTS[name], re.MULTILINE)

    assert set(said) - set(main.commands) == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_between_documents_lead_somewhere(name):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", DOCUMENTS[name])
    folder = (ROOT / name).parent

    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_finished(name):
    assert "@@" not in DOCUMENTS[name]
