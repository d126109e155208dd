"""What printed numbers amount to: digits (3.5万, 1亿3千万), Chinese numerals (三亿五千万, 伍仟), pairs (两三百)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from checker.extract.quantities.token import MAX_DIGITS, ONE, ZERO
from checker.extract.quantities.vocabulary import POINT, Quantities

_NARROW = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_POINT = re.compile(f"{POINT}|。")
_Reading = tuple[Decimal, Decimal, Decimal, Decimal, Decimal | None, int]
TEN_THOUSAND = Decimal(10**4)


class Number(Struct, frozen=True, gc=False):
    """A printed number: where its digits and where its magnitudes end, its value, one unit in its last digit, one in
    the last that is no trailing zero, what 万 and 亿 multiply it by, 余 or the like inside, the other neighbour.

    `numeral` is the Chinese numeral, empty for digits; `second` where in it the other neighbour begins.
    """

    last: int
    at: int
    value: Decimal
    step: Decimal
    significant: Decimal
    scaled: Decimal = ONE
    inside: str = ""
    high: Decimal | None = None
    numeral: str = ""
    second: int = 0


def plain_digits(digits: str) -> str:
    """Printed digits with a point for every mark of decimals and without those of thousands."""
    if digits.isascii():
        return digits.replace(",", "") if "," in digits else digits
    return _POINT.sub(".", digits.translate(_NARROW)).replace(",", "")


def in_digits(text: str, m: re.Match[str], q: Quantities) -> Number:
    """The number that begins with these digits, with its magnitudes: 1亿3千万 is one number."""
    digits = plain_digits(m[0])
    value, at, last = Decimal(digits), m.end(), m.end()
    step, significant = _places(digits, value)
    following = text[at : at + 1]
    if following not in q.inside and following not in q.magnitudes:
        return Number(last, at, value, step, significant)
    inside = ""
    if following in q.inside and following:
        inside, at = following, at + 1
    head, factor, at = ZERO, *magnitude(text, at, q)
    while factor >= 1000 and (more := q.digits.match(text, at)) is not None:
        by, end = magnitude(text, more.end(), q)
        shared = q.magnitudes[text[end - 1]] if by > 1 else ONE
        if by >= factor < shared and by < factor * shared:  # 1万2千亿: both are so many 亿
            head, factor = head * shared, factor * shared
        if by >= factor or (by == 1 and not _fills(text, more, factor, q)):
            break
        head += value * factor
        digits = plain_digits(more[0])
        value, factor, at, last = Decimal(digits), by, end, more.end()
        step, significant = _places(digits, value)
    if (following := text[at : at + 1]) in q.inside and following:
        inside, at = following, at + 1
        by, end = magnitude(text, at, q)
        if by >= TEN_THOUSAND and factor < by:  # 1亿3千多万
            factor, at = factor * by, end
    return Number(last, at, head + value * factor, step * factor, significant * factor, factor, inside)


def _places(digits: str, value: Decimal) -> tuple[Decimal, Decimal]:
    """One unit in the last digit, and in the last that is no trailing zero."""
    point = digits.find(".")
    if point >= 0:
        step = ONE.scaleb(point + 1 - len(digits))
        return step, step
    return ONE, ONE.scaleb(len(digits) - len(digits.rstrip("0"))) if digits[-1] == "0" and value else ONE


def magnitude(text: str, at: int, q: Quantities) -> tuple[Decimal, int]:
    """What 万 and 亿 in front of a unit multiply by, and their end, without a 千 that begins the unit (万千瓦)."""
    m = q.magnitude.match(text, at)
    if not m:
        return ONE, at
    run = _without_unit(text, m[0], m.end(), q)
    product = ONE
    for character in run:
        product *= q.magnitudes[character]
    return product, at + len(run)


def _without_unit(text: str, run: str, end: int, q: Quantities) -> str:
    """A run of places without its last where that begins a unit (五千千瓦), but not that of 三千米 or 三千克."""
    if run[-1] not in q.magnitudes or q.magnitudes[run[-1]] >= TEN_THOUSAND:
        return run
    m = q.unit.match(text, end - 1)
    if not m or m.end() - end < 1 or q.spellings[m[0]].reason:
        return run
    counted = len(run) > 1 and run[-2] not in q.magnitudes
    return run if counted and q.unit.match(text, end) else run[:-1]


def _fills(text: str, more: re.Match[str], factor: Decimal, q: Quantities) -> bool:
    """Whether plain digits fill the places that a magnitude leaves (3万5600), and are no year."""
    behind = text[more.end() : more.end() + 1]
    return factor == TEN_THOUSAND and len(more[0]) == 4 and more[0].isdigit() and behind != q.own.year


def in_numerals(text: str, m: re.Match[str], q: Quantities) -> Number | None:
    """The number that a Chinese numeral states, pairs of neighbours (两三百) and decimals included."""
    run = m[0]
    if len(run) > MAX_DIGITS:
        return None
    given = _without_unit(text, run, m.end(), q)
    last = at = m.start() + len(given)
    run = given.translate(q.plain)
    read = _decimal(run, q) if q.point in run else _whole(run, q)
    if read is None:
        return None
    value, step, significant, scaled, high, second = read
    inside, following = "", text[at : at + 1]
    if following in q.inside and following:
        inside, at = following, at + 1
        by, end = magnitude(text, at, q)
        if by >= TEN_THOUSAND and (larger := _larger(run, by, q)) is not None:  # 三千多万, and 六亿三千多万
            value, at = larger + (value - larger) * by, end
            step, significant, scaled = step * by, significant * by, scaled * by
    return Number(last, at, value, step, significant, scaled, inside, high, given, second)


def _larger(run: str, by: Decimal, q: Quantities) -> Decimal | None:
    """What the magnitudes in a numeral that are larger than this one amount to; None where the last is as large."""
    places = [i for i, character in enumerate(run) if q.numeral_values.get(character, 0) > by]
    rest = run[places[-1] + 1 :] if places else run
    if not rest or int(by) in [q.numeral_values.get(character) for character in rest]:
        return None
    return value_of(run[: places[-1] + 1], q.numeral_values) if places else ZERO


def _whole(run: str, q: Quantities) -> _Reading | None:
    """Value, step, significant step and scale of a numeral without decimals, and the other of two neighbours."""
    high, second, values = None, 0, q.numeral_values
    neighbours = [i for i, (a, b) in enumerate(pairwise(run)) if 0 < values[a] < 10 and 0 < values[b] < 10]
    if neighbours:
        i = neighbours[0]
        if len(neighbours) > 1 or values[run[i + 1]] != values[run[i]] + 1:
            return None
        high, second = value_of(run[:i] + run[i + 1 :], values), i + 1
        run = run[: i + 1] + run[i + 2 :]
    value = value_of(run, values)
    if value is None or (neighbours and high is None):
        return None
    scaled, significant = ONE, ONE
    for character in reversed(run):
        if (worth := values[character]) < 10:
            break
        significant *= worth
        scaled *= worth if worth >= TEN_THOUSAND else 1
    return value, scaled, significant, scaled, high, second


def _decimal(run: str, q: Quantities) -> _Reading | None:
    """The same of a numeral with decimals: 十五点七万."""
    whole, _, rest = run.partition(q.point)
    value = ZERO if whole and not q.numeral_values[whole[0]] and len(whole) == 1 else value_of(whole, q.numeral_values)
    digits = rest.rstrip("".join(q.magnitudes))
    if value is None:
        return None
    scaled = ONE
    for character in rest[len(digits) :]:
        scaled *= q.magnitudes[character]
    step = ONE.scaleb(-len(digits))
    fraction = Decimal("".join(str(q.numeral_values[character]) for character in digits)) * step
    return (value + fraction) * scaled, step * scaled, step * scaled, scaled, None, 0


def value_of(numeral: str, values: Mapping[str, int]) -> Decimal | None:
    """The number a Chinese numeral states (百: 100, 三十六: 36); None where it states none (一二, 二〇二三, 百二)."""
    total, section, digit, before, largest = 0, 0, 0, 0, 0
    for character in numeral:
        worth = values[character]
        if worth == 0:
            if digit or not (section or total):
                return None
        elif worth < 10:
            if digit:
                return None
            digit = worth
        elif worth < TEN_THOUSAND:
            if before and before <= worth and not digit:
                return None
            section += (digit or 1) * worth
            digit = 0
        else:
            part = section + digit
            if largest and worth > largest:
                total = (total + part) * worth
            elif worth == largest or (total and not part):
                return None
            else:
                total += (part or 1) * worth
            largest, section, digit = worth, 0, 0
        before = worth
    if digit and len(numeral) > 1 and values[numeral[-2]] >= 100:
        return None  # 三万五 is short for thirty-five thousand to some
    return Decimal(total + section + digit)
