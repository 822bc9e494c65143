"""What the desk corrected is learned from: exported labels, cut into lines."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from server.publish.label_folder import export
from server.publish.labels import Label
from server.store.blobs import BlobStore
from training.recogniser.cut import exported_cards, labelled_lines
from vision.image.photo import encode_jpeg


@pytest.fixture
def labels(tmp_path):
    """Write one card, labelled, into a folder: its title checked, its host not."""
    blobs = BlobStore.open((tmp_path / "blobs").as_uri(), "public")

    def write(drawn, checked, **fields):
        sheet = Image.new("RGB", (360, 200), (180, 240, 250))
        pen = ImageDraw.Draw(sheet)
        for row, text in enumerate(drawn):
            font = ImageFont.load_default(40)
            pen.text((20, 20 + 60 * row), text, (40, 30, 30), font)
        crop = blobs.put(encode_jpeg(np.ascontiguousarray(np.asarray(sheet)), 90))
        fields = {"title": "", "description": "", "host": ""} | fields
        text = "\n".join(filter(None, fields.values()))
        label = Label("friday", "card-1", crop, text, fields, checked, None)
        export([label], blobs, tmp_path / "labels", lambda *_: None)
        return tmp_path / "labels"

    return write


def test_lines_of_an_exported_card_say_what_a_person_checked(labels):
    folder = labels(
        ("Type checkinq", "Zoe Maier"),
        ("title", "host"),
        title="Type checking",
        host="Zoë Maier",
    )

    lines = list(labelled_lines(folder))

    # In each of the three views, whatever was misread.
    assert {line.text for line in lines} == {"Type checking", "Zoë Maier"}
    assert {(line.event, line.card) for line in lines} == {
        (str(folder), "friday card-1")
    }
    assert all(line.strip.shape[0] == 48 for line in lines)


def test_words_that_nobody_checked_are_not_learned(labels):
    folder = labels(
        ("Knitting", "for all"), ("title",), title="Knitting", description="fur ell"
    )

    (card,) = exported_cards(folder)

    assert card.text == "Knitting"


def test_card_of_which_nothing_is_checked_but_that_there_is_no_host_teaches_nothing(
    labels,
):
    folder = labels(("Knitting",), ("host",), title="Kniting")

    assert list(exported_cards(folder)) == []
