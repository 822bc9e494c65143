"""``boardcast kit``: a PDF, with the site's addresses if there is a site."""

import pypdfium2

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
