"""Find every number in a flat text and read the quantity it states, or the reason why it states none.

One pass from left to right: each number is looked at once, and what it takes in is not looked at again.
"""

from __future__ import annotations

import re
from decimal import Decimal

from checker.extract.quantities.numerals import Number, in_digits, in_numerals, plain_digits, value_of
from checker.extract.quantities.token import MAX_DIGITS, ONE, Token, reject
from checker.extract.quantities.vocabulary import Quantities
from checker.extract.quantities.words import measure, qualify, sign, token_of

_SECTION = re.compile(r"\d{1,2}[.．]\d{1,2}")
_CODED = re.compile(r"[A-Za-z\dＡ-Ｚａ-ｚ]")
_LETTER = re.compile("[A-Za-z]")
_LIST_CLOSE = frozenset(".．、)）")
_RATIO_MARKS = frozenset(":：∶︰")
_HUNDRED = Decimal(100)
_LARGE = Decimal(10**4)
_PERCENT = "%"
# Shares of one whole add up to one of these, but for rounding.
_WHOLES = (Decimal(100), Decimal(10))


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
            found = _numeral(text, first, edge, q)
        elif not m[0].isdecimal():
            found = _portion(text, q.portion.match(text, first), q)
        else:
            found = _digits(text, first, edge, q)
        if found:
            at = edge = found[-1].end
            at = max(at, m.end())
            tokens += found
        else:
            at = m.end()
    _share(tokens, text, q)
    _ratios(tokens, text, q)
    return tokens


# ---- digits


def _digits(text: str, first: int, edge: int, q: Quantities) -> list[Token]:
    """The token or tokens (of a ratio) that begin at these digits."""
    m = q.digits.match(text, first)
    assert m
    last = m.end()
    before, behind = text[first - 1 : first], text[last : last + 1]
    if last - first > MAX_DIGITS:
        return [_rejected(first, last, "too many digits")]
    if (behind == "," or "," in m[0]) and (broken := q.broken.match(text, first)):
        return [_rejected(first, last, "malformed", broken.end())]
    plus = before in q.plus and not _CODED.match(text, max(0, first - 2), first - 1)
    if not plus and _is_code(text, first, before, q):
        return [_rejected(first, last, "name")]
    if behind in q.marks and (found := _marked(text, m, behind, q)):
        return found
    if before in q.label_ends and q.labels.search(text, max(0, first - 4), first):
        return [_rank_or_ordinal(Token(first, last, first, last), text, q)]
    number = in_digits(text, m, q)
    token = _ranged(text, measure(text, token_of(first, number), number, edge, q), q)
    if not token.reason and ((plus and not token.signed) or _is_slogan(text, token, q)):
        reject(token, "name")
    return [token]


def _rejected(first: int, last: int, reason: str, end: int = 0) -> Token:
    return reject(Token(first, last, first, last), reason, end)


def _marked(text: str, m: re.Match[str], behind: str, q: Quantities) -> list[Token]:
    """What digits are by the mark behind them: a date, the number of a section or an item, a ratio, a fraction."""
    first, last = m.span()
    if behind in q.date_marks and (dated := _date(text, m, q)):
        return dated
    if behind in _RATIO_MARKS and (ratio := q.ratio.match(text, first)):
        return _ratio(text, ratio, q)
    if behind in "/／" and (fraction := _slash(text, first, q)):
        return [fraction]
    if behind in _LIST_CLOSE and _numbers_line(text, first, last):
        return [_rejected(first, last, "label")]
    if "." in m[0] and _SECTION.fullmatch(m[0]) and q.compound.match(text, last):
        return [_rejected(first, last, "label")]
    return []


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
    if not value.isdigit() or behind not in q.rank_ends or not _ranks(text, token.first, q):
        return reject(token, "ordinal")
    return _rank(token, Decimal(value), behind, q)


def _ranks(text: str, first: int, q: Quantities) -> bool:
    return bool(q.rank.search(text, max(0, first - 11), first))


def _rank(token: Token, value: Decimal, behind: str, q: Quantities) -> Token:
    token.value, token.step, token.significant = value, ONE, ONE
    token.unit, token.dimension, token.kind = "位", "rank", "rank"
    token.before, token.end = token.start, token.last + (behind in q.ranked)
    token.after = token.end
    return token


