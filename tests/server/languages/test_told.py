"""What was told in English is found again by its pattern, as long as it is told so."""

import ast
from pathlib import Path

import pytest

from server.languages.choice import ENGLISH, LANGUAGES, language_of
from server.languages.told import BLANK, TOLD, told_in

ROOT = Path(__file__).parents[3]
GERMAN, CHINESE = language_of("de"), language_of("zh-Hant")
OF_FLASK = {"Not Found.", "Method Not Allowed.", "Internal Server Error."}


def texts_of(folder: str) -> set[tuple[str, ...]]:
    """Every text in the sources, as what stands between its blanks."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        if path.name == "told.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add((node.value,))
            elif isinstance(node, ast.JoinedStr):
                found.add(between_blanks(node))
    return found


def between_blanks(node: ast.Constant | ast.JoinedStr) -> tuple[str, ...]:
    parts = [""]
    for value in node.values if isinstance(node, ast.JoinedStr) else [node]:
        if isinstance(value, ast.Constant):
            parts[-1] += value.value
        else:
            parts.append("")
    return tuple(parts)


def test_patterns_are_what_the_sources_tell():
    said = texts_of("server") | texts_of("vision")
    patterns = {text: tuple(BLANK.split(text)[::2]) for text in TOLD}

    gone = [text for text, parts in patterns.items() if parts not in said]

    assert set(gone) == OF_FLASK


def sent_to_staff():
    """Texts of findings, and of refusals of photos."""
    for folder in ("vision/quality", "vision/image"):
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", "")
                told = name == "Finding" or (
                    name.endswith("Error") and name != "ValueError"
                )
                given = [*node.args, *(key.value for key in node.keywords)]
                yield from (one for one in given if told and _is_sentence(one))


def _is_sentence(node) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and str(node.value).endswith(".")
    )


def test_every_finding_and_refusal_of_a_photo_has_a_pattern():
    known = {tuple(BLANK.split(text)[::2]) for text in TOLD}

    unknown = [
        ast.unparse(node)
        for node in sent_to_staff()
        if between_blanks(node) not in known
    ]

    assert unknown == []


@pytest.mark.parametrize(
    ("english", "german", "chinese"),
    [
        ("The file is empty.", "Die Datei ist leer.", "檔案是空的。"),
        (
            'There is no board "nowhere".',
            "Die Pinnwand „nowhere“ gibt es nicht.",
            "找不到看板「nowhere」。",
        ),
        (
            (
                "R1 at 10:00, R2 at 11:00 and R3 at 12:00 are blurred. Hold still and "
                "take it again."
            ),
            (
                "Unscharf: R1 um 10:00, R2 um 11:00 und R3 um 12:00. Halte still und "
                "fotografiere noch einmal."
            ),
            "R1 的 10:00、R2 的 11:00和 R3 的 12:00拍糊了。請拿穩再拍一次。",
        ),
        (
            (
                "The board is cut off at the left: 62% of it is in the photo. The rest stays "
                "as it was."
            ),
            (
                "Die Pinnwand ist links abgeschnitten: Auf dem Foto sind 62% davon. Der Rest "
                "bleibt, wie er war."
            ),
            "看板的左側被切掉了：照片中只有 62%。其餘部分維持原樣。",  # noqa: RUF001
        ),
        ("This, that and more at 5.",) * 3,
    ],
)
def test_it_is_told_in_the_readers_language(english, german, chinese):
    assert [told_in(one, english) for one in (ENGLISH, GERMAN, CHINESE)] == [
        english,
        german,
        chinese,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_fills_a_blank_may_be_anything(language):
    assert told_in(language, "%(x)s % {0}") == "%(x)s % {0}"
    assert "%(x)s % {0}" in told_in(language, "There is no %(x)s % {0}.")
