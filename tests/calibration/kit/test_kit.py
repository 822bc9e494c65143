"""The kit as it is printed: its sheets are drawn, photographed and read again."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from calibration.errors import KitError
from calibration.event import Board, Event, Profile
from calibration.kit import KitOptions, kit_pdf
from calibration.kit.paper import A4, LETTER
from calibration.kit.sheets import TAG_MM
from calibration.kit.tags import tags_for
from calibration.layout import Layout, Slot
from vision.registration.tags import find_tags

PX_PER_MM = 4.0
DAY = dt.date(2027, 5, 14)
LAYOUT = Layout(("Room 301", "Aula"), tuple(map(Slot.parse, ["10:00-11:00"])))
URL, LINK = "https://board.example/os", "https://board.example/sign-in/abc.def"
FOCAL_PX = 3000
"""Of a phone's main camera at 12 megapixels."""


def profile_of(*boards, name="PyCon Somewhere"):
    return Profile(Event(name, ZoneInfo("Europe/Vienna"), "os", "#X"), boards)


TWO_DAYS = profile_of(
    Board("friday", "Friday", DAY, LAYOUT, tags=(1, 0, 5, 9)),
    Board("saturday", "Saturday", DAY + dt.timedelta(days=1), LAYOUT),
)


@pytest.fixture(params=[A4, LETTER], ids=["a4", "letter"])
def pages(request):
    """The sheets of a kit: each as a picture and its text."""
    options = KitOptions(request.param, URL, LINK, cards=3)
    document = pypdfium2.PdfDocument(kit_pdf(TWO_DAYS, options))
    scale = PX_PER_MM * 25.4 / 72
    return [
        (page.render(scale=scale, grayscale=True).to_numpy().copy(),
         page.get_textpage().get_text_range().replace("\r", ""))
        for page in document
    ]  # fmt: skip


def test_kit_has_all_sheets_in_their_order(pages):
    firsts = [text.split("\n")[0] for _, text in pages]

    assert firsts == [
        "PyCon Somewhere",
        *["Friday"] * 2,
        *["Saturday"] * 2,
        "Room 301",
        "10:00-11:00",
        *["Title"] * 2,
        "Your own session",
        "Open Spaces: what is on?",
        "Staff: photograph the board",
    ]
    assert "tags = [2, 3, 4, 6] # Saturday" in pages[0][1]
    assert "Friday" not in pages[0][1].split("event.toml:")[1]


def test_tags_of_one_wall_are_printed_once_for_all_its_days():
    friday, saturday = TWO_DAYS.boards
    wall = profile_of(friday, replace(saturday, tags=friday.tags))

    document = pypdfium2.PdfDocument(kit_pdf(wall, KitOptions(A4)))

    texts = [page.get_textpage().get_text_range() for page in document]
    sheets = [text.split("\r\n")[:2] for text in texts if "Cut along" in text]
    assert sheets == [["Friday,", "Saturday"]] * 2


def test_cards_are_as_many_as_wanted(pages):
    cards = [text.count("Please write big") for _, text in pages]

    assert sum(cards) == 3


@pytest.mark.parametrize("metres", [1, 3, 6])
def test_tags_of_the_kit_are_found_from_afar(pages, metres):
    seen = {}
    for picture, text in pages[1:5]:
        wall = cv2.copyMakeBorder(
            picture, 400, 400, 400, 400, cv2.BORDER_CONSTANT, value=60
        )
        tag_px = TAG_MM / 1000 / metres * FOCAL_PX
        scale = tag_px / (TAG_MM * PX_PER_MM)
        height, width = wall.shape
        # Seen from 40 degrees aside.
        turned = np.array(
            [[scale * 0.77, 0, 0], [0.05 * scale, scale, 0], [2e-5, 0, 1]], np.float64
        )
        size = int(width * scale), int(height * scale * 1.1)
        photo = cv2.warpPerspective(wall, turned, size, flags=cv2.INTER_AREA)
        photo = cv2.GaussianBlur(photo, (0, 0), 0.8)
        noise = np.random.default_rng(0).normal(0, 4, photo.shape)
        photo = np.clip(photo + noise, 0, 255).astype(np.uint8)
        seen.setdefault(text.split("\n")[0], []).extend(
            tag.id for tag in find_tags(photo)
        )

    assert {name: sorted(ids) for name, ids in seen.items()} == {
        "Friday": [0, 1, 5, 9],
        "Saturday": [2, 3, 4, 6],
    }


def test_codes_lead_to_the_board_and_to_the_capture_page(pages):
    detector = cv2.QRCodeDetector()

    codes = [detector.detectAndDecode(picture)[0] for picture, _ in pages[-2:]]

    assert codes == [URL, LINK]


def test_without_addresses_there_are_no_codes():
    document = pypdfium2.PdfDocument(kit_pdf(TWO_DAYS, KitOptions(cards=0)))

    assert len(document) == 8


def test_font_that_lacks_letters_is_told():
    profile = profile_of(*TWO_DAYS.boards, name="台灣 PyCon")

    with pytest.raises(KitError, match='not all letters of "台灣 PyCon"'):
        kit_pdf(profile, KitOptions())


@pytest.fixture
def own_font(tmp_path):
    """A font that has the letters A to z and the first of Taiwan's name, and no other."""
    letters = [*map(chr, range(32, 127)), "台"]
    names = [".notdef", *(f"u{ord(letter)}" for letter in letters)]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(letter): f"u{ord(letter)}" for letter in letters})
    font.setupGlyf(dict.fromkeys(names, TTGlyphPen(None).glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Own", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    font.save(tmp_path / "own.ttf")
    return tmp_path / "own.ttf"


def test_own_font_writes_what_it_has_and_what_it_lacks_is_told(own_font):
    options = KitOptions(font=own_font)

    made = kit_pdf(profile_of(*TWO_DAYS.boards, name="台 PyCon"), options)
    document = pypdfium2.PdfDocument(made)
    said = [page.get_textpage().get_text_range() for page in document]
    with pytest.raises(KitError, match='not all letters of "台灣 PyCon"'):
        kit_pdf(profile_of(*TWO_DAYS.boards, name="台灣 PyCon"), options)

    assert any("台 PyCon" in text for text in said)


def test_font_that_is_none_is_told(tmp_path):
    font = tmp_path / "font.ttf"
    font.write_bytes(b"no font")

    with pytest.raises(KitError, match="cannot be used"):
        kit_pdf(TWO_DAYS, KitOptions(font=font))


def test_boards_have_tags_of_their_own():
    many = [
        Board(f"day-{day}", f"Day {day}", DAY + dt.timedelta(days=day), LAYOUT)
        for day in range(5)
    ]

    tags = tags_for(profile_of(*TWO_DAYS.boards[:1], *many))

    every = [tag for four in tags.values() for tag in four]
    assert tags["friday"] == (1, 0, 5, 9)
    assert len(set(every)) == len(every) == 24
