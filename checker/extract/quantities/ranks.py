"""Ranks: 排名第一, 居全省第3位."""

from __future__ import annotations

import re
from decimal import Decimal

from checker.extract.quantities.numerals import value_of
from checker.extract.quantities.token import ONE, Token
from checker.extract.quantities.vocabulary import Quantities


def rank_in_numerals(text: str, m: re.Match[str], q: Quantities) -> Token | None:
    """A rank: 排名第一."""
    first = m.start()
    if text[first - 1] != q.ordinal or len(m[0]) > 3 or not ranks(text, first, q):
        return None
    value, behind = value_of(m[0], q.numeral_values), text[m.end() : m.end() + 1]
    if value is None or behind in q.ordered_not or behind.isdigit():
        return None
    return as_rank(Token(first - 1, m.end(), first, m.end()), value, behind, q)


def ranks(text: str, first: int, q: Quantities) -> bool:
    return bool(q.rank.search(text, max(0, first - 11), first))


def as_rank(token: Token, value: Decimal, behind: str, q: Quantities) -> Token:
    token.value, token.step, token.significant = value, ONE, ONE
    token.unit, token.dimension, token.kind = q.own.place, "rank", "rank"
    token.before, token.end = token.start, token.last + (behind in q.ranked)
    token.after = token.end
    return token
