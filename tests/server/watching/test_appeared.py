from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from server.watching.appeared import Seen, Stamp, look, photos_in, settled


def test_photos_are_found_in_folders_and_nothing_hidden_or_half_copied(tmp_path):
    names = ("a.jpg", "DCIM/100CANON/IMG_1.JPG", "b.heic", "c.png")
    others = (
        *(".c.jpg", "._a.jpg", "~syncthing~a.jpg", "a.jpg.part", "a.cr3", "notes.txt"),
        *(".stversions/a.jpg", "@eaDir/a.jpg/thumb.jpg", "#recycle/old.jpg"),
    )
    for name in (*names, *others):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")

    found = photos_in(tmp_path)

    assert set(found) == {tmp_path / name for name in names}
    assert {stamp.size for stamp in found.values()} == {1}


FILES = st.dictionaries(
    st.sampled_from([Path("a"), Path("b"), Path("c")]),
    st.builds(Stamp, st.integers(0, 3), st.integers(0, 3)),
)


@given(st.lists(FILES, min_size=1, max_size=8), st.integers(1, 4))
def test_file_is_settled_only_after_looks_that_found_it_unchanged(looks, settled_s):
    seen = {}
    for now_s, there in enumerate(looks):
        seen = look(seen, there, now_s)

    now_s = len(looks) - 1
    last = looks[-max(1, settled_s + 1) :]
    expected = {
        path
        for path, stamp in looks[-1].items()
        if len(looks) > settled_s and all(there.get(path) == stamp for there in last)
    }
    assert set(settled(seen, now_s, settled_s)) == expected


def test_the_oldest_is_sent_first():
    seen = {
        Path("new.jpg"): Seen(Stamp(3, 1), 0),
        Path("b.jpg"): Seen(Stamp(1, 1), 0),
        Path("a.jpg"): Seen(Stamp(1, 1), 0),
    }

    assert settled(seen, 9, 4) == [Path("a.jpg"), Path("b.jpg"), Path("new.jpg")]
