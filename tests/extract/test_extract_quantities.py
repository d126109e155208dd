"""What must hold of scanning: time in proportion, no number read twice, and units that convert."""

from __future__ import annotations

import time
from decimal import Decimal
from itertools import pairwise

import pytest

from checker.extract.quantities import Quantities, compile_quantities, scan
from checker.units import units
from checker.vocabulary import words

LONG = 1_000_000
# What a pattern could be led to read again and again.
ROWS = [
    "1",
    "、",
    "（",
    " ",
    "一",
    "十",
    "万",
    "壹",
    "半",
    "1,111,",
    "1，111，",
    "1:",
    "1、",
    "-1",
    "万1",
    "百分之",
    "一点",
    "两三",
    "第1",
]


@pytest.fixture(scope="module")
def quantities() -> Quantities:
    return compile_quantities(*map(words, ("units", "numerals", "qualifiers", "cues")))


@pytest.mark.parametrize("row", ROWS)
def test_scanning_takes_time_in_proportion(row: str, quantities: Quantities) -> None:
    def seconds(length: int) -> float:
        text = (row * length)[:length]
        begun = time.process_time()
        scan(text, quantities)
        return time.process_time() - begun

    assert seconds(LONG // 5) < 10 * seconds(LONG // 20) + 0.1


@pytest.mark.parametrize("character", ["1", "、", "（", " ", "一", "万"])
def test_a_million_of_one_character_take_no_time(character: str, quantities: Quantities) -> None:
    begun = time.process_time()
    scan(character * LONG, quantities)
    assert time.process_time() - begun < 1


def test_tokens_come_in_order_and_apart(quantities: Quantities) -> None:
    text = (
        "城乡居民收入比为1.98：1，2元5角，三到五家，百分之五至百分之六，（2,500）万元，在3人与5人之间，"
        "1亿3千万，3-1.2025年，-5～3℃。"
    )
    tokens = scan(text * 3, quantities)
    assert len(tokens) > 20
    for one, other in pairwise(tokens):
        assert one.end <= other.start and one.first < one.last


def test_the_same_words_compile_to_the_same(quantities: Quantities) -> None:
    text = "满意率百分之九十五，净利润-1.3亿元，US$3.2亿，两三百元。"
    again = compile_quantities(*map(words, ("units", "numerals", "qualifiers", "cues")))
    assert scan(text, again) == scan(text, quantities)


@pytest.mark.parametrize(
    ("amount", "unit", "other", "other_unit"),
    [
        (990, "斤", 495, "公斤"),
        (1, "吨", 2000, "斤"),
        (1, "担", 50, "公斤"),
        (1500, "亩", 100, "公顷"),
        (1, "平方公里", 100, "公顷"),
        (15, "公里", 15000, "米"),
        (350, "兆瓦", 350000, "千瓦"),
        (1, "兆瓦时", 1000, "千瓦时"),
        (3.5, "成", 35, "%"),
        (5, "‰", 0.5, "%"),
        (1.5, "倍", 150, "%"),
        (25, "基点", 0.25, "百分点"),
        (2, "元/斤", 4, "元/公斤"),
        (1, "升", 0.001, "立方米"),
    ],
)
def test_units_of_one_dimension_convert(amount: float, unit: str, other: float, other_unit: str) -> None:
    assert units().dimension_of(unit) == units().dimension_of(other_unit)
    left, right = units().in_base(Decimal(str(amount)), unit), units().in_base(Decimal(str(other)), other_unit)
    assert abs(left - right) <= Decimal("1e-20") * abs(left)
    assert units().base_of(unit) == units().base_of(other_unit)
    assert units().factor_of(units().base_of(unit)) == 1


@pytest.mark.parametrize(
    ("unit", "other"), [("户", "家"), ("元", "美元"), ("元/人", "元/户"), ("米", "平方米"), ("人", "人次")]
)
def test_what_does_not_convert_has_dimensions_of_its_own(unit: str, other: str) -> None:
    assert units().dimension_of(unit) != units().dimension_of(other)
    assert units().factor_of(unit) == units().factor_of(other) == 1