def _slash(text: str, first: int, q: Quantities) -> Token | None:
    """1/5 where the words say that it is a fraction."""
    m = q.slash.match(text, first)
    if not m or int(m[1]) >= int(m[2]):
        return None
    before = q.slash_before.search(text, max(0, first - 4), first)
    after = q.slash_after.match(text, m.end())
    if not (before and (after or m.end() == len(text))):
        return None
    return _share_of_whole(text, Token(first, m.end(), first, m.end()), Decimal(m[1]), Decimal(m[2]), q)


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


# ---- ranges, lists and ratios


def _number_at(text: str, at: int, q: Quantities) -> tuple[int, Number] | None:
    """The number, in digits or numerals, that begins here, and where."""
    if (m := q.digits.match(text, at)) is not None:
        long = m.end() - at > MAX_DIGITS or q.marked_year.match(text, at)
        return None if long else (at, in_digits(text, m, q))
    if (m := q.numeral.match(text, at)) is not None and m[0]:
        number = in_numerals(text, m, q)
        return (at, number) if number else None
    return None


def _ranged(text: str, token: Token, q: Quantities) -> Token:
    """A至B: one token from the first number to the unit of the second; upside down (120—80万元) behind a dash."""
    following = text[token.end : token.end + 1]
    if token.reason or token.high is not None or not following:
        return token
    between = following in q.between_words
    if not (between or following in q.joiners) or token.kind:
        return token
    join = q.joint.match(text, token.end)
    at = join.end() if join else token.end + 1
    found = _number_at(text, at, q) if join or between else None
    if not found:
        return token
    number = found[1]
    upper = measure(text, token_of(found[0], number), number, token.end, q)
    if upper.reason or upper.high is not None or upper.unit != token.unit or upper.value == token.value:
        return token
    if not join and not q.between.match(text, upper.end):
        return token
    mark = join[0] if join else ""
    if upper.value < token.value and not _upside_down(mark, token.value, upper.value, q):
        return token
    return _joined(token, upper)


def _upside_down(mark: str, first: Decimal, second: Decimal, q: Quantities) -> bool:
    """Whether two numbers are the ends of one range though the first is larger.

    从120降至80 is no range; and in 3000—5万元 the first number may do without 万, as one of another order does.
    """
    return q.range_words.isdisjoint(mark) and mark != "" and second < first < 10 * second


def _joined(lower: Token, upper: Token) -> Token:
    lower.high, lower.to, lower.end, lower.after = upper.value, (upper.first, upper.last), upper.end, upper.after
    return lower


def _share(tokens: list[Token], text: str, q: Quantities) -> None:
    """Give numbers without a unit that of the one they are listed with: 达238和317个, 2.8个和5.6个百分点, 3-5万元."""
    merged = False
    for token, following in zip(reversed(tokens[:-1]), reversed(tokens[1:]), strict=False):
        if token.reason != "no unit" and token.unit != "个":
            continue
        fraction = token.unit == "个" and following.unit == "百分点"
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
            _take_unit(token, following, _scaled(text, token, following))
            token.before = min(token.before, sign(text, token, token.start, -1, q))
            if token.value < following.value or _upside_down(between, token.value, following.value, q):
                _joined(token, following)
                following.kind, merged = "merged", True
            else:
                token.unit = None
                reject(token, "no unit")
        elif between in q.lists and (fraction or token.end == token.last):
            _take_unit(token, following, _scaled(text, token, following))
    if merged:
        tokens[:] = [token for token in tokens if token.kind != "merged"]


def _ratios(tokens: list[Token], text: str, q: Quantities) -> None:
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


def _scaled(text: str, token: Token, following: Token) -> Decimal:
    """The value of a bare number: with its own 万 or 亿, or else with that of the number behind it."""
    return token.value if token.scaled != 1 else token.value * following.scaled


def _take_unit(token: Token, following: Token, value: Decimal) -> None:
    factor = token.scaled if token.scaled != 1 else following.scaled
    if token.scaled == 1:
        token.step, token.significant = token.step * factor, token.step * factor
    token.value, token.unit, token.dimension = value, following.unit, following.dimension
    token.before, token.after = token.before or token.start, token.after or token.end
    token.reason = token.kind = ""


