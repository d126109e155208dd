"""The words around a number that make it a quantity: unit, currency, sign, qualifier; or that make it none."""

from __future__ import annotations

from decimal import Decimal

from checker.extract.quantities.numerals import Number, magnitude
from checker.extract.quantities.token import Token, reject, scale
from checker.extract.quantities.vocabulary import Quantities
from checker.units import Unit

_LABEL_REACH = 60
_COUNT_REACH = 20
# In front of a sign: what begins a word, so that the sign joins nothing.
_BEFORE_SIGN = frozenset("、，,：:（(| \n\t")
_BREAKS = frozenset("，。；：\n、")
_CLOSING = frozenset(")）")
_HALF = Decimal("0.5")
_TENTH = Decimal("0.1")
# Stretches of time that are a streak behind 连续, beside years.
_SPANS = frozenset(["months", "weeks", "days"])
_CODE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz)）%％")


def token_of(first: int, number: Number) -> Token:
    """The token of a number, without unit."""
    token = Token(first, number.at, first, number.last, number.value, number.step, number.significant)
    token.high, token.scaled = number.high, number.scaled
    if number.second:
        token.to = first + number.second, number.last
    return token


def measure(text: str, token: Token, number: Number, edge: int, q: Quantities) -> Token:
    """Give a number its unit, sign and qualifier, or the reason why it is no quantity.

    `edge` is where the number before it ends.
    """
    front = token.first
    bracketed = text[token.end : token.end + 1] in _CLOSING and _bracketed(text, token)
    currency = None
    if text[front - 1 : front] in q.currency_ends and (currency := _currency(text, front, edge, q)):
        front = currency[1]
    at = (bracketed and _behind_bracket(text, token, q)) or token.end
    _unit(text, token, at, currency[0] if currency else "", q)
    if token.reason and token.reason != "no unit":
        return token
    if bracketed and not token.reason and (token.end > number.at or token.label is not None):
        token.value, token.signed = -token.value, True
        token.start, token.end = token.first - 1, max(token.end, number.at + 1)
        front = token.start
    elif text[front - 1 : front] in q.sign_ends:
        front = min(front, sign(text, token, front, edge, q))
    qualify(text, token, front, number.inside, q)
    return token


# ---- units


def _unit(text: str, token: Token, at: int, currency: str, q: Quantities) -> None:
    m = q.unit.match(text, at) if text[at : at + 1] in q.unit_starts else None
    if m and (noun := q.implied.match(text, at)) and noun.end() > m.end():
        m = None  # 13亿多人口: 人口, not 人
    spelling = q.spellings[m[0]] if m else None
    if spelling and not spelling.reason:
        token.unit, token.dimension, token.end = spelling.unit, spelling.dimension, m.end() if m else at
        if currency and spelling.dimension == "money":
            token.unit, token.dimension = currency, q.table.dimension_of(currency)
        _behind(text, token, q)
    elif currency:
        token.unit, token.dimension, token.end = currency, q.table.dimension_of(currency), at
    elif token.scaled >= 10**4 and _is_money(text, token, q):
        token.unit, token.dimension, token.end = q.own.money, "money", at
    elif m and spelling:
        reject(token, spelling.reason, m.end())
    else:
        _without_unit(text, token, at, q)


def _behind(text: str, token: Token, q: Quantities) -> None:
    """What belongs to a quantity behind its unit: 每 something, a half, a tenth, 角 and 分, how long it has gone on."""
    following = text[token.end : token.end + 1]
    if following in ("/", "／", q.each):
        while per := q.per.match(text, token.end):
            each = per[1] or per[2]
            token.unit = f"{token.unit}/{q.per_units.get(each, each)}"
            token.end = per.end()
        token.dimension = q.table.dimension_of(token.unit or "")
    elif following == q.half:
        _half(text, token, q)
    elif token.unit == q.own.money and token.scaled == 1 and (following.isdigit() or following in q.numerals):
        _minor(text, token, q)
    elif token.unit == q.own.tenth and following in q.numerals:
        _tenth(text, token, q)
    if token.unit == q.own.year:
        _duration(text, token, q)
    elif token.dimension in _SPANS and q.streak.search(text, max(0, token.first - 3), token.first):
        token.kind = "streak"


