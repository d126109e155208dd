from __future__ import annotations

import string

import pytest

from checker.vocabulary import words
from checker.wording import comes_whole, direction, in_magnitude, period, said

PERIODS = [
    ("2020-01-01", "2020-12-31", "2020年", "2020"),
    ("2016-01-01", "2020-12-31", "2016—2020年", "2016–2020"),
    ("2021-01-01", "2021-06-30", "2021年上半年", "first half of 2021"),
    ("2021-07-01", "2021-12-31", "2021年下半年", "second half of 2021"),
    ("2021-04-01", "2021-06-30", "2021年第二季度", "second quarter of 2021"),
    ("2021-01-01", "2021-09-30", "2021年前三季度", "first three quarters of 2021"),
    ("2021-01-01", "2021-11-30", "2021年1—11月", "January–November 2021"),
    ("2020-02-01", "2020-02-29", "2020年2月", "February 2020"),
    ("2020-11-01", "2021-02-28", "2020年11月—2021年2月", "November 2020 – February 2021"),
    ("2021-09-08", "2021-09-08", "2021年9月8日", "8 September 2021"),
    ("2020-12-31", "2020-12-31", "2020年末", "end of 2020"),
    ("2021-09-01", "2021-09-07", "2021年9月1日—2021年9月7日", "1 September 2021 – 7 September 2021"),
    (None, "2021-09-08", "截至2021年9月8日", "up to 8 September 2021"),
    ("2020-01-01", None, "2020年1月1日以来", "since 1 January 2020"),
    (None, None, "时期不详", "period not stated"),
    ("2020", "2020-13-01", "2020/2020-13-01", "2020/2020-13-01"),
]


@pytest.mark.parametrize(("start", "end", "zh", "en"), PERIODS)
def test_periods_read_as_people_write_them(start: str | None, end: str | None, zh: str, en: str) -> None:
    assert (period(start, end, "zh"), period(start, end, "en")) == (zh, en)


def test_periods_name_the_same_in_both_languages() -> None:
    dates = {"y", "y2", "m", "m2", "d", "month", "month2"}
    for key, entry in words("wording")["periods"].items():
        named = [{name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name} - dates for lang in entry]
        assert named[0] == named[1], key


DIRECTIONS = [
    (-5.2, "growth", "percent", "进出口总额", "下降", "down "),
    (5.2, "growth", "percent", "进出口总额", "增长", "up "),
    (2.3, "growth", "percent", "居民消费价格", "上涨", "up "),
    (-1.4, "growth", "percent", "工业生产者出厂价格", "下降", "down "),
    (-0.3, "change", "point", "失业率", "下降", "down "),
    (0.3, "change", "point", "城镇化率", "提高", "up "),
    (-2.1e8, "change", "money", "税收收入", "减少", "down "),
    (17, "change", "households", "新登记企业", "增加", "up "),
    (-3.2e8, "level", "money", "净利润", "−", "−"),
    (3.2e8, "level", "money", "净利润", "", ""),
    (0.0, "growth", "percent", "进出口总额", "", ""),
    (float("nan"), "growth", "percent", "进出口总额", "", ""),
]


@pytest.mark.parametrize(("value", "attribute", "dimension", "metric", "zh", "en"), DIRECTIONS)
def test_a_direction_goes_by_kind_and_sign(
    value: float, attribute: str, dimension: str, metric: str, zh: str, en: str
) -> None:
    assert direction(value, attribute, dimension, metric, "zh") == zh
    assert direction(value, attribute, dimension, metric, "en") == en


def test_what_tells_its_direction_is_said_as_it_is() -> None:
    assert [said(text, "下降") for text in ("5.2%", "-5.2%", "亏损3亿元")] == ["下降5.2%", "-5.2%", "亏损3亿元"]


def test_units_with_the_character_for_their_magnitude() -> None:
    assert [in_magnitude(by, "元") for by in (1, 1000, 10000, 1e8)] == ["元", "千元", "万元", "亿元"]
    assert in_magnitude(0.5, "元") is None and in_magnitude(10, "元") is None


def test_what_is_counted_comes_whole() -> None:
    assert comes_whole("count") and comes_whole("people") and not comes_whole("money")
