"""``boardcast export-labels``: what people corrected, to train with."""

import json
import os

import pytest

from calibration.geometry import Rect
from server.cli.last_serve import LastServe
from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.join import Join
from server.schedule.corrections.split import Split
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.store.cards import cards_of
from server.store.corrections import append_correction
from vision.image.photo import Photo


@pytest.fixture
def export(run, folder, site, monkeypatch):
    """Export the labels of this folder's site, as an organiser does."""
    monkeypatch.setenv("BOARDCAST_SECRET_KEY", site.settings.secret_key)
    LastServe.of(site.settings).write(site.settings.data_dir)
    return lambda *options: run(
        "export-labels", folder / "labels", "--data", folder / "data", *options
    )


@pytest.fixture
def agreed(folder):
    path = folder / "event.toml"
    agreed = path.read_text().replace("[event]", "[event]\nshare_labels = true")
    path.write_text(agreed)


@pytest.fixture
def correct(journey, site):
    """Set a field of the card that reads as this, as the desk does."""

    def set_field(read, field, value):
        (card,) = [
            card
            for card in journey.ask(cards_of, "friday")
            if card.fields.title == read
        ]
        journey.change(
            append_correction,
            "friday",
            Edit.setting(card.id, {field: value}),
            author="Ada",
            made_at=site.clock(),
        )
        return card

    return set_field


@pytest.fixture
def evening(journey, scripted):
    """Three cards on the board, none of which was corrected."""
    shot = scripted.SHOTS["evening"]
    journey.send("evening")
    journey.work({"evening": scripted.Shot(shot.cards)})


def said(folder):
    text = (folder / "labels/labels.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def everything(folder):
    """What lies in the folder of the labels, byte for byte."""
    target = folder / "labels"
    return {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file()
    }


@pytest.mark.usefixtures("evening")
def test_event_that_does_not_agree_is_refused_with_the_line_to_write(export, folder):
    result = export()

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "The event does not agree that its cards are exported to train with.\n"
        "If its organisers do, write the line share_labels = true below [event] in "
        f"{folder}/event.toml, and try again.\n"
    )
    assert not (folder / "labels").exists()


@pytest.mark.usefixtures("agreed", "evening")
def test_corrected_and_confirmed_cards_are_exported_with_all_they_say(
    export, folder, correct
):
    typing = correct("Tipe checking", "title", "Type checking")
    correct("Tipe checking", "host", "Zoë")
    tea = correct("Tea", "title", "Tea")

    result = export("--json")

    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "target": f"{folder}/labels",
        "labels": 2,
        "missing": [],
    }
    first, second = sorted(said(folder), key=lambda one: one["title"])
    assert (second["file"], second["size"]) == (
        f"cards/{typing.id}-{typing.crop[:12]}.jpg",
        [9, 6],
    )
    assert second == {
        "file": second["file"],
        "size": [9, 6],
        "text": "Type checking\nZoë",
        "title": "Type checking",
        "description": "",
        "host": "Zoë",
        "checked": ["title", "host"],
        "board": "friday",
        "card": typing.id,
        "read": {
            "text": "Tipe checking",
            "title": "Tipe checking",
            "description": "",
            "host": "Maya",
            "engine": "scripted 1",
            "confidence": 0.75,
            "lines": [
                {
                    "text": "Tipe checking",
                    "confidence": 0.75,
                    "quad": [[0.0, 0.0], [9.0, 0.0], [9.0, 6.0], [0.0, 6.0]],
                }
            ],
        },
    }
    assert (first["card"], first["text"], first["checked"]) == (
        tea.id,
        "Tea",
        ["title"],
    )
    crop = Photo.decode((folder / "labels" / second["file"]).read_bytes())
    assert crop.size_wh == (9, 6)


@pytest.mark.usefixtures("agreed", "evening")
def test_folder_explains_every_key_and_holds_nothing_else(export, folder, correct):
    correct("Tea", "title", "Tea")

    export()

    (label,) = said(folder)
    assert sorted(everything(folder)) == ["README.md", label["file"], "labels.jsonl"]
    readme = (folder / "labels/README.md").read_text()
    keys = {*label, *label["read"], *label["read"]["lines"][0]}
    assert {key for key in keys if f"`{key}`" not in readme} == set()


@pytest.mark.usefixtures("agreed", "evening")
def test_hidden_cards_and_those_that_were_taken_down_are_left_out(
    export, folder, correct, journey, scripted
):
    for title in ("Tipe checking", "Kniting", "Tea"):
        correct(title, "title", title)
    export()
    assert len(said(folder)) == 3

    correct("Tea", "hidden", value=True)
    shot = scripted.SHOTS["evening"]
    left = {title: shot.cards[title] for title in ("Tea", "Kniting")}
    journey.send("later", at="13:00")
    journey.work({"later": scripted.Shot(left)})
    export()

    (label,) = said(folder)
    assert label["title"] == "Kniting"
    assert sorted(everything(folder)) == ["README.md", label["file"], "labels.jsonl"]


