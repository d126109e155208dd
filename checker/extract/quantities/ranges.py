"""Numbers that belong together: the ends of a range, the members of a list that share a unit, the terms of a ratio."""

from __future__ import annotations

import re
from decimal import Decimal

from checker.extract.quantities.numerals import Number, in_digits, in_numerals, plain_digits
from checker.extract.quantities.token import MAX_DIGITS, ONE, Token, reject
from checker.extract.quantities.vocabulary import Quantities
from checker.extract.quantities.words import measure, sign, token_of

_LETTER = re.compile("[A-Za-z]")
_PERCENT = "%"
# Shares of one whole add up to one of these, but for rounding.
_WHOLES = (Decimal(100), Decimal(10))


def number_at(text: str, at: int, q: Quantities) -> tuple[int, Number] | None:
    """The number, in digits or numerals, that begins here, and where."""
    if (m := q.digits.match(text, at)) is not None:
        long = m.end() - at > MAX_DIGITS or q.marked_year.match(text, at)
        return None if long else (at, in_digits(text, m, q))
    if (m := q.numeral.match(text, at)) is not None and m[0]:
        number = in_numerals(text, m, q)
        return (at, number) if number else None
    return None


def ranged(text: str, token: Token, q: Quantities) -> Token:
    """A至B: one token from the first number to the unit of the second; upside down (120—80万元) behind a dash."""
    following = text[token.end : token.end + 1]
    if token.reason or token.high is not None or not following:
        return token
    between = following in q.between_words
    if not (between or following in q.joiners) or token.kind:
        return token
    join = q.joint.match(text, token.end)
    at = join.end() if join else token.end + 1
    found = number_at(text, at, q) if join or between else None
    if not found:
        return token
    number = found[1]
    upper = measure(text, token_of(found[0], number), number, token.end, q)
    if upper.reason or upper.high is not None or upper.unit != token.unit or upper.value == token.value:
        return token
    if not join and not q.between.match(text, upper.end):
        return token
    mark = join[0] if join else ""
    if _is_loss(text, token, q) and not upper.signed:
        upper.value = -upper.value  # 亏损2.1亿元至2.6亿元
        return joined(token, upper)
    if upper.value < token.value and not _upside_down(mark, token.value, upper.value, q):
        return token
    return joined(token, upper)


def _is_loss(text: str, token: Token, q: Quantities) -> bool:
    """Whether a word in front of a number says that it is below zero, and so of a range that both ends are."""
    before = text[token.start : token.first]
    word = q.minus_word.match(before) if token.signed and token.value < 0 else None
    return word is not None and len(word[0]) > 1 and word[0] not in q.below_zero_unit


def _upside_down(mark: str, first: Decimal, second: Decimal, q: Quantities) -> bool:
    """Whether two numbers are the ends of one range though the first is larger.

    从120降至80 is no range; and in 3000—5万元 the first number may do without 万, as one of another order does.
    """
    return q.range_words.isdisjoint(mark) and mark != "" and second < first < 10 * second


def joined(lower: Token, upper: Token) -> Token:
    lower.high, lower.to, lower.end, lower.after = upper.value, (upper.first, upper.last), upper.end, upper.after
    return lower


def share_units(tokens: list[Token], text: str, q: Quantities) -> None:
    """Give numbers without a unit that of the one they are listed with: 达238和317个, 2.8个和5.6个百分点, 3-5万元."""
    merged = False
    for token, following in zip(reversed(tokens[:-1]), reversed(tokens[1:]), strict=False):
        if token.reason != "no unit" and token.unit != q.own.thing:
            continue
        fraction = token.unit == q.own.thing and following.unit == q.own.point
        if following.reason or following.kind or following.to or not (token.reason or fraction):
            continue
        between = text[token.end : following.start]
        if len(between) > 2:
            continue
        if (
            token.reason
            and q.joiner.fullmatch(between)
            and not _LETTER.match(text, max(0, token.first - 1), token.first)
        ):
            take_unit(token, following, amount_with(text, token, following))
            token.before = min(token.before, sign(text, token, token.start, -1, q))
            if token.value < following.value or _upside_down(between, token.value, following.value, q):
                joined(token, following)
                following.kind, merged = "merged", True
            else:
                token.unit = None
                reject(token, "no unit")
        elif between in q.lists and (fraction or token.end == token.last):
            take_unit(token, following, amount_with(text, token, following))
    if merged:
        tokens[:] = [token for token in tokens if token.kind != "merged"]


def carry_units(tokens: list[Token], text: str, q: Quantities) -> None:
    """The later of two ratios (由2015年的2.45缩小到2022年的2.12), or of two amounts that go without their unit."""
    earlier: Token | None = None
    for token in tokens:
        if token.reason == "date":
            continue
        if earlier and token.reason == "no unit" and q.ratio_link.fullmatch(text, earlier.end, token.first):
            token.unit, token.dimension, token.reason, token.kind = earlier.unit, earlier.dimension, "", ""
            token.before, token.after = token.start, token.end
        # 1200亿: the name of the figure has told that it is money
        unsaid = token.unit == "" or (token.dimension == "money" and text[token.end - 1] in q.magnitudes)
        earlier = token if unsaid else None


def amount_with(text: str, token: Token, following: Token) -> Decimal:
    """The value of a bare number: with its own 万 or 亿, or else with that of the number behind it."""
    return token.value if token.scaled != 1 else token.value * following.scaled


def take_unit(token: Token, following: Token, value: Decimal) -> None:
    factor = token.scaled if token.scaled != 1 else following.scaled
    if token.scaled == 1:
        token.step, token.significant = token.step * factor, token.step * factor
    token.value, token.scaled, token.unit, token.dimension = value, factor, following.unit, following.dimension
    token.before, token.after = token.before or token.start, token.after or token.end
    token.reason = token.kind = ""


def ratio_terms(text: str, m: re.Match[str], q: Quantities) -> list[Token]:
    """The terms of a ratio are shares of one whole; 2.45：1 is so many to one; other pairs are scores or times."""
    tokens = [Token(t.start(), t.end(), t.start(), t.end()) for t in q.digits.finditer(text, m.start(), m.end())]
    if max(token.end - token.first for token in tokens) > MAX_DIGITS:
        return [reject(tokens[0], "too many digits", m.end())]
    for token in tokens:
        digits = plain_digits(text[token.first : token.last])
        token.value = Decimal(digits)
        token.step = token.significant = ONE.scaleb(-len(digits.partition(".")[2]))
        token.unit, token.dimension, token.kind = _PERCENT, "percent", "ratio"
        token.before, token.after = token.start, token.end
    if len(tokens) > 2:
        return tokens
    if not q.ratio_of_parts.search(text, max(0, m.start() - 10), m.start()):
        return [reject(tokens[0], "name", m.end())]
    if ONE in (tokens[0].value, tokens[1].value):
        return _to_one(*tokens)
    return tokens if sum(token.value for token in tokens) in _WHOLES else [reject(tokens[0], "name", m.end())]


def _to_one(first: Token, second: Token) -> list[Token]:
    """A ratio of so many to one; the one is no figure."""
    ratio, one = (first, second) if second.value == 1 else (second, first)
    ratio.unit = ratio.dimension = ratio.kind = ""
    ratio.before, ratio.after = first.start, second.end
    one.unit = None
    reject(one, "ratio")
    return [first, second]
