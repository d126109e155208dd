"""Dates that the calendar does not have."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.extract.dates import no_such_day
from checker.extract.periods import compile_periods
from checker.vocabulary import words

PERIODS = compile_periods(words("periods"))


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_of_the_calendar_is_one(day: date) -> None:
    assert no_such_day(PERIODS, f"{day.year}年{day.month}月{day.day}日") is None
    assert no_such_day(PERIODS, f"{day.month}月{day.day}日") is None


@pytest.mark.parametrize(
    ("text", "wrong", "most"),
    [
        ("2021年2月29日", "29", 28),
        ("2月30日", "30", 29),
        ("11月31号", "31", 30),
        ("2021年13月5日", "13", 12),
        ("4月32日", "32", 30),
    ],
)
def test_a_day_that_is_none(text: str, wrong: str, most: int) -> None:
    found = no_such_day(PERIODS, text)
    assert found is not None
    assert (text[found.start : found.stop], found.most) == (wrong, most)


@pytest.mark.parametrize("text", ["36个月", "18月", "0月", "2021年", "3.2亿元", "13月份"])
def test_what_is_no_date(text: str) -> None:
    assert no_such_day(PERIODS, text) is None
