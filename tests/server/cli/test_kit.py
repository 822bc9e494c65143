"""``boardcast kit``: a PDF, with the site's addresses if there is a site."""

import pypdfium2
import pytest

from server.cli.last_serve import LastServe


def sheets(path):
    return [
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)
    ]


def test_kit_of_a_site_that_was_served_has_its_addresses(
    run, site, folder, monkeypatch
):
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", site.settings.secret_key)
    LastServe.of(site.settings).write(site.settings.data_dir)
    target = folder / "kit.pdf"

    result = run(
        "kit",
        target,
        "--event",
        folder / "event.toml",
        "--data",
        site.settings.data_dir,
    )

    assert (result.exit_code, result.stderr) == (0, "")
    assert site.settings.public_url.split("//")[1] in sheets(target)[-2]
    assert "/sign-in/" in sheets(target)[-1]


def test_kit_before_the_first_serve_says_what_is_missing(run, folder, tmp_path):
    target = folder / "kit.pdf"

    result = run(
        "kit",
        target,
        "--event",
        folder / "event.toml",
        "--data",
        tmp_path / "new",
        "--paper",
        "letter",
    )

    assert result.exit_code == 0
    assert "Without poster" in result.stderr
    assert "Your own session" in sheets(target)[-1]
    assert not (tmp_path / "new").exists()


def test_kit_without_an_event_says_what_to_do(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    result = run("kit")

    assert result.exit_code == 2
    assert "boardcast init" in result.output


@pytest.fixture
def chinese(folder):
    """An event with a Chinese name."""
    path = folder / "event.toml"
    path.write_text(path.read_text().replace('"PyCon US 2024"', '"台灣開放空間"'))
    return ("kit", folder / "kit.pdf", "--event", path, "--data", folder / "new")


@pytest.mark.usefixtures("wide_font")
def test_chinese_names_are_printed_with_a_font_of_this_machine(run, folder, chinese):
    assert run(*chinese).exit_code == 0

    assert any("台灣開放空間" in text for text in sheets(folder / "kit.pdf"))


def test_without_such_a_font_it_is_said_which_one_to_install(run, fonts, chinese):
    fonts()

    result = run(*chinese)

    assert result.exit_code == 1
    assert "fonts-noto-cjk" in result.stderr
