import datetime as dt

from server.camera.spool import Spool

AT = dt.datetime(2024, 5, 17, 14, 42, tzinfo=dt.UTC)


def test_pictures_wait_in_their_order(tmp_path):
    spool = Spool(tmp_path / "spool", print)
    assert (spool.waiting(), spool.last()) == ([], None)

    for minute, data in ((5, b"later"), (0, b"sooner")):
        spool.add(data, AT + dt.timedelta(minutes=minute))

    again = Spool(tmp_path / "spool", print)
    assert [path.read_bytes() for path in again.waiting()] == [b"sooner", b"later"]
    assert again.waiting()[0].name == "20240517T144200Z.jpg"
    assert again.last() == b"sooner"


def test_oldest_gives_way_and_it_is_told(tmp_path):
    said = []
    by_count = Spool(tmp_path / "count", said.append, most_pictures=2)
    by_bytes = Spool(tmp_path / "bytes", said.append, most_bytes=9)

    for minute in range(3):
        for spool in (by_count, by_bytes):
            spool.add(b"1234", AT + dt.timedelta(minutes=minute))

    for spool in (by_count, by_bytes):
        assert [path.name[9:13] for path in spool.waiting()] == ["1443", "1444"]
    assert said == [
        f"{tmp_path / name} is full: 20240517T144200Z.jpg was never sent."
        for name in ("count", "bytes")
    ]
