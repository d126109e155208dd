"""Find every number in a flat text and read the quantity it states, or the reason why it states none."""

from __future__ import annotations

import re
from decimal import Decimal

from checker.extract import chinese
from checker.extract.chinese import factor_of
from checker.extract.tokens import MAX_DIGITS, Lexicon, Token, as_duration, lexicon, qualify, reject
from checker.units import dimension_of, unit_of
from checker.vocabulary import words

# A decimal point; a glyph of a font of its own between two digits is one, too.
_POINT = "[.．\ue000-\uf8ff\U000f0000-\U0010fffd]"
# A comma of full width parts thousands behind digits of full width, and where a point or another comma bears it out.
_DIGITS = (
    rf"\d{{1,3}}(?:，\d{{3}})+[.．]\d+(?![\d,，])|\d{{1,3}}(?:，\d{{3}}){{2,}}(?![\d,，])"
    rf"|\d{{1,3}}(?:(?:,|(?<=[０-９])，)\d{{3}}(?![\d０-９]))+(?:{_POINT}\d+)?"
    rf"|\d+。\d{{1,2}}(?=[%％])|\d+(?:{_POINT}\d+)?"
)
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
    r"|\d{1,2}(?:[-—–－~～、]\d{1,2}){0,31}日(?!均)"
    r"|\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d)?(?![\d.:：∶])|\d{1,2}时(?:\d{1,2}分)?(?!间|期)"
)
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d(?![\d.,，]|[万亿])")
# 10.2026年: the number of a heading and the year behind it; 2.2本项目: the number of a section.
_MARKED_YEAR = re.compile(r"\d{1,2}[.．](?P<year>(?:19|20)\d\d)(?=年)")
_SECTION = re.compile(r"\d{1,2}[.．]\d{1,2}")
_CODE_BEFORE = re.compile(r"[〇零一二三四五六七八九A-Za-zＡ-Ｚａ-ｚ₀-₉·+＋*×_/\\#＃№@]$|[A-Za-z][-–.]$|[.．]$")
_CODE_AFTER = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ+＋×·_]|-[A-Za-z]|[.．]\d")
_LABEL_BEFORE = re.compile(
    r"(?:第|附件|附表|附图|专栏|(?<![版])图|(?<![代发报])表|(?<![关备])注|(?<![规印勋])章|页|电话|邮编|邮箱|文号|字号|编号|No|NO)[：:]?$|[〔\[【]$|[.…]{2,}$"
)
_LABEL_LINE = re.compile(r"(?:^|\n)[（(]?$")
_LABEL_CLOSE = re.compile(r"[.．、)）](?!\d)")
_JOINER = re.compile("[-—–－~～至到]{1,2}")
_LISTED = re.compile("[、和及与]")
_IN_CODE = re.compile("[A-Za-z]")
_BEFORE_SIGN = "和、为及，,：:（(|长涨降至 \n\t"
# The unit that the label in front of a number gives in brackets: 总投资（万元）：3200. Between the label and its
# number may stand years with theirs.
_UNIT_LABEL = re.compile(
    r"[（(](?:[^（()），。；]{1,8}[,，、])?(?P<unit>[^（()），。；\d]{1,8})[)）][：:]?\s?"
    r"(?:(?:19|20)\d\d年?\s?(?:\d[\d.,]*[，、,;；]\s?)?)*$"
)
_LABEL_REACH = 60
# A unit of Latin letters ends where they do.
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
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
_MAGNITUDE = re.compile("[十百千万亿]{1,3}")
_ZERO_TO_ASCII = {ord(a): b for a, b in zip("０１２３４５６７８９．，", "0123456789.,", strict=False)}


def scan(text: str) -> list[Token]:
    """Every number of a flat text in order: quantities, and with a reason what is none."""
    tokens: list[Token] = []
    known = lexicon()
    at = 0
    for m in _NUMBER.finditer(text):
        if m.start() < at:
            continue
        found = _read(text, m, known)
        tokens += found
        at = found[-1].end
    _share_units(tokens, text)
    return sorted([*tokens, *chinese.quantities(text, tokens, known)], key=lambda token: token.start)


def _read(text: str, m: re.Match[str], known: Lexicon) -> list[Token]:
    """The token or tokens (of a ratio) that begin at this number."""
    first, last = m.span()
    head = text[max(0, first - 18) : first]
    token = Token(first, last, first, last)
    if last - first > MAX_DIGITS:
        return [reject(token, "too many digits")]
    if broken := _BROKEN_GROUPS.match(text, first):
        return [reject(token, "malformed", broken.end())]
    if head and _CODE_BEFORE.search(head[-2:]):
        return [reject(token, "name")]
    if marked := _MARKED_YEAR.match(text, first):
        year = marked.start("year")
        return [
            reject(Token(first, year, first, year), "label"),
            reject(Token(year, year, year, marked.end()), "date", marked.end()),
        ]
    if known.compound.match(text, last) and _SECTION.fullmatch(text, first, last):
        return [reject(token, "label")]
    date = _DATE.match(text, first)
    if date:
        return [reject(token, "date", date.end())]
    ratio = _RATIO.match(text, first)
    if ratio:
        return _ratio(text, ratio, known)
    if _LABEL_BEFORE.search(head[-4:]):
        return [_rank_or_ordinal(token, text, head, known)]
    if _LABEL_LINE.search(head[-2:] or "\n") and _LABEL_CLOSE.match(text, last):
        return [reject(token, "label")]
    token = _quantity(text, token, known)
    if (
        not token.reason
        and "“" in head
        and known.slogan.search(text, max(0, first - 20), first)
        and _closes(text, token.end)
    ):
        return [reject(token, "name", token.end)]
    return [token]


