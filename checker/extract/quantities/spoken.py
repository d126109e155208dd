"""Quantities in Chinese numerals, told from names, phrases and manners of speaking."""

from __future__ import annotations

from decimal import Decimal

from checker.extract.quantities.numerals import Number, in_numerals
from checker.extract.quantities.ranges import amount_with, joined, number_at, ranged, take_unit
from checker.extract.quantities.ranks import rank_in_numerals
from checker.extract.quantities.shares import read_fraction, read_portion
from checker.extract.quantities.token import Token
from checker.extract.quantities.vocabulary import Quantities
from checker.extract.quantities.words import measure, qualify, token_of

_HUNDRED = Decimal(100)
_LARGE = Decimal(10**4)


def read_numeral(text: str, first: int, edge: int, q: Quantities) -> list[Token]:
    """The quantity that a Chinese numeral states; nothing where it is part of a name or a manner of speaking."""
    before = text[first - 1 : first]
    m = q.numeral.match(text, first)
    if not m or not m[0]:
        return []
    if before and (before in q.names_before or before.isdigit()):
        token = rank_in_numerals(text, m, q)
        return [token] if token else []
    if fraction := q.fraction.match(text, first):
        token = read_fraction(text, fraction, edge, q)
        return [token] if token else []
    if m[0][0] in q.numerals and (portion := q.portion.match(text, first)):
        return read_portion(text, portion, q)
    number = in_numerals(text, m, q)
    if number is None or _is_vague(text, first, number, q):
        return []
    token = _ranged_numeral(text, measure(text, token_of(first, number), number, edge, q), q)
    return [token] if _counts(text, token, number, q) else []


def _ranged_numeral(text: str, token: Token, q: Quantities) -> Token:
    """The range that a numeral begins; its unit may stand only behind the second (三到五家)."""
    if token.reason != "no unit":
        return ranged(text, token, q)
    join = q.joint.match(text, token.end)
    found = number_at(text, join.end(), q) if join else None
    if not found or token.high is not None:
        return token
    upper = measure(text, token_of(*found), found[1], token.end, q)
    value = amount_with(text, token, upper)
    if not upper.reason and not upper.kind and upper.high is None and value < upper.value:
        qualify(text, token, token.start, "", q)
        take_unit(token, upper, value)
        joined(token, upper)
    return token


def _is_vague(text: str, first: int, number: Number, q: Quantities) -> bool:
    """Whether nobody can say how many are meant: 数十家, 几万人, 成千上万人."""
    if not first or not q.magnitudes.keys() >= set(number.numeral):
        return False
    before = text[max(0, first - 2) : first]
    return before[0] in q.magnitudes or q.vague.search(before) is not None


def _counts(text: str, token: Token, number: Number, q: Quantities) -> bool:
    """Whether a numeral with its unit states a figure someone could check: not 一个, 千座公园, 十一届, 三次产业."""
    unit, whole = token.unit or "", number.numeral
    if (
        token.reason
        or not unit
        or _is_never_counted(text[number.at : token.end], token, q)
        or (token.implied and number.value < _HUNDRED)
    ):
        return False
    if not q.formal.isdisjoint(whole) and token.dimension not in q.signed:
        return False
    held = q.meetings.match(text, token.end) or text[token.first - 1 : token.first] == q.meeting_term
    if unit == q.meeting_counter and held:
        return False
    decimal = not q.points.isdisjoint(whole)
    halved = token.value != token.value.to_integral_value() and not decimal
    if unit == q.own.year and not (token.kind or (token.to and not number.second) or halved or decimal):
        return False
    if number.inside or decimal or halved:
        return True
    if len(whole) == 1 and number.value < 10:
        one = number.value == 1 and token.high is None
        return unit in (q.small_one if one else q.small)
    if not set(whole) - q.round:
        loose = (token.qualified and token.before < token.start) or _is_rounded(text, token, q)
        return bool(loose) and not _is_threshold(text, token, q)
    return token.high is None or number.value >= 10 or unit in q.small


def _is_never_counted(unit: str, token: Token, q: Quantities) -> bool:
    """Whether a numeral in front of this unit counts nothing (十分, 百度, 十三届), as a large amount does (三亿度)."""
    return unit in q.never and (token.scaled < _LARGE or token.dimension == "count")


def _is_rounded(text: str, token: Token, q: Quantities) -> bool:
    """Whether the word in front says that a bare 百 or 亿 is a figure (上百家, 过亿元); then it is the qualifier."""
    word = text[token.before - 1 : token.before] if token.before else ""
    if word not in q.round_before or text[max(0, token.before - 2) : token.before - 1] in q.round_not_behind:
        return False
    token.qualifier, token.qualified, token.before = q.round_before[word], word, token.before - 1
    return True


def _is_threshold(text: str, token: Token, q: Quantities) -> bool:
    """Whether a bare 亿元 says which things are meant (超亿元项目) and not how much there is of something."""
    behind = text[token.end : token.end + 2].lstrip()[:1]
    return behind == q.of or (
        token.dimension in q.signed
        and behind.isalpha()
        and behind not in q.lists
        and not q.money_before.match(text, token.end)
    )
