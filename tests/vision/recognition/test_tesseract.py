"""Against stand-ins for the program: scripts on a PATH of their own."""

import numpy as np
import pytest

from calibration.geometry import Rect
from vision.cards import Line, Reading
from vision.errors import EngineUnavailableError
from vision.recognition.tesseract import (
    TesseractEngine,
    load_tesseract_engine,
)

CROP = np.full((100, 640, 3), 230, np.uint8)  # shown at its own scale
MARGIN = 20
HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def row(line, text, *, left=0, top=0, confidence=90, level=5):
    x, y = left + MARGIN, top + MARGIN
    return f"{level}\t1\t1\t1\t{line}\t1\t{x}\t{y}\t40\t20\t{confidence}\t{text}\n"


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a tesseract on the PATH: a shell script with this body."""

    def install(body):
        script = tmp_path / "tesseract"
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return install


@pytest.fixture
def table(program, tmp_path):
    """Put a tesseract on the PATH that gives this table for any picture."""

    def install(data):
        (tmp_path / "table").write_bytes(data)
        program(f'{TELLS_VERSION}\ncp "{tmp_path}/table" "$2.tsv"')
        return TesseractEngine("5.0.0", ("eng",))

    return install


TELLS_VERSION = "[ \"$1\" = --version ] && echo 'tesseract 5.0.0' && exit"
"""Pytesseract asks for it before the first picture in a process, whichever test that is."""

VERSION_AND_LANGUAGES = """
case "$1" in
--version) echo 'tesseract 5.3.0';;
--list-langs) printf 'List of available languages (4):\\ndeu\\neng\\nosd\\nequ\\n';;
esac
"""


def test_engine_has_the_programs_version_and_languages_english_first(program):
    program(VERSION_AND_LANGUAGES)

    engine = load_tesseract_engine()

    assert engine == TesseractEngine("5.3.0", ("eng", "deu"))
    assert engine.name == "tesseract 5.3.0"


def test_missing_program_is_unavailable_with_the_packages(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EngineUnavailableError) as refused:
        load_tesseract_engine()

    assert refused.value.message == (
        "The program tesseract is not installed or does not start."
    )
    assert refused.value.hint == (
        "Install it (Debian: apt install tesseract-ocr, macOS: brew install "
        "tesseract) or choose the engine rapidocr."
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("exit 3", id="crashes"),
        pytest.param("echo nonsense", id="no version"),
        pytest.param("kill -SEGV $$", id="segmentation fault"),
    ],
)
def test_program_that_does_not_start_is_unavailable(program, body):
    program(body)

    with pytest.raises(EngineUnavailableError):
        load_tesseract_engine()


def test_program_without_languages_is_unavailable(program):
    program(VERSION_AND_LANGUAGES.replace("deu\\neng\\n", ""))

    with pytest.raises(EngineUnavailableError, match="has no language data"):
        load_tesseract_engine()


def test_words_become_lines_with_weighted_confidence(table):
    engine = table(
        (
            HEADER
            + row(0, "", confidence=-1, level=4)
            + row(1, "Open", left=10, top=10, confidence=75)
            + row(1, "Cafe", left=60, top=12, confidence=25)
            + row(2, "noon", left=10, top=40, confidence=60)
        ).encode()
    )

    assert engine.read([CROP]) == (
        Reading(
            (
                Line(
                    "Open Cafe",
                    0.5,
                    Rect(10, 10, 100, 32).to_quad(),
                ),
                Line("noon", 0.6, Rect(10, 40, 50, 60).to_quad()),
            )
        ),
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "", id="empty file"),
        pytest.param(HEADER.encode(), "", id="only the header"),
        pytest.param(
            (HEADER + row(1, "caf\N{REPLACEMENT CHARACTER}"))
            .encode("utf-8")
            .replace("\N{REPLACEMENT CHARACTER}".encode(), b"\xff\xfe"),
            "caf",
            id="bad UTF-8",
        ),
        pytest.param((HEADER + row(1, "a\x07b")).encode(), "ab", id="control"),
        pytest.param((HEADER + row(1, " ")).encode(), "", id="blank"),
        pytest.param((HEADER + "5\t1\t1").encode(), "", id="cut off"),
    ],
)
def test_strange_table_is_read_as_far_as_it_goes(table, data, expected):
    (reading,) = table(data).read([CROP])

    assert reading.text == expected


def test_crash_while_reading_is_not_hidden(program):
    program(f"{TELLS_VERSION}\necho 'out of memory' >&2; exit 1")
    engine = TesseractEngine("5.0.0", ("eng",))

    with pytest.raises(EngineUnavailableError, match="out of memory"):
        engine.read([CROP])


def test_crop_that_takes_too_long_has_no_lines(program):
    program(f"{TELLS_VERSION}\nexec sleep 5")
    engine = TesseractEngine("5.0.0", ("eng",), timeout_s=0.2)

    assert engine.read([CROP]) == (Reading(),)