def _half(text: str, token: Token, q: Quantities) -> None:
    """两年半, 三个半小时."""
    if m := q.half_counter.match(text, token.end) if token.unit == q.own.thing else None:
        token.unit = q.half_counters[m[1]]
        token.dimension = q.table.dimension_of(token.unit)
    elif token.unit not in q.half_counters or not (m := q.half_unit.match(text, token.end)):
        return
    token.value += _HALF * token.scaled
    token.step = token.significant = token.scaled * _TENTH * 5
    token.end = m.end()


def _minor(text: str, token: Token, q: Quantities) -> None:
    """2元8角5分: what stands behind the amount in 元."""
    m = q.minor.match(text, token.end)
    if not m or not m[0]:
        return
    for digit, (_, worth) in zip(m.groups(), q.minor_units.items(), strict=True):
        if digit:
            number = Decimal(digit) if digit.isdigit() else Decimal(q.numeral_values.get(digit, 0))
            token.value += number * worth
            token.step = token.significant = worth
    token.last, token.end = m.end() - 1, m.end()


def _tenth(text: str, token: Token, q: Quantities) -> None:
    """三成五: what stands behind is in tenths of a tenth, unless it counts what follows."""
    digit = q.numeral_values[text[token.end].translate(q.plain)]
    behind = text[token.end + 1 : token.end + 2]
    if 0 < digit < 10 and behind not in q.numerals and not q.unit.match(text, token.end + 1):
        token.value += digit * _TENTH
        token.step = token.significant = _TENTH
        token.last = token.end = token.end + 1


def _duration(text: str, token: Token, q: Quantities) -> None:
    """5年 is a streak behind 连续, a window behind 这 or before 来, a duration otherwise; 23年 may be a date."""
    head = text[max(0, token.first - 3) : token.first]
    behind = text[token.end : token.end + 1]
    opens = (head or "\n")[-1] in "，。；\n（(" and token.last - token.first == 2 and token.step == 1
    if q.streak.search(head):
        token.kind = "streak"
    elif (
        q.window_before.search(head)
        or token.value >= 1000
        or (
            q.window_after.match(text, token.end)
            or (opens and behind and behind not in _BREAKS and not q.dated_not.match(behind))
        )
    ):
        reject(token, "date")


def _currency(text: str, first: int, edge: int, q: Quantities) -> tuple[str, int] | None:
    """The currency printed in front of a number, and where it begins."""
    m = q.currency.search(text, max(edge, first - 8), first)
    return (q.currencies[m[0]], m.start()) if m else None


def _is_money(text: str, token: Token, q: Quantities) -> bool:
    """Whether what the clause names is money, so that a number without a unit is (GDP突破6000亿)."""
    head = text[max(0, token.first - q.money_reach) : token.first]
    for i in range(len(head) - 1, -1, -1):
        if head[i] in _BREAKS:
            head = head[i + 1 :]
            break
    return bool(
        q.money_named.search(head)
        and not q.money_not.search(head)
        and q.money_before.match(text, token.end)
        and text[token.end : token.end + 1] not in q.joiners
    )


def _without_unit(text: str, token: Token, at: int, q: Quantities) -> None:
    token.end = at
    if label := _unit_label(text, token.first, q):
        token.unit, token.dimension, token.label = label[0].name, label[0].dimension, label[1]
        scale(token, label[0].factor)
    elif unit := _implied_unit(text, token, at, q):
        token.unit, token.dimension, token.implied = unit, q.table.dimension_of(unit), True
    elif _is_year(text, token):
        reject(token, "date")
    elif q.codes_after.match(text, at):
        reject(token, "name")
    elif _is_index(text, token.first, q):
        token.unit, token.dimension = "", ""
    else:
        reject(token, "no unit", at)


def _unit_label(text: str, first: int, q: Quantities) -> tuple[Unit, int] | None:
    """The unit that the label in front of a number gives in brackets, and where the label's name ends."""
    start = max(0, first - _LABEL_REACH)
    near = text[start:first]
    if "）" not in near and ")" not in near:
        return None
    before = text[first - 1 : first]
    m = q.unit_label.search(text, start, first - (before in q.minus or before in "（("))
    unit = q.table.unit_of(m["unit"]) if m else None
    return (unit, m.start()) if m and unit else None