@pytest.mark.usefixtures("agreed", "evening")
def test_card_that_somebody_wrote_on_since_is_left_out(
    export, folder, correct, journey, scripted
):
    """Its picture does not say any more what the person saw."""
    correct("Tea", "title", "Tea")
    correct("Kniting", "title", "Knitting")
    journey.send("later", at="17:00")
    cards = scripted.SHOTS["evening"].cards
    journey.work({"later": scripted.Shot(cards, changed=frozenset({"Tea"}))})

    export()

    assert [label["title"] for label in said(folder)] == ["Knitting"]


@pytest.mark.usefixtures("agreed", "evening")
def test_export_done_again_gives_the_same_bytes(export, folder, correct):
    correct("Tipe checking", "title", "Type checking")
    correct("Tea", "title", "Tea")
    export()
    before = everything(folder)

    assert export().exit_code == 0
    assert everything(folder) == before


@pytest.mark.usefixtures("agreed", "evening")
def test_export_that_is_killed_leaves_the_one_before_it_whole(
    export, folder, correct, monkeypatch
):
    correct("Tipe checking", "title", "Type checking")
    export()
    correct("Tea", "title", "Tea")
    labels = []
    # At each moment in turn at which something was written.
    for moment in range(3):
        left = [moment]

        def sync(_, left=left):
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1

        with monkeypatch.context() as patch:
            patch.setattr("server.publish.label_folder.fsync", sync)
            export()
        files = everything(folder)
        labels.append(len(said(folder)))
        assert all(Photo.decode(files[label["file"]]) for label in said(folder))

    # In the crop; in their folder; in the list, which names it from then on.
    assert labels == [1, 1, 2]
    assert export().exit_code == 0
    named = [label["file"] for label in said(folder)]
    assert sorted(everything(folder)) == sorted(["README.md", "labels.jsonl", *named])


@pytest.mark.usefixtures("agreed", "evening")
def test_folder_of_something_else_is_refused(export, folder, correct):
    correct("Tea", "title", "Tea")
    (folder / "labels").mkdir()
    (folder / "labels/thesis.odt").touch()

    result = export()

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"The folder {folder}/labels holds something else: thesis.odt.\n"
        "Name a new folder, or one that labels were exported into before.\n"
    )
    assert sorted(everything(folder)) == ["thesis.odt"]


@pytest.mark.usefixtures("agreed", "evening")
def test_full_disk_is_told_with_what_to_do(export, folder, correct, monkeypatch):
    correct("Tea", "title", "Tea")

    def full(_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("server.publish.label_folder.fsync", full)
    result = export()

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"The folder {folder}/labels cannot be written: No space left on device.\n"
        "Name a folder that you may write to, on a disk that has space left.\n"
    )


@pytest.mark.usefixtures("agreed", "evening")
def test_card_whose_picture_is_lost_is_told(export, folder, correct, site):
    card = correct("Tea", "title", "Tea")
    site.blobs.path_of(card.crop).unlink()

    result = export()

    assert (result.exit_code, said(folder)) == (1, [])
    assert result.stderr == (
        f"Its picture is missing or damaged: card {card.id}\n"
        "boardcast check says more.\n"
    )


@pytest.mark.usefixtures("agreed", "evening")
def test_of_what_people_made_a_drawn_card_with_words_is_exported(
    export, folder, journey, site, correct
):
    """Nobody said which crop shows which words of cards that were joined or split."""
    tea, typing = (correct(title, "title", title) for title in ("Tea", "Tipe checking"))
    (knitting,) = [
        card
        for card in journey.ask(cards_of, "friday")
        if card.id not in {tea.id, typing.id}
    ]
    whole, cell = Rect(0, 0, 1, 1), typing.cell
    with_words, without = (
        Draw.of("friday", name, whole, typing.crop, cell=cell, texts=texts)
        for name, texts in (("one", Texts("Yoga", host="Bo")), ("two", Texts()))
    )
    for change in (
        with_words,
        without,
        Split.of(tea.id, (tea.crop, tea.crop), (whole, whole)),
        Join(typing.id, (knitting.id,)),
        WriteSession.of("friday", cell, Texts("Lunch")),
    ):
        journey.change(
            append_correction, "friday", change, author="Ada", made_at=site.clock()
        )

    assert export().exit_code == 0
    assert said(folder) == [
        {
            "file": f"cards/{with_words.card}-{typing.crop[:12]}.jpg",
            "size": [9, 6],
            "text": "Yoga\nBo",
            "title": "Yoga",
            "description": "",
            "host": "Bo",
            "checked": ["title", "host"],
            "board": "friday",
            "card": with_words.card,
            "read": None,
        }
    ]
