import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from server.languages.choice import chosen_language
from server.languages.times import clock_in, moment_in, whole_moment_in, zone_in

AT = dt.datetime(2024, 5, 17, 13, 5, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("asked", "clock", "moment", "whole", "zone"),
    [
        ("en", "13:05", "Fri 17 May, 13:05", "Friday, 17 May 2024, 13:05",
         "Eastern Daylight Time (GMT-04:00)"),
        ("en-US", "1:05 PM", "Fri, May 17, 1:05 PM", "Friday, May 17, 2024, 1:05 PM",
         "Eastern Daylight Time (GMT-04:00)"),
        ("de", "13:05", "Fr., 17. Mai, 13:05", "Freitag, 17. Mai 2024, 13:05",
         "Nordamerikanische Ostküsten-Sommerzeit (GMT-04:00)"),
        ("zh-TW", "下午1:05", "5月17日週五 下午1:05", "2024年5月17日 星期五 下午1:05",
         "東部夏令時間 (GMT-04:00)"),
    ],
)  # fmt: skip
def test_days_and_hours_are_as_they_are_written_there(
    asked, clock, moment, whole, zone
):
    language = chosen_language(None, asked)

    assert [
        told(language, AT).replace("\N{NO-BREAK SPACE}", " ")
        for told in (clock_in, moment_in, whole_moment_in, zone_in)
    ] == [clock, moment, whole, zone]


def test_zone_without_a_name_is_told_once():
    moment = AT.astimezone(dt.timezone(dt.timedelta(hours=2)))

    assert zone_in(chosen_language(None, "en"), moment).count("GMT") <= 1
