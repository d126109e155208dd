"""Proportions in words: 百分之五, 三分之一, 1/5, 一半."""

from __future__ import annotations

import re
from decimal import Decimal

from checker.extract.quantities.numerals import value_of
from checker.extract.quantities.ranges import number_at
from checker.extract.quantities.token import ONE, Token
from checker.extract.quantities.vocabulary import Quantities
from checker.extract.quantities.words import qualify, sign, token_of

_HUNDRED = Decimal(100)
_PERCENT = "%"


def read_slash(text: str, first: int, q: Quantities) -> Token | None:
    """1/5 where the words say that it is a fraction."""
    m = q.slash.match(text, first)
    if not m or int(m[1]) >= int(m[2]):
        return None
    before = q.slash_before.search(text, max(0, first - 4), first)
    after = q.slash_after.match(text, m.end())
    if not (before and (after or m.end() == len(text))):
        return None
    return _share_of_whole(text, Token(first, m.end(), first, m.end()), Decimal(m[1]), Decimal(m[2]), q)


def read_portion(text: str, m: re.Match[str] | None, q: Quantities) -> list[Token]:
    """一半, 过半: a proportion in a word."""
    first = m.start() if m else 0
    if not m or q.portion_not_behind.search(text, max(0, first - 5), first):
        return []
    value, qualifier = q.portions[m[0]]
    token = Token(first, m.end(), first, m.end(), value, _HUNDRED / 10, _HUNDRED / 10)
    token = _percent(text, token, m.end(), q)
    if qualifier != "exact":
        token.qualifier, token.qualified = qualifier, m[0]
    return [token]


def read_fraction(text: str, m: re.Match[str], edge: int, q: Quantities) -> Token | None:
    """百分之五 in its unit; 三分之一 as a percentage of its whole."""
    found = number_at(text, m.end(), q)
    if not found:
        return None
    at, number = found
    part = q.parts.get(m[1])
    if part:
        unit, factor = part
        token = token_of(at, number)
        token.start = m.start()
        token.unit, token.dimension = unit, "percent"
        _times(token, factor)
        token = _signed_share(text, token, edge, q)
        return _ranged_share(text, token, q)
    whole = value_of(m[1], q.numeral_values)
    if whole is None or number.high is not None or not 0 < number.value < whole or number.at > number.last:
        return None
    return _share_of_whole(text, Token(m.start(), number.at, m.start(), number.last), number.value, whole, q)


def _share_of_whole(text: str, token: Token, part: Decimal, whole: Decimal, q: Quantities) -> Token:
    """A fraction as a percentage; it is as exact as a word can be."""
    token.value = part * _HUNDRED / whole
    token.step = token.significant = ONE
    token = _percent(text, token, token.end, q)
    if not token.qualified and (m := q.apart.search(text, max(0, token.start - 14), token.start)):
        token.qualifier, token.qualified = q.before[m[1]], m[1]  # 不到全市的三分之一
    return token


def _percent(text: str, token: Token, end: int, q: Quantities) -> Token:
    token.unit, token.dimension, token.end = _PERCENT, "percent", end
    qualify(text, token, token.start, "", q)
    return token


def _times(token: Token, factor: Decimal) -> None:
    token.value, token.step, token.significant = token.value * factor, token.step * factor, token.significant * factor
    token.high = token.high if token.high is None else token.high * factor


def _signed_share(text: str, token: Token, edge: int, q: Quantities) -> Token:
    front = sign(text, token, token.start, edge, q)
    qualify(text, token, front, "", q)
    return token


def _ranged_share(text: str, token: Token, q: Quantities) -> Token:
    """百分之五至百分之六, 百分之五到六."""
    join = q.joint.match(text, token.end)
    if not join or token.high is not None:
        return token
    at = join.end()
    fraction = q.fraction.match(text, at)
    found = number_at(text, fraction.end() if fraction else at, q)
    if not found or (fraction and q.parts.get(fraction[1], ("",))[0] != token.unit):
        return token
    upper = token_of(*found)
    if (unit := q.unit.match(text, upper.end)) and not fraction and q.spellings[unit[0]].unit:
        return token
    if upper.value > token.value and upper.high is None:
        token.high, token.to, token.end, token.after = upper.value, (upper.first, upper.last), upper.end, upper.end
    return token
