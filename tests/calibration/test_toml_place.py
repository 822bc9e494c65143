import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.errors import dotted
from calibration.toml_place import find_lines, line_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param("# a = 1\n\n", {}, id="comments"),
        pytest.param("a = 1\nb = 2", {"a": 1, "b": 2}, id="keys"),
        pytest.param("a.b = 1\na.c = 2", {"a": 1, "a.b": 1, "a.c": 2}, id="dotted"),
        pytest.param(
            '"a.b" = 1\n\'c d\' = 2\n"\\"" = 3',
            {"a.b": 1, "c d": 2, '"': 3},
            id="quoted",
        ),
        pytest.param("[t] # [x]\na = 1", {"t": 1, "t.a": 2}, id="table"),
        pytest.param("[ t . u ]\na = 1", {"t": 1, "t.u": 1, "t.u.a": 2}, id="nested"),
        pytest.param(
            "[[t]]\na = 1\n[[t]]\n[t.u]\na = 2",
            {"t": 1, "t[0]": 1, "t[0].a": 2, "t[1]": 3, "t[1].u": 4, "t[1].u.a": 5},
            id="array-of-tables",
        ),
        pytest.param(
            "a = [ # [\n  1,\n  [2,\n 3], # ]\n]\nb = 1",
            {"a": 1, "a[0]": 2, "a[1]": 3, "a[1][0]": 3, "a[1][1]": 4, "b": 6},
            id="arrays",
        ),
        pytest.param(
            "a = [\n{ b = 1, c.d = [] },\n{} ]",
            {"a": 1, "a[0]": 2, "a[0].b": 2, "a[0].c": 2, "a[0].c.d": 2, "a[1]": 3},
            id="inline-tables",
        ),
        pytest.param(
            'a = """\n[b]\nc = "1"\n"""\nd = \'\'\'\n]\'\'\'\ne = 1',
            {"a": 1, "d": 5, "e": 7},
            id="long-texts",
        ),
        pytest.param(
            'a = """x\\"""" \nb = """"q""""\nc = 1',
            {"a": 1, "b": 2, "c": 3},
            id="quotes",
        ),
        pytest.param(
            "a = 1979-05-27 07:32:00.5\nb = -1.5e3\r\nc = 'x' # y\r\n",
            {"a": 1, "b": 2, "c": 3},
            id="dates-and-numbers",
        ),
    ],
)
def test_line_of_every_key(text, expected):
    tomllib.loads(text)

    assert {dotted(key): line for key, line in find_lines(text).items()} == expected


@pytest.mark.parametrize(
    ("key", "line"),
    [
        pytest.param(("t", 0, "a", 1), 3, id="element"),
        pytest.param(("t", 0, "a", 9), 2, id="missing-element"),
        pytest.param(("t", 0, "b", "c"), 1, id="missing-key"),
        pytest.param(("u",), None, id="missing-table"),
        pytest.param((), None, id="no-key"),
    ],
)
def test_line_of_a_key_or_what_is_around_it(key, line):
    assert line_of(key, find_lines("[[t]]\na = [1,\n2]\n")) == line


KEYS = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
SCALARS = st.sampled_from(
    ["1", "-0.5", "true", '"["', "'#'", '"""\n]\n"""', "07:32:00"]
)


def inline(values):
    return st.lists(values, max_size=3).map(
        lambda parts: "[" + ",\n".join(parts) + "]"
    ) | st.dictionaries(KEYS, values, max_size=3).map(
        lambda pairs: "{" + ", ".join(f"{k} = {v}" for k, v in pairs.items()) + "}"
    )


@given(
    st.lists(
        st.tuples(
            KEYS, st.dictionaries(KEYS, st.recursive(SCALARS, inline, max_leaves=6))
        ),
        unique_by=lambda table: table[0],
    )
)
def test_line_of_a_key_is_where_it_was_written(tables):
    lines, expected = [], {}
    for name, pairs in tables:
        lines.append(f"[[{name}]]")
        expected[name, 0] = len(lines)
        for key, value in pairs.items():
            expected[name, 0, key] = len(lines) + 1
            lines += f"{key} = {value} # [{key}".split("\n")

    found = find_lines("\n".join(lines))

    assert {key: found[key] for key in expected} == expected


@given(st.text(alphabet="ab=[]{}\"'.,#\n\\ 1", max_size=60))
def test_lines_are_found_in_whatever_tomllib_accepts(text):
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return

    found = find_lines(text)

    assert {key[0] for key in found} == set(document)
