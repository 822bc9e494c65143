from server.watching.appeared import Stamp
from server.watching.memory import MEMORY_FILE, Memory

STAMP = Stamp(5, 10)


def test_what_was_sent_is_known_after_a_restart(tmp_path):
    path = tmp_path / "DCIM" / "a.jpg"
    Memory(tmp_path, print).remember(path, STAMP, "0f", "taken")

    again = Memory(tmp_path, print)
    again.refresh()

    assert again.knows(path, STAMP)
    assert again.knows_content("0f")
    assert not again.knows(path, Stamp(6, 10))
    assert not again.knows(tmp_path / "a.jpg", STAMP)
    assert not again.knows_content("0e")


def test_line_that_a_crash_cut_off_takes_no_other_along(tmp_path):
    memory = Memory(tmp_path, print)
    memory.remember(tmp_path / "a.jpg", STAMP, "0a", "taken")
    with (tmp_path / MEMORY_FILE).open("a") as file:
        file.write('\n{"sha256": "0b", "fi')
    memory.remember(tmp_path / "c.jpg", STAMP, "0c", "taken")

    again = Memory(tmp_path, print)
    again.refresh()

    assert [again.knows_content(sha256) for sha256 in ("0a", "0b", "0c")] == [
        True,
        False,
        True,
    ]


def test_another_stick_brings_its_own_along(tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    memory = Memory(stick, print)
    memory.remember(stick / "a.jpg", STAMP, "0a", "taken")
    stick.rename(tmp_path / "out")
    memory.refresh()
    stick.mkdir()
    Memory(stick, print).remember(stick / "b.jpg", STAMP, "0b", "taken")

    memory.refresh()

    assert memory.knows(stick / "b.jpg", STAMP)


def test_folder_that_cannot_be_written_is_remembered_and_told_once(tmp_path):
    said = []
    memory = Memory(tmp_path, said.append)
    (tmp_path / MEMORY_FILE).mkdir()
    memory.remember(tmp_path / "a.jpg", STAMP, "0a", "taken")
    memory.remember(tmp_path / "b.jpg", STAMP, "0b", "taken")

    assert memory.knows(tmp_path / "a.jpg", STAMP)
    assert len(said) == 1

    (tmp_path / MEMORY_FILE).rmdir()
    memory.remember(tmp_path / "c.jpg", STAMP, "0c", "taken")
    again = Memory(tmp_path, print)
    again.refresh()

    assert [again.knows_content(sha256) for sha256 in ("0a", "0b", "0c")] == [True] * 3
