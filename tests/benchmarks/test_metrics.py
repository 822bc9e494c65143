import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.metrics import (
    FindingScore,
    FoundCard,
    Ratio,
    TextScore,
    TrueCard,
    character_error_rate,
    pair_up,
    plain,
    score_finding,
    score_text,
    title_is_in,
    word_recall,
)
from calibration.geometry import Rect
from calibration.layout import CellId

CELLS = (CellId("A", "1"), CellId("A", "2"), CellId("B", "1"), CellId("B", "2"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Béziers,  C!", "beziers c"),
        ("ﬁne\nlines", "fine lines"),
        ("@maya #PyCon", "@maya #pycon"),
        ("—…", ""),
    ],
    ids=["empty", "accent", "ligature-and-break", "signs-kept", "only-punctuation"],
)
def test_plain_text(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("true", "got", "expected"),
    [
        ("Type checking", "TYPE-CHECKING", 0.0),
        ("abcd", "abxd", 0.25),
        ("abcd", "", 1.0),
        ("ab", "something long", 1.0),
        ("one two", "two one", 6 / 7),
    ],
    ids=["case", "one-of-four", "nothing", "never-above-one", "order-counts"],
)
def test_character_error_rate(true, got, expected):
    assert character_error_rate(true, got) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("true", "got", "expected"),
    [
        ("to be", "to be", None),
        ("the cat", "cat the", 1.0),
        ("python", "pithan", 1.0),
        ("python", "pithans", 0.0),
        ("maths", "moths", 1.0),
        ("maths", "mothx", 0.0),
        ("one two", "one", 0.5),
    ],
    ids=["no-words", "any-order", "two-of-six", "three", "one-of-five", "two", "half"],
)
def test_word_recall(true, got, expected):
    assert word_recall(true, got) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((), False),
        (("",), False),
        (("!",), False),
        (("Nothing of it",), False),
        (("x", "Type checking at scale, Maya"), True),
        (("Tipe checkimg",), True),
    ],
    ids=["none", "empty", "punctuation", "other", "within", "misread"],
)
def test_title_is_in(texts, expected, true_card):
    card = true_card(0, 0, text="Type checking Maya", title="Type checking")

    assert title_is_in(card, texts) is expected


def test_card_without_title_is_called_by_its_text(true_card):
    assert title_is_in(true_card(0, 0, text="Knitting"), ["Knitting"])


def test_pair_up_takes_the_best_pair_first():
    true = [Rect(0, 0, 100, 100), Rect(30, 0, 130, 100)]
    read = [Rect(28, 0, 128, 100), Rect(500, 0, 600, 100)]

    assert pair_up(true, read) == {1: 0}


@pytest.mark.parametrize(
    ("width", "expected"), [(35, {0: 0}), (34, {})], ids=["enough", "too-little"]
)
def test_pair_up_asks_for_a_third_of_the_union(width, expected):
    assert pair_up([Rect(0, 0, 100, 10)], [Rect(0, 0, width, 10)]) == expected


def test_finding_is_scored(true_card, read_card):
    true = [true_card(0, 0), true_card(200, 0, ("B", "1")), true_card(0, 200)]
    # 10 px off, of 100 x 80: .65 of the union.
    read = [read_card(10, 10), read_card(200, 0, ("B", "2")), read_card(900, 900, None)]

    assert score_finding(true, read, CELLS) == FindingScore(
        found=Ratio(2, 3),
        found_half=Ratio(2, 3),
        found_tight=Ratio(1, 3),
        true=Ratio(2, 3),
        cell=Ratio(1, 2),
        taken=Ratio(2, 4),
    )


def test_scores_add_up():
    one = FindingScore(*(Ratio(1, 2),) * 6)

    assert one + one == FindingScore(*(Ratio(2, 4),) * 6)


def test_a_card_typed_in_part_counts_for_its_title_only(read_card):
    card = TrueCard(
        Rect(0, 0, 100, 80), CELLS[0], "Chess", "", legible=True, partial=True
    )

    assert score_text([card], [read_card(0, 0, text="Chess tonight")]) == TextScore(
        titles=Ratio(1, 1), character_errors=Ratio(0, 0), words=Ratio(0, 0)
    )


def test_text_is_scored(true_card, read_card):
    true = [
        true_card(0, 0, text="Knitting"),
        true_card(200, 0, ("B", "1"), text="Chess"),
        true_card(0, 200, ("A", "2"), text="Smudged", legible=False),
        true_card(0, 400, ("B", "2"), text="?!"),
    ]
    # Chess was read, but as a card elsewhere: it is in its cell all the same.
    read = [read_card(0, 0, text="Knotting"), read_card(900, 0, ("B", "1"), "Chess")]

    assert score_text(true, read) == TextScore(
        character_errors=Ratio(1 / 8 + 1, 2),
        words=Ratio(1.0, 2),
        titles=Ratio(2, 2),
    )


def test_nothing_to_count_has_no_value():
    score = score_finding([], [], [])

    assert score.found.value is None
    assert score_text([], []).titles.value is None


cards = st.lists(
    st.tuples(
        st.integers(0, 30), st.sampled_from(CELLS), st.text("abc é@", max_size=9)
    ),
    max_size=6,
    unique_by=lambda entry: entry[0],
)


@given(cards)
def test_perfect_reading_has_perfect_scores(entries):
    true = [
        TrueCard(Rect(x * 10, 0, x * 10 + 9, 9), cell, text, "", legible=True)
        for x, cell, text in entries
    ]
    read = [FoundCard(card.bounds_photo, card.cell, card.text) for card in true]

    found, text = score_finding(true, read, CELLS), score_text(true, read)

    ratios = (found.found_tight, found.true, found.cell, text.words, text.titles)
    assert {ratio.value for ratio in ratios} <= {1.0, None}
    assert found.taken.value == 1.0
    assert text.character_errors.hits == 0


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=5),
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=5),
)
def test_pairs_are_one_to_one(one, other):
    true = [Rect(x, 0, x + width, 5) for x, width in one]
    read = [Rect(x, 0, x + width, 5) for x, width in other]

    pairs = pair_up(true, read)

    assert len(set(pairs.values())) == len(pairs)
    assert all(true[row].iou(read[column]) >= 0.35 for row, column in pairs.items())
