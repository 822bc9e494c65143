import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.announcing.posting import check_services
from server.announcing.services import FILE, VARIABLE, Service, services_from
from server.cli import main
from server.errors import SettingsError

ROOT = Path(__file__).parents[3]


def test_services_are_lines_of_a_file_or_of_the_environment(tmp_path):
    assert services_from({}, tmp_path) == ()
    text = "\n# ours\nfosstodon mastodons://t@fosstodon.org\n list  mailto://x\r\n"
    (tmp_path / FILE).write_text(text)
    named = (
        Service("fosstodon", "mastodons://t@fosstodon.org"),
        Service("list", "mailto://x"),
    )

    assert services_from({}, tmp_path) == named
    assert services_from({VARIABLE: text}, tmp_path / "none") == named


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("mastodons://SECRET@x", "line 1: expected a name, a blank and an address."),
        ("a", "line 1: expected a name, a blank and an address."),
        ("mastodons://SECRET@x y", "line 1: expected a name, a blank and an address."),
        ("\na b://SECRET\na b://SECRET", "line 3: the name a is there twice."),
    ],
)
def test_a_line_that_is_none_is_named_and_not_shown(tmp_path, text, wrong):
    with pytest.raises(SettingsError) as refusal:
        services_from({VARIABLE: text}, tmp_path)

    assert refusal.value.message == f"{VARIABLE}, {wrong}"
    assert "SECRET" not in repr(refusal.value) + refusal.value.hint


@pytest.fixture
def run(web, tmp_path):
    lines = [f"{one.name} {one.address}" for one in (web.mastodon(), web.mastodon("b"))]
    (tmp_path / FILE).write_text("\n".join(lines))

    def run(*options):
        return CliRunner().invoke(main, ["announce", "--data", tmp_path, *options])

    return run


def test_a_test_post_goes_to_each_service(run, web):
    assert run().stdout == "fosstodon\nb\n"
    assert web.posts == []

    done = run("--test")

    assert (done.exit_code, done.stdout) == (0, "fosstodon: sent.\nb: sent.\n")
    assert [text.split(":")[0] for (text,) in web.posts] == [
        "A test from Boardcast"
    ] * 2


def test_a_test_that_does_not_arrive_says_why(run, web):
    web.answers["statuses"] = 401

    done = run("--test", "--only", "b")

    assert done.exit_code == 1
    assert done.stdout == (
        "b: refused. The service answered with error 401: check its address and "
        "password.\n"
    )
    assert "The test did not arrive everywhere: b." in done.stderr
    assert "SECRET" not in done.output


def test_addresses_of_the_document_are_understood(tmp_path):
    document = (ROOT / "docs" / "announcing.md").read_text("utf-8")
    (lines,) = re.findall(r"```text\n(.*?)```", document, re.DOTALL)
    services = services_from({VARIABLE: lines}, tmp_path)

    check_services(services)

    assert len(services) == 8


def test_without_services_it_says_where_to_name_them(tmp_path):
    done = CliRunner().invoke(main, ["announce", "--data", tmp_path / "x"])

    assert done.exit_code == 2
    assert "No service is set up." in done.stderr
