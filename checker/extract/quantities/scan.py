"""Find every number in a flat text and read the quantity it states, or the reason why it states none.

One pass from left to right: each number is looked at once, and what it takes in is not looked at again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal

from checker.extract.quantities.numerals import Number, in_digits, magnitude, plain_digits
from checker.extract.quantities.ranges import carry_units, ranged, ratio_terms, share_units
from checker.extract.quantities.ranks import as_rank, ranks
from checker.extract.quantities.shares import read_portion, read_slash
from checker.extract.quantities.spoken import read_numeral
from checker.extract.quantities.token import MAX_DIGITS, Token, reject
from checker.extract.quantities.vocabulary import Quantities
from checker.extract.quantities.words import measure, token_of

_CODED = re.compile(r"[A-Za-z\dＡ-Ｚａ-ｚ]")
_SECTION = re.compile(r"\d{1,2}[.．]\d{1,2}")
_LIST_CLOSE = frozenset(".．、)）")
# Behind digits these may go on with what is no number: a mark, or a letter for a digit.
_BREAKING = ",.．。OoIl"
_MARKS = re.compile("[,.．。]+")
_AS_DIGITS = str.maketrans("OoIl", "0011")
_RANK_REACH = 8
_RATIO_MARKS = frozenset(":：∶︰")


def scan(text: str, q: Quantities) -> list[Token]:
    """Every number of a flat text in order: quantities, and with a reason what is none."""
    tokens: list[Token] = []
    at = edge = 0
    search = q.start.search
    while m := search(text, at):
        first = m.start()
        if m[0][0] in q.numerals:
            if name := q.names.match(text, first):
                at = name.end()
                continue
            found = read_numeral(text, first, edge, q)
        elif not m[0].isdecimal():
            found = read_portion(text, q.portion.match(text, first), q)
        else:
            found = _digits(text, first, edge, q)
        if found:
            at = edge = found[-1].end
            at = max(at, m.end())
            tokens += found
        else:
            at = m.end()
    share_units(tokens, text, q)
    carry_units(tokens, text, q)
    _reject_addresses(tokens, text, q)
    return tokens


def _reject_addresses(tokens: list[Token], text: str, q: Quantities) -> None:
    """Numbers of houses, floors and telephones measure nothing."""
    for m in q.reached_at.finditer(text):
        first = bisect_left(tokens, m.start(), key=lambda token: token.first)
        for token in tokens[first : bisect_left(tokens, m.end(), lo=first, key=lambda token: token.first)]:
            if not token.reason:
                reject(token, "label")


def _digits(text: str, first: int, edge: int, q: Quantities) -> list[Token]:
    """The token or tokens (of a ratio) that begin at these digits."""
    m = q.digits.match(text, first)
    assert m
    last = m.end()
    before, behind = text[first - 1 : first], text[last : last + 1]
    if last - first > MAX_DIGITS:
        return [_rejected(first, last, "too many digits")]
    if behind in _BREAKING and behind and (broken := q.broken.match(text, first)):
        return [_malformed(text, first, broken, edge, q)]
    plus = before in q.plus and not _CODED.match(text, max(0, first - 2), first - 1)
    if not plus and _is_code(text, first, before, q):
        return [_rejected(first, last, "name")]
    if behind in q.marks and (found := _marked(text, m, behind, q)):
        return found
    if before in q.label_ends and q.labels.search(text, max(0, first - 4), first):
        return [_rank_or_ordinal(Token(first, last, first, last), text, q)]
    number = in_digits(text, m, q)
    token = ranged(text, measure(text, token_of(first, number), number, edge, q), q)
    if token.unit == q.own.place and text[token.end : token.end + 1] in q.rank_ends and _is_rank(text, first, q):
        return [as_rank(token, token.value, text[last], q)]
    if not token.reason and ((plus and not token.signed) or _is_slogan(text, token, q)):
        reject(token, "name")
    return [token]


def _malformed(text: str, first: int, broken: re.Match[str], edge: int, q: Quantities) -> Token:
    """What stands for a number and is none, with an interval of all that it may have been meant to be.

    At least that is what its digits are up to the first mark, taken for a point, and at most what they are without
    marks and with one more digit.
    """
    last = broken.end()
    if not broken["malformed"]:
        return _rejected(first, last, "malformed")
    whole, *rest = _MARKS.split(broken[0].translate(_AS_DIGITS))
    factor, at = magnitude(text, last, q)
    low, high = Decimal(f"{whole}.{''.join(rest)}0"), Decimal("".join((whole, *rest, "0")))
    number = Number(last, at, low * factor, factor, factor, factor, high=high * factor)
    token = measure(text, token_of(first, number), number, edge, q)
    if token.reason:
        return reject(token, "malformed")
    token.qualifier = "malformed"
    return token


def _rejected(first: int, last: int, reason: str, end: int = 0) -> Token:
    return reject(Token(first, last, first, last), reason, end)


def _marked(text: str, m: re.Match[str], behind: str, q: Quantities) -> list[Token]:
    """What digits are by the mark behind them: a date, the number of a section or an item, a ratio, a fraction."""
    first, last = m.span()
    if behind in q.date_marks and (dated := _date(text, m, q)):
        return dated
    if behind in _RATIO_MARKS and (ratio := q.ratio.match(text, first)):
        return ratio_terms(text, ratio, q)
    if behind in "/／" and (fraction := read_slash(text, first, q)):
        return [fraction]
    if behind in _LIST_CLOSE and _numbers_line(text, first, last):
        return [_rejected(first, last, "label")]
    if "." in m[0] and _SECTION.fullmatch(m[0]) and q.compound.match(text, last):
        return [_rejected(first, last, "label")]
    return []


def _is_rank(text: str, first: int, q: Quantities) -> bool:
    """Whether words of a rank stand directly in front of a number without the sign of an order (列全国3位)."""
    return bool(q.ranked_bare.search(text, max(0, first - _RANK_REACH), first))


def _is_slogan(text: str, token: Token, q: Quantities) -> bool:
    """Whether a number stands in a short quotation: “300米见绿”."""
    opened = text.rfind("“", max(0, token.first - q.slogan_length - 1), token.first)
    if opened < 0 or "\n" in text[opened : token.first]:
        return False
    return text.find("”", opened, opened + q.slogan_length + 2) >= token.end


def _is_code(text: str, first: int, before: str, q: Quantities) -> bool:
    """Whether what stands in front of digits makes a code or a name of them; most words cannot."""
    if not before or ("一" < before <= "龥" and before not in q.numerals):
        return False
    return bool(q.codes_before.search(text, max(0, first - 2), first)) and not (
        before in q.currency_ends and q.currency.search(text, max(0, first - 8), first)
    )


def _date(text: str, m: re.Match[str], q: Quantities) -> list[Token]:
    first = m.start()
    if marked := q.marked_year.match(text, first):
        year = marked.start("year")
        return [
            reject(Token(first, year, first, year), "label"),
            reject(Token(year, year, year, marked.end()), "date", marked.end()),
        ]
    date = q.dates.match(text, first)
    return [_rejected(first, m.end(), "date", date.end())] if date else []


def _numbers_line(text: str, first: int, last: int) -> bool:
    """Whether a number opens a line, as the mark of an item in a list."""
    opened = first - (text[first - 1 : first] in ("（", "("))
    return (opened == 0 or text[opened - 1] == "\n") and not text[last + 1 : last + 2].isdigit()


def _rank_or_ordinal(token: Token, text: str, q: Quantities) -> Token:
    """第5位 is a rank behind 排名 or the like, and an order otherwise; 附件5 is a label."""
    if text[token.first - 1] != q.ordinal:
        return reject(token, "label")
    behind = text[token.last : token.last + 1]
    value = plain_digits(text[token.first : token.last])
    if not value.isdigit() or behind not in q.rank_ends or not ranks(text, token.first, q):
        return reject(token, "ordinal")
    return as_rank(token, Decimal(value), behind, q)
