"""What the documents say of the program is so."""

import re
from pathlib import Path

import pytest

from server.cli import main
from server.config import OWN, PREFIX

ROOT = Path(__file__).resolve().parents[1]
PROMISES = (ROOT / "docs" / "promises.md").read_text()
REQUIREMENTS = (ROOT / "docs" / "requirements.md").read_text()
DEPLOY = (ROOT / "docs" / "deploy.md").read_text()
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}


@pytest.mark.parametrize("page", [PROMISES, REQUIREMENTS], ids=["promises", "required"])
def test_every_promise_names_tests_that_exist(page):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)

    missing = [
        f"{path}::{test}"
        for path, test in named
        if f"def {test}(" not in (ROOT / path).read_text()
    ]
    assert missing == []


def test_every_promise_has_a_test():
    rows = [line for line in PROMISES.splitlines() if line.startswith("| ")]

    assert [row for row in rows if "::" not in row and "promise" not in row] == []


def test_every_requirement_has_a_test_or_says_that_it_has_none():
    rows = re.findall(r"^\| (\d+) \| .*? \| ([^|]*) \|$", REQUIREMENTS, re.MULTILINE)

    assert [int(number) for number, _ in rows] == list(range(1, 19))
    assert {tests for _, tests in rows if "::" not in tests} <= {"not yet"}


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
