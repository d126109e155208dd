"""Quantities in Chinese numerals, and ranks: 两万多名, 连续五年, 增加近一倍, 排名第一."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from checker.extract.tokens import (
    MAX_DIGITS,
    NUMERALS,
    STREAK,
    Lexicon,
    Token,
    as_duration,
    qualify,
    reject,
)
from checker.units import dimension_of
from checker.vocabulary import words

VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "亿": 10**8,
}
_MEETINGS = re.compile("产业|会议|全会|全体|党代会")
_RANK = re.compile(
    rf"第([{NUMERALS}]{{1,3}}|\d{{1,3}})(?:位|名)?(?![{NUMERALS}\d批次届季个期阶产大部章条季轮步线战者时手])"
)


def quantities(text: str, tokens: list[Token], known: Lexicon) -> Iterator[Token]:
    """Quantities in Chinese numerals, and ranks, where no number in digits (`tokens`) stands already."""
    taken = bytearray(len(text))
    for found in tokens:
        taken[found.first : found.end] = b"\1" * (found.end - found.first)
    for m in known.chinese.finditer(text):
        if not taken[m.start()] and not taken[m.start(5)] and not _manner_of_speaking(text, m):
            token = _quantity(text, m, known)
            if token:
                yield token
    for m in _RANK.finditer(text):
        rank = value_of(m[1]) if not taken[m.start(1)] else None
        if rank is not None and known.rank.search(text, max(0, m.start() - 9), m.start()):
            token = Token(m.start(), m.end(), m.start(1), m.end(1), rank, Decimal(1), Decimal(1), "位", "rank")
            token.kind, token.before, token.after = "rank", token.start, token.end
            yield token


def _manner_of_speaking(text: str, m: re.Match[str]) -> bool:
    """Whether a numeral states no figure someone could check: 一个, 千座公园, 三次产业, 十一届十一次全会."""
    numeral, inside, _, _, unit = m.groups()
    if numeral == "一" and unit not in words("units")["chinese_one"]:
        return True
    if not inside and not set(numeral) - set("百千万亿"):
        return True
    return unit == "次" and bool(_MEETINGS.match(text, m.end()) or text[max(0, m.start() - 1) : m.start()] == "届")


def _quantity(text: str, m: re.Match[str], known: Lexicon) -> Token | None:
    numeral, inside, magnitude, more, unit = m.groups()
    value = value_of(numeral[:MAX_DIGITS])
    if value is None:
        return None
    if len(numeral) > MAX_DIGITS or value.adjusted() >= MAX_DIGITS:
        return reject(Token(m.start(), m.end(), m.start(1), m.end(1)), "too many digits")
    factor = factor_of(magnitude + unit[: len(unit) - 1 if unit in ("亿元", "万元") else 0])
    value *= factor
    token = Token(m.start(), m.end(), m.start(1), m.end(1), value, factor, _leading(value), scaled=factor)
    token.unit = "元" if unit.endswith("元") else unit
    token.dimension = dimension_of(token.unit)
    if unit == "年":
        as_duration(token, text)
        if not token.kind and not token.reason:
            reject(token, "date")
    elif unit == "次" and STREAK.search(text[max(0, m.start() - 3) : m.start()]):
        token.kind = "streak"
    qualify(token, text, inside or more, known)
    return token


def _leading(value: Decimal) -> Decimal:
    """One unit of the only significant digit of a round Chinese numeral: 两万: 一万."""
    return Decimal(10) ** value.adjusted() if value else Decimal(1)


def value_of(numeral: str) -> Decimal | None:
    """The number a Chinese numeral states (百: 100, 三十六: 36); None where it states none (一二)."""
    total = section = digit = 0
    unit_seen = False
    for character in numeral:
        value = VALUES[character]
        if value < 10:
            if digit:
                return None
            digit = value
        elif value < 10**4:
            section += (digit or (0 if unit_seen and digit == 0 and section else 1)) * value
            digit, unit_seen = 0, True
        else:
            total = (total + section + digit or 1) * value
            section = digit = 0
            unit_seen = True
    return Decimal(total + section + digit)


def factor_of(characters: str) -> Decimal:
    product = 1
    for character in characters:
        product *= VALUES[character]
    return Decimal(product)