def _closes(text: str, at: int) -> bool:
    """Whether a short quotation that began before the number ends soon behind it."""
    end = text.find("”", at, at + words("cues")["slogan_length"])
    start = text.rfind("“", 0, at)
    return end >= 0 and end - start <= words("cues")["slogan_length"] + 1


def _rank_or_ordinal(token: Token, text: str, head: str, known: Lexicon) -> Token:
    """第5位 is a rank behind 排名 or the like, and an order otherwise; 附件5 is a label."""
    if not head.endswith("第"):
        return reject(token, "label")
    behind = text[token.last : token.last + 1]
    if not known.rank.search(head[-10:]) or behind not in "位名，。、；":
        return reject(token, "ordinal")
    token.value, token.step, token.significant = Decimal(text[token.first : token.last]), Decimal(1), Decimal(1)
    token.unit, token.dimension, token.kind = "位", "rank", "rank"
    token.before, token.end = token.start, token.end + (behind in "位名")
    token.after = token.end
    return token


def _quantity(text: str, token: Token, known: Lexicon) -> Token:
    digits = _ascii(text[token.first : token.last])
    value = Decimal(digits)
    _, _marks, exponent = value.as_tuple()
    at, factor, inside = token.last, Decimal(1), ""
    spelling = _spelling(text, at, known)
    if text[at : at + 1] in known.inside and text[at : at + 1]:
        inside, at = text[at], at + 1
        spelling = _spelling(text, at, known)
    magnitude = _magnitude(text, at, known)
    if magnitude:
        factor, at = factor_of(magnitude), at + len(magnitude)
        more = _NUMBER.match(text, at)
        if more and _MAGNITUDE.match(text, more.end()) and factor >= 10**4:
            value, exponent, factor, at = _compound(text, value, factor, more)
        if text[at : at + 1] in known.inside and text[at : at + 1]:
            inside, at = text[at], at + 1
            if text[at : at + 1] in "万亿" and text[at : at + 1]:
                factor, at = factor * factor_of(text[at]), at + 1
        spelling = _spelling(text, at, known)
    token.value, token.scaled = value * factor, factor
    token.step = Decimal(1).scaleb(int(exponent)) * factor
    trailing = len(digits) - len(digits.rstrip("0")) if "." not in digits else 0
    token.significant = token.step * (10**trailing if value else 1)
    token.start = _sign(text, token)
    if spelling and (noun := known.implied.match(text, at)) and len(noun[0]) > len(spelling):
        spelling = None  # 13亿多人口: 人口, not 人
    if spelling:
        meaning, unit, dimension = known.spellings[spelling]
        at += len(spelling)
        if meaning == "name":
            return reject(token, unit, at)
        token.unit, token.dimension, token.end = unit, dimension, at
        while per := known.per.match(text, token.end):
            token.unit += "/" + per[0][1:]
            token.dimension, token.end = token.unit, per.end()
        if unit == "年":
            as_duration(token, text)
    else:
        _without_unit(token, text, at, known)
    qualify(token, text, inside, known)
    return token if token.reason else _range(text, token, known)


def _spelling(text: str, at: int, known: Lexicon) -> str | None:
    """The longest unit or telling word that begins here."""
    for length in range(min(known.longest, len(text) - at), 0, -1):
        spelling = text[at : at + length]
        if spelling in known.spellings and not (
            spelling[-1] in _LATIN and text[at + length : at + length + 1] in _LATIN
        ):
            return spelling
    return None


def _magnitude(text: str, at: int, known: Lexicon) -> str:
    """万 and 亿 in front of a unit; a 千 that begins the unit (万千瓦) is left to it."""
    m = _MAGNITUDE.match(text, at)
    if not m:
        return ""
    if m[0][-1] in "百千" and len(_spelling(text, m.end() - 1, known) or "") > 1:
        return m[0][:-1]
    return m[0]


def _compound(text: str, value: Decimal, factor: Decimal, more: re.Match[str]) -> tuple[Decimal, int, Decimal, int]:
    """1亿3千 is one number: its value in units of the smaller factor, and where it ends."""
    magnitude = _MAGNITUDE.match(text, more.end())
    assert magnitude
    small, at = factor_of(magnitude[0]), magnitude.end()
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