def _ratio(text: str, m: re.Match[str], q: Quantities) -> list[Token]:
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


# ---- Chinese numerals


def _numeral(text: str, first: int, edge: int, q: Quantities) -> list[Token]:
    """The quantity that a Chinese numeral states; nothing where it is part of a name or a manner of speaking."""
    before = text[first - 1 : first]
    m = q.numeral.match(text, first)
    if not m or not m[0]:
        return []
    if before and (before in q.names_before or before.isdigit()):
        token = _ranked(text, m, q)
        return [token] if token else []
    if fraction := q.fraction.match(text, first):
        token = _fraction(text, fraction, edge, q)
        return [token] if token else []
    if m[0][0] in q.numerals and (portion := q.portion.match(text, first)):
        return _portion(text, portion, q)
    number = in_numerals(text, m, q)
    if number is None or _is_vague(text, first, number, q):
        return []
    token = _ranged_numeral(text, measure(text, token_of(first, number), number, edge, q), q)
    return [token] if _counts(text, token, number, q) else []


def _ranked(text: str, m: re.Match[str], q: Quantities) -> Token | None:
    """A rank: 排名第一."""
    first = m.start()
    if text[first - 1] != q.ordinal or len(m[0]) > 3 or not _ranks(text, first, q):
        return None
    value, behind = value_of(m[0], q.numeral_values), text[m.end() : m.end() + 1]
    if value is None or behind in q.ordered_not or behind.isdigit():
        return None
    return _rank(Token(first - 1, m.end(), first, m.end()), value, behind, q)


def _portion(text: str, m: re.Match[str] | None, q: Quantities) -> list[Token]:
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


def _fraction(text: str, m: re.Match[str], edge: int, q: Quantities) -> Token | None:
    """百分之五 in its unit; 三分之一 as a percentage of its whole."""
    found = _number_at(text, m.end(), q)
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
    found = _number_at(text, fraction.end() if fraction else at, q)
    if not found or (fraction and q.parts.get(fraction[1], ("",))[0] != token.unit):
        return token
    upper = token_of(*found)
    if (unit := q.unit.match(text, upper.end)) and not fraction and q.spellings[unit[0]].unit:
        return token
    if upper.value > token.value and upper.high is None:
        token.high, token.to, token.end, token.after = upper.value, (upper.first, upper.last), upper.end, upper.end
    return token


def _is_vague(text: str, first: int, number: Number, q: Quantities) -> bool:
    """Whether nobody can say how many are meant: 数十家, 几万人, 成千上万人."""
    if not first or not q.magnitudes.keys() >= set(number.numeral):
        return False
    before = text[max(0, first - 2) : first]
    return before[0] in q.magnitudes or q.vague.search(before) is not None


def _ranged_numeral(text: str, token: Token, q: Quantities) -> Token:
    """The range that a numeral begins; its unit may stand only behind the second (三到五家)."""
    if token.reason != "no unit":
        return _ranged(text, token, q)
    join = q.joint.match(text, token.end)
    found = _number_at(text, join.end(), q) if join else None
    if not found or token.high is not None:
        return token
    upper = measure(text, token_of(*found), found[1], token.end, q)
    value = _scaled(text, token, upper)
    if not upper.reason and not upper.kind and upper.high is None and value < upper.value:
        qualify(text, token, token.start, "", q)
        _take_unit(token, upper, value)
        _joined(token, upper)
    return token


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
    if unit == "次" and (q.meetings.match(text, token.end) or text[token.first - 1 : token.first] == "届"):
        return False
    decimal = not q.points.isdisjoint(whole)
    halved = token.value != token.value.to_integral_value() and not decimal
    if unit == "年" and not (token.kind or (token.to and not number.second) or halved or decimal):
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
    return behind == "的" or (
        token.dimension in q.signed
        and behind.isalpha()
        and behind not in q.lists
        and not q.money_before.match(text, token.end)
    )


def _is_never_counted(unit: str, token: Token, q: Quantities) -> bool:
    """Whether a numeral in front of this unit counts nothing (十分, 百度, 十三届), as a large amount does (三亿度)."""
    return unit in q.never and (token.scaled < _LARGE or token.dimension == "count")
