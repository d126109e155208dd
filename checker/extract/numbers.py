"""Find every number in a flat text and read the quantity it states, or the reason why it states none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from checker.model import Interval
from checker.vocabulary import any_of, words

MAX_DIGITS = 25

_DIGITS = r"\d{1,3}(?:(?:,|(?<=[０-９])，)\d{3}(?![\d０-９]))+(?:[.．]\d+)?|\d+(?:[.．]\d+)?"
_CHINESE = "一二三四五六七八九十两百千万亿"
_CHINESE_VALUES = dict(zip("零一二三四五六七八九两", [*range(10), 2], strict=False)) | {
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "亿": 10**8,
}
# 542,62: groups of three that are not
_BROKEN_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})*,\d{1,2}(?=[万亿])")
_NUMBER = re.compile(_DIGITS)
_RANGE = re.compile(rf"[-—–－~～至到]{{1,2}}(?={_DIGITS})")
_RATIO = re.compile(rf"(?:{_DIGITS})(?:[:：∶](?:{_DIGITS}))+")
_DATE = re.compile(
    r"(?:19|20)\d\d(?:年?[-—–－~～至到](?:19|20)\d\d)?年(?!期|级)(?:\d{1,2}(?:[-—–－~～至到]\d{1,2})?月(?:\d{1,2}日)?)?"
    r"|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)(?:\s?\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?"
    r"|(?:19|20)\d\d(?=[-—–－~～至到]{1,2}(?:19|20)\d\d年)"
    r"|\d{1,2}(?:[-—–－~～至到]\d{1,2})?月(?:份|\d{1,2}(?:[-—–－~～至到]\d{1,2})?日)?"
    r"|\d{1,2}(?:[-—–－~～、]\d{1,2})*日(?!均)"
    r"|\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d)?(?![\d.:：∶])|\d{1,2}时(?:\d{1,2}分)?(?!间|期)"
)
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d(?![\d.,，]|[万亿])")
_CODE_BEFORE = re.compile(r"[〇零一二三四五六七八九A-Za-zＡ-Ｚａ-ｚ₀-₉·+＋*×_/\\#＃№@]$|[A-Za-z][-–.]$|[.．]$")
_CODE_AFTER = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ+＋×·_]|-[A-Za-z]|[.．]\d")
_LABEL_BEFORE = re.compile(
    r"(?:第|附件|附表|附图|专栏|(?<![版])图|(?<![代发报])表|(?<![关备])注|(?<![规印勋])章|页|电话|邮编|邮箱|文号|字号|编号|No|NO)[：:]?$|[〔\[【]$|[.…]{2,}$"
)
_LABEL_LINE = re.compile(r"(?:^|\n)[（(]?$")
_LABEL_CLOSE = re.compile(r"[.．、)）](?!\d)")
_SPAN_YEARS = re.compile(r"(?:这|过去|近|最近|未来|今后|前|前后|第)$")
_SPAN_AFTER = re.compile(r"来|间|累计|共|以来|前|后|期|级|制|度|行动|计划|规划|任务|目标|改革")
_JOINER = re.compile("[-—–－~～至到]{1,2}")
_LISTED = re.compile("[、和及与]")
_IN_CODE = re.compile("[A-Za-z]")
_BEFORE_SIGN = "和、为及，,：:（(|长涨降至 \n\t"
_COUNTED = re.compile(
    r"(人口|人次|人数|户数|游客|旅客)[^，。；\d]*(?:从|由|达到?|至|到|约|近|超过?|减少|增加|下降|为|多)*$|(人次)[^，。；]*$"
)
_UNIT_OF_COUNT = {
    "人口": "人",
    "人次": "人次",
    "人数": "人",
    "户数": "户",
    "游客": "人次",
    "旅客": "人次",
    None: "人次",
}
_MEETINGS = re.compile("产业|会议|全会|全体|党代会")
_STREAK = re.compile(r"连续?$")
_MAGNITUDE = re.compile("[十百千万亿]{1,3}")
_RANK = re.compile(
    rf"第([{_CHINESE}]{{1,3}}|\d{{1,3}})(?:位|名)?(?![{_CHINESE}\d批次届季个期阶产大部章条季轮步线战者时手])"
)
_ZERO_TO_ASCII = {ord(a): b for a, b in zip("０１２３４５６７８９．，", "0123456789.,", strict=False)}


@dataclass(slots=True)
class Token:
    """A number in the flat text. `start`..`end` is the quantity, unit and all; `reason` is set where it is no claim.

    `first` and `last` delimit the printed digits. `before` and `after` delimit the quantity with its
    qualifiers; `high` is the other end of a printed range.
    """

    start: int
    end: int
    first: int
    last: int
    value: Decimal = Decimal(0)
    step: Decimal = Decimal(0)
    significant: Decimal = Decimal(0)
    unit: str | None = None
    dimension: str = ""
    qualifier: str = "exact"
    qualified: str = ""
    kind: str = ""
    reason: str = ""
    high: Decimal | None = None
    to: tuple[int, int] | None = None
    before: int = 0
    after: int = 0
    implied: bool = False
    scaled: Decimal = Decimal(1)


@dataclass(frozen=True)
class _Lexicon:
    spellings: dict[str, tuple[str, str, str]]
    longest: int
    before: dict[str, str]
    in_words: frozenset[str]
    inside: str
    after: re.Pattern[str]
    after_kind: dict[str, str]
    per: re.Pattern[str]
    implied: re.Pattern[str]
    implied_soon: re.Pattern[str]
    implied_units: dict[str, str]
    chinese: re.Pattern[str]
    ratio: re.Pattern[str]
    bare: re.Pattern[str]
    rank: re.Pattern[str]
    slogan: re.Pattern[str]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    units, qualifiers, cues = words("units"), words("qualifiers"), words("cues")
    spellings: dict[str, tuple[str, str, str]] = {}
    for reason, names in units["names"].items():
        spellings.update(dict.fromkeys(names, ("name", reason, "")))
    for counter in units["counters"]:
        spellings[counter] = ("unit", counter, "count")
    for unit, entry in units["units"].items():
        for spelling in (unit, *entry.get("aliases", [])):
            spellings[spelling] = ("unit", unit, entry["dimension"])
    chinese = any_of([*units["chinese"], *units["chinese_one"]])
    slogan = cues["slogan_length"]
    return _Lexicon(
        spellings=spellings,
        longest=max(map(len, spellings)),
        before={word: kind for kind, entry in qualifiers.items() for word in entry.get("before", [])},
        in_words=frozenset(qualifiers["about"]["before"]),
        inside="".join(qualifiers["over"]["inside"]),
        after=re.compile(any_of(word for entry in qualifiers.values() for word in entry.get("after", []))),
        after_kind={word: kind for kind, entry in qualifiers.items() for word in entry.get("after", [])},
        per=re.compile("[/／]" + any_of(units["per"])),
        implied=re.compile(any_of(units["implied"])),
        implied_soon=re.compile(f"[\u4e00-\u9fff]{{0,4}}?({any_of(units['implied'])})"),
        implied_units=units["implied"],
        chinese=re.compile(rf"(?<![第几{_CHINESE}“‘\d.])([{_CHINESE}]+)([余多几来]?)([万亿]?)([余多]?)({chinese})"),
        ratio=re.compile(any_of(cues["ratio"])),
        bare=re.compile(any_of(cues["bare"]) + "$"),
        rank=re.compile(any_of(cues["rank"])),
        slogan=re.compile(rf"“[^”\n]{{0,{slogan}}}$"),
    )


def dimension_of(unit: str) -> str:
    """The dimension of a base unit; a unit per something is its own."""
    entry = words("units")["units"].get(unit)
    return entry["dimension"] if entry else "count" if unit in words("units")["counters"] else unit


def scan(text: str) -> list[Token]:
    """Every number of a flat text in order: quantities, and with a reason what is none."""
    tokens: list[Token] = []
    lexicon = _lexicon()
    at = 0
    for m in _NUMBER.finditer(text):
        if m.start() < at:
            continue
        found = _read(text, m, lexicon)
        tokens += found
        at = found[-1].end
    _share_units(tokens, text)
    return sorted([*tokens, *_chinese(text, tokens, lexicon)], key=lambda token: token.start)


def _read(text: str, m: re.Match[str], lexicon: _Lexicon) -> list[Token]:
    """The token or tokens (of a ratio) that begin at this number."""
    first, last = m.span()
    head = text[max(0, first - 18) : first]
    token = Token(first, last, first, last)
    if last - first > MAX_DIGITS:
        return [_reject(token, "too many digits")]
    if broken := _BROKEN_GROUPS.match(text, first):
        return [_reject(token, "malformed", broken.end())]
    if head and _CODE_BEFORE.search(head[-2:]):
        return [_reject(token, "name")]
    date = _DATE.match(text, first)
    if date:
        return [_reject(token, "date", date.end())]
    ratio = _RATIO.match(text, first)
    if ratio:
        return _ratio(text, ratio, lexicon)
    if _LABEL_BEFORE.search(head[-4:]):
        return [_rank_or_ordinal(token, text, head, lexicon)]
    if _LABEL_LINE.search(head[-2:] or "\n") and _LABEL_CLOSE.match(text, last):
        return [_reject(token, "label")]
    token = _quantity(text, token, lexicon)
    if (
        not token.reason
        and "“" in head
        and lexicon.slogan.search(text, max(0, first - 20), first)
        and _closes(text, token.end)
    ):
        return [_reject(token, "name", token.end)]
    return [token]


def _closes(text: str, at: int) -> bool:
    """Whether a short quotation that began before the number ends soon behind it."""
    end = text.find("”", at, at + words("cues")["slogan_length"])
    start = text.rfind("“", 0, at)
    return end >= 0 and end - start <= words("cues")["slogan_length"] + 1


def _reject(token: Token, reason: str, end: int = 0) -> Token:
    token.kind, token.reason = "rejected", reason
    token.end = max(token.end, end)
    return token


def _rank_or_ordinal(token: Token, text: str, head: str, lexicon: _Lexicon) -> Token:
    if head.endswith("第") and lexicon.rank.search(head[-10:]) and text[token.last : token.last + 1] in "位名，。、；":
        token.value, token.unit, token.dimension, token.kind = (
            Decimal(text[token.first : token.last]),
            "位",
            "rank",
            "rank",
        )
        token.end += text[token.last : token.last + 1] in "位名"
        return token
    return _reject(token, "ordinal" if head.endswith("第") else "label")


def _quantity(text: str, token: Token, lexicon: _Lexicon) -> Token:
    digits = text[token.first : token.last].translate(_ZERO_TO_ASCII).replace(",", "")
    value = Decimal(digits)
    _, _marks, exponent = value.as_tuple()
    at, factor, inside = token.last, Decimal(1), ""
    spelling = _spelling(text, at, lexicon)
    if text[at : at + 1] in lexicon.inside and text[at : at + 1]:
        inside, at = text[at], at + 1
        spelling = _spelling(text, at, lexicon)
    magnitude = _magnitude(text, at, lexicon)
    if magnitude:
        factor, at = _factor(magnitude), at + len(magnitude)
        more = _NUMBER.match(text, at)
        if more and _MAGNITUDE.match(text, more.end()) and factor >= 10**4:
            value, exponent, factor, at = _compound(text, value, factor, more)
        if text[at : at + 1] in lexicon.inside and text[at : at + 1]:
            inside, at = text[at], at + 1
            if text[at : at + 1] in "万亿" and text[at : at + 1]:
                factor, at = factor * _factor(text[at]), at + 1
        spelling = _spelling(text, at, lexicon)
    token.value, token.scaled = value * factor, factor
    token.step = Decimal(1).scaleb(int(exponent)) * factor
    trailing = len(digits) - len(digits.rstrip("0")) if "." not in digits else 0
    token.significant = token.step * (10**trailing if value else 1)
    token.start = _sign(text, token)
    if spelling and (noun := lexicon.implied.match(text, at)) and len(noun[0]) > len(spelling):
        spelling = None  # 13亿多人口: 人口, not 人
    if spelling:
        meaning, unit, dimension = lexicon.spellings[spelling]
        at += len(spelling)
        if meaning == "name":
            return _reject(token, unit, at)
        token.unit, token.dimension, token.end = unit, dimension, at
        while per := lexicon.per.match(text, token.end):
            token.unit += "/" + per[0][1:]
            token.dimension, token.end = token.unit, per.end()
        if unit == "年":
            _years(token, text)
    else:
        _without_unit(token, text, at, lexicon)
    _qualify(token, text, inside, lexicon)
    return token if token.reason else _range(text, token, lexicon)


def _spelling(text: str, at: int, lexicon: _Lexicon) -> str | None:
    """The longest unit or telling word that begins here."""
    for length in range(min(lexicon.longest, len(text) - at), 0, -1):
        spelling = text[at : at + length]
        if spelling in lexicon.spellings:
            return spelling
    return None


def _magnitude(text: str, at: int, lexicon: _Lexicon) -> str:
    """万 and 亿 in front of a unit; a 千 that begins the unit (万千瓦) is left to it."""
    m = _MAGNITUDE.match(text, at)
    if not m:
        return ""
    if m[0][-1] in "百千" and len(_spelling(text, m.end() - 1, lexicon) or "") > 1:
        return m[0][:-1]
    return m[0]


def _factor(characters: str) -> Decimal:
    product = 1
    for character in characters:
        product *= _CHINESE_VALUES[character]
    return Decimal(product)


def _compound(text: str, value: Decimal, factor: Decimal, more: re.Match[str]) -> tuple[Decimal, int, Decimal, int]:
    """1亿3千 is one number: its value in units of the smaller factor, and where it ends."""
    magnitude = _MAGNITUDE.match(text, more.end())
    assert magnitude
    small, at = _factor(magnitude[0]), magnitude.end()
    # 1亿3千万 and 1亿3千多万: the 万 behind belongs to the smaller part
    if small < 10**4 and factor == 10**8 and re.match("[余多几]?万", text[at : at + 2]):
        return value * factor / small / 10**4 + Decimal(more[0]), 0, small, at
    return value * factor / small + Decimal(more[0]), 0, small, at


def _sign(text: str, token: Token) -> int:
    """A minus directly in front, where it joins nothing to the left (和-44.8%, but 4.5%-5%)."""
    first = token.first
    if first and text[first - 1] in "-−－" and (first == 1 or text[first - 2] in _BEFORE_SIGN):
        token.value = -token.value
        return first - 1
    return first


def _years(token: Token, text: str) -> None:
    """5年 is a streak behind 连续, a window behind 这 or before 来, a duration otherwise."""
    head = text[max(0, token.first - 3) : token.first]
    if _STREAK.search(head):
        token.kind = "streak"
    elif _SPAN_YEARS.search(head) or _SPAN_AFTER.match(text, token.end) or token.value >= 1000:
        _reject(token, "date")


def _without_unit(token: Token, text: str, at: int, lexicon: _Lexicon) -> None:
    head = text[max(0, token.first - 8) : token.first]
    token.end = at
    if unit := _implied_unit(token, text, at, lexicon):
        token.unit, token.dimension, token.implied = unit, dimension_of(unit), True
    elif _YEAR_ALONE.match(text, token.first) and token.scaled == 1:
        _reject(token, "date")
    elif _CODE_AFTER.match(text, at):
        _reject(token, "name")
    elif lexicon.bare.search(head):
        token.unit, token.dimension = "", ""
    else:
        _reject(token, "no unit", at)


def _implied_unit(token: Token, text: str, at: int, lexicon: _Lexicon) -> str:
    """The unit of what is counted without a counter: 9.8万居民, 6800多万农村贫困人口, 出境旅游人次…8300万."""
    noun = lexicon.implied.match(text, at)
    if not noun and token.scaled >= 10**4 and not _JOINER.match(text, at):
        noun = lexicon.implied_soon.match(text, at)
        counted = None if noun else _COUNTED.search(text, max(0, token.first - 20), token.first)
        if counted:
            return _UNIT_OF_COUNT[counted[1]]
        noun = lexicon.implied.match(text, noun.start(1)) if noun else None
    return lexicon.implied_units[noun[0]] if noun else ""


def _qualify(token: Token, text: str, inside: str, lexicon: _Lexicon) -> None:
    after = lexicon.after.match(text, token.end)
    token.before, token.after = token.start, after.end() if after else token.end
    for length in (4, 3, 2, 1):
        word = text[token.start - length : token.start] if token.start >= length else ""
        if word in lexicon.before and not (word in lexicon.in_words and _split_word(text, token.start - length)):
            token.qualifier, token.qualified, token.before = lexicon.before[word], word, token.start - length
            return
    if inside:
        token.qualifier, token.qualified = "over", inside
    elif after:
        token.qualifier, token.qualified = lexicon.after_kind[after[0]], after[0]
        if after[0] in lexicon.inside:
            token.end = after.end()


def _split_word(text: str, at: int) -> bool:
    """Whether the qualifier that begins here is the end of a word (节约)."""
    return at > 0 and text[at - 1] in words("qualifiers")["about"]["not_behind"]


def _range(text: str, token: Token, lexicon: _Lexicon) -> Token:
    """A至B: one token from the lower number to the unit of the upper one."""
    join = _RANGE.match(text, token.end)
    if not join:
        return token
    m = _NUMBER.match(text, join.end())
    assert m
    upper = _quantity(text, Token(m.start(), m.end(), m.start(), m.end()), lexicon)
    if upper.reason or upper.to or upper.unit != token.unit or upper.value <= token.value:
        return token
    return _joined(token, upper)


def _joined(lower: Token, upper: Token) -> Token:
    lower.high, lower.to, lower.end, lower.after = upper.value, (upper.first, upper.last), upper.end, upper.after
    return lower


def _share_units(tokens: list[Token], text: str) -> None:
    """Give numbers without a unit that of the one they are listed with: 达238和317个, 2.8个和5.6个百分点, 3-5万元."""
    for token, following in zip(reversed(tokens[:-1]), reversed(tokens[1:]), strict=False):
        between = text[token.end : following.start]
        bare = token.reason == "no unit"
        fraction = token.unit == "个" and following.unit == "百分点"
        if following.reason or following.kind or not (bare or fraction):
            continue
        if bare and _JOINER.fullmatch(between) and not _IN_CODE.search(text[max(0, token.first - 1) : token.first]):
            value = _scaled(text, token, following)
            if value < following.value:
                _take_unit(token, following, value)
                _joined(token, following)
                following.reason, following.kind = "range", "merged"
        elif _LISTED.fullmatch(between) and (fraction or token.end == token.last):
            _take_unit(token, following, _scaled(text, token, following))
    tokens[:] = [token for token in tokens if token.kind != "merged"]


def _scaled(text: str, token: Token, following: Token) -> Decimal:
    """The value of a bare number: with its own 万 or 亿, or else with that of the number behind it."""
    return token.value if token.scaled != 1 else _plain(text, token) * following.scaled


def _plain(text: str, token: Token) -> Decimal:
    return Decimal(text[token.first : token.last].translate(_ZERO_TO_ASCII).replace(",", ""))


def _take_unit(token: Token, following: Token, value: Decimal) -> None:
    factor = token.scaled if token.scaled != 1 else following.scaled
    token.step = token.significant = Decimal(1).scaleb(int((value / factor).as_tuple().exponent)) * factor
    token.value, token.unit, token.dimension = value, following.unit, following.dimension
    token.reason = token.kind = ""


def _ratio(text: str, m: re.Match[str], lexicon: _Lexicon) -> list[Token]:
    """The terms of a ratio are shares of one whole; a ratio of two terms may be a score or a time."""
    terms = list(_NUMBER.finditer(text, m.start(), m.end()))
    tokens = [Token(t.start(), t.end(), t.start(), t.end()) for t in terms]
    if max(t.end() - t.start() for t in terms) > MAX_DIGITS:
        return [_reject(tokens[0], "too many digits", m.end())]
    if len(tokens) < 3 and not lexicon.ratio.search(text, max(0, m.start() - 10), m.start()):
        return [_reject(tokens[0], "name", m.end())]
    for token in tokens:
        token.value = _plain(text, token)
        token.step = token.significant = Decimal(1).scaleb(int(token.value.as_tuple().exponent))
        token.unit, token.dimension, token.kind = "%", "percent", "ratio"
        token.before, token.after = token.start, token.end
    return tokens


def _chinese(text: str, tokens: list[Token], lexicon: _Lexicon) -> Iterator[Token]:
    """Quantities in Chinese numerals: 两万多名, 连续五年, 增加近一倍; and ranks: 排名第一."""
    taken = {at for token in tokens for at in range(token.first, token.end)}
    for m in lexicon.chinese.finditer(text):
        numeral, inside, magnitude, more, unit = m.groups()
        if m.start() in taken or m.start(5) in taken or (numeral == "一" and unit not in words("units")["chinese_one"]):
            continue
        if not inside and not set(numeral) - set("百千万亿"):
            continue  # 千座公园, 百家: a manner of speaking
        if unit == "次" and (_MEETINGS.match(text, m.end()) or text[max(0, m.start() - 1) : m.start()] == "届"):
            continue  # 三次产业, 十一届十一次全会
        value = _chinese_value(numeral)
        if value is None:
            continue
        factor = _factor(magnitude) if magnitude else Decimal(1)
        token = Token(m.start(), m.end(), m.start(1), m.end(1), value * factor, factor, factor, scaled=factor)
        scale = {"亿元": 10**8, "万元": 10**4}.get(unit, 1)
        token.value, token.step, token.significant = (
            token.value * scale,
            token.step * scale,
            _leading(token.value * scale),
        )
        token.unit = "元" if unit.endswith("元") else unit
        token.dimension = dimension_of(token.unit)
        if unit == "年":
            _years(token, text)
            if not token.kind and not token.reason:
                _reject(token, "date")
        elif unit == "次" and _STREAK.search(text[max(0, m.start() - 3) : m.start()]):
            token.kind = "streak"
        _qualify(token, text, inside or more, lexicon)
        yield token
    for m in _RANK.finditer(text):
        if m.start(1) not in taken and lexicon.rank.search(text, max(0, m.start() - 9), m.start()):
            rank = _chinese_value(m[1])
            if rank is not None:
                yield Token(
                    m.start(),
                    m.end(),
                    m.start(1),
                    m.end(1),
                    rank,
                    Decimal(1),
                    Decimal(1),
                    "位",
                    "rank",
                    kind="rank",
                    before=m.start(),
                )


def _leading(value: Decimal) -> Decimal:
    """One unit of the only significant digit of a round Chinese numeral: 两万: 一万."""
    return Decimal(10) ** value.adjusted() if value else Decimal(1)


def _chinese_value(numeral: str) -> Decimal | None:
    """The number a Chinese numeral states (百: 100, 三十六: 36); None where it states none (一二)."""
    total = section = digit = 0
    unit_seen = False
    for character in numeral:
        value = _CHINESE_VALUES[character]
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


def interval(token: Token, modality: str) -> tuple[str, Interval]:
    """The qualifier of a quantity and the numbers it stands for, as rules/vocabulary/qualifiers.yaml says."""
    if token.high is not None:
        return token.qualifier, Interval(token.value, token.high)
    data = words("qualifiers")
    qualifier = token.qualifier
    if modality == "target" and token.qualified in data["at_least"]["after_target"]:
        qualifier = "at_least"
    entry: dict[str, Any] = data[qualifier]
    high = entry["high"]
    if qualifier == "over" and token.qualified in entry["inside"]:
        high = entry["high_inside"]
    step = token.step if qualifier == "exact" else token.significant
    low_end, high_end = _end(token, entry["low"], step), _end(token, high, step)
    if low_end is not None and high_end is not None and low_end > high_end:
        low_end, high_end = high_end, low_end
    return qualifier, Interval(
        low_end, high_end, bool((entry["low"] or {}).get("open")), bool((high or {}).get("open"))
    )


def _end(token: Token, rule: dict[str, Any] | None, step: Decimal) -> Decimal | None:
    if rule is None:
        return None
    return token.value * Decimal(str(rule["times"])) + step * Decimal(str(rule["steps"]))