def _without_unit(token: Token, text: str, at: int, known: Lexicon) -> None:
    head = text[max(0, token.first - 8) : token.first]
    token.end = at
    label = _UNIT_LABEL.search(text, max(0, token.first - _LABEL_REACH), token.first)
    if label and (labelled := unit_of(label["unit"])):
        token.unit, token.dimension, token.label = labelled.name, labelled.dimension, label.start()
        token.value, token.scaled = token.value * labelled.factor, token.scaled * labelled.factor
        token.step, token.significant = token.step * labelled.factor, token.significant * labelled.factor
    elif unit := _implied_unit(token, text, at, known):
        token.unit, token.dimension, token.implied = unit, dimension_of(unit), True
    elif _YEAR_ALONE.match(text, token.first) and token.scaled == 1:
        reject(token, "date")
    elif _CODE_AFTER.match(text, at):
        reject(token, "name")
    elif known.bare.search(head):
        token.unit, token.dimension = "", ""
    else:
        reject(token, "no unit", at)


def _implied_unit(token: Token, text: str, at: int, known: Lexicon) -> str:
    """The unit of what is counted without a counter: 9.8万居民, 6800多万农村贫困人口, 出境旅游人次…8300万."""
    noun = known.implied.match(text, at)
    if not noun and token.scaled >= 10**4 and not _JOINER.match(text, at):
        noun = known.implied_soon.match(text, at)
        counted = None if noun else _COUNTED.search(text, max(0, token.first - 20), token.first)
        if counted:
            return _UNIT_OF_COUNT[counted[1]]
        noun = known.implied.match(text, noun.start(1)) if noun else None
    return known.implied_units[noun[0]] if noun else ""


def _range(text: str, token: Token, known: Lexicon) -> Token:
    """A至B: one token from the first number to the unit of the second; upside down (120—80万元) behind a dash."""
    join = _RANGE.match(text, token.end)
    if not join:
        return token
    m = _NUMBER.match(text, join.end())
    if m is None or _MARKED_YEAR.match(text, join.end()):
        return token
    upper = _quantity(text, Token(m.start(), m.end(), m.start(), m.end()), known)
    if upper.reason or upper.to or upper.unit != token.unit or upper.value == token.value:
        return token
    if upper.value < token.value and not _upside_down(join[0], token.value, upper.value):
        return token
    return _joined(token, upper)


def _upside_down(join: str, first: Decimal, second: Decimal) -> bool:
    """Whether two numbers are the ends of one range though the first is larger.

    从120降至80 is no range; and in 3000—5万元 the first number may do without 万, as one of another order does.
    """
    return not set(join) & set("至到") and second < first < 10 * second


def _joined(lower: Token, upper: Token) -> Token:
    lower.high, lower.to, lower.end, lower.after = upper.value, (upper.first, upper.last), upper.end, upper.after
    return lower


def _share_units(tokens: list[Token], text: str) -> None:
    """Give numbers without a unit that of the one they are listed with: 达238和317个, 2.8个和5.6个百分点, 3-5万元."""
    for token, following in zip(reversed(tokens[:-1]), reversed(tokens[1:]), strict=False):
        between = text[token.end : following.start]
        bare = token.reason == "no unit"
        fraction = token.unit == "个" and following.unit == "百分点"
        if following.reason or following.kind or following.to or not (bare or fraction):
            continue
        if bare and _JOINER.fullmatch(between) and not _IN_CODE.search(text[max(0, token.first - 1) : token.first]):
            value = _scaled(text, token, following)
            if value < following.value or _upside_down(between, value, following.value):
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
    return Decimal(_ascii(text[token.first : token.last]))


def _ascii(digits: str) -> str:
    """Printed digits with a point for every mark of decimals and without those of thousands."""
    return re.sub(f"{_POINT}|。", ".", digits.translate(_ZERO_TO_ASCII)).replace(",", "")


def _take_unit(token: Token, following: Token, value: Decimal) -> None:
    factor = token.scaled if token.scaled != 1 else following.scaled
    token.step = token.significant = Decimal(1).scaleb(int((value / factor).as_tuple().exponent)) * factor
    token.value, token.unit, token.dimension = value, following.unit, following.dimension
    token.reason = token.kind = ""


def _ratio(text: str, m: re.Match[str], known: Lexicon) -> list[Token]:
    """The terms of a ratio are shares of one whole; a ratio of two terms may be a score or a time."""
    terms = list(_NUMBER.finditer(text, m.start(), m.end()))
    tokens = [Token(t.start(), t.end(), t.start(), t.end()) for t in terms]
    if max(t.end() - t.start() for t in terms) > MAX_DIGITS:
        return [reject(tokens[0], "too many digits", m.end())]
    if len(tokens) < 3 and not known.ratio.search(text, max(0, m.start() - 10), m.start()):
        return [reject(tokens[0], "name", m.end())]
    for token in tokens:
        token.value = _plain(text, token)
        token.step = token.significant = Decimal(1).scaleb(int(token.value.as_tuple().exponent))
        token.unit, token.dimension, token.kind = "%", "percent", "ratio"
        token.before, token.after = token.start, token.end
    return tokens