def _is_index(text: str, first: int, q: Quantities) -> bool:
    """Whether a number without a unit is an index or a ratio, by its name in front of it."""
    if not text[first - 1 : first].isalpha() and text[first - 1 : first] not in ")）":
        return False
    return bool(
        q.bare.search(text, max(0, first - 8), first)
        or q.ratio_named.search(text, max(0, first - q.ratio_reach), first)
    )


def _is_year(text: str, token: Token) -> bool:
    """Whether a bare number is a year: four digits, from 1900 to 2099."""
    return (
        token.last - token.first == 4
        and token.scaled == 1
        and 1900 <= token.value < 2100
        and token.step == 1
        and text[token.last : token.last + 1] not in (".", ",", "，")
    )


def _implied_unit(text: str, token: Token, at: int, q: Quantities) -> str:
    """The unit of what is counted without a counter: 9.8万居民, 6800多万农村贫困人口, 出境旅游人次…8300万."""
    noun = q.implied.match(text, at)
    if not noun and token.scaled >= 10**4 and text[at : at + 1] not in q.joiners:
        soon = q.implied_soon.match(text, at)
        if not soon and (counted := q.counted.search(text, max(0, token.first - _COUNT_REACH), token.first)):
            return q.counted_units[counted["noun"]]
        noun = q.implied.match(text, soon.start(1)) if soon else None
    return q.implied_units[noun[0]] if noun else ""


# ---- signs


def _is_signed(token: Token, q: Quantities) -> bool:
    return token.dimension.partition("/")[0] in q.signed


def _bracketed(text: str, token: Token) -> bool:
    """Whether the number alone stands in brackets: （2,500）万元 is a loss, to accountants."""
    first, last = token.first, token.end
    return first > 1 and text[first - 1] in "(（" and text[last : last + 1] in _CLOSING


def _behind_bracket(text: str, token: Token, q: Quantities) -> int:
    """Where the unit of an amount in brackets begins, its magnitude taken in; 0 where it is not one that has a sign."""
    by, at = magnitude(text, token.end + 1, q)
    m = q.unit.match(text, at)
    if not m or q.spellings[m[0]].dimension not in q.signed:
        return 0
    scale(token, by)
    return at


def sign(text: str, token: Token, front: int, edge: int, q: Quantities) -> int:
    """Where the quantity begins with the sign in front of it, if there is one that joins nothing to the left."""
    mark = text[front - 1 : front]
    if not mark or mark not in q.sign_ends:
        return front
    at = front - 1
    if mark in q.arrows:
        by = q.arrows[mark]
    elif mark in q.minus or mark in q.plus:
        if (at == edge and at > 0) or not _begins(text, token, at, q):
            return front
        by = -1 if mark in q.minus else 1
    else:
        m = q.minus_word.search(text, max(0, front - 3), front)
        if not m:
            return front
        if degrees := q.below_zero_unit.get(m[0], {}).get(token.unit or ""):
            token.unit, token.dimension = degrees, q.table.dimension_of(degrees)
        if not _is_signed(token, q):
            return front
        at, by = m.start(), -1
    token.value *= by
    if token.high is not None:
        token.high *= by
    token.start, token.signed = at, True
    return at


def _begins(text: str, token: Token, at: int, q: Quantities) -> bool:
    """Whether a sign at this place begins a number: behind a stop, or of such an amount behind a word."""
    before = text[at - 1 : at] if at else ""
    if not before or before in _BEFORE_SIGN:
        return True
    if before in _CODE or before.isdigit() or before in q.minus or before in q.dash_not_behind or before in q.numerals:
        return False
    return _is_signed(token, q)


# ---- qualifiers


def qualify(text: str, token: Token, front: int, inside: str, q: Quantities) -> None:
    """Find what loosens a quantity, in front of it, inside or behind."""
    after = q.after.match(text, token.end) if text[token.end : token.end + 1] in q.after_starts else None
    token.before, token.after = front, after.end() if after else token.end
    if front and text[front - 1] in q.before_ends:
        for length in (5, 4, 3, 2, 1):
            word = text[front - length : front] if front >= length else ""
            if word in q.before and not (
                word in q.in_words and text[front - length - 1 : front - length] in q.not_behind
            ):
                token.qualifier, token.qualified, token.before = q.before[word], word, front - length
                return
    if inside:
        token.qualifier, token.qualified = "over", inside
    elif after:
        token.qualifier, token.qualified = q.after_kind[after[0]], after[0]
        if after[0] in q.inside:
            token.end = after.end()
